"""The codes and words of `codes.toml`, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.knowledge.phrases import PhraseBook


@dataclass(frozen=True)
class Listed:
    """Codes, category codes, and phrases that put an entry apart."""

    codes: frozenset[str]
    categories: frozenset[str]
    phrases: PhraseBook[str]

    def holds(self, text: str) -> bool:
        return bool(self.phrases.find(text))


@lru_cache(maxsize=8)
def listed(name: str) -> Listed:
    """The row of that name."""
    data = tomllib.loads(resources.files("salus.skills.records").joinpath("codes.toml").read_text("utf-8"))[name]
    book: PhraseBook[str] = PhraseBook()
    for phrase in data.get("words", ()):
        book.add(phrase, phrase)
    return Listed(frozenset(data.get("codes", ())), frozenset(data.get("categories", ())), book)
