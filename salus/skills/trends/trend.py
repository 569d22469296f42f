"""Where a metric is going: a slope with its interval, over one device's days only. Never a direction alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from salus.records.finding import Finding, Result, Unknown
from salus.records.text import T, Text
from salus.records.times import Period
from salus.records.units import Quantity
from salus.skills.trends import saying
from salus.skills.trends.frame import Frame
from salus.skills.trends.marks import steady
from salus.skills.trends.scale import difference, rounded
from salus.skills.trends.series import Point
from salus.skills.trends.slope import FEWEST, Fit, fit

RECENT = 90
LONG_ENOUGH = 14
MONTHLY_FROM = 45
MONTH, WEEK = 30.4375, 7.0


@dataclass(frozen=True)
class _Rates:
    """The slope and its interval a month or a week, rounded, and the values at both ends."""

    slope: Quantity
    low: Quantity
    high: Quantity
    begins: Quantity
    ends: Quantity
    monthly: bool


def recent(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """What a trend is about when no days are named."""
    return points[-RECENT:]


def trend(frame: Frame) -> Result:
    """The Theil-Sen slope of the daily values; across a change of device only over the days of one device."""
    series = frame.series
    chosen = steady(series, frame.devices, LONG_ENOUGH)
    points = tuple(series.points[index] for index in chosen)
    if frame.unfinished and points[-1].day == frame.view.today and len(points) > 1:
        points = points[:-1]
    name = saying.name(series.metric)
    found = fit([p.day.toordinal() for p in points], [p.value for p in points])
    if found is None:
        return Result(
            (_two_ends(frame, points),) if len(points) > 1 and series.source == "records" else (),
            (
                Unknown(
                    T("There is too little {metric} data {when} to tell a direction.", metric=name, when=frame.when),
                    T("At least {n} days with data from one device are needed.", n=max(FEWEST, LONG_ENOUGH)),
                ),
            ),
        )
    one_device = len(chosen) < len(series.points)
    rates = _rates(found, points, series.scale.digits, series.scale.unit)
    when = saying.span(Period(points[0].day, points[-1].day), points[0].day, points[-1].day, frame.view.today)
    said, ends = _said(found, rates, name, when), _ends(rates)
    device, changed = _only(frame, points, chosen) if one_device else ((), False)
    unit = f"{difference(series.scale.unit) or '1'}/{'mo' if rates.monthly else 'wk'}"
    main = frame.finding(
        "trend", said, Quantity(rates.slope.value, unit),
        frame.method(
            T(
                "Theil-Sen slope of the daily values with its 95 % interval (Sen 1968), widened where days resemble "
                "their neighbours."
            )
        ),
        points=points, also=(), caveats=(*device, *frame.caveats),
        first=float(series.scale.quantity(points[0].value).value),
        last=float(series.scale.quantity(points[-1].value).value), first_day=points[0].day.isoformat(),
        last_day=points[-1].day.isoformat(), direction=found.direction, slope=float(rates.slope.value),
        low=float(rates.low.value), high=float(rates.high.value),
        begins=float(rates.begins.value), ends=float(rates.ends.value),
    )  # fmt: skip
    answer = (said, _both_ends(frame, points)) if found.direction == "flat" else (said, ends)
    return Result((main,), answer=(*answer, *(device if changed else ()), *frame.left_out))


def _rates(found: Fit, points: tuple[Point, ...], digits: int, unit: str) -> _Rates:
    monthly = (points[-1].day - points[0].day).days + 1 >= MONTHLY_FROM
    per = MONTH if monthly else WEEK
    largest = max(abs(found.low), abs(found.high)) * per
    wanted = 1 - math.floor(math.log10(largest)) if largest else 0  # two figures of the largest
    shown = max(0, min(wanted, digits + 2))

    def rate(value: float) -> Quantity:
        found = rounded(value * per, shown)
        return Quantity(found if found else Decimal(0), difference(unit))

    return _Rates(
        rate(found.slope), rate(found.low), rate(found.high), Quantity(rounded(found.begins, digits), unit),
        Quantity(rounded(found.ends, digits), unit), monthly,
    )  # fmt: skip


def _size(value: Quantity) -> Quantity:
    return Quantity(value.value.copy_abs(), value.unit)


def _said(found: Fit, rates: _Rates, name: Any, when: Text) -> Text:
    args = {"metric": name, "when": when}
    ends = sorted((_size(rates.low), _size(rates.high)), key=lambda q: q.value)
    slope = saying.rate(_size(rates.slope), rates.monthly)
    if found.direction == "up":
        return T("Your {metric} went up by about {slope} {when} (likely between {low} and {high}).",
                 slope=slope, low=ends[0], high=ends[1], **args)  # fmt: skip
    if found.direction == "down":
        return T("Your {metric} went down by about {slope} {when} (likely between {low} and {high}).",
                 slope=slope, low=ends[0], high=ends[1], **args)  # fmt: skip
    return saying.no_change(_size(rates.low), _size(rates.high), rates.monthly, args)


def _ends(rates: _Rates) -> Text:
    return T("It went from about {first} to about {last}.", first=rates.begins, last=rates.ends)


def _two_ends(frame: Frame, points: tuple[Point, ...]) -> Finding:
    """The figures of the first and the last day and their difference: no slope, and none is claimed."""
    scale = frame.series.scale
    first, last = (scale.quantity(point.value) for point in (points[0], points[-1]))
    return frame.finding(
        "change", _both_ends(frame, points), Quantity(last.value - first.value, difference(last.unit)),
        frame.method(T("The figures of the first and the last day that have data.")), also=(),
        first=float(first.value), last=float(last.value), first_day=points[0].day.isoformat(),
        last_day=points[-1].day.isoformat(),
    )  # fmt: skip


def _both_ends(frame: Frame, points: tuple[Point, ...]) -> Text:
    """The figures of the first and the last day, where no direction can be told from them."""
    scale = frame.series.scale
    first, last = points[0], points[-1]
    return T("It was {first} on {first_day} and {last} on {last_day}.", first=scale.quantity(first.value),
             first_day=first.day, last=scale.quantity(last.value), last_day=last.day)  # fmt: skip


def _only(frame: Frame, points: tuple[Point, ...], chosen: tuple[int, ...]) -> tuple[tuple[Text, ...], bool]:
    """Which days the slope is of, and why not of all; whether that is because of a new device."""
    device = frame.devices.names[chosen[0]]
    changed: list[date] = [change.day for change in frame.devices.changes if change.after == device]
    if changed and changed[-1] <= points[0].day:
        said = T(
            "The device changed on {day}, so only the days since then are compared ({device}).",
            day=changed[-1], device=device,
        )  # fmt: skip
        return (said,), True
    return (T("Only the days recorded by one device are compared ({device}).", device=device),), False
