"""From a view to the memory: every resource read by its kind, grouped by its rules, told as entries. Writes nothing."""

from __future__ import annotations

import gc
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from salus.records.resource import Resource
from salus.records.text import Text
from salus.vault.memory import observing
from salus.vault.memory.entry import KINDS, Conflict, Entry, Kind
from salus.vault.memory.facts import Context, Fact, Seen
from salus.vault.memory.grouping import group
from salus.vault.memory.making import entry
from salus.vault.memory.observing import SameTest
from salus.vault.memory.rule import Rule
from salus.vault.memory.rules import (
    allergies,
    care_team,
    devices,
    documents,
    encounters,
    goals,
    immunizations,
    medications,
    other,
    problems,
    procedures,
    results,
    vitals,
)

_MODULES: Mapping[Kind, Any] = {
    module.KIND: module
    for module in (
        problems,
        medications,
        allergies,
        immunizations,
        results,
        vitals,
        procedures,
        encounters,
        care_team,
        goals,
        devices,
        documents,
    )
}


TYPES_OF: Mapping[Kind, tuple[str, ...]] = {**{kind: m.TYPES for kind, m in _MODULES.items()}, "other": ()}
"""The resource types of each kind; of "other" all that are left."""


def remember(view: Seen, *kinds: Kind, same_test: SameTest | None = None) -> list[Entry]:
    """The reconciled list: one entry per real-world thing of these kinds (all kinds without any), newest first.

    Every resource in force is in exactly one entry of one kind; what is entered in error, names nothing or is of no
    other kind is in `other`. Deterministic whatever the order of import. `same_test` may tell which test a code is of
    where the vault's own table does not know it. Raises KeyError for a kind that is none.
    """
    ctx = Context(view)
    apart = view.apart()
    found: list[Entry] = []
    with _uncollected():
        for kind in dict.fromkeys(kinds or KINDS):
            facts = _others(ctx, same_test) if kind == "other" else _read(ctx, kind, same_test)
            found += _entries(ctx, kind, facts, apart)
    return found


@contextmanager
def _uncollected() -> Iterator[None]:
    """Everything made here is kept until the end: looking for garbage meanwhile doubles the time and finds none."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _read(ctx: Context, kind: Kind, same_test: SameTest | None) -> list[Any]:
    module = _MODULES[kind]
    rows = [resource for type_ in module.TYPES for resource in ctx.rows(type_)]
    if kind in ("results", "vitals"):
        facts = [f for r in rows if (f := module.read(ctx, r, same_test)) is not None]
        observing.meet_partial(facts)
    else:
        facts = [f for r in rows if (f := module.read(ctx, r)) is not None]
    ctx.taken[kind] = {fact.ref for fact in facts}
    return facts


def _others(ctx: Context, same_test: SameTest | None) -> list[Fact]:
    """What no other kind reads: other types, and of theirs what they leave out."""
    mine: dict[str, set[Kind]] = defaultdict(set)
    for kind, module in _MODULES.items():
        for type_ in module.TYPES:
            mine[type_].add(kind)
    left: list[Resource] = []
    for type_ in sorted(ctx.view.counts()):
        for kind in mine[type_] - ctx.taken.keys():
            _read(ctx, kind, same_test)
        taken = set().union(*(ctx.taken[kind] for kind in mine[type_]))
        left += [resource for resource in ctx.rows(type_) if resource.ref not in taken]
    senders: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for resource in left:
        senders[resource.type].add((resource.connection, resource.batch))
    return [other.read(ctx, r, len(senders[r.type]) > 1) for r in left]


def _entries(ctx: Context, kind: Kind, facts: Iterable[Any], apart: frozenset[frozenset[str]]) -> list[Entry]:
    module: Any = other if kind == "other" else _MODULES[kind]
    compare: Callable[[Any, Any], Rule | None] = partial(module.compare, ctx)
    groups = group(facts, compare, apart)
    across: dict[int, list[Conflict]] = module.across(groups) if kind == "allergies" else {}
    found = []
    for n, one in enumerate(groups):
        said = module.say(ctx, one)
        said.conflicts = [*said.conflicts, *across.get(n, ())]
        found.append(entry(kind, one, said))
    return sorted(found, key=_newest)


def _newest(one: Entry) -> tuple[Any, ...]:
    if one.when is None:
        return (1, 0, 0.0, one.title, one.id)
    day, second = one.when.sort_key()
    return (0, -day.toordinal(), -second if second > float("-inf") else 0.0, one.title, one.id)


def memory_index(view: Seen, *kinds: Kind) -> Mapping[str, str]:
    """The entry's id for every reference, so that others can show a thing that came twice once."""
    return {ref: one.id for one in remember(view, *kinds) for ref in one.refs}


def digest(entries: Iterable[Entry]) -> str:
    """A mark of a whole memory: equal when it says the same, whatever the numbers of rows, batches and connections."""
    return hashlib.sha256("\n".join(sorted(map(_line, entries))).encode()).hexdigest()


def _line(one: Entry) -> str:
    def worded(value: object) -> str:
        return value.plain() if isinstance(value, Text) else str(value)

    parts = [
        one.id,
        one.kind,
        one.title,
        str(one.code),
        one.status,
        one.when.text if one.when else "",
        one.end.text if one.end else "",
        *sorted(one.marks),
        *(f"{worded(label)}={worded(value)}" for label, value in one.detail),
        *sorted(f"{resource.ref}:{hashlib.sha256(resource.raw).hexdigest()}" for resource in one.sources),
        *sorted(f"{join.a}+{join.b}:{join.rule}" for join in one.joins),
        *sorted(f"{c.field}:{sorted((worded(v), ref) for v, ref in c.sides)}" for c in one.conflicts),
    ]
    return "\x1f".join(parts)


def all_rules() -> Mapping[Kind, tuple[Rule, ...]]:
    """Every rule by kind, for the documentation and the tests."""
    return {**{kind: module.RULES for kind, module in _MODULES.items()}, "other": other.RULES}
