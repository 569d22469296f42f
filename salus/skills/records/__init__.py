"""Lists of what the records hold, and "when did I last", "since when", "who", "how many", "do I"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salus.records.finding import Result
from salus.skills.contract import skill
from salus.skills.records import answers, extremes
from salus.skills.records.for_what import for_what
from salus.skills.records.found import find
from salus.skills.records.profile import profile
from salus.skills.records.query import Ask, Kind, RecordsQuery
from salus.vault.view import VaultView

__all__ = ["Ask", "Kind", "RecordsQuery", "records", "register"]

_ASKS = {
    "list": answers.listing,
    "last": answers.last,
    "first": extremes.first,
    "longest": extremes.longest,
    "since": answers.since,
    "who": answers.who,
    "where": answers.where,
    "count": answers.count,
    "detail": answers.detail,
    "is": answers.is_it,
}


@skill(
    "records",
    title={"en": "Medicines, allergies, problems, visits", "fr": "Médicaments, allergies, problèmes, consultations"},
    query=RecordsQuery,
    asks=(
        "What medicines am I taking?",
        "Am I allergic to penicillin?",
        "When did I last have a flu shot?",
        "Who prescribed ramipril?",
        "How many visits did I have in 2025?",
        "Quelles sont mes allergies ?",
        "Depuis quand est-ce que je prends de la metformine ?",
        "Quand ai-je vu le médecin pour la dernière fois ?",
        "What do I take for my blood pressure?",
        "Do I have an implant?",
        "How often did I note a headache this month?",
        "Qu'ai-je noté cette semaine ?",
    ),
)
def records(view: VaultView, query: RecordsQuery) -> Result:
    """What the records say about one kind of thing. What they do not hold is unknown, never "no"."""
    if query.kind == "profile":
        return profile(view, query.about)
    found = find(view, query)
    if found.purpose and query.ask in ("list", "is", "detail"):
        return for_what(found)
    return _ASKS[query.ask](found)


def register(add: Callable[[Any], None]) -> None:
    """The door of `salus.hooks.register_skills`."""
    add(records)
