"""Finding known phrases in free text, in any language written with spaces, whatever the accents and the case.

Knows words and simple plurals, and where each stands in the original text. Knows no meaning: the items are the
caller's (tests, metrics, months, kinds of record).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item")

_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+|%")
_SPECIAL = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss"})


class Token(NamedTuple):
    """One word: folded and singular (`word`), and its span in the original text."""

    word: str
    start: int
    end: int


class Found(NamedTuple, Generic[Item]):
    """One phrase found: `text[start:end]` is how it was written, `phrase` how it was added."""

    start: int
    end: int
    item: Item
    phrase: str


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents or ligatures: "Cœur" is "coeur", "Fièvre" is "fievre"."""
    stripped = unicodedata.normalize("NFKD", text.translate(_SPECIAL).lower())
    return "".join(c for c in stripped if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """The folded word without a simple English or French plural; the same for both forms, not always a real word."""
    if len(word) > 3:
        if word.endswith("ies"):
            return word[:-3] + "y"
        if word.endswith("ie"):
            return word[:-2] + "y"
        if word.endswith(("aux", "eux", "oux")):
            return word[:-1]
        if word.endswith("s") and not word.endswith("ss"):
            return word[:-1]
    return word


SHORT = 1000
"""Letters of a text whose words are kept for a moment: a question is looked through for many books of phrases."""


def tokens(text: str) -> list[Token]:
    """The words of a text. Apostrophes and hyphens separate ("l'INR" is l, INR); "%" is a word."""
    return list(_short(text)) if len(text) <= SHORT else _tokens(text)


@lru_cache(maxsize=16)
def _short(text: str) -> tuple[Token, ...]:
    return tuple(_tokens(text))


def _tokens(text: str) -> list[Token]:
    return [Token(singular(fold(m.group())), m.start(), m.end()) for m in _WORD.finditer(text)]


@dataclass(frozen=True)
class _Entry(Generic[Item]):
    words: tuple[str, ...]
    item: Item
    phrase: str


class PhraseBook(Generic[Item]):
    """Phrases with what each stands for. One phrase may stand for several items; each is then found."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[_Entry[Item]]] = {}

    def add(self, phrase: str, item: Item) -> None:
        """Add a phrase; adding the same phrase for the same item again does nothing. ValueError when it has no word."""
        words = tuple(t.word for t in tokens(phrase))
        if not words:
            raise ValueError(f"no word in {phrase!r}")
        entries = self._by_first.setdefault(words[0], [])
        if not any(e.words == words and e.item == item for e in entries):
            entries.append(_Entry(words, item, phrase))
            entries.sort(key=lambda e: -len(e.words))

    def phrases(self) -> list[str]:
        """Every phrase as it was added."""
        return [entry.phrase for entries in self._by_first.values() for entry in entries]

    def find(self, text: str) -> list[Found[Item]]:
        """Every phrase in the text, the longest first where they overlap, in the order of the text."""
        found = tokens(text)
        words = [t.word for t in found]
        hits: list[tuple[int, int, _Entry[Item]]] = []
        for i, word in enumerate(words):
            for entry in self._by_first.get(word, ()):
                size = len(entry.words)
                if size == 1 or tuple(words[i : i + size]) == entry.words:
                    hits.append((i, i + size, entry))
        hits.sort(key=lambda h: (h[0] - h[1], h[0]))
        taken: list[tuple[int, int]] = []
        kept: list[Found[Item]] = []
        for first, last, entry in hits:
            if all(last <= a or first >= b or (first, last) == (a, b) for a, b in taken):
                taken.append((first, last))
                kept.append(Found(found[first].start, found[last - 1].end, entry.item, entry.phrase))
        return sorted(kept, key=lambda f: f.start)
