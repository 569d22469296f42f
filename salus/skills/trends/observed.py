"""Readings of a metric that came as FHIR Observations: a clinic's weight, the two numbers of a blood pressure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo
from functools import lru_cache

from salus.knowledge.labs import tests
from salus.records.codes import LOINC, Code
from salus.records.metrics import metric
from salus.records.resource import Resource, codings, quantity
from salus.records.times import Period, When
from salus.records.units import Quantity
from salus.vault.view import VaultView

NOT_VALID = frozenset({"entered-in-error", "cancelled"})
LABORATORY = frozenset({"blood_glucose"})
"""Metrics whose laboratory test is another thing than the person's own readings."""


@dataclass(frozen=True)
class Observed:
    """One reading: the value as recorded, when, and the resource it stands in."""

    value: Quantity
    when: When
    resource: Resource

    def told(self, zone: tzinfo) -> date | When:
        """When, as it is said of it."""
        return told(self.when, zone)

    def days(self, zone: tzinfo) -> tuple[date, date]:
        """The first and the last day that it can have been."""
        when = self.when
        return (when.day_in(zone),) * 2 if when.instant else (when.first, when.last)


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
    """Dated readings within a period, newest first. Partial dates that may lie outside it are left out."""
    wanted = codes(key)
    if not wanted:
        return []
    found = []
    for resource in view.resources("Observation", codes=wanted, period=period):
        if resource.time is None or resource.body.get("status") in NOT_VALID:
            continue
        if period.covers(resource.time, view.person.zone) is not True:
            continue
        value = _value(resource, wanted)
        if value is not None:
            found.append(Observed(value, resource.time, resource))
            if newest is not None and len(found) >= newest:
                break
    return found


def _value(resource: Resource, wanted: tuple[Code, ...]) -> Quantity | None:
    body = resource.body
    for part in (body, *(body.get("component") or ())):
        if isinstance(part, dict) and any(code.same(want) for code in codings(part.get("code")) for want in wanted):
            found = quantity(part.get("valueQuantity"))
            if found is not None:
                return found
    return None
