"""Expected facts about the phone's export, read from the raw export.xml with ElementTree and plain arithmetic.

Independent of the vault and the skills on purpose. Steps and the like: the watch's spans count whole, the phone's
only for the part of their time no watch span covers, in proportion; both shared over civil days in Paris by time.
"""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from statistics import fmean
from typing import NamedTuple
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from salus.evals.questions.fact import Fact, Query, span, within

PARIS = ZoneInfo("Europe/Paris")
_Q, _C = "HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier"


class Row(NamedTuple):
    """One record: seconds since 1970 UTC, the value as text, the unit as written, who wrote it."""

    start: int
    end: int
    value: str
    unit: str
    source: str


class Way(NamedTuple):
    """How a metric is read: Apple's type, how days are made of it, the unit of the fact and its digits."""

    type: str
    kind: str
    unit: str
    digits: int


METRICS: dict[str, Way] = {
    "steps": Way(f"{_Q}StepCount", "sum", "{steps}", 0),
    "distance_walking_running": Way(f"{_Q}DistanceWalkingRunning", "sum", "km", 2),
    "distance_cycling": Way(f"{_Q}DistanceCycling", "sum", "km", 2),
    "active_energy": Way(f"{_Q}ActiveEnergyBurned", "sum", "kcal", 0),
    "exercise_time": Way(f"{_Q}AppleExerciseTime", "sum", "min", 0),
    "resting_heart_rate": Way(f"{_Q}RestingHeartRate", "sample", "/min", 0),
    "heart_rate": Way(f"{_Q}HeartRate", "sample", "/min", 0),
    "hrv_sdnn": Way(f"{_Q}HeartRateVariabilitySDNN", "sample", "ms", 0),
    "blood_oxygen": Way(f"{_Q}OxygenSaturation", "sample", "%", 0),
    "vo2max": Way(f"{_Q}VO2Max", "sample", "mL/kg/min", 1),
    "body_weight": Way(f"{_Q}BodyMass", "sample", "kg", 1),
    "body_fat": Way(f"{_Q}BodyFatPercentage", "sample", "%", 1),
    "systolic": Way(f"{_Q}BloodPressureSystolic", "sample", "mm[Hg]", 0),
    "diastolic": Way(f"{_Q}BloodPressureDiastolic", "sample", "mm[Hg]", 0),
    "blood_glucose": Way(f"{_Q}BloodGlucose", "sample", "mmol/L", 1),
    "mindful_minutes": Way(f"{_C}MindfulSession", "time", "min", 0),
    "sleep": Way(f"{_C}SleepAnalysis", "sleep", "min", 0),
    "sleep_deep": Way(f"{_C}SleepAnalysis", "sleep", "min", 0),
    "sleep_rem": Way(f"{_C}SleepAnalysis", "sleep", "min", 0),
}
_STAGES = {
    "sleep": ("AsleepCore", "AsleepDeep", "AsleepREM"),
    "sleep_deep": ("AsleepDeep",),
    "sleep_rem": ("AsleepREM",),
}
_SCALE = {"lb": 0.45359237}
_MOLAR = {"blood_glucose": Decimal("180.156")}


class Phone:
    """The export's records by type, exact duplicates left out."""

    def __init__(self, export_xml: bytes) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)
        wanted = {way.type for way in METRICS.values()}
        seen: set[tuple[str, Row]] = set()
        depth = 0
        nodes = ElementTree.iterparse(io.BytesIO(export_xml), events=("start", "end"))  # noqa: S314 - our own file
        for event, node in nodes:
            if event == "start":
                depth += 1
                continue
            depth -= 1
            kind = node.get("type", "")
            if node.tag == "Record" and depth == 1 and kind in wanted:
                row = Row(
                    _seconds(node.get("startDate", "")), _seconds(node.get("endDate", "")),
                    node.get("value", ""), node.get("unit", ""), node.get("sourceName", ""),
                )
                if (kind, row) not in seen:
                    seen.add((kind, row))
                    self.rows[kind].append(row)
            if depth == 1:
                node.clear()


def _seconds(text: str) -> int:
    stamp = f"{text[:10]}T{text[11:19]}{text[20:23]}:{text[23:25]}"
    return int(datetime.fromisoformat(stamp).timestamp())


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, PARIS).date()


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(0), PARIS).astimezone(UTC).timestamp())


def _share(days: dict[date, float], start: int, end: int, amount: float) -> None:
    """Add an amount to the days of [start, end) in proportion to time."""
    at = start
    while at < end:
        day = _day(at)
        stop = min(end, _midnight(day + timedelta(days=1)))
        days[day] += amount * (stop - at) / (end - start)
        at = stop


def _free(row: Row, watch: list[Row]) -> list[tuple[int, int]]:
    """The parts of a phone record that no watch record covers."""
    parts = [(row.start, row.end)]
    for taken in watch:
        parts = [
            piece
            for a, b in parts
            for piece in ((a, min(b, taken.start)), (max(a, taken.end), b))
            if piece[0] < piece[1]
        ]
    return parts


