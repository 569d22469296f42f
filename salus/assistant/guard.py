"""Before and after every answer: the red-flag triage of the words, and what it does to what is said.

Rules can only raise a level. An emergency is said first and alone with what was asked; nothing said later lowers it.
"""

from __future__ import annotations

from collections.abc import Sequence

from salus.knowledge.red_flags import triage
from salus.records.finding import Lang, Triage, Unknown
from salus.records.text import T, Text
from salus.vault.view import VaultView


def before(question: str, view: VaultView, lang: Lang) -> Triage:
    """The triage of the person's words; both languages are heard, since people mix them."""
    return triage(question, lang=lang, country=view.person.country)


def after(
    triage: Triage, sentences: Sequence[Text], unknown: Sequence[Unknown], plans: Sequence[object]
) -> tuple[list[Text], list[Unknown]]:
    """What may be said beside a triage: in an emergency nothing but it, and figures that were asked for."""
    if triage.level in ("emergency", "urgent"):
        kept = list(sentences) if plans else []
        return [*kept, T("Salus supports a decision; it does not replace a doctor.")], []
    return list(sentences), list(unknown)
