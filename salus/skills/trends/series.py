"""One metric over a period as points, one a day: from the phone's samples, else from the chart's Observations."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from salus.records.metrics import Metric, metric
from salus.records.resource import Resource
from salus.records.times import Period
from salus.skills.trends.observed import Observed, observed
from salus.skills.trends.scale import Scale, in_unit, scale_for
from salus.vault.view import Day, VaultView


class Point(NamedTuple):
    """A day: its amount (sum, duration, sleep) or the mean of its `n` readings, in the shown unit."""

    day: date
    value: float
    n: int
    low: float
    high: float
    origin: str


@dataclass(frozen=True)
class Series:
    """Points oldest first. `resources` are the Observations they were read from, none for samples.

    `clashing` are measurements whose sources disagree: they are in no point.
    """

    metric: Metric
    scale: Scale
    points: tuple[Point, ...]
    source: Literal["samples", "records"]
    resources: tuple[Resource, ...] = ()
    clashing: tuple[Observed, ...] = ()

    @property
    def adds_up(self) -> bool:
        return self.metric.kind != "sample"

    @property
    def nightly(self) -> bool:
        return self.metric.kind == "sleep"

    @property
    def first(self) -> date:
        return self.points[0].day

    @property
    def last(self) -> date:
        return self.points[-1].day

    @property
    def readings(self) -> int:
        return sum(point.n for point in self.points)

    def total(self) -> float:
        """The sum of the days' amounts."""
        return math.fsum(point.value for point in self.points)

    def average(self) -> float:
        """Per recorded day for amounts; over all readings for samples."""
        if self.adds_up:
            return self.total() / len(self.points)
        return math.fsum(point.value * point.n for point in self.points) / self.readings


@dataclass(frozen=True)
class MixedUnits:
    """A metric Salus has no unit for was recorded in several: they do not add up."""


@dataclass(frozen=True)
class Clashing:
    """Nothing but measurements whose sources disagree: no figure can be made of them."""

    found: tuple[Observed, ...]


def load(view: VaultView, key: str, period: Period) -> Series | MixedUnits | Clashing | None:
    """None when there is nothing in the period."""
    row = metric(key)
    days = [day for day in view.days(key, period) if day.total is not None]
    if days:
        scale = scale_for(row, (day.unit for day in days))
        if scale is None:
            return MixedUnits()
        return Series(row, scale, tuple(_points(row, scale, days)), "samples")
    found = observed(view, key, period)
    clashing = tuple(one for one in found if one.others)
    made = _of_observed(view, row, [one for one in found if not one.others])
    if made is None:
        return Clashing(clashing) if clashing else None
    return replace(made, clashing=clashing)


def _points(row: Metric, scale: Scale, days: list[Day]) -> Iterator[Point]:
    sampled, same = row.kind == "sample", scale.unit == scale.canonical
    for day in days:
        total = day.total or 0.0
        value = total / day.n if sampled else total
        low, high = value if day.low is None else day.low, value if day.high is None else day.high
        if not same:
            value, low, high = scale.shown(value), scale.shown(low), scale.shown(high)
        yield Point(day.day, value, day.n, low, high, day.origin)


def _of_observed(view: VaultView, row: Metric, found: list[Observed]) -> Series | None:
    found = [o for o in found if o.when.precision in ("day", "instant")]
    scale = scale_for(row, (o.value.unit for o in found))
    if not found or scale is None:
        return None
    by_day: dict[date, list[tuple[float, Observed]]] = defaultdict(list)
    used: list[Resource] = []
    for one in found:
        value = in_unit(row, one.value.value, one.value.unit, scale.unit)
        if value is not None:
            by_day[one.when.day_in(view.person.zone)].append((value, one))
            used += one.resources
    points = []
    for day, rows in sorted(by_day.items()):
        values = [value for value, _ in rows]
        low, high = min(values), max(values)
        points.append(Point(day, math.fsum(values) / len(values), len(values), low, high, rows[0][1].resource.origin))
    return Series(row, scale, tuple(points), "records", tuple(used)) if points else None
