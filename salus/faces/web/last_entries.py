"""What was written by hand most lately: each entry with what it says, and the number that takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salus.errors import NotFound
from salus.faces.web.told import capital, figure, said_briefly
from salus.records.metrics import metric, metrics
from salus.records.resource import Resource, title
from salus.records.sample import Sample
from salus.records.text import Named, T, Text
from salus.records.times import to_ms
from salus.records.units import Quantity
from salus.sources.by_hand.adding import SOURCE
from salus.vault.timeline import events
from salus.vault.vault import Import, Vault
from salus.vault.view import VaultView, exact

MOST, LOOKED_AT = 12, 60
SLACK_MS = 1500
"""A reading is written a moment before its batch ends."""


@dataclass(frozen=True)
class LastEntry:
    """`ref` opens it; '' where what it brought is set aside by now."""

    batch: int
    name: Named | Text | str
    value: Any
    when: datetime
    ref: str


def last_entries(vault: Vault) -> list[LastEntry]:
    """The newest first; what was undone is not among them."""
    view = vault.view()
    own = [i for i in vault.imports() if i.source == SOURCE and i.undone is None][:MOST]
    if not own:
        return []
    written = _resources(view)
    return [_entry(view, one, written.get(one.id)) for one in own]


def entered(vault: Vault, batch: int) -> Import:
    """The entry of that number. Raises NotFound for anything else."""
    found = next((i for i in vault.imports() if i.id == batch and i.source == SOURCE and i.undone is None), None)
    if found is None:
        raise NotFound(T("This entry is no longer there."))
    return found


def _resources(view: VaultView) -> dict[int, Resource]:
    """Resources written by hand, by the number of their entry."""
    refs = [e.ref for e in events(view) if e.source == SOURCE and not e.ref.startswith("sample/")]
    found = (view.resource(ref) for ref in refs)
    return {r.batch: r for r in found if r is not None}


def _entry(view: VaultView, one: Import, resource: Resource | None) -> LastEntry:
    zone = view.person.zone
    if resource is not None:
        value = figure(resource.body) or said_briefly(resource.body)
        name = capital(title(resource.body) or one.path)
        return LastEntry(one.id, name, value, one.started.astimezone(zone), resource.ref)
    for called, samples in _samples(view, one):
        first = samples[0]
        return LastEntry(one.id, called, _value(samples), one.started.astimezone(zone), first.ref)
    return LastEntry(one.id, capital(one.path), None, one.started.astimezone(zone), "")


def _samples(view: VaultView, one: Import) -> Iterator[tuple[Named | Text, list[Sample]]]:
    """The readings written while the entry was."""
    if one.path == "blood pressure":
        upper = _within(view, "systolic", one)
        if upper:
            yield T("Blood pressure"), [*upper[:1], *_within(view, "diastolic", one)[:1]]
        return
    for row in metrics().values():
        if row.en == one.path and (found := _within(view, row.key, one)):
            yield Named(capital(row.en), capital(row.fr)), found[:1]


def _within(view: VaultView, key: str, one: Import) -> list[Sample]:
    start, end = to_ms(one.started) - SLACK_MS, to_ms(one.ended or one.started) + SLACK_MS
    found = view.samples(key, newest=LOOKED_AT)
    near = [s for s in found if s.created is not None and start <= s.created <= end]
    return sorted(near, key=lambda s: abs((s.created or 0) - start - SLACK_MS))


def _value(samples: list[Sample]) -> Any:
    values = [Quantity(number, metric(s.metric).ucum(s.unit)) for s in samples if (number := exact(s)) is not None]
    if len(values) == 2:
        return T("{high} over {low}", high=values[0].value, low=values[1])
    return values[0] if values else None
