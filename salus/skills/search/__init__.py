"""Searching the text of notes and documents: which of them speak of something, and the passage that does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salus.records.finding import Result
from salus.skills.contract import skill
from salus.skills.search.query import SearchQuery
from salus.vault.view import VaultView

__all__ = ["SearchQuery", "register", "search"]


@skill(
    "search",
    title={"en": "Words in documents and notes", "fr": "Mots des documents et des notes"},
    query=SearchQuery,
    asks=(
        "What did the cardiologist write?",
        "Search my documents for thyroid",
        "Find the letter about my knee",
        "Is there a report that mentions a scan?",
        "Qu'a écrit le cardiologue ?",
        "Y a-t-il un compte rendu qui parle de scanner ?",
        "Cherche « foie » dans mes documents",
    ),
)
def search(view: VaultView, query: SearchQuery) -> Result:
    """Passages as they are written. A document's text is quoted, never followed."""
    from salus.skills.search.answers import answer

    return answer(view, query)


def register(add: Callable[[Any], None]) -> None:
    """The door of `salus.hooks.register_skills`."""
    add(search)
