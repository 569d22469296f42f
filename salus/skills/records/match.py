"""Does an entry answer to the person's words? Whole words without accents, and the synonyms of `synonyms.toml`.

Strict on purpose: every word asked for must be there, as itself or as a synonym; "type 1 diabetes" is not answered
by type 2. Knows no meaning beyond its table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import tomli as tomllib

from salus.knowledge.phrases import PhraseBook, fold, singular, tokens

Words = tuple[str, ...]
How = Literal["same", "related"]
DIARY = "symptoms"
WRITTEN = frozenset({DIARY, "notes", "diary"})
"""Kinds that the person wrote down."""


@dataclass(frozen=True)
class Group:
    """Phrases that mean the same; or (`members` set) a class and the things that belong to it.

    An entry that holds a phrase of `unless` is another thing, unless that word was asked for too.
    """

    phrases: tuple[Words, ...]
    members: tuple[Words, ...] = ()
    unless: tuple[Words, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """The words asked for: groups they named (each in any of its readings), and words that must stand as they are."""

    text: str
    groups: tuple[tuple[Group, ...], ...]
    single: Words
    past: bool = False
    everything: bool = False

    @property
    def empty(self) -> bool:
        """Nothing in particular was asked for ("my last doctor's visit")."""
        return not self.groups and not self.single


@dataclass(frozen=True)
class _Table:
    book: PhraseBook[Group]
    inside: PhraseBook[Group]
    """Members of classes, by which a thing is found to belong to one."""
    felt: PhraseBook[Group]
    """Symptoms, as a diary names them: looked for in diaries alone."""
    ignore: frozenset[str]
    past: frozenset[str]
    everything: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    data = tomllib.loads(resources.files("salus.skills.records").joinpath("synonyms.toml").read_text("utf-8"))
    book: PhraseBook[Group] = PhraseBook()
    inside: PhraseBook[Group] = PhraseBook()
    felt: PhraseBook[Group] = PhraseBook()
    for row in data["same"]:
        group = Group(_split(row["words"]), (), _split(row.get("unless", ())), tuple(row.get("kinds", ())))
        for phrase in row["words"]:
            (felt if DIARY in group.kinds else book).add(phrase, group)
    for row in data["class"]:
        group = Group(_split(row["words"]), _split(row["members"]), (), tuple(row.get("kinds", ())))
        for phrase in row["words"]:
            book.add(phrase, group)
        for phrase in row["members"]:
            inside.add(phrase, group)

    def folded(name: str) -> frozenset[str]:
        return frozenset(singular(fold(word)) for word in data["words"][name])

    return _Table(book, inside, felt, folded("ignore"), folded("past"), folded("ever"))


def _split(phrases: list[str] | tuple[str, ...]) -> tuple[Words, ...]:
    return tuple(tuple(t.word for t in tokens(phrase)) for phrase in phrases)


def asked(about: str | None, kind: str) -> Asked:
    """Reads the person's words for one kind of record."""
    table, text = _table(), (about or "").strip()
    spans: dict[tuple[int, int], list[Group]] = {}
    single: list[str] = []
    for hit in (table.felt if kind in WRITTEN else table.book).find(text):
        if not hit.item.kinds or kind in hit.item.kinds:
            spans.setdefault((hit.start, hit.end), []).append(hit.item)
    past = everything = False
    for token in tokens(text):
        if any(start <= token.start < end for start, end in spans):
            continue
        if token.word in table.past:
            past = True
        elif token.word in table.everything:
            everything = True
        elif token.word not in table.ignore:
            single.append(_nameless(token.word))
    return Asked(text, tuple(map(tuple, spans.values())), tuple(single), past, everything)


def kind_of(about: str) -> str | None:
    """The kind of record that the person's words are of, where a row of the table says so ("statin": medicines)."""
    for group in sorted((hit.item for hit in _table().book.find(about)), key=lambda group: bool(group.members)):
        if group.kinds and group.kinds[0] not in ("workouts", "visits"):
            return group.kinds[0]
    return None


def named_symptoms(text: str) -> list[tuple[int, int]]:
    """Where symptoms of the table are named in a text."""
    return [(hit.start, hit.end) for hit in _table().felt.find(text)]


def answers(wanted: Asked, words: str, kind: str) -> How | None:
    """How an entry with these words answers: as the thing asked for, as one related to it, or not at all."""
    here = _here(words)
    if not all(_has(here, (word,)) for word in wanted.single):
        return _by_class(wanted, here, kind)
    how: How = "same"
    for readings in wanted.groups:
        found = {_by_group(wanted, group, here) for group in readings}
        if "same" in found:
            continue
        if "member" not in found:
            return _by_class(wanted, here, kind)
        how = "related" if kind == "allergies" else how
    return how


@lru_cache(maxsize=4096)
def _here(words: str) -> tuple[str, ...]:
    return tuple(_nameless(token.word) for token in tokens(words))


def _by_group(wanted: Asked, group: Group, here: tuple[str, ...]) -> str:
    if any(_has(here, phrase) for phrase in group.phrases):
        other = [p for p in group.unless if _has(here, p) and not all(word in wanted.single for word in p)]
        return "" if other else "same"
    return "member" if any(_has(here, phrase) for phrase in group.members) else ""


def _by_class(wanted: Asked, here: tuple[str, ...], kind: str) -> How | None:
    """An allergy to a whole class, where a member of it was asked for."""
    if kind != "allergies":
        return None
    for hit in _table().inside.find(wanted.text):
        if any(_has(here, phrase) for phrase in hit.item.phrases):
            return "related"
    return None


def _has(here: tuple[str, ...], phrase: Words) -> bool:
    size, head = len(phrase), phrase[0]
    return any(
        _alike(here[at], head) and all(_alike(here[at + i], phrase[i]) for i in range(1, size))
        for at in range(len(here) - size + 1)
    )


def _nameless(word: str) -> str:
    """Without the digits that made-up people carry after their names ("pollich983")."""
    bare = word.rstrip("0123456789")
    return bare if len(bare) >= 4 and len(word) - len(bare) >= 2 else word


def _alike(one: str, other: str) -> bool:
    """Equal, or one is the other with a short ending ("metformin", "metformine")."""
    if one == other:
        return True
    if one[:5] != other[:5]:
        return False
    short, long = sorted((one, other), key=len)
    return len(short) >= 5 and len(long) - len(short) <= 2 and long.startswith(short) and not short[-1].isdigit()
