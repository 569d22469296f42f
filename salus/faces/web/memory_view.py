"""The memory as its page tells it: each thing with its records, why they are one, and where they disagree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from salus.assistant.words import Words
from salus.faces.web.told import called, capital, said_briefly, source_title
from salus.faces.wording import MEMORY, STATUS, TYPE
from salus.knowledge.phrases import fold
from salus.records.metrics import metric
from salus.records.resource import Resource
from salus.records.text import Named, T, Text
from salus.records.times import When
from salus.vault.corrections import Correction
from salus.vault.memory import KINDS, Entry, remember
from salus.vault.vault import Vault
from salus.vault.view import VaultView

FIRST = ("problems", "medications", "allergies", "immunizations", "procedures", "care_team", "goals", "devices")
"""What the page opens with."""
FEW, AT_ONCE = 8, 50
_RANK = {"current": 0, "": 1, "done": 1, "denied": 2, "not_done": 3, "past": 3}
_MARKS: dict[str, Text] = {
    "suspected": T("suspected"), "history": T("in the past"), "family": T("in the family"),
    "none_known": T("none known"),
}  # fmt: skip
_TAGS = {"current": "new", "denied": "", "not_done": "", "past": ""}


@dataclass(frozen=True)
class SourceLine:
    """One record of a thing: who wrote it (else the file it came in), when, what brought it; `who` says both."""

    ref: str
    origin: str
    who: str
    brought: Text | str
    time: When | None
    title: str


@dataclass(frozen=True)
class JoinLine:
    """Two records told as one, and why; each by who wrote it."""

    one: SourceLine
    other: SourceLine
    why: Text


@dataclass(frozen=True)
class Side:
    value: Any
    source: SourceLine | None


@dataclass(frozen=True)
class Shown:
    """An entry ready to show. `tags` are (class, words); `anchor` stays the same over reloads."""

    anchor: str
    title: str
    tags: Sequence[tuple[str, Text]]
    when: When | None
    end: When | None
    detail: Sequence[tuple[Text, Any]]
    sources: Sequence[SourceLine]
    joins: Sequence[JoinLine]
    conflicts: Sequence[tuple[Text, Sequence[Side]]]
    brief: Any


@dataclass(frozen=True)
class Section:
    kind: str
    title: Text
    entries: Sequence[Shown]
    total: int


@dataclass(frozen=True)
class Apart:
    """Two records that the person said are different things."""

    one: SourceLine
    other: SourceLine


@dataclass(frozen=True)
class Aside:
    """A record that was set aside."""

    ref: str
    title: Named | Text | str
    why: str
    note: str
    at: datetime


@dataclass(frozen=True)
class MemoryPage:
    kind: str
    sections: Sequence[Section]
    disagree: Sequence[Shown]
    apart: Sequence[Apart]
    aside: Sequence[Aside]
    page: int
    more: bool
    known: bool


def memory_page(vault: Vault, words: Words, kind: str, asked: str, page: int) -> MemoryPage:
    """What a person looks at first, or with `kind` all of one kind, page by page; only what is called as `asked`."""
    view, files = vault.view(), _files(vault)
    kinds = (kind,) if kind in KINDS else FIRST
    wanted = fold(asked).split()
    known = remember(view, *kinds)
    entries = [e for e in known if not wanted or all(word in _names(e, words) for word in wanted)]
    sections = []
    for each in kinds:
        own = sorted((e for e in entries if e.kind == each), key=lambda e: _RANK.get(e.status, 1))
        start = page * AT_ONCE if kind else 0
        here = own[start : start + (AT_ONCE if kind or asked else FEW)]
        if own or (kind and not asked):
            sections.append(Section(each, MEMORY[each], [_shown(e, words, files) for e in here], len(own)))
    more = bool(kind) and any(s.total > (page + 1) * AT_ONCE for s in sections)
    clashing = [_shown(e, words, files) for e in entries if e.conflicts] if not kind and not asked else []
    named = kind if kind in KINDS else ""
    apart, aside = _apart(view, words, files), _aside(vault)
    return MemoryPage(named, sections, clashing, apart, aside, page, more, bool(known))


def _shown(entry: Entry, words: Words, files: dict[int, str]) -> Shown:
    lines = {resource.ref: source_line(resource, words, files) for resource in entry.sources}
    tags: list[tuple[str, Text]] = []
    if entry.status in STATUS:
        tags.append((_TAGS[entry.status], STATUS[entry.status]))
    tags += [("warn" if mark == "suspected" else "", _MARKS[mark]) for mark in sorted(entry.marks) if mark in _MARKS]
    own = _called_in(entry, words)
    joins = [JoinLine(lines[j.a], lines[j.b], j.why) for j in entry.joins if j.a in lines and j.b in lines]
    clashes = [(c.text, [Side(value, lines.get(ref)) for value, ref in c.sides]) for c in entry.conflicts]
    return Shown(
        "e-" + hashlib.sha256(f"{entry.kind}/{entry.id}".encode()).hexdigest()[:10], capital(own), tags, entry.when,
        entry.end, entry.detail, list(lines.values()), joins, clashes, _brief(entry),
    )  # fmt: skip


def _called_in(entry: Entry, words: Words) -> str:
    return called(entry.sources[0], words) if entry.title in TYPE and entry.sources else entry.title


def _names(entry: Entry, words: Words) -> str:
    """What a search by name looks through."""
    told = [words.say(value) for _, value in entry.detail]
    return fold(" ".join([_called_in(entry, words), *told, *(r.origin for r in entry.sources)]))


def _brief(entry: Entry) -> Any:
    """What stands beside the date: the first detail, or what the record says in a few words."""
    if entry.detail:
        return entry.detail[0][1]
    return said_briefly(entry.sources[0].body) if entry.kind == "other" and entry.sources else None


def _files(vault: Vault) -> dict[int, str]:
    """The name of the file each import came from."""
    return {one.id: PurePath(one.path).name for one in vault.imports()}


def source_line(resource: Resource, words: Words, files: dict[int, str]) -> SourceLine:
    brought = source_title(resource.connection, words.lang)
    origin = resource.origin or files.get(resource.batch, "")
    said = origin or words.say(brought)
    who = f"{said}, {words.say(resource.time)}" if resource.time else said
    return SourceLine(resource.ref, origin, who, brought, resource.time, called(resource, words))


def _apart(view: VaultView, words: Words, files: dict[int, str]) -> list[Apart]:
    made = []
    for pair in sorted(sorted(one) for one in view.apart()):
        found = [view.resource(ref, aside=True) for ref in pair]
        if len(found) == 2 and found[0] is not None and found[1] is not None:
            made.append(Apart(source_line(found[0], words, files), source_line(found[1], words, files)))
    return made


def _aside(vault: Vault) -> list[Aside]:
    zone = vault.person.zone
    return [Aside(c.ref, _called(c), c.why, c.note, c.at.astimezone(zone)) for c in vault.corrections()]


def _called(found: Correction) -> Named | Text | str:
    """What a record that was set aside is called; a reading by its metric in the page's language."""
    if found.ref.startswith("sample/"):
        row = metric(found.ref.split("/")[1])
        return Named(capital(row.en), capital(row.fr))
    type_ = found.ref.partition("/")[0]
    return capital(found.title) if found.title and found.title != type_ else TYPE.get(type_, found.title or type_)


def tabs() -> Iterable[tuple[str, Text]]:
    """Every kind with its name, what is looked at first before the rest."""
    return [(kind, MEMORY[kind]) for kind in (*FIRST, *(k for k in KINDS if k not in FIRST))]
