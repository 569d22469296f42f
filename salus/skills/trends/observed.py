"""Readings of a metric that came as FHIR Observations: a clinic's weight, the two numbers of a blood pressure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo
from functools import lru_cache

from salus.knowledge.labs import tests
from salus.records.codes import LOINC, Code
from salus.records.metrics import metric
from salus.records.resource import Resource, codings, quantity
from salus.records.text import T, Text
from salus.records.times import Period, When
from salus.records.units import Quantity
from salus.skills.labs.once import Told, around, together
from salus.vault.view import VaultView

NOT_VALID = frozenset({"entered-in-error", "cancelled"})
LABORATORY = frozenset({"blood_glucose"})
"""Metrics whose laboratory test is another thing than the person's own readings."""


@dataclass(frozen=True)
class Observed:
    """One reading: the value as recorded, when, and the resource it stands in; `also_in` are its other records.

    `others` are other values that its sources give for the same moment; none where they agree.
    """

    value: Quantity
    when: When
    resource: Resource
    also_in: tuple[Resource, ...] = ()
    others: tuple[Quantity, ...] = ()

    @property
    def resources(self) -> tuple[Resource, ...]:
        return (self.resource, *self.also_in)

    def told(self, zone: tzinfo) -> date | When:
        """When, as it is said of it."""
        return told(self.when, zone)

    def days(self, zone: tzinfo) -> tuple[date, date]:
        """The first and the last day that it can have been."""
        when = self.when
        return (when.day_in(zone),) * 2 if when.instant else (when.first, when.last)

    @property
    def clash(self) -> Text | None:
        """That its sources do not agree, with every value."""
        if not self.others:
            return None
        sides = [self.value, *self.others]
        return T("Your sources give different values for that one moment: {sides}. Salus does not choose between them.",
                 sides=sides)  # fmt: skip


def told(when: When, zone: tzinfo) -> date | When:
    """The day in the person's own zone, or the month or year where no more was recorded."""
    return when.day_in(zone) if when.precision in ("day", "instant") else when


@lru_cache(maxsize=256)
def codes(key: str) -> tuple[Code, ...]:
    """The LOINC codes that mean this metric."""
    own = metric(key).loinc
    found = [own] if own else []
    if key not in LABORATORY:
        found += [code for test in tests().values() if test.metric == key for code in test.loinc]
    return tuple(Code(LOINC, code) for code in dict.fromkeys(found))


def observed(view: VaultView, key: str, period: Period, newest: int | None = None) -> list[Observed]:
    """Dated readings within a period, newest first, each real measurement once whatever number of records tell it.

    Partial dates that may lie outside the period are left out. With `newest` only so many are told.
    """
    wanted = codes(key)
    if not wanted:
        return []
    if newest is None:
        return _once(view, _inside(view, wanted, period))
    few = _inside(view, wanted, period, newest * FIRST_FEW)
    rows = (few if len(few) >= newest else _inside(view, wanted, period))[:newest]
    made = [_whole(view, wanted, row) for row in rows]
    return list({row.resource.ref: row for row in made}.values())


def _inside(
    view: VaultView, wanted: tuple[Code, ...], period: Period, limit: int | None = None
) -> list[tuple[Told, Quantity]]:
    """The dated records that lie within a period whatever their precision, newest first; of the newest `limit`."""
    found = []
    for resource in view.resources("Observation", codes=wanted, period=period, limit=limit):
        one = _read(resource, wanted)
        if one is not None and resource.time and period.covers(resource.time, view.person.zone) is True:
            found.append(one)
    return found


def _read(resource: Resource, wanted: tuple[Code, ...]) -> tuple[Told, Quantity] | None:
    """A dated record with the part that tells the reading, and its value."""
    if resource.time is None or resource.body.get("status") in NOT_VALID:
        return None
    body = resource.body
    for part in (body, *(body.get("component") or ())):
        if isinstance(part, dict) and any(code.same(want) for code in codings(part.get("code")) for want in wanted):
            value = quantity(part.get("valueQuantity"))
            if value is not None:
                return Told(resource, part), value
    return None


def _whole(view: VaultView, wanted: tuple[Code, ...], one: tuple[Told, Quantity]) -> Observed:
    """One reading with the other records of it, found by its day alone."""
    when = one[0].resource.time
    assert when is not None
    rows = [row for resource in around(view, wanted, when) if (row := _read(resource, wanted)) is not None]
    ref = one[0].resource.ref
    found = _once(view, rows)
    return next(
        (row for row in found if ref in {r.ref for r in row.resources}), Observed(one[1], when, one[0].resource)
    )


def _once(view: VaultView, found: list[tuple[Told, Quantity]]) -> list[Observed]:
    made: list[tuple[int, Observed]] = []
    for group in together(view, [told for told, _ in found]):
        rows = [(found[at][1], found[at][0].resource) for at in group.at]
        value, head = rows[0]
        times = [resource.time for _, resource in rows if resource.time is not None]
        when = min(times, key=lambda time: PRECISE[time.precision])
        rest = rows[1:]
        others = [other for other, _ in rest if not _same(value, other)]
        others = others or [other for other, resource in rest if resource.ref in group.clash]
        others = [other for n, other in enumerate(others) if other not in others[:n]] if group.clash else []
        made.append((min(group.at), Observed(value, when, head, tuple(r for _, r in rest), tuple(others))))
    return [one for _, one in sorted(made, key=lambda pair: pair[0])]


FIRST_FEW = 8
PRECISE = {"instant": 0, "day": 1, "month": 2, "year": 3}
ROUNDED = 0.005
"""A share of a value that rounding in another unit may take or add."""


def _same(one: Quantity, other: Quantity) -> bool:
    turned = other if other.unit == one.unit else other.to(one.unit)
    return turned is not None and abs(float(turned.value) - float(one.value)) <= ROUNDED * abs(float(one.value))
