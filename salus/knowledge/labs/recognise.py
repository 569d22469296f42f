"""Tests and panels named in free text, in English and French. Knows names only, not what is asked about them."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from salus.knowledge.labs.table import LabTest, Panel, panels, tests
from salus.knowledge.phrases import PhraseBook


class Spot(NamedTuple):
    """One test or panel named: `text[start:end]` is `words`."""

    kind: Literal["test", "panel"]
    key: str
    start: int
    end: int
    words: str


def recognise(text: str, lang: str | None = None) -> list[Spot]:
    """Every test and panel the text names, the longest name first where they overlap, in the order of the text.

    `lang` limits the names to those of one language ("fer" is iron in French only); None takes both.
    """
    return [
        Spot(kind, key, found.start, found.end, text[found.start : found.end])
        for found in _book(lang if lang in ("en", "fr") else None).find(text)
        for kind, key in (found.item,)
    ]


@lru_cache(maxsize=3)
def _book(lang: str | None) -> PhraseBook[tuple[Literal["test", "panel"], str]]:
    book: PhraseBook[tuple[Literal["test", "panel"], str]] = PhraseBook()
    for panel in panels().values():
        for phrase in _names(panel, lang):
            book.add(phrase, ("panel", panel.key))
    for test in tests().values():
        for phrase in _names(test, lang):
            book.add(phrase, ("test", test.key))
    return book


def _names(row: LabTest | Panel, lang: str | None) -> list[str]:
    names = list(row.words)
    if lang != "fr":
        names += [row.en, *row.words_en]
    if lang != "en":
        names += [row.fr, *row.words_fr]
    return names
