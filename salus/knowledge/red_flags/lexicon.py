"""How people say a symptom: the concepts of `lexicon_en.toml` and `lexicon_fr.toml`, and where a text says them.

Knows phrases only, not whether they are denied, past or asked about (`reading`). Both languages are always read:
people mix them, and a phrase of one is hardly ever a phrase of the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import tomli as tomllib

from salus.knowledge.phrases import Token, tokens

GAP = 3
"""How many words "*" may stand for."""

_SPELLINGS = ("can t", "cant", "cannot", "can not", "couldn t", "couldnt")
_DECOY = ""
_DENIES = frozenset({"not", "never", "pas", "jamais"})
_DENYING = frozenset({"isn", "aren", "wasn", "don", "doesn", "didn", "hasn", "haven"})


class Said(NamedTuple):
    """A concept said by the words `first` to `last` (not included) of the token list."""

    concept: str
    first: int
    last: int


@dataclass(frozen=True)
class _Phrase:
    concept: str
    slots: tuple[frozenset[str] | None, ...]
    """Each slot is the words that fit, or None for a gap."""


@dataclass(frozen=True)
class Lexicon:
    """Every phrase by each word it can begin with.

    `never_asked` are concepts that a question does not excuse, but for those of `asked_by_date`: "when was my …".
    `illnesses` are named as such, not felt.
    """

    by_first: dict[str, tuple[_Phrase, ...]]
    concepts: frozenset[str]
    never_asked: frozenset[str]
    asked_by_date: frozenset[str]
    illnesses: frozenset[str]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Both languages' phrases."""
    table: dict[str, list[_Phrase]] = {}
    concepts: set[str] = set()
    never_asked: set[str] = set()
    by_date: set[str] = set()
    illnesses: set[str] = set()
    for name in ("lexicon_en.toml", "lexicon_fr.toml"):
        data = tomllib.loads(resources.files("salus.knowledge.red_flags").joinpath(name).read_text("utf-8"))
        never_asked.update(data["about"]["never_asked"])
        by_date.update(data["about"]["asked_by_date"])
        illnesses.update(data["about"]["illnesses"])
        concepts.update(data["concept"])
        for concept, phrases in [*data["concept"].items(), (_DECOY, data["decoy"]["phrases"])]:
            for written in phrases:
                for spelling in _spellings(written):
                    phrase = _Phrase(concept, tuple(_slots(spelling)))
                    for word in phrase.slots[0] or ():
                        table.setdefault(word, []).append(phrase)
    by_first = {k: tuple(v) for k, v in table.items()}
    sets = [frozenset(one) for one in (concepts, never_asked, by_date, illnesses)]
    return Lexicon(by_first, *sets)


def _spellings(written: str) -> Iterator[str]:
    yield written
    if written.startswith("can t ") or " can t " in written:
        for other in _SPELLINGS[1:]:
            yield written.replace("can t ", other + " ")


def _slots(written: str) -> Iterator[frozenset[str] | None]:
    for part in written.split():
        if part == "*":
            yield None
        else:
            yield frozenset(t.word for t in tokens(part.replace("|", " ")))


def said(words: list[Token], sentence: list[int]) -> list[Said]:
    """Every concept the words say. `sentence[i]` numbers the sentence of word i: no phrase crosses its end.

    A saying that only sounds like a symptom (`decoy`) hides what it overlaps.
    """
    table = lexicon().by_first
    found: list[Said] = []
    for i, token in enumerate(words):
        for phrase in table.get(token.word, ()):
            last = _end(phrase.slots, words, sentence, i)
            if last is not None:
                found.append(Said(phrase.concept, i, last))
    decoys = [s for s in found if s.concept == _DECOY]
    return sorted(
        {s for s in found if s.concept != _DECOY and not any(s.first < d.last and d.first < s.last for d in decoys)},
        key=lambda s: (s.first, s.last, s.concept),
    )


def _denied(words: list[Token], at: int) -> bool:
    """True when the word before denies what stands at `at`: "my chest is not hurting" says no pain."""
    before = words[at - 1].word
    return before in _DENIES or (before == "t" and at > 1 and words[at - 2].word in _DENYING)


def _end(slots: tuple[frozenset[str] | None, ...], words: list[Token], sentence: list[int], first: int) -> int | None:
    """Where the phrase that starts at `first` ends, or None. The shortest gaps are taken."""
    at = first
    for n, slot in enumerate(slots):
        if slot is None:
            for skip in range(GAP + 1):
                start = at + skip
                if start < len(words) and sentence[start] == sentence[first] and not (skip and _denied(words, start)):
                    end = _end(slots[n + 1 :], words, sentence, start)
                    if end is not None:
                        return end
            return None
        if at >= len(words) or sentence[at] != sentence[first] or words[at].word not in slot:
            return None
        at += 1
    return at
