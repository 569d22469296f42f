"""The memory as this skill tells it: one entry per real-world thing, and where its sources disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salus.records.resource import Resource
from salus.records.text import Text
from salus.records.times import When
from salus.records.units import Quantity
from salus.vault.memory import Conflict, Entry, Kind, remember
from salus.vault.view import VaultView

UNSAID = frozenset({"denied", "not_done"})
"""What is refuted, was not done or not given is no entry to tell."""


def things(view: VaultView, kind: Kind) -> Iterator[tuple[Entry, list[Resource]]]:
    """Each thing of a kind that is told, with its records: the one that speaks for it first, then both sides of a
    disagreement, so that the evidence shows them."""
    for thing in remember(view, kind):
        if thing.status in UNSAID and "none_known" not in thing.marks:
            continue
        aside = {ref for conflict in thing.conflicts for _, ref in conflict.sides}
        head, *rest = thing.sources
        yield thing, [head, *sorted(rest, key=lambda r: r.ref not in aside)]


def clashes(conflicts: Sequence[Conflict]) -> tuple[Text, ...]:
    """Each disagreement in words, once."""
    return tuple({conflict.text.plain(): conflict.text for conflict in conflicts}.values())


def sides(conflicts: Sequence[Conflict]) -> list[dict[str, object]]:
    """The same for programs: the field, and what each record says."""
    return [
        {"field": c.field, "sides": [{"value": _plain(value), "ref": ref} for value, ref in c.sides]} for c in conflicts
    ]


def _plain(value: Text | Quantity | When | str) -> str:
    if isinstance(value, Text):
        return value.plain()
    if isinstance(value, Quantity):
        return f"{value.value:f} {value.unit}".strip()
    return value.text if isinstance(value, When) else value
