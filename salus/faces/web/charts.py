"""A chart as the page shows it: drawn by a script, read as a sentence and as a table. Computes nothing but its layout.

Every value is worded here, in the person's language and with the digits it came with; the script draws numbers and
shows these words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from itertools import count
from typing import Any, Literal

from salus.assistant.words import words
from salus.assistant.words.figures import unit as unit_words
from salus.records.finding import Lang
from salus.records.text import T, Text
from salus.records.times import When
from salus.records.units import Quantity

Kind = Literal["line", "dots"]
MOST_ROWS = 500
_ids = count(1)


@dataclass(frozen=True)
class Point:
    """One value in the chart's own unit. `low` and `high` are a range of its own (its laboratory's).

    `ref` is its evidence. `said` words it where the value alone does not ("below 5 mmol/L").
    """

    at: date | datetime
    value: Decimal
    ref: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    note: Text | str = ""
    said: Text | None = None


@dataclass(frozen=True)
class Line:
    """One series, oldest first. "dots" are single measurements, "line" joins them."""

    name: Any
    points: Sequence[Point]
    kind: Kind = "line"


@dataclass(frozen=True)
class Band:
    """A range to read the values against, in the chart's own unit; an open side is None."""

    low: Decimal | None
    high: Decimal | None
    name: Any


@dataclass(frozen=True)
class Shown:
    """Another unit the chart can be read in: UCUM, and how a value of the chart's own unit becomes one of it."""

    unit: str
    convert: Callable[[Decimal], Decimal]


@dataclass(frozen=True)
class Chart:
    """Ready for the macro `chart` of `_chart.html`."""

    id: str
    title: str
    summary: str
    data: str
    units: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    band: str
    own: bool
    rows: tuple[tuple[int, str, tuple[str, ...], str], ...]
    more: int
    span_days: int
    short: bool


def chart(
    lang: Lang,
    title: Any,
    lines: Sequence[Line],
    *,
    unit: str,
    zone: tzinfo = UTC,
    bands: Sequence[Band] = (),
    others: Sequence[Shown] = (),
    summary: Any = None,
    short: bool = False,
) -> Chart:
    """`title`, names and `summary` are anything `say` words. `others` are further units, the chart's own first.

    `zone` gives dates without a time their moment. Without `summary` it says how many values, the extremes, the last.
    """
    say = words(lang).say
    moments = sorted({_seconds(p.at, zone) for line in lines for p in line.points})
    index = {moment: i for i, moment in enumerate(moments)}
    table: list[list[Point | None]] = [[None] * len(moments) for _ in lines]
    for column, line in zip(table, lines, strict=True):
        for point in line.points:
            column[index[_seconds(point.at, zone)]] = point
    when = [_when(next(c[i] for c in table if c[i] is not None), say) for i in range(len(moments))]
    shown = (Shown(unit, lambda value: value), *others)
    data: dict[str, Any] = {
        "x": moments, "when": when, "names": [say(line.name) for line in lines], "kinds": [li.kind for li in lines],
        "refs": [[p.ref if p else "" for p in column] for column in table],
        "units": [_in(each, table, bands, unit, say, lang) for each in shown],
    }  # fmt: skip
    first = data["units"][0]
    rows = [
        (i, when[i], tuple(cells[i] or "" for cells in first["said"]), _notes(table, i, say))
        for i in range(len(moments) - 1, -1, -1)
    ]
    return Chart(
        f"chart-{next(_ids)}", say(title), say(summary or _summary(lines, unit)),
        json.dumps(data, ensure_ascii=False, separators=(",", ":")), tuple(each["label"] for each in data["units"]),
        tuple(data["names"]), tuple(line.kind for line in lines), say(bands[0].name) if bands else "",
        any(p.low is not None or p.high is not None for line in lines for p in line.points),
        tuple(rows[:MOST_ROWS]), max(0, len(rows) - MOST_ROWS),
        int((moments[-1] - moments[0]) / 86400) if moments else 0, short,
    )  # fmt: skip


def _in(
    shown: Shown,
    table: list[list[Point | None]],
    bands: Sequence[Band],
    own: str,
    say: Callable[[Any], str],
    lang: Lang,
) -> dict[str, Any]:
    def number(value: Decimal | None) -> float | None:
        return None if value is None else float(shown.convert(value))

    def word(point: Point | None) -> str | None:
        if point is None:
            return None
        if point.said is not None and shown.unit == own:
            return say(point.said)
        return say(Quantity(shown.convert(point.value), shown.unit))

    return {
        "label": unit_words(shown.unit, lang) or shown.unit,
        "values": [[number(p.value) if p else None for p in column] for column in table],
        "said": [[word(p) for p in column] for column in table],
        "low": [[number(p.low) if p else None for p in column] for column in table],
        "high": [[number(p.high) if p else None for p in column] for column in table],
        "bands": [[number(band.low), number(band.high)] for band in bands],
    }


def _seconds(at: date | datetime, zone: tzinfo) -> float:
    if isinstance(at, datetime):
        return at.timestamp()
    return datetime(at.year, at.month, at.day, 12, tzinfo=zone).timestamp()


def _when(point: Point | None, say: Callable[[Any], str]) -> str:
    assert point is not None
    return say(point.at)


def _notes(table: list[list[Point | None]], i: int, say: Callable[[Any], str]) -> str:
    return ", ".join(dict.fromkeys(say(c[i].note) for c in table if c[i] is not None and c[i].note))  # type: ignore[union-attr]


def _summary(lines: Sequence[Line], unit: str) -> Text:
    points = sorted((p for line in lines for p in line.points), key=lambda p: _seconds(p.at, UTC))
    if not points:
        return T("There are no values yet.")
    if len(points) == 1:
        return T("One value: {value} on {day}.", value=Quantity(points[0].value, unit), day=_day(points[0].at))
    if len(lines) > 1:
        first, last = _day(points[0].at), _day(points[-1].at)
        return T("{n} values from {first} to {last}.", n=len(points), first=first, last=last)
    lowest, highest = min(points, key=lambda p: p.value), max(points, key=lambda p: p.value)
    return T(
        "{n} values from {first} to {last}: lowest {low}, highest {high}, last {now}.",
        n=len(points), first=_day(points[0].at), last=_day(points[-1].at), low=Quantity(lowest.value, unit),
        high=Quantity(highest.value, unit), now=Quantity(points[-1].value, unit),
    )  # fmt: skip


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at


def of_days(title: Any, points: Sequence[tuple[str, Any]], name: Any = "") -> Line:
    """A line of what findings carry in `data["points"]`: pairs of a date as text and a number."""
    return Line(name or title, [Point(_parsed(day), Decimal(str(value))) for day, value in points])


def _parsed(text: str) -> date | datetime:
    when = When.parse(text)
    if when is not None and when.instant is not None:
        return when.instant
    return date.fromisoformat(text[:10])
