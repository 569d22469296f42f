"""When an origin's hardware changed under the same name (a new watch), read from a few samples rather than from all.

The hardware is looked up on every 30th day on which the origin wrote most of a metric and, where two look-ups
differ, halved down to the day: a device lent for less than a month between two look-ups is not seen.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, tzinfo
from itertools import pairwise
from typing import NamedTuple

from salus.records.times import Period, day_end_ms, day_start_ms
from salus.vault import days as civil
from salus.vault.database import Connection

GRID = 30
HALF_DAY_MS = 43_200_000


class DeviceChange(NamedTuple):
    """From `day` on, `origin` is the hardware `after` ("Watch7,11"), until then it was `before`."""

    day: date
    origin: str
    before: str
    after: str


def changes(db: Connection, zone: tzinfo, metric: str, period: Period) -> list[DeviceChange]:
    """Changes of hardware per origin within a period, oldest first."""
    first = civil.number(period.first) if period.first else -(10**7)
    last = civil.number(period.last) if period.last else 10**7
    names = dict(db.execute("SELECT id, name FROM origin"))
    by_name: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in db.execute(
        "SELECT day, origin FROM day WHERE metric = (SELECT id FROM metric WHERE key = ?) AND day BETWEEN ? AND ? "
        "AND origin IS NOT NULL ORDER BY day",
        (metric, first, last),
    ):
        by_name[names[row[1]]].append(row)
    probe = _Probe(db, zone, "sleep" if metric.startswith("sleep_") else metric)
    found = [
        DeviceChange(civil.of(days[at][0]), name, before, after)
        for name, days in by_name.items()
        for at, before, after in _of_one(probe, days)
    ]
    return sorted(found)


def _of_one(probe: _Probe, days: list[tuple[int, int]]) -> Iterator[tuple[int, str, str]]:
    """(index of the first day, before, after) for one origin."""
    told = [(i, h) for i in sorted({*range(0, len(days), GRID), len(days) - 1}) if (h := probe.hardware(*days[i]))]
    for (low, before), (high, after) in pairwise(told):
        yield from _between(probe, days, low, high, before, after)


def _between(
    probe: _Probe, days: list[tuple[int, int]], low: int, high: int, before: str, after: str
) -> Iterator[tuple[int, str, str]]:
    if before == after:
        return
    if high - low == 1:
        yield high, before, after
        return
    middle = (low + high) // 2
    here = probe.hardware(*days[middle]) or before
    yield from _between(probe, days, low, middle, before, here)
    yield from _between(probe, days, middle, high, here, after)


class _Probe:
    """Looks up which hardware an origin was on a day."""

    def __init__(self, db: Connection, zone: tzinfo, metric: str) -> None:
        self._db, self._zone = db, zone
        row = db.execute("SELECT id FROM metric WHERE key = ?", (metric,)).fetchone()
        self._metric = row[0] if row else -1
        self._reach = HALF_DAY_MS if metric == "sleep" else 0
        self._names: dict[int, str | None] = {}

    def hardware(self, day: int, origin: int) -> str | None:
        on = civil.of(day)
        row = self._db.execute(
            "SELECT device FROM sample WHERE metric = ? AND start BETWEEN ? AND ? AND origin = ? AND device != 0 "
            "LIMIT 1",
            (self._metric, day_start_ms(on, self._zone) - self._reach, day_end_ms(on, self._zone), origin),
        ).fetchone()
        if row is None:
            return None
        if row[0] not in self._names:
            text = self._db.execute("SELECT text FROM label WHERE id = ?", row).fetchone()
            self._names[row[0]] = _hardware(text[0]) if text else None
        return self._names[row[0]]


def _hardware(described: str) -> str | None:
    try:
        fields = json.loads(described)
    except ValueError:
        return None
    found = fields.get("hardware") or fields.get("model") if isinstance(fields, dict) else None
    return str(found) if found else None
