"""Day totals of metrics that add up: every sample swept once, whole where nothing competes, pro-rated where it does.

One loop on purpose: an import of a million step records spends its time here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from salus.vault.days import Calendar
from salus.vault.overlap import Span, by_day, counted

Row = tuple[int, int, int, float | str, int]
"""(start, span, origin, value, unit) of one sample, milliseconds since 1970 UTC."""


class DaySum(NamedTuple):
    """One day: how many samples start in it, its total, the origin that gave most, its unit when all share one."""

    day: int
    n: int
    total: float
    origin: int
    unit: int | None


def day_sums(
    rows: Iterable[Row],
    calendar: Calendar,
    order: Mapping[int, int],
    scales: Mapping[int, float],
    per_ms: float | None = None,
    not_counted: frozenset[str] = frozenset(),
) -> list[DaySum]:
    """Totals by day of samples sorted by start; all of them lie within `calendar`.

    `order` gives an origin's rank (0 wins), `scales` the factor of a unit to the canonical one; a unit that is not in
    it does not count. With `per_ms` a sample counts for how long it lasted (unless its value is one of `not_counted`).
    """
    totals: dict[int, dict[int, float]] = {}
    counts: dict[int, int] = {}
    units: dict[int, set[int]] = {}
    group: list[Span] = []
    reach, last_start, mixed = 0, -1, False
    day, since, until = 0, 0, -1
    shares: dict[int, float] = {}

    def close() -> None:
        """Adds the finished cluster of overlapping spans."""
        for number, rank, amount in by_day(counted(group) if mixed else iter(group), calendar.day_of):
            into = totals.setdefault(number, {})
            into[rank] = into.get(rank, 0.0) + amount

    for start, span, origin, value, unit in rows:
        if not since <= start < until:
            day, until = calendar.day_of(start)
            since = start
            shares = totals.setdefault(day, {})
            units.setdefault(day, set())
            counts.setdefault(day, 0)
        counts[day] += 1
        if per_ms is not None:
            if value in not_counted:
                continue
            amount = span * per_ms
        else:
            if unit not in scales or value.__class__ is str:
                continue
            units[day].add(unit)
            amount = scales[unit] * value  # type: ignore[operator]
        rank, end = order[origin], start + span
        if group and start >= reach and start > last_start:
            if len(group) > 2 or group[0][0] < since or reach > until:
                close()
            elif len(group) == 1:
                alone = group[0]
                shares[alone[2]] = shares.get(alone[2], 0.0) + alone[3]
            else:
                for rank_, part in _pair(*group):
                    shares[rank_] = shares.get(rank_, 0.0) + part
            group.clear()
            mixed = False
        if group:
            mixed = mixed or rank != group[0][2]
            reach = max(reach, end)
        else:
            reach = end
        group.append((start, end, rank, amount))  # type: ignore[arg-type]
        last_start = start
    if group:
        close()
    return [_day(number, shares, counts, units, order) for number, shares in sorted(totals.items()) if shares]


def _pair(a: Span, b: Span) -> tuple[tuple[int, float], tuple[int, float]]:
    """What two overlapping spans count for: the commonest cluster, a watch and a phone, worked out directly."""
    better, other = (a, b) if a[2] <= b[2] else (b, a)
    if a[2] == b[2]:
        return (a[2], a[3]), (b[2], b[3])
    length = other[1] - other[0]
    if length == 0:
        inside = better[0] <= other[0] < better[1] or (better[0] == better[1] == other[0])
        return (better[2], better[3]), (other[2], 0.0 if inside else other[3])
    if better[0] == better[1]:
        return (better[2], better[3]), (other[2], other[3])
    covered = min(better[1], other[1]) - max(better[0], other[0])
    return (better[2], better[3]), (other[2], other[3] * (length - max(covered, 0)) / length)


def _day(
    number: int,
    shares: dict[int, float],
    counts: Mapping[int, int],
    units: Mapping[int, set[int]],
    order: Mapping[int, int],
) -> DaySum:
    main = max(shares, key=lambda rank: (shares[rank], -rank))
    origin = next(origin for origin, rank in order.items() if rank == main)
    own = units.get(number, set())
    unit = next(iter(own)) if len(own) == 1 else None
    return DaySum(number, counts.get(number, 0), sum(shares.values()), origin, unit)
