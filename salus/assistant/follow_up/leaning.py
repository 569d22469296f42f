"""Does a question lean on the one before: a lead without a sentence, a pronoun, days alone, an aspect alone.

A question that names its own subject in a sentence of its own never leans.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from salus.assistant.follow_up import cues, shift
from salus.assistant.route import days
from salus.assistant.route.heard import Heard, hear
from salus.assistant.route.lexicon import book
from salus.knowledge.phrases import PhraseBook, fold
from salus.vault.view import VaultView

_ORDINAL = re.compile(
    r"\b(?:the |le |la |l')?(?P<nth>first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th|premiere?|deuxieme|seconde?|"
    r"troisieme|quatrieme|cinquieme|1er|2e|3e|4e|5e)(?! (?:half|quarter|week|semestre|trimestre|semaine|to last))\b"
)
_NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4,
        "premier": 0, "premiere": 0, "deuxieme": 1, "seconde": 1, "troisieme": 2, "quatrieme": 3,
        "cinquieme": 4, "1er": 0, "2e": 1, "3e": 2, "4e": 3, "5e": 4}  # fmt: skip
MOST_WORDS = 14
"""A longer question is a sentence of its own."""


@dataclass(frozen=True)
class Lean:
    """What a question says of itself. `left` is what it names, in its own words; `asks` and `aspects` are keys of the
    lexicon; `bare` when it names nothing and so can only be about what came before.
    """

    heard: Heard
    lead: bool
    full: bool
    pronoun: bool
    left: str
    kinds: tuple[str, ...]
    asks: frozenset[str]
    aspects: frozenset[str]
    shift: shift.Shift | None
    unit: str | None
    nth: int | None
    always: bool
    compare: bool
    rest: bool
    """Speaks of being at rest, of whose pulse it may be."""

    @property
    def named(self) -> bool:
        """It has a subject of its own."""
        return bool(self.heard.spots or self.kinds or self.left)

    @property
    def bare(self) -> bool:
        return not self.named and self.says

    @property
    def says(self) -> bool:
        """Anything at all that could be asked of what came before."""
        cued = any(self.heard.cues[section] for section in ("records_ask", "labs_ask", "which"))
        new = self.heard.period or self.heard.limit or self.shift or self.unit or self.nth is not None
        return bool(cued or new or self.rest or self.asks or self.aspects or self.pronoun or self.lead or self.always)

    @property
    def elliptic(self) -> bool:
        """ "and my LDL?": a subject after a lead, in no sentence of its own."""
        return self.lead and self.named and not self.full


@lru_cache(maxsize=1)
def _book() -> PhraseBook[tuple[str, str]]:
    made: PhraseBook[tuple[str, str]] = PhraseBook()
    for section in ("aspects", "asks"):
        for key, phrases in cues.section(section).items():
            for phrase in phrases:
                made.add(phrase, (section, key))
    return made


def lean(question: str, view: VaultView, lang: str) -> Lean:
    """Reads a question for what it leaves unsaid. Decides nothing about any earlier one."""
    text = question.replace("’", "'")
    moved = shift.said(days.plain(text))
    blanked = text[: moved.start] + " " * (moved.end - moved.start) + text[moved.end :] if moved else text
    heard = hear(blanked if moved else question, view, lang)
    begins = cues.lead(heard.text)
    unit = cues.unit(heard.text)
    found = [f for f in _book().find(heard.text) if f.end > begins or f.start >= begins]
    ordinal = _ORDINAL.search(days.plain(heard.text))
    named = [(start, end) for _, start, end in heard.kinds if fold(heard.text[start:end]) not in cues.weak()]
    kinds = tuple(kind for kind, start, end in heard.kinds if (start, end) in named)
    taken = [(f.start, f.end) for f in found]
    taken += [(0, begins), *cues.spans("compare", heard.text), *cues.spans("always", heard.text)]
    for section in ("records_ask", "labs_ask", "which", "rest", "search_said"):
        taken += [(f.start, f.end) for f in book(section).find(heard.text) if f.item not in ("neutral", "nobody")]
    taken += [(spot.start, spot.end) for spot in heard.spots] + [(start, end) for _, start, end in heard.kinds]
    taken += [unit[1:]] if unit else []
    taken += [ordinal.span()] if ordinal else []
    if counted := days.limit(heard.text):
        taken.append(counted[1:])
    left = cues.content(heard.text, taken)
    return Lean(
        heard=heard,
        lead=begins > 0,
        full=bool(cues.spans("full", heard.text[begins:])),
        pronoun=bool(cues.spans("pronouns", heard.text)),
        left=" ".join(heard.text[token.start : token.end] for token in left),
        kinds=kinds,
        asks=frozenset(f.item[1] for f in found if f.item[0] == "asks"),
        aspects=frozenset(f.item[1] for f in found if f.item[0] == "aspects"),
        shift=moved,
        unit=unit[0] if unit else None,
        nth=_NTH[ordinal["nth"]] if ordinal else None,
        always=bool(cues.spans("always", heard.text)),
        compare=bool(cues.spans("compare", heard.text)),
        rest=bool(book("rest").find(heard.text)),
    )
