"""Before and after every answer: the red-flag triage of the words, and what it does to what is said.

Rules can only raise a level. An emergency is said first and alone with what was asked; nothing said later lowers it.
"""

from __future__ import annotations

from collections.abc import Sequence

from salus.assistant.follow_up import cues
from salus.assistant.follow_up.leaning import lean
from salus.assistant.follow_up.past import MOST_BACK, Past
from salus.knowledge.phrases import tokens
from salus.knowledge.red_flags import triage
from salus.records.finding import LEVELS, Lang, Triage, Unknown
from salus.records.text import T, Text
from salus.vault.view import VaultView


def before(question: str, view: VaultView, lang: Lang, past: Sequence[Past] = ()) -> Triage:
    """The triage of the person's words; both languages are heard, since people mix them.

    What was told in the turns before counts with them: where together they weigh more than either alone, or where the
    person says that it is still so. An emergency that was answered is not said again to another question.
    """
    country = view.person.country
    own = triage(question, lang=lang, country=country)
    told = [one.question for one in past[-MOST_BACK:]]
    if not told or own.level == "emergency":
        return own
    whole = triage(question, lang=lang, country=country, before=told)
    if _rank(whole) <= _rank(own):
        return own
    earlier = triage("", lang=lang, country=country, before=told)
    goes_on = own.level != "none" or bool(cues.spans("still_so", question)) or _tells(question, view, lang)
    return whole if _rank(whole) > _rank(earlier) or goes_on else own


def _tells(question: str, view: VaultView, lang: Lang) -> bool:
    """Something is told, in words that no rule knows, and nothing is asked of the records."""
    said = lean(question, view, lang)
    asks = "?" in question or said.heard.spots or said.kinds or said.heard.period or said.aspects or said.asks
    return bool(said.left) and not asks and len(tokens(question)) > 2


def _rank(found: Triage) -> int:
    return LEVELS.index(found.level)


def after(
    triage: Triage, sentences: Sequence[Text], unknown: Sequence[Unknown], plans: Sequence[object]
) -> tuple[list[Text], list[Unknown]]:
    """What may be said beside a triage: in an emergency nothing but it, and figures that were asked for."""
    if triage.level in ("emergency", "urgent"):
        kept = list(sentences) if plans else []
        return [*kept, T("Salus supports a decision; it does not replace a doctor.")], []
    return list(sentences), list(unknown)
