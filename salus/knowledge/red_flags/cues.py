"""The word lists of `cues.toml`, and where a text says one of their entries. Knows no symptom and no rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.knowledge.phrases import Token, tokens


@dataclass(frozen=True)
class Cues:
    """The word lists of `cues.toml`: each entry a sequence of folded words, found by its first."""

    lists: dict[str, dict[str, tuple[tuple[str, ...], ...]]]

    def at(self, name: str, words: list[Token], i: int, stop: int | None = None) -> int:
        """How many words an entry of the list takes at `i` (0 when none does); the longest entry wins."""
        limit = len(words) if stop is None else stop
        best = 0
        for entry in self.lists[name].get(words[i].word, ()):
            size = len(entry)
            if size > best and i + size <= limit and all(words[i + k].word == entry[k] for k in range(size)):
                best = size
        return best

    def any(self, name: str, words: list[Token], span: range) -> bool:
        """Whether an entry of the list stands within `span`."""
        return any(self.at(name, words, i, span.stop) for i in span)


@lru_cache(maxsize=1)
def cues() -> Cues:
    """Every list by its name."""
    text = resources.files("salus.knowledge.red_flags").joinpath("cues.toml").read_text("utf-8")
    lists = tomllib.loads(text)
    return Cues({name: _by_first(row["words"]) for name, row in lists.items()})


def _by_first(phrases: list[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    made: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in phrases:
        entry = tuple(t.word for t in tokens(phrase))
        made[entry[0]] = (*made.get(entry[0], ()), entry)
    return made
