"""Counting once what several devices counted: the interval sweep.

Rule (the one of Android Health Connect's merge, AOSP MergeDataHelper 2024, applied to every source): at each moment
the highest-priority origin that covers it wins; the others keep the parts of their spans nobody better covers, their
value pro-rated by time. Records of one origin never compete with each other. Pure: knows no storage and no zone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """An amount over [start, end) milliseconds. `rank` orders origins: lower wins."""

    start: int
    end: int
    rank: int
    value: float


_EVER = 1 << 62

Part = tuple[int, int, int, float]
"""(start, end, rank, value) of the part of a span that counts."""


def clusters(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Groups spans (sorted by start) that touch or overlap one another through any chain."""
    group: list[Span] = []
    reach = 0
    for span in spans:
        if group and span[0] >= reach and span[0] > group[-1][0]:
            yield group
            group = []
        reach = max(reach, span[1]) if group else span[1]
        group.append(span)
    if group:
        yield group


def counted(group: list[Span]) -> Iterator[Part]:
    """The parts of one cluster that count, pro-rated: best rank first, each next one where nothing better covers."""
    rank = group[0][2]
    if all(span[2] == rank for span in group):
        yield from group
        return
    covered: list[tuple[int, int]] = []  # by better ranks: disjoint, sorted
    points: set[int] = set()
    group = sorted(group, key=_by_rank)
    at = 0
    while at < len(group):
        rank, until = group[at][2], at
        while until < len(group) and group[until][2] == rank:
            until += 1
        own = group[at:until]
        if not covered and not points:
            yield from own
        else:
            for span in own:
                yield from _uncovered(span, covered, points)
        if until < len(group):
            covered = _united(covered + [(s[0], s[1]) for s in own if s[1] > s[0]])
            points.update(s[0] for s in own if s[1] == s[0])
        at = until


def _by_rank(span: Span) -> tuple[int, int, int]:
    return span[2], span[0], span[1]


def _united(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            if end > united[-1][1]:
                united[-1] = (united[-1][0], end)
        else:
            united.append((start, end))
    return united


def _uncovered(span: Span, covered: list[tuple[int, int]], points: set[int]) -> Iterator[Part]:
    start, end, rank, value = span
    at = max(0, bisect_right(covered, (start, _EVER)) - 1)
    if start == end:
        inside = at < len(covered) and covered[at][0] <= start < covered[at][1]
        if not inside and start not in points:
            yield span
        return
    here = start
    while at < len(covered) and covered[at][0] < end:
        low, high = covered[at]
        if low > here:
            yield here, low, rank, value * (low - here) / (end - start)
        here = max(here, high)
        at += 1
    if here == start:
        yield span
    elif here < end:
        yield here, end, rank, value * (end - here) / (end - start)


def by_day(parts: Iterable[Part], day_of: Callable[[int], tuple[int, int]]) -> Iterator[tuple[int, int, float]]:
    """(day, rank, amount), a part that crosses midnight shared by time. `day_of(ms)` gives (day, when it ends)."""
    day, until, since = 0, -1, 0
    for start, end, rank, value in parts:
        if not since <= start < until:
            day, until = day_of(start)
            since = start
        if end <= until:
            yield day, rank, value
            continue
        here, stop, at = day, until, start
        while at < end:
            piece = min(stop, end)
            yield here, rank, value * (piece - at) / (end - start)
            at = piece
            if at < end:
                here, stop = day_of(at)