def summed(rows: list[Row]) -> dict[date, float]:
    """Day totals of an amount that watch and phone both count."""
    days: dict[date, float] = defaultdict(float)
    watch = sorted(r for r in rows if "Watch" in r.source)
    for row in watch:
        _share(days, row.start, row.end, float(row.value))
    near: dict[date, list[Row]] = defaultdict(list)
    for row in watch:
        for day in {_day(row.start), _day(row.end)}:
            near[day].append(row)
    for row in rows:
        if "Watch" in row.source:
            continue
        close = near[_day(row.start)] + near[_day(row.end)]
        for start, end in _free(row, [w for w in close if w.start < row.end and w.end > row.start]):
            _share(days, start, end, float(row.value) * (end - start) / (row.end - row.start))
    return days


def nights(rows: list[Row], stages: tuple[str, ...]) -> dict[date, float]:
    """Minutes asleep (or in the given stages) by the day of waking: the watch's stages, else the app's sleep.

    A nap (one that begins between 11 and 17 h) is judged by itself and added to its day.
    """
    sleeps: dict[tuple[date, bool], dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        hour = datetime.fromtimestamp(row.start, PARIS).hour
        day = _day(row.start + 12 * 3600) if hour >= 17 else _day(row.start)
        kinds = sleeps[day, 11 <= hour < 17]
        kinds[row.value.removeprefix("HKCategoryValueSleepAnalysis")].append((row.start, row.end))
    minutes: dict[date, float] = {}
    for (day, _), kinds in sleeps.items():
        staged = any(kinds[name] for name in _STAGES["sleep"])
        chosen = [s for name in stages for s in kinds[name]] if staged else kinds["AsleepUnspecified"]
        if chosen and (staged or stages == _STAGES["sleep"]):
            minutes[day] = minutes.get(day, 0.0) + _union(chosen) / 60
    return minutes


def _union(spans: list[tuple[int, int]]) -> int:
    total, reach = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reach))
        reach = max(reach, end)
    return total


def _values(phone: Phone, way: Way) -> list[tuple[int, float]]:
    """A sampled metric as (moment, value in the fact's unit), oldest first."""
    percent = 100.0 if way.unit == "%" else 1.0
    rows = sorted(phone.rows[way.type])
    return [(r.start, float(r.value) * _SCALE.get(r.unit, 1.0) * percent) for r in rows]


def by_day(phone: Phone, metric: str) -> dict[date, float]:
    """One figure per civil day: the total of amounts, the mean of samples, the minutes of a night."""
    way = METRICS[metric]
    rows = phone.rows[way.type]
    if way.kind == "sum":
        return summed(rows)
    if way.kind == "sleep":
        return nights(rows, _STAGES[metric])
    days: dict[date, float] = defaultdict(float)
    if way.kind == "time":
        for row in rows:
            _share(days, row.start, row.end, (row.end - row.start) / 60)
        return days
    values: dict[date, list[float]] = defaultdict(list)
    for moment, value in _values(phone, way):
        values[_day(moment)].append(value)
    return {day: fmean(found) for day, found in values.items()}


def metric(phone: Phone, query: Query) -> list[Fact]:
    """total, average (over days that have data), min, max, latest, first, or on how many days a limit was met.

    `at_least` and `under` are limits in the fact's unit; a sampled metric counts by the mean of each day.
    """
    way, measure, days = METRICS[query["metric"]], query["measure"], span(query)
    if way.kind == "sample" and measure in ("min", "max", "latest", "first"):
        found = [(_day(at).isoformat(), value) for at, value in _values(phone, way) if within(_day(at), days)]
    else:
        found = [(d.isoformat(), v) for d, v in sorted(by_day(phone, query["metric"]).items()) if within(d, days)]
    if not found:
        return []
    if measure in ("min", "max"):
        day, value = (min if measure == "min" else max)(found, key=lambda pair: pair[1])
        # Several days may share the figure: the day is then not part of the fact.
        shared = sum(round(v, way.digits) == round(value, way.digits) for _, v in found) > 1
        return [Fact(value, way.unit, way.digits, day="" if shared else day, molar_mass=_MOLAR.get(query["metric"]))]
    if measure == "days":
        low, high = query.get("at_least", float("-inf")), query.get("under", float("inf"))
        return [Fact(float(sum(low <= value < high for _, value in found)))]
    if measure in ("latest", "first"):
        day, value = found[-1 if measure == "latest" else 0]
        return [Fact(value, way.unit, way.digits, day=day, molar_mass=_MOLAR.get(query["metric"]))]
    figures = [value for _, value in found]
    value = sum(figures) if measure == "total" else fmean(figures)
    return [Fact(value, way.unit, way.digits, molar_mass=_MOLAR.get(query["metric"]))]


def metric_direction(phone: Phone, query: Query) -> list[Fact]:
    """Where a metric went: the mean of the period's last quarter against that of its first, 2 % being flat."""
    days = span(query)
    series = [v for d, v in sorted(by_day(phone, query["metric"]).items()) if within(d, days)]
    if len(series) < 4:
        return []
    quarter = max(1, len(series) // 4)
    first, last = fmean(series[:quarter]), fmean(series[-quarter:])
    if abs(last - first) <= 0.02 * abs(first):
        return [Fact(direction="flat")]
    return [Fact(direction="up" if last > first else "down")]
