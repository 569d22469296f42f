"""What the memory is made of: an entry per real-world thing, why its records were joined, where they disagree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from salus.records.codes import Code
from salus.records.resource import Resource
from salus.records.text import Text
from salus.records.times import When
from salus.records.units import Quantity

Kind = Literal[
    "problems",
    "medications",
    "allergies",
    "immunizations",
    "results",
    "vitals",
    "procedures",
    "encounters",
    "care_team",
    "goals",
    "devices",
    "documents",
    "other",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Status = Literal["current", "past", "done", "denied", "not_done", ""]
Value = Text | Quantity | When | str


@dataclass(frozen=True)
class Join:
    """Why two records are one thing: the refs `a` and `b`, the name of the rule, and the rule in words."""

    a: str
    b: str
    rule: str
    why: Text


@dataclass(frozen=True)
class Conflict:
    """Where records disagree. `sides` are (what it says, ref of the record that says it); none is preferred."""

    field: str
    text: Text
    sides: tuple[tuple[Value, str], ...]


@dataclass(frozen=True)
class Entry:
    """One real-world thing, with every record of it.

    `id` is made of the kind and of the records' own ids, never of row numbers. `status` is "current" or "past" for
    what lasts, "done" or "not_done" for what happens, "denied" for a stated absence, "" where the records do not say.
    `when` is the earliest start (or the moment), at its recorded precision; `end` the end where all agree that it is
    over. `detail` is (label, value) in the order to show. `sources` come with the record that speaks for the entry
    first. `marks` are plain words for programs: "suspected", "history", "family", "none_known".
    """

    id: str
    kind: Kind
    title: str
    code: Code | None
    status: Status
    when: When | None
    end: When | None
    detail: tuple[tuple[Text, Value], ...]
    sources: tuple[Resource, ...]
    joins: tuple[Join, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    marks: frozenset[str] = field(default_factory=frozenset)

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(resource.ref for resource in self.sources)
