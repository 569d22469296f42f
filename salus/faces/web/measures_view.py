"""What devices and hands measure: each metric with its newest day and course; one of them with days and readings.

Blood pressure is one measure of two metrics. Figures are roll-ups and samples as the vault keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from salus.assistant.words import words
from salus.errors import NotFound
from salus.faces.web.cards import Course, course
from salus.faces.web.charts import Chart, Line, Point, chart
from salus.faces.web.preferences import Preferences
from salus.faces.web.told import capital
from salus.knowledge.phrases import fold
from salus.records.finding import Lang
from salus.records.metrics import Metric, metric
from salus.records.sample import Sample
from salus.records.text import Named, T, Text
from salus.records.times import Period, from_ms
from salus.records.units import Quantity, convert
from salus.vault.view import Day, MetricSpan, VaultView, exact

PRESSURE = "blood_pressure"
_PARTS = {PRESSURE: ("systolic", "diastolic")}
LATELY, DRAWN, MOST_DAYS, MOST_READINGS = 90, 400, 60, 200
_FIRST = (PRESSURE, "body_weight", "heart_rate", "resting_heart_rate", "blood_glucose", "steps", "sleep")
"""What is looked at most stands first."""


@dataclass(frozen=True)
class Measure:
    """A line of the list."""

    key: str
    name: str
    value: Any
    day: date
    course: Course | None
    days: int
    folded: str


@dataclass(frozen=True)
class DayRow:
    """One day: `value` is its mean or total, `spread` its lowest and highest where it is a mean of several."""

    day: date
    value: Any
    spread: Text | None
    count: int
    origin: str


@dataclass(frozen=True)
class One:
    """One reading of a day; a pressure carries both figures and both references."""

    at: datetime
    until: datetime | None
    value: Any
    origin: str
    refs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MeasurePage:
    key: str
    name: str
    newest: DayRow
    mean: bool
    chart: Chart
    rows: Sequence[DayRow]
    span: MetricSpan
    day: date | None
    readings: Sequence[One]
    more: int
    whole: bool
    longer: bool


def key_of(name: str) -> str:
    """The measure a metric belongs to: both figures of a pressure to one."""
    return PRESSURE if name in _PARTS[PRESSURE] else name


def measures(view: VaultView, lang: Lang, wants: Preferences) -> list[Measure]:
    """Every measure there is, those looked at most first."""
    spans = {span.key: span for span in view.metrics()}
    keys = list(dict.fromkeys(key_of(key) for key in spans))
    made = []
    for key in keys:
        parts = [part for part in _PARTS.get(key, (key,)) if part in spans]
        last = max(spans[part].last for part in parts)
        days = [view.days(part, Period(last - timedelta(days=LATELY), last)) for part in parts]
        units = [unit_of(metric(part), wants, found) for part, found in zip(parts, days, strict=True)]
        made.append(Measure(
            key, named(key, lang), _together(parts, [found[-1] for found in days if found], units),
            last, course([(d.day.isoformat(), value) for d in days[0] if (value := _plain(parts[0], d)) is not None]),
            max(spans[part].days for part in parts), fold(" ".join((named(key, lang), *_synonyms(parts, lang)))),
        ))  # fmt: skip
    rank = {key: place for place, key in enumerate(_FIRST)}
    return sorted(made, key=lambda m: (rank.get(m.key, len(rank)), fold(m.name)))


def named(key: str, lang: Lang) -> str:
    if key == PRESSURE:
        return words(lang).say(T("Blood pressure"))
    return capital(metric(key).name(lang))


def _synonyms(parts: Sequence[str], lang: Lang) -> list[str]:
    rows = [metric(part) for part in parts]
    return [word for row in rows for word in (row.words_fr if lang == "fr" else row.words_en)]


def unit_of(row: Metric, wants: Preferences, days: Sequence[Day] = ()) -> str:
    """The unit the person wants, where the metric can be in it; else its own."""
    own = row.unit or next((d.unit for d in days if d.unit), "")
    for unit in (wants.units_mass, wants.units_height, wants.units_temperature, wants.units_distance):
        if {own, unit} in ({"kg", "[lb_av]"}, {"cm", "[ft_i]"}, {"Cel", "[degF]"}, {"km", "[mi_i]"}):
            return unit
    if row.key == "blood_glucose" and wants.units_glucose:
        return wants.units_glucose
    return own


def figure(row: Metric, value: Decimal, own: str, unit: str) -> Quantity:
    """In the unit shown, with the metric's digits."""
    molar = Decimal(repr(row.molar_mass)) if row.molar_mass else None
    made = convert(value, own, unit, molar) if own and unit != own else None
    shown, digits = (made, max(row.digits, 1)) if made is not None else (value, row.digits)
    rounded = round(shown, digits if not (own == "mmol/L" and unit == "mg/dL") else 0)
    return Quantity(Decimal(int(rounded)) if digits == 0 or rounded == rounded.to_integral_value() else rounded,
                    unit if made is not None or unit == own else own)  # fmt: skip


def _plain(key: str, day: Day) -> float | None:
    return day.mean if metric(key).kind == "sample" else day.total


def _shown(key: str, day: Day, unit: str) -> Quantity | None:
    value = _plain(key, day)
    row = metric(key)
    return None if value is None else figure(row, Decimal(repr(value)), row.unit or day.unit or "", unit)


