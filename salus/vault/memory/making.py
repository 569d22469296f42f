"""An entry out of a group: its id, its records in order, why they were joined. What it says is its kind's business."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from salus.records.codes import Code
from salus.records.resource import codings
from salus.records.text import Text
from salus.records.times import When
from salus.vault.memory.entry import Conflict, Entry, Join, Kind, Status, Value
from salus.vault.memory.facts import Fact
from salus.vault.memory.grouping import Group


@dataclass
class Said:
    """What a kind says of one group; `main` is the record that speaks for it."""

    main: Fact
    title: str
    code: Code | None = None
    status: Status = ""
    when: When | None = None
    end: When | None = None
    detail: list[tuple[Text, Value]] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    marks: frozenset[str] = frozenset()


def entry(kind: Kind, group: Group[Any], said: Said) -> Entry:
    """The entry of a group. Its id is made of the first of its records' ids, whatever the order of import."""
    refs = [fact.ref for fact in group.facts]
    mark = hashlib.sha256(f"{kind}\0{min(refs)}".encode()).hexdigest()[:16]
    rest = sorted((f for f in group.facts if f is not said.main), key=lambda f: f.ref)
    return Entry(
        id=f"{kind}-{mark}",
        kind=kind,
        title=said.title,
        code=said.code,
        status=said.status,
        when=said.when,
        end=said.end,
        detail=tuple(said.detail),
        sources=(said.main.resource, *(fact.resource for fact in rest)),
        joins=tuple(Join(a.ref, b.ref, rule.name, rule.text) for a, b, rule in group.joins),
        conflicts=tuple(said.conflicts),
        marks=said.marks,
    )


def first_code(value: Any) -> Code | None:
    """The first coding of a CodeableConcept (or of the first of several)."""
    if isinstance(value, list):
        value = value[0] if value else None
    found = codings(value)
    return found[0] if found else None


def newest(facts: Iterable[Any], when: Any) -> Any:
    """The fact with the latest time; undated first; ties by ref."""
    return max(facts, key=lambda f: ((1, when(f).sort_key()) if when(f) else (0, ()), f.ref))
