"""Daily roll-ups, recomputed for the days an import touched, inside its transaction.

sum: the interval sweep over all origins (`overlap`). duration: the same, of the time itself. sleep: by night
(`sleep`). sample: number, sum, lowest and highest, grouped in the database. All in the metric's canonical unit;
`day.unit` keeps the record's own unit where the whole day shares it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any

from salus.records.metrics import Metric, metric
from salus.records.units import convert
from salus.vault import sleep
from salus.vault.database import Connection
from salus.vault.days import DAY_MS, Calendar
from salus.vault.origins import ranks
from salus.vault.person import Person
from salus.vault.sums import day_sums

Touched = dict[int, tuple[int, int]]
"""Metric id to the first and last millisecond an import touched."""

SLEEP_PARTS = ("asleep", "deep", "rem", "core", "awake", "in_bed")
NOT_COUNTED = frozenset({"idle"})
"""Category values of a `duration` metric that say it did not happen."""


def refresh(db: Connection, person: Person, touched: Touched) -> None:
    """Recomputes the days of each metric between its first and last touched moment."""
    keys = dict(db.execute("SELECT id, key FROM metric"))
    longest = dict(db.execute("SELECT id, longest FROM metric"))
    order = ranks(db, person)
    for metric_id, (first, last) in touched.items():
        row = metric(keys[metric_id])
        if row.kind == "sleep":
            _write_sleep(db, metric_id, order, person.zone, (first, last), longest[metric_id])
            continue
        calendar = Calendar(person.zone, first, last)
        if row.kind == "sample":
            days = _sampled(db, metric_id, row, order, calendar)
        else:
            days = _summed(db, metric_id, row, order, calendar, longest[metric_id])
        _replace(db, metric_id, calendar, days)


def refresh_all(db: Connection, person: Person) -> None:
    """Every day of every metric: after the zone or the priorities changed."""
    db.execute("DELETE FROM day")
    spans = db.execute("SELECT id FROM metric").fetchall()
    touched: Touched = {}
    for (metric_id,) in spans:
        first, last = db.execute(
            "SELECT (SELECT start FROM sample WHERE metric = ?1 ORDER BY start LIMIT 1), "
            "(SELECT start FROM sample WHERE metric = ?1 ORDER BY start DESC LIMIT 1)",
            (metric_id,),
        ).fetchone()
        if first is not None:
            longest = db.execute("SELECT longest FROM metric WHERE id = ?", (metric_id,)).fetchone()[0]
            touched[metric_id] = (first, last + longest)
    refresh(db, person, touched)


def _replace(db: Connection, metric_id: int, calendar: Calendar, days: Iterable[tuple[Any, ...]]) -> None:
    last = calendar.first + len(calendar.starts) - 2
    db.execute("DELETE FROM day WHERE metric = ? AND day BETWEEN ? AND ?", (metric_id, calendar.first, last))
    db.executemany("INSERT INTO day VALUES (?, ?, ?, ?, ?, ?, ?, ?)", days)


@lru_cache(maxsize=512)
def affine(unit: str, canonical: str, molar_mass: float | None = None) -> tuple[float, float] | None:
    """(a, b) with canonical = a * value + b, or None when the units do not convert."""
    if not canonical or unit == canonical:
        return 1.0, 0.0
    molar = Decimal(repr(molar_mass)) if molar_mass else None
    at0, at1 = convert(Decimal(0), unit, canonical, molar), convert(Decimal(1), unit, canonical, molar)
    return None if at0 is None or at1 is None else (float(at1 - at0), float(at0))


def _units(db: Connection, metric_id: int, row: Metric, first: int, last: int) -> dict[int, tuple[float, float]]:
    """Unit to (a, b) of `affine`, of the samples that start from `first` on and before `last`."""
    used = db.execute(
        "SELECT id, text FROM label WHERE id IN "
        "(SELECT DISTINCT unit FROM sample WHERE metric = ? AND start >= ? AND start < ?)",
        (metric_id, first, last),
    )
    scales = {label: affine(row.ucum(text), row.unit, row.molar_mass) for label, text in used}
    return {label: scale for label, scale in scales.items() if scale is not None}


def _sampled(
    db: Connection, metric_id: int, row: Metric, order: dict[int, int], calendar: Calendar
) -> Iterator[tuple[Any, ...]]:
    scales = _units(db, metric_id, row, calendar.starts[0], calendar.starts[-1])
    days: dict[int, list[Any]] = {}
    for stretch in calendar.stretches():
        cut = "?" if stretch.day is not None else f"(start + ?) / {DAY_MS}"
        rows = db.execute(
            f"SELECT {cut} AS d, unit, origin, count(*), total(value), min(value), max(value) FROM sample "  # noqa: S608
            "WHERE metric = ? AND start >= ? AND start < ? AND typeof(value) != 'text' GROUP BY d, unit, origin",
            (stretch.offset if stretch.day is None else stretch.day, metric_id, stretch.start, stretch.end),
        )
        for day, unit, origin, n, total, low, high in rows:
            if unit not in scales:
                continue
            a, b = scales[unit]
            add = [n, a * total + b * n, a * low + b, a * high + b, n, origin, unit]
            have = days.get(day)
            days[day] = add if have is None else _merge(have, add, order)
    for day, (n, total, low, high, _, origin, unit) in sorted(days.items()):
        yield metric_id, day, n, total, low, high, origin, unit


def _merge(a: list[Any], b: list[Any], order: dict[int, int]) -> list[Any]:
    main = a if (a[4], -order[a[5]]) >= (b[4], -order[b[5]]) else b
    unit = a[6] if a[6] == b[6] else None
    return [a[0] + b[0], a[1] + b[1], min(a[2], b[2]), max(a[3], b[3]), main[4], main[5], unit]


def _rows(
    db: Connection, metric_id: int, calendar: Calendar, longest: int
) -> Iterator[tuple[int, int, int, float | str, int]]:
    """(start, span, origin, value, unit) of every sample that reaches into the calendar, by start."""
    rows: Iterator[tuple[int, int, int, float | str, int]] = db.execute(
        "SELECT start, span, origin, value, unit FROM sample WHERE metric = ? AND start >= ? AND start < ? "
        "ORDER BY start, span",
        (metric_id, calendar.starts[0] - longest, calendar.starts[-1]),
    )
    return rows


def _summed(
    db: Connection, metric_id: int, row: Metric, order: dict[int, int], calendar: Calendar, longest: int
) -> Iterator[tuple[Any, ...]]:
    begin, end = calendar.starts[0], calendar.starts[-1]
    wide = Calendar(calendar.zone, begin - longest, end + longest)
    scales = {unit: scale[0] for unit, scale in _units(db, metric_id, row, begin - longest, end).items()}
    per_minute = affine("min", row.unit) if row.kind == "duration" else None
    per_ms = per_minute[0] / 60_000 if per_minute is not None else None
    rows = _rows(db, metric_id, calendar, longest)
    for day, n, total, origin, unit in day_sums(rows, wide, order, scales, per_ms, NOT_COUNTED):
        if begin <= wide.starts[day - wide.first] < end:
            yield metric_id, day, n, total, None, None, origin, unit


def _write_sleep(
    db: Connection, metric_id: int, order: dict[int, int], zone: tzinfo, touched: tuple[int, int], longest: int
) -> None:
    low, high = _night_around(db, metric_id, *touched, longest)
    calendar = Calendar(zone, low, high)
    begin, end = _night_around(db, metric_id, calendar.starts[0], calendar.starts[-1], longest)
    wide = Calendar(zone, begin - DAY_MS, end + DAY_MS)
    stages = [
        sleep.Stage(start, start + span, order[origin], str(value))
        for start, span, origin, value in db.execute(
            "SELECT start, span, origin, value FROM sample WHERE metric = ? AND start BETWEEN ? AND ? "
            "AND start + span >= ?",
            (metric_id, begin - longest, end, begin),
        )
    ]
    origins = {rank: origin for origin, rank in order.items()}
    days: dict[str, dict[int, list[Any]]] = {part: {} for part in SLEEP_PARTS}
    for night in sleep.nights(stages):
        day, _ = wide.day_of(night.end - 1)
        for part in SLEEP_PARTS:
            minutes = getattr(night, part)
            if minutes is not None:
                have = days[part].setdefault(day, [0, 0.0, origins[night.rank]])
                have[0] += 1
                have[1] += minutes
    last = calendar.first + len(calendar.starts) - 2
    for part, found in days.items():
        part_id = metric_id if part == "asleep" else _part_id(db, f"sleep_{part}")
        rows = [
            (part_id, day, n, total, None, None, origin, None)
            for day, (n, total, origin) in sorted(found.items())
            if calendar.first <= day <= last
        ]
        _replace(db, part_id, calendar, rows)


def _night_around(db: Connection, metric_id: int, low: int, high: int, longest: int) -> tuple[int, int]:
    """The span from `low` to `high`, widened until it cuts through no night."""
    gap = sleep.NIGHT_GAP_MS
    while True:
        first, last = db.execute(
            "SELECT min(start), max(start + span) FROM sample WHERE metric = ? AND start BETWEEN ? AND ? "
            "AND start + span >= ?",
            (metric_id, low - gap - longest, high + gap, low - gap),
        ).fetchone()
        if first is None or (first >= low and last <= high):
            return low, high
        low, high = min(low, first), max(high, last)


def _part_id(db: Connection, key: str) -> int:
    db.execute("INSERT OR IGNORE INTO metric (key) VALUES (?)", (key,))
    return int(db.execute("SELECT id FROM metric WHERE key = ?", (key,)).fetchone()[0])