def _together(parts: Sequence[str], days: Sequence[Day], units: Sequence[str]) -> Any:
    """One figure, or "128 over 82 mmHg"."""
    found = [_shown(part, day, unit) for part, day, unit in zip(parts, days, units, strict=False)]
    if len(found) == 2 and found[0] is not None and found[1] is not None and days[0].day == days[1].day:
        return T("{high} over {low}", high=found[0].value, low=found[1])
    return found[0] if found and found[0] is not None else ""


def measure(
    view: VaultView, key: str, lang: Lang, wants: Preferences, day: date | None, *, whole: bool, start: int = 0
) -> MeasurePage:
    """Raises NotFound for a metric the vault does not have. `whole` draws all its days, by week where they are many."""
    parts = [part for part in _PARTS.get(key, (key,)) if view.metric_span(part) is not None]
    spans = [span for part in parts if (span := view.metric_span(part)) is not None]
    if not spans or key in _PARTS[PRESSURE]:
        raise NotFound(T("There are no readings of this in the vault."))
    last, longest = max(span.last for span in spans), max(spans, key=lambda s: s.days)
    period = Period(None, None) if whole else Period(last - timedelta(days=DRAWN), last)
    days = [view.days(part, period) for part in parts]
    units = [unit_of(metric(part), wants, found) for part, found in zip(parts, days, strict=True)]
    rows = _rows(parts, days, units)
    readings, more = _readings(view, parts, day, start) if day else ([], 0)
    return MeasurePage(
        key, named(key, lang), rows[0], metric(parts[0]).kind == "sample", _drawn(view, key, parts, days, units, lang),
        rows[:MOST_DAYS], longest, day, readings, more, whole, (last - min(s.first for s in spans)).days > DRAWN,
    )  # fmt: skip


def _rows(parts: Sequence[str], days: Sequence[Sequence[Day]], units: Sequence[str]) -> list[DayRow]:
    by_day = [{d.day: d for d in found} for found in days]
    made = []
    for day in sorted(set().union(*by_day), reverse=True):
        here = [found[day] for found in by_day if day in found]
        have = [(p, u) for p, u, found in zip(parts, units, by_day, strict=True) if day in found]
        value = _together([p for p, _ in have], here, [u for _, u in have])
        one = here[0]
        spread = None
        if len(parts) == 1 and one.n > 1 and one.low is not None and one.high is not None and one.low != one.high:
            row = metric(parts[0])
            own = row.unit or one.unit or ""
            ends = [figure(row, Decimal(repr(end)), own, units[0]) for end in (one.low, one.high)]
            spread = T("{low} to {high}", low=ends[0].value, high=ends[1].value)
        made.append(DayRow(day, value, spread, max(d.n for d in here), one.origin))
    return made


_NAMES = {"systolic": T("Upper figure"), "diastolic": T("Lower figure")}


def _drawn(
    view: VaultView, key: str, parts: Sequence[str], days: Sequence[Sequence[Day]], units: Sequence[str], lang: Lang
) -> Chart:
    lines = []
    weekly = any(len(found) > 2 * DRAWN for found in days)
    for part, found, unit in zip(parts, days, units, strict=True):
        row = metric(part)
        points = [(d.day, value.value) for d in found if (value := _shown(part, d, unit)) is not None]
        shown = _weeks(points, row.digits) if weekly else points
        name = _NAMES[part] if len(parts) > 1 else T("Average by week") if weekly else Named(row.en, row.fr)
        drawn = [Point(at, value, "" if weekly else f"samples/{part}/{at}/{at}") for at, value in shown]
        lines.append(Line(name, drawn))
    return chart(lang, named(key, lang), lines, unit=units[0], zone=view.person.zone)


def _weeks(points: Sequence[tuple[date, Decimal]], digits: int) -> list[tuple[date, Decimal]]:
    weeks: dict[date, list[Decimal]] = {}
    for day, value in points:
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(value)
    return [(week, round(sum(found, Decimal(0)) / len(found), max(digits, 1))) for week, found in weeks.items()]


def _readings(view: VaultView, parts: Sequence[str], day: date, start: int) -> tuple[list[One], int]:
    """The readings of a day, newest first, and how many more there are after these."""
    found = [s for part in parts for s in view.samples(part, Period(day, day))]
    together: dict[Any, list[Sample]] = {}
    for sample in found:
        together.setdefault((sample.start, sample.origin) if len(parts) > 1 else sample.ref, []).append(sample)
    every = sorted(together.values(), key=lambda some: (-some[0].start, some[0].origin))
    zone = view.person.zone
    made = [_one(some, zone) for some in every[start : start + MOST_READINGS]]
    return made, max(0, len(every) - start - MOST_READINGS)


def _one(some: Sequence[Sample], zone: Any) -> One:
    first = some[0]
    values = [Quantity(number, metric(s.metric).ucum(s.unit)) for s in some if (number := exact(s)) is not None]
    said: Any = first.value
    if len(values) == 2:
        said = T("{high} over {low}", high=values[0].value, low=values[1])
    elif values:
        said = values[0]
    until = from_ms(first.end, zone) if first.end > first.start else None
    return One(from_ms(first.start, zone), until, said, first.origin, tuple((s.metric, s.ref) for s in some))
