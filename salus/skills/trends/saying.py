"""The sentences about a metric's figures. Plain words; the figure that was asked for stands in the first one."""

from __future__ import annotations

from datetime import date
from typing import Any

from salus.records.metrics import Metric
from salus.records.text import TN, Named, T, Text
from salus.records.times import Period
from salus.records.units import Quantity


def name(metric: Metric) -> Named:
    return Named(metric.en, metric.fr)


def span(asked: Period | None, first: date, last: date, today: date, nightly: bool = False, own: bool = False) -> Text:
    """The days a figure is about: those asked for, or all there are (`own`: of the person's own readings)."""
    if asked is None or (asked.first is None and asked.last is None):
        if first == last:
            return T("on {day}, the only day recorded", day=first)
        whole = Period(first, last)
        return (
            T("in all your readings ({period})", period=whole)
            if own
            else T("in all your records ({period})", period=whole)
        )
    begins, ends = asked.first, min(asked.last, today) if asked.last else None
    if begins and ends and begins >= ends:
        return T("in the night that ended on {day}", day=begins) if nightly else T("on {day}", day=begins)
    if begins and ends:
        return between(begins, ends)
    if begins:
        return T("since {first}", first=begins)
    return T("until {last}", last=ends or last)


def between(first: date, last: date) -> Text:
    """From one day to another, or on the one day that they are."""
    return T("on {day}", day=first) if first == last else T("{period}", period=Period(first, last))


def total(metric: Metric, value: Quantity, when: Text) -> Text:
    if metric.key == "steps":
        return T("You took {value} {when}.", value=value, when=when)
    if metric.key == "distance_walking_running":
        return T("You walked or ran {value} {when}.", value=value, when=when)
    if metric.key == "distance_cycling":
        return T("You cycled {value} {when}.", value=value, when=when)
    if metric.key == "distance_swimming":
        return T("You swam {value} {when}.", value=value, when=when)
    if metric.key == "flights_climbed":
        return T("You climbed {value} {when}.", value=value, when=when)
    if metric.key == "active_energy":
        return T("You burned {value} by moving {when}.", value=value, when=when)
    if metric.key == "sleep":
        return T("You slept {value} {when}.", value=value, when=when)
    return T("Your total for {metric} was {value} {when}.", metric=name(metric), value=value, when=when)


def per_day(metric: Metric, value: Quantity, when: Text) -> Text:
    """The average of what adds up."""
    if metric.key == "steps":
        return T("You took {value} a day on average {when}.", value=value, when=when)
    if metric.key == "sleep":
        return T("You slept {value} a night on average {when}.", value=value, when=when)
    if metric.kind == "sleep":
        return T("Your {metric} was {value} a night on average {when}.", metric=name(metric), value=value, when=when)
    return T("Your {metric} was {value} a day on average {when}.", metric=name(metric), value=value, when=when)


def also_per_day(value: Quantity, nightly: bool, recorded: int, meant: int) -> Text:
    """After a total: what that is a day, over the days that have data."""
    if nightly and recorded == meant:
        return T("That is {value} a night on average.", value=value)
    if nightly:
        return TN(
            "That is {value} a night, over the {n} night with data.",
            "That is {value} a night on average, over the {n} nights with data.", recorded, value=value,
        )  # fmt: skip
    if recorded == meant:
        return T("That is {value} a day on average.", value=value)
    return TN(
        "That is {value} a day, over the {n} day with data.",
        "That is {value} a day on average, over the {n} days with data.", recorded, value=value,
    )  # fmt: skip


def extreme_day(metric: Metric, highest: bool, value: Quantity, day: date, when: Text) -> Text:
    """The highest or lowest day of what adds up."""
    args = {"metric": name(metric), "value": value, "day": day, "when": when}
    if metric.kind == "sleep":
        if highest:
            return T("Your highest night for {metric} {when} was {value}, the night that ended on {day}.", **args)
        return T("Your lowest night for {metric} {when} was {value}, the night that ended on {day}.", **args)
    if highest:
        return T("Your highest day for {metric} {when} was {value}, on {day}.", **args)
    return T("Your lowest day for {metric} {when} was {value}, on {day}.", **args)


def extreme(metric: Metric, highest: bool, value: Quantity, day: date | None, when: Text, own: bool = False) -> Text:
    """The highest or lowest reading; `day` None when `when` already is that day. `own`: a clinic's lies beyond it."""
    args = {"metric": name(metric), "value": value, "when": when}
    if own and day is None:
        if highest:
            return T("The highest {metric} that you measured yourself {when} was {value}.", **args)
        return T("The lowest {metric} that you measured yourself {when} was {value}.", **args)
    if own and highest:
        return T("The highest {metric} that you measured yourself {when} was {value}, on {day}.", day=day, **args)
    if own:
        return T("The lowest {metric} that you measured yourself {when} was {value}, on {day}.", day=day, **args)
    if day is None:
        if highest:
            return T("Your highest {metric} {when} was {value}.", **args)
        return T("Your lowest {metric} {when} was {value}.", **args)
    if highest:
        return T("Your highest {metric} {when} was {value}, on {day}.", day=day, **args)
    return T("Your lowest {metric} {when} was {value}, on {day}.", day=day, **args)


def latest_day(metric: Metric, value: Quantity, day: date, today: date) -> Text:
    """The newest day of what adds up."""
    if metric.key == "sleep":
        return T("You slept {value} in the night that ended on {day}.", value=value, day=day)
    args = {"metric": name(metric), "value": value, "day": day}
    if metric.kind == "sleep":
        return T("Your {metric} was {value} in the night that ended on {day}.", **args)
    if day == today:
        return T("Your {metric} so far today ({day}): {value}.", **args)
    return T("Your latest day with {metric} is {day}: {value}.", **args)


def no_change(down: Quantity, up: Quantity, monthly: bool, args: dict[str, Any]) -> Text:
    """An interval that includes no change, by its two ends."""
    args = {**args, "down": down, "up": up}
    if monthly:
        return T(
            "There is no clear change in your {metric} {when}: "
            "it is likely between {down} down and {up} up each month.", **args,
        )  # fmt: skip
    return T(
        "There is no clear change in your {metric} {when}: "
        "it is likely between {down} down and {up} up each week.", **args,
    )  # fmt: skip


def rate(value: Quantity, monthly: bool) -> Text:
    return T("{value} each month", value=value) if monthly else T("{value} each week", value=value)
