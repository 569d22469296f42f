"""Which device wrote which day, where it changed, and how to say so: a new watch is not a change of the body."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from salus.records.text import T, Text
from salus.records.times import Period
from salus.skills.trends.series import Point, Series
from salus.vault.devices import DeviceChange
from salus.vault.view import VaultView

SHORT = 3
"""So many recorded days by another device, or fewer, are an interruption and not a change."""
SAID = 2


@dataclass(frozen=True)
class Change:
    """From `day` on the figures come from `after`."""

    day: date
    before: str
    after: str


@dataclass(frozen=True)
class Devices:
    """The device of each point, and the changes that lasted."""

    names: tuple[str, ...]
    changes: tuple[Change, ...]

    def marks(self) -> list[dict[str, str]]:
        """For a chart."""
        return [{"day": change.day.isoformat(), "label": change.after} for change in self.changes[:20]]

    def caveats(self) -> tuple[Text, ...]:
        """The last changes in words."""
        return tuple(
            T(
                "The device changed on {day}: {before} before, {after} after. "
                "Figures from two devices can differ even when the body does not.",
                day=change.day, before=change.before, after=change.after,
            )
            for change in self.changes[-SAID:]
        )  # fmt: skip


def devices(view: VaultView, series: Series) -> Devices:
    """Looks at the origins of the days and at the hardware behind each."""
    if series.source == "records":
        return Devices(("",) * len(series.points), ())
    names = _names(series.points, view.device_changes(series.metric.key, Period(series.first, series.last)))
    runs = [(name, len(list(group))) for name, group in groupby(names)]
    kept: list[tuple[str, int]] = []  # (device, index of its first point)
    at = 0
    for name, size in runs:
        new_at_the_end = size > 1 and at + size == len(names)
        if not kept or (kept[-1][0] != name and (size > SHORT or new_at_the_end)):
            kept.append((name, at))
        at += size
    found = [Change(series.points[start].day, before, after) for (before, _), (after, start) in pairwise(kept)]
    return Devices(names, tuple(found))


def _names(points: tuple[Point, ...], changed: list[DeviceChange]) -> tuple[str, ...]:
    """The origin of each day, with its hardware where that changed within the period."""
    hardware = {change.origin: f"{change.origin} ({change.before})" for change in reversed(changed)}
    names, at = [], 0
    for point in points:
        while at < len(changed) and changed[at].day <= point.day:
            hardware[changed[at].origin] = f"{changed[at].origin} ({changed[at].after})"
            at += 1
        names.append(hardware.get(point.origin, point.origin))
    return tuple(names)


def steady(series: Series, known: Devices, shortest_days: int) -> tuple[int, ...]:
    """The points of one device that a trend may be computed over, as indices.

    The device that followed the one with the most days, when it has been there for `shortest_days`; otherwise the
    one with the most days.
    """
    by_name: dict[str, list[int]] = {}
    for index, name in enumerate(known.names):
        by_name.setdefault(name, []).append(index)
    best = Counter(known.names).most_common(1)[0][0]
    while True:
        mine = by_name[best]
        most = mine[int(0.9 * (len(mine) - 1))]
        later = [
            name
            for name, theirs in by_name.items()
            if name != best
            and theirs[len(theirs) // 2] > most
            and (series.points[theirs[-1]].day - series.points[theirs[0]].day).days + 1 >= shortest_days
            and len(theirs) >= min(shortest_days, max(6, len(series.points) // 4))
        ]
        if not later:
            return tuple(mine)
        best = max(later, key=lambda name: by_name[name][len(by_name[name]) // 2])
