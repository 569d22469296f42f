"""Total, average, lowest, highest and count of a series."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Literal

from salus.records.finding import Finding, Result
from salus.records.text import TN, On, T, Text
from salus.records.times import Period, When
from salus.records.units import Quantity
from salus.skills.trends import saying
from salus.skills.trends.frame import Frame
from salus.skills.trends.latest import cited
from salus.skills.trends.observed import Observed, observed
from salus.skills.trends.proof import code_of
from salus.skills.trends.scale import in_unit, reading
from salus.skills.trends.series import Point

ONCE = T("Where devices overlap, each moment counts once: the watch before the phone, the phone before other apps.")


def total(frame: Frame) -> Result:
    """The sum over the period, and what that is a day. What does not add up gives its average instead."""
    series = frame.series
    if not series.adds_up:
        found = average(frame)
        why = T("Values of {metric} do not add up, so this is their average.", metric=saying.name(series.metric))
        return replace(found, answer=(*found.answer, why))
    value = series.scale.quantity(series.total())
    how = T("Sum of the daily totals. {once}", once=ONCE)
    if series.nightly:
        how = T("Sum of the nights, by the day of waking.")
    main = frame.finding("total", saying.total(series.metric, value, frame.when), value, frame.method(how))
    if len(series.points) == 1:
        return Result((main,), answer=(main.statement, *frame.said))
    mean = series.scale.quantity(series.average())
    second = _average_of_days(frame, mean, saying.also_per_day(mean, series.nightly, len(series.points), frame.days))
    return Result((main, second), answer=(main.statement, second.statement, *frame.said))


def average(frame: Frame) -> Result:
    """Per recorded day (or night) of what adds up; over all readings of what is sampled."""
    series = frame.series
    value = series.scale.quantity(series.average())
    if series.adds_up:
        main = _average_of_days(frame, value, saying.per_day(series.metric, value, frame.when))
    else:
        name = saying.name(series.metric)
        said = T("Your average {metric} was {value} {when}.", metric=name, value=value, when=frame.when)
        how = frame.method(T("Mean of all readings of the period."))
        main = frame.finding("average", said, value, how, readings=series.readings)
    changes = list(frame.devices.caveats())[-1:] if not series.adds_up else []
    return Result((main,), answer=(main.statement, *frame.said, *changes))


def _average_of_days(frame: Frame, value: Quantity, said: Text) -> Finding:
    how = (
        T("Mean over the nights that have data.") if frame.series.nightly
        else T("Mean over the days that have data. {once}", once=ONCE)
    )  # fmt: skip
    return frame.finding("average", said, value, frame.method(how))


def extreme(frame: Frame, which: Literal["min", "max"]) -> Result:
    """The lowest or highest day of what adds up, or reading of what is sampled, with its day."""
    series, highest = frame.series, which == "max"
    points = series.points
    if not highest and frame.unfinished and len(points) > 1:
        points = points[:-1]  # today is only low because it is not over
    sign = 1 if highest else -1

    def figure(point: Point) -> float:
        return point.value if series.adds_up else point.high if highest else point.low

    best = max(points, key=lambda point: (sign * figure(point), point.day))
    value = _written(frame, best, figure(best)) or series.scale.quantity(figure(best))
    near = 10.0**-series.scale.digits
    close = (figure(point) for point in points if abs(figure(point) - figure(best)) <= near)
    others = sum(series.scale.quantity(one) == value for one in close) - 1
    beyond = _beyond(frame, value, sign)
    if series.adds_up:
        said = saying.extreme_day(series.metric, highest, value, best.day, frame.when)
        how = T("The days of the period compared by their totals. {once}", once=ONCE)
        if len(points) == 1:
            said = saying.total(series.metric, value, frame.when)
    else:
        one_day = frame.asked is not None and frame.asked.days == 1
        day = None if one_day else best.day
        said = saying.extreme(series.metric, highest, value, day, frame.when, own=beyond is not None)
        how = T("All readings of the period compared.")
    tied = (
        (TN("The same figure was reached on {n} other day.", "The same figure was reached on {n} other days.", others),)
        if others
        else ()
    )
    main = frame.finding(
        which, said, value, frame.method(how), time=When.of_day(best.day), caveats=(*tied, *frame.caveats)
    )
    extra = (beyond,) if beyond else ()
    return Result((main, *extra), answer=(main.statement, *(f.statement for f in extra), *frame.left_out))


def _written(frame: Frame, best: Point, value: float) -> Quantity | None:
    """A clinic's figure with the digits it was recorded with."""
    series = frame.series
    if series.source == "samples":
        return None
    for one in observed(frame.view, series.metric.key, Period(best.day, best.day)):
        number = in_unit(series.metric, one.value.value, one.value.unit, series.scale.unit)
        if number is not None and abs(number - value) < 1e-9:
            shown, _ = reading(series.metric, one.value.value, one.value.unit)
            return shown
    return None


def _beyond(frame: Frame, value: Quantity, sign: int) -> Finding | None:
    """A clinic's measurement of the same period that lies beyond the person's own."""
    series = frame.series
    if series.source == "records" or series.adds_up:
        return None
    found: list[tuple[float, Observed]] = []
    for one in observed(frame.view, series.metric.key, frame.asked or Period()):
        number = in_unit(series.metric, one.value.value, one.value.unit, series.scale.unit)
        if number is not None:
            found.append((number, one))
    if not found:
        return None
    number, one = max(found, key=lambda pair: sign * pair[0])
    if sign * number <= sign * float(value.value):
        return None
    args = {"value": one.value, "on_when": On(one.told(frame.view.person.zone))}
    said = (
        T("Your medical records hold a higher one: {value}, {on_when}.", **args) if sign > 0
        else T("Your medical records hold a lower one: {value}, {on_when}.", **args)
    )  # fmt: skip
    return Finding(
        "max" if sign > 0 else "min", said, one.value.value, one.value.unit or None, code_of(series.metric), one.when,
        T("The measurements in your medical records compared with your own readings."),
        cited(one), caveats=(one.clash,) if one.clash else (),
    )  # fmt: skip


def count(frame: Frame) -> Result:
    """On how many days (or nights) there is data; for samples how many readings there are."""
    series = frame.series
    name, when, days = saying.name(series.metric), frame.when, len(series.points)
    if series.nightly:
        said = TN(
            "There is {n} night with {metric} data {when}.", "There are {n} nights with {metric} data {when}.",
            days, metric=name, when=when,
        )  # fmt: skip
    elif series.adds_up:
        said = TN(
            "There is {n} day with {metric} data {when}.", "There are {n} days with {metric} data {when}.",
            days, metric=name, when=when,
        )  # fmt: skip
    else:
        said = TN(
            "There is {n} {metric} reading {when}.", "There are {n} {metric} readings {when}.",
            series.readings, metric=name, when=when,
        )  # fmt: skip
    how = frame.method(T("Counted from the records of the period."))
    main = frame.finding("count", said, Quantity(Decimal(said.count or 0), ""), how, also=())
    return Result((main,), answer=(said, *frame.left_out))
