"""A finding as its card shows it: name, figure, place in the range, course over time. Draws only what was computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from salus.assistant.words import words
from salus.faces.web.figures import parts, shown_value
from salus.knowledge.labs import tests
from salus.records.codes import LOINC
from salus.records.finding import Lang
from salus.records.metrics import metric
from salus.records.text import T, Text
from salus.records.times import When
from salus.records.units import Quantity

WIDTH, HEIGHT, EDGE = 240, 44, 4
"""Of the drawings, in units of their own."""


class Bar(NamedTuple):
    """Where a value stands against its range: left edges and widths from 0 to WIDTH."""

    left: float
    width: float
    at: float


class Course(NamedTuple):
    """A line through the points of a trend, oldest first, and where it ends."""

    line: str
    x: float
    y: float


def card(finding: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """What `finding.html` shows. The statement is left out where name, figure and date already say it."""
    say = words(lang).say
    pieces, value, data = parts(finding["statement"], [finding], lang), finding["value"], finding["data"]
    name, time = title(data, lang) or named(finding, lang), When.parse(finding["time"]) if finding["time"] else None
    shown = say(T("Yes") if value else T("No")) if isinstance(value, bool) else shown_value(finding, pieces, lang)
    told = bool(name and time and shown) and finding["kind"] in ("result", "latest")
    return {
        "id": finding["id"],
        "title": name,
        "parts": [] if told else pieces,
        "value": shown,
        "in_words": isinstance(value, str | bool),
        "time": time,
        "place": place(data.get("judgement")),
        "bar": bar(value, data.get("low"), data.get("high")) if place(data.get("judgement")) else None,
        "course": course(data.get("points")),
        "method": finding["method"],
        "caveats": finding["caveats"],
        "also": [Quantity(Decimal(str(q["value"])), q["unit"]) for q in finding["also"]],
        "sources": len(finding["evidence"]),
    }


def title(data: Mapping[str, Any], lang: Lang) -> str:
    """The name of the test or metric a finding is about; '' when it names none."""
    if (test := tests().get(str(data.get("test")))) is not None:
        name = test.name(lang)
    elif data.get("metric"):
        name = metric(str(data["metric"])).name(lang)
    else:
        return ""
    return name[:1].upper() + name[1:]


def named(finding: Mapping[str, Any], lang: Lang) -> str:
    """The name of the test whose code the finding carries; '' when that is no test's."""
    code = finding.get("code") or {}
    for test in tests().values():
        if code.get("system") == LOINC and code.get("code") in test.loinc:
            return title({"test": test.key}, lang)
    return ""


def place(judgement: object) -> tuple[str, Text] | None:
    """How a value stands in its range: a class for its looks, and words. Unknown is shown as nothing, not as normal."""
    return {
        "normal": ("in", T("In range")),
        "low": ("out", T("Low")),
        "high": ("out", T("High")),
        "critical_low": ("far", T("Dangerously low")),
        "critical_high": ("far", T("Dangerously high")),
    }.get(str(judgement))


def bar(value: object, low: object, high: object) -> Bar | None:
    """The range as a band on a line a little longer than it. None without a number or a limit."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    bottom = float(low) if isinstance(low, int | float) else None
    top = float(high) if isinstance(high, int | float) else None
    room = (top - bottom) / 2 if bottom is not None and top is not None else abs(top or bottom or 1.0) / 2
    if bottom is not None:
        start, end = bottom - room, (top if top is not None else bottom + room) + room
    elif top is not None:
        start, end = min(0.0, top - 2 * room), top + room
    else:
        return None
    start, end = min(start, value), max(end, value)
    if room < 0 or end <= start:
        return None

    def at(number: float) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (number - start) / (end - start), 1)

    left, right = at(bottom) if bottom is not None else 0.0, at(top) if top is not None else float(WIDTH)
    return Bar(left, round(right - left, 1), at(float(value)))


def course(points: object) -> Course | None:
    """A line through at least three dated values."""
    if not isinstance(points, Sequence) or isinstance(points, str) or len(points) < 3:
        return None
    try:
        dated = [(date.fromisoformat(str(day)).toordinal(), float(value)) for day, value in points]
    except (TypeError, ValueError):
        return None
    days, values = [d for d, _ in dated], [v for _, v in dated]
    across, up = (max(days) - min(days)) or 1, (max(values) - min(values)) or 1.0

    def spot(day: int, value: float) -> tuple[float, float]:
        x = EDGE + (WIDTH - 2 * EDGE) * (day - min(days)) / across
        return round(x, 1), round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - min(values)) / up, 1)

    spots = [spot(*pair) for pair in dated]
    return Course(" ".join(f"{x},{y}" for x, y in spots), *spots[-1])
