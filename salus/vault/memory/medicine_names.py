"""Names of medicines beside the table of ingredients: trade names, further ingredients, ATC codes, names by sound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.vault.memory.folding import words
from salus.vault.memory.spelling import Speller, sound
from salus.vault.memory.tables import table

Rows = frozenset[str]
LONGEST_BRAND = 4
_ACID = re.compile(r"(.{4,}?)(?:ic|ique|ico|icum|at|ate|ato|saure)$")
_OF_ACID = frozenset({"acid", "acide", "acido", "acidum"})


class Names:
    """Rows of ingredients by what is written; an ingredient no table describes is a row of its own name."""

    def __init__(self) -> None:
        self.brands: dict[tuple[str, ...], Rows] = {}
        self.atc: dict[str, Rows] = {}
        self.phrases: dict[tuple[str, ...], Rows] = {}
        self._sounds: dict[str, set[Rows]] = {}
        self._acids: dict[str, set[Rows]] = {}
        for id_, row in table("ingredients").rows.items():
            means = frozenset(row.get("of", (id_,)))
            for name in (*row["en"], *row.get("fr", ()), *row.get("also", ())):
                self._add(words(name), means)
            for brand in row.get("brands", ()):
                self.phrases.setdefault(words(brand), means)
        files = resources.files("salus.vault.memory")
        carriers = frozenset(tomllib.loads(files.joinpath("dosage.toml").read_text("utf-8"))["words"]["carrier"])
        text = files.joinpath("medicines.csv").read_text("utf-8")
        for line in text.splitlines():
            if line.startswith("#"):
                continue
            kind, name, made = line.split(";")
            means = frozenset(made.split("+"))
            if kind == "brand":
                self.brands.setdefault(tuple(name.split(" ")), means)
            elif kind == "atc":
                self.atc.setdefault(name, means)
            elif name not in carriers:
                self._add(tuple(name.split(" ")), means)
        self.longest = max(map(len, self.phrases))

    def _add(self, name: tuple[str, ...], means: Rows) -> None:
        self.phrases.setdefault(name, means)
        if len(name) == 1 and len(name[0]) > 4:
            self._sounds.setdefault(sound(name[0]), set()).add(means)
        if len(name) == 2 and _OF_ACID & set(name):
            stem = _stem(next(w for w in name if w not in _OF_ACID))
            if stem:
                self._acids.setdefault(stem, set()).add(means)

    def sounding(self, found: Sequence[str], at: int) -> tuple[Rows, int]:
        """The rows of a word (or of an acid in two words) in another language, and how many words it takes."""
        pair = found[at : at + 2]
        if len(pair) == 2 and _OF_ACID & set(pair):
            stem = _stem(next((w for w in pair if w not in _OF_ACID), ""))
            if len(rows := self._acids.get(stem, set())) == 1:
                return next(iter(rows)), 2
        if len(found[at]) > 4 and len(rows := self._sounds.get(sound(found[at]), set())) == 1:
            return next(iter(rows)), 1
        return frozenset(), 0

    def slipped(self, word: str) -> Rows:
        """The rows of a word with one slip in it."""
        meant = _speller().meant(sound(word)) if word.isalpha() else None
        rows = self._sounds.get(meant, set()) if meant else set()
        return next(iter(rows)) if len(rows) == 1 else frozenset()

    def branded(self, found: Sequence[str]) -> tuple[Rows, int]:
        """The rows of the trade name that a name begins with, and its number of words."""
        for size in range(min(LONGEST_BRAND, len(found)), 0, -1):
            if rows := self.brands.get(tuple(found[:size])):
                return rows, size
        return frozenset(), 0

    def sounds(self) -> Iterable[str]:
        return [*self._sounds, *(sound(brand[0]) for brand in self.brands if len(brand) == 1)]


def _stem(word: str) -> str:
    found = _ACID.match(word)
    return sound(found.group(1)) if found else ""


@lru_cache(maxsize=1)
def names() -> Names:
    """The names, read once."""
    return Names()


@lru_cache(maxsize=1)
def _speller() -> Speller:
    return Speller(names().sounds())
