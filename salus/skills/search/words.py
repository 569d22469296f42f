"""Words to look for and what stands for them: synonyms in both languages, endings taken off. Knows no document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import tomli as tomllib

from salus.knowledge.phrases import PhraseBook, Token, fold, tokens

LEAST = 4
"""Letters that stay when an ending is taken off; one more for an ending of one letter ("rein" is not "reine")."""


class Spot(NamedTuple):
    """Where something stands in a text."""

    start: int
    end: int


@dataclass(frozen=True)
class Thing:
    """One thing looked for: as it was asked, and every phrase (of word stems) that means it."""

    said: str
    phrases: tuple[tuple[str, ...], ...]
    also: tuple[str, ...] = ()
    """The other words for it, as people write them."""


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = resources.files("salus.skills.search").joinpath("synonyms.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def _same() -> tuple[tuple[str, ...], ...]:
    """Every row of words for one thing."""
    tables = (table for table in _data().values() if isinstance(table, dict))
    return tuple(tuple(row) for table in tables for row in table["same"])


@lru_cache(maxsize=1)
def _endings() -> tuple[str, ...]:
    return tuple(sorted(map(str, _data()["endings"]), key=len, reverse=True))


@lru_cache(maxsize=1)
def _book() -> PhraseBook[int]:
    made: PhraseBook[int] = PhraseBook()
    for at, row in enumerate(_same()):
        for phrase in row:
            made.add(phrase, at)
    return made


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A folded, singular word without its ending."""
    for ending in _endings():
        if word.endswith(ending) and len(word) - len(ending) >= LEAST + (len(ending) == 1):
            return word[: -len(ending)]
    return word


def stems(text: str) -> tuple[str, ...]:
    return tuple(stem(token.word) for token in tokens(text))


def things(words: str) -> list[Thing]:
    """What is looked for: each phrase that has synonyms, and each other word by itself."""
    found: dict[tuple[int, int], Thing] = {}
    for hit in _book().find(words):
        said = words[hit.start : hit.end]
        have = found.get((hit.start, hit.end))
        row = [*(have.also if have else ()), *(one for one in _same()[hit.item] if fold(one) != fold(said))]
        found[hit.start, hit.end] = Thing(said, tuple(dict.fromkeys((stems(said), *map(stems, row)))), tuple(row))
    for token in tokens(words):
        if token.word != "%" and not any(start <= token.start < end for start, end in found):
            found[token.start, token.end] = Thing(words[token.start : token.end], ((stem(token.word),),))
    return [found[key] for key in sorted(found)]


def spots(thing: Thing, text: str) -> list[Spot]:
    """Where a thing is named in a text."""
    return spots_in(thing, tokens(text))


def spots_in(thing: Thing, words: list[Token]) -> list[Spot]:
    """The same over the words of a text, read once for several things."""
    here = [stem(token.word) for token in words]
    found = []
    for phrase in thing.phrases:
        size = len(phrase)
        found += [
            Spot(words[at].start, words[at + size - 1].end)
            for at in range(len(here) - size + 1)
            if tuple(here[at : at + size]) == phrase
        ]
    return sorted(found)
