"""One word spelt in several ways: how a name of a medicine sounds in any language, and words with one slip in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from salus.vault.memory.folding import fold

_ALIKE = (
    ("oe", "e"), ("ae", "e"), ("ph", "f"), ("th", "t"), ("rh", "r"), ("ch", "c"), ("y", "i"), ("k", "c"), ("z", "s"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_END = re.compile(r"[eao]+$")
_VOWELS = re.compile(r"[aeiouy]")
SHORTEST = 7
"""Letters of a word in which a slip is forgiven; in a shorter one the slip may be another word."""


@lru_cache(maxsize=16384)
def sound(word: str) -> str:
    """What is left of an international name of a medicine in any language: "metformina", "metformine", "metformin"."""
    found = re.sub(r"[^a-z0-9]", "", fold(word))
    for written, heard in _ALIKE:
        found = found.replace(written, heard)
    return _END.sub("", _TWICE.sub(r"\1", found))


class Speller:
    """Finds the one known word that an unknown word is a slip of: a letter too much, too few, wrong or swapped.

    A word that is known is never a slip, nor one whose first letter differs, nor one that may be two known words.
    """

    def __init__(self, known: Iterable[str], shortest: int = SHORTEST) -> None:
        self._shortest = shortest
        self._known = frozenset(known)
        self._less: dict[str, set[str]] = {}
        for word in self._known:
            if len(word) >= shortest and word.isalpha():
                for less in (word, *_without(word)):
                    self._less.setdefault(less, set()).add(word)

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def meant(self, word: str) -> str | None:
        """None where it is known, too short, or a slip of no word or of several."""
        if len(word) < self._shortest or not word.isalpha() or word in self._known:
            return None
        near = {known for less in (word, *_without(word)) for known in self._less.get(less, ())}
        found = {known for known in near if known[0] == word[0] and _one_slip(word, known)}
        if len(found) > 1:  # a wrong vowel is the commoner slip
            found = {known for known in found if _VOWELS.sub("", known) == _VOWELS.sub("", word)}
        return found.pop() if len(found) == 1 else None


def _without(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _one_slip(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
        return a[at + 1 :] == b[at + 1 :] or swapped
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[at + 1 :] == shorter[at:]
