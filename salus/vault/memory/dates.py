"""Could two recorded times be one? Partial dates only exclude what lies outside them."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Literal

from salus.records.times import When

Near = Literal["same", "month", "year", "unknown", "apart"]
"""same: one instant or one day. month, year: compatible, but one of them says no more than that. unknown: one has no
date. apart: they cannot be one."""
MINUTE = 60.0
MOST_KNOWN = 50_000
_days: dict[tuple[str, tzinfo], tuple[date, date]] = {}


def days(when: When, zone: tzinfo) -> tuple[date, date]:
    """The first and last day it can mean: an instant is the person's day, or the day its own offset shows."""
    if when.instant is None:
        return when.first, when.last
    known = _days.get((when.text, zone))
    if known is None:
        if len(_days) > MOST_KNOWN:
            _days.clear()
        own, theirs = when.first, when.day_in(zone)
        known = _days[when.text, zone] = (min(own, theirs), max(own, theirs))
    return known


def near(a: When | None, b: When | None, zone: tzinfo) -> Near:
    """How close two times are, at the precision both have. Two instants of one day are the same day here."""
    if a is None or b is None:
        return "unknown"
    (a1, a2), (b1, b2) = days(a, zone), days(b, zone)
    if a2 < b1 or b2 < a1:
        return "apart"
    if "year" in (a.precision, b.precision):
        return "same" if a.precision == b.precision else "year"
    if "month" in (a.precision, b.precision):
        return "same" if a.precision == b.precision else "month"
    return "same"


def moment(a: When | None, b: When | None, zone: tzinfo) -> Near:
    """The same for moments: two instants must be one (within a minute, where one was cut to minutes)."""
    if a is not None and b is not None and a.instant is not None and b.instant is not None:
        gap = abs((a.instant - b.instant).total_seconds())
        whole = a.instant.second == 0 or b.instant.second == 0
        return "same" if gap == 0 or (whole and gap < MINUTE) else "apart"
    found = near(a, b, zone)
    if found == "same" and a is not None and b is not None and (a.instant is None) != (b.instant is None):
        return "month"
    return found


def gap_days(a: When, b: When, zone: tzinfo) -> int:
    """How many days lie between two times at least; 0 when they may touch."""
    (a1, a2), (b1, b2) = days(a, zone), days(b, zone)
    return max((b1 - a2).days, (a1 - b2).days, 0)


def earliest(times: list[When]) -> When | None:
    """The earliest; of those that may be one, the most precise."""
    if not times:
        return None
    order = {"instant": 0, "day": 1, "month": 2, "year": 3}
    start = min(times, key=lambda w: (w.first, order[w.precision], w.sort_key(), w.text))
    inside = [w for w in times if start.first <= w.first and w.last <= start.last]
    return min(inside, key=lambda w: (order[w.precision], w.sort_key(), w.text))
