"""Steps, distance, energy, exercise and stand records: what phone and watch count of the same day, overlapping.

Also the totals of the activity rings, computed from what was written.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from salus.sample import course
from salus.sample.kit import NEW_WATCH_STEPS, Kit
from salus.sample.person import civil_day, local, seconds
from salus.sample.sheet import CATEGORY, QUANTITY, Sheet, Source


@dataclass(frozen=True)
class Bout:
    """One stretch of moving: seconds since 1970, steps a minute, metres a step. `kind` names a workout, if any."""

    start: int
    end: int
    cadence: float
    stride: float = 0.70
    brisk: bool = False
    phone: bool = True
    kind: str = ""


@dataclass
class Rings:
    """Per civil day: kilocalories (kept in thousandths), exercise minutes, hours stood in."""

    energy: dict[date, float] = field(default_factory=lambda: defaultdict(float))
    exercise: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    stood: dict[date, int] = field(default_factory=lambda: defaultdict(int))


def plan_day(kit: Kit, day: date) -> list[Bout]:
    """When the person moved that day, in order, not overlapping."""
    spec = kit.spec
    rng = spec.rng(f"moving/{day.isoformat()}")
    lively = course.activity((spec.end - day).days) * rng.uniform(0.75, 1.2)
    bouts: list[Bout] = []

    def add(
        hour: float, minutes: float, cadence: float, stride: float = 0.70, brisk: bool = False,
        phone: float = 0.72, kind: str = "",
    ) -> None:
        start = seconds(day, hour) + rng.randint(-240, 240)
        length = max(70, round(minutes * 60 * lively))
        bouts.append(Bout(start, start + length, cadence, stride, brisk, rng.random() < phone, kind))

    weekend = day.weekday() >= 5
    if weekend:
        add(10.0, 26, 101, brisk=True)
        add(15.6, 34, 98)
    else:
        add(8.2, 13, 104)
        add(12.6, 9, 92)
        add(18.1, 14, 106, brisk=True)
    for hour in (7.4, 9.3, 11.2, 13.6, 14.8, 16.7, 19.4, 20.6, 21.7):
        if rng.random() < 0.8:
            add(hour + rng.uniform(-0.3, 0.3), rng.uniform(1.2, 5), rng.uniform(52, 84))
    workout = _workout(day)
    if workout == "running":
        add(17.1 if not weekend else 8.9, 31, 154, stride=0.98, brisk=True, kind="Running")
    elif workout == "walking":
        add(19.0 if not weekend else 11.3, 38, 112, stride=0.74, brisk=True, phone=1.0, kind="Walking")
    elif workout == "cycling":
        add(13.9, 52, 9, stride=0.5, brisk=True, phone=0.0, kind="Cycling")
    if rng.random() < 0.05:  # a late walk home that goes past midnight
        add(23.85, 24, 88)
    bouts.sort(key=lambda b: b.start)
    kept: list[Bout] = []
    for bout in bouts:
        if not kept or bout.start >= kept[-1].end + 90:
            kept.append(bout)
    return kept


def _workout(day: date) -> str:
    """The habit of the week; the person began to run when diabetes was found and cycles in the warm months."""
    turn = day.toordinal()
    if day.weekday() == 1 and turn % 3:
        return "running"
    if day.weekday() in (3, 6):
        return "walking"
    if day.weekday() == 5 and 4 <= day.month <= 10 and turn % 2:
        return "cycling"
    return ""


def add_moving(sheet: Sheet, kit: Kit, plan: dict[date, list[Bout]]) -> Rings:
    """Write a whole span of days; returns the ring totals."""
    rings = Rings()
    for day, bouts in plan.items():
        rng = kit.spec.rng(f"devices/{day.isoformat()}")
        watch, phone = kit.watch(day), kit.phone(day)
        better = NEW_WATCH_STEPS if kit.is_new(day) else 1.0
        for bout in bouts:
            if watch:
                _count(sheet, rng, watch, bout, bout.start, bout.end, 540, better)
                _burn(sheet, rng, watch, bout, rings)
            if bout.phone or not watch:
                late, early = rng.randint(5, 45), rng.randint(0, 30)
                end = max(bout.start + late + 30, bout.end - early)
                _count(sheet, rng, phone, bout, bout.start + late, end, 600, 0.95)
                if not watch:
                    _burn(sheet, rng, phone, bout, rings)
        _rest(sheet, kit, day, watch, rings, bouts)
    return rings


def _count(
    sheet: Sheet, rng: random.Random, source: Source, bout: Bout, start: int, end: int, chunk: int, factor: float
) -> None:
    """Steps and distance of one bout, cut in chunks as devices do."""
    from_time = start
    while from_time < end:
        to_time = min(end, from_time + chunk)
        minutes = (to_time - from_time) / 60
        wobble = 0.96 + 0.08 * rng.random()
        steps = max(1, round(bout.cadence * minutes * factor * wobble))
        sheet.record(f"{QUANTITY}StepCount", source, from_time, to_time, steps, "count")
        if bout.kind == "Cycling":
            kilometres = 18.5 * minutes / 60 * wobble
            sheet.record(f"{QUANTITY}DistanceCycling", source, from_time, to_time, f"{kilometres:.5f}", "km")
        else:
            kilometres = steps * bout.stride / 1000
            sheet.record(f"{QUANTITY}DistanceWalkingRunning", source, from_time, to_time, f"{kilometres:.5f}", "km")
        from_time = to_time


def _burn(sheet: Sheet, rng: random.Random, source: Source, bout: Bout, rings: Rings) -> None:
    """Active energy of one bout, and a minute of exercise for each brisk minute."""
    rate = {"Running": 10.2, "Cycling": 6.4, "Walking": 4.8}.get(bout.kind, bout.cadence * 0.042)
    start = bout.start
    while start < bout.end:
        end = min(bout.end, start + 420)
        thousandths = round(rate * (end - start) / 60 * (0.93 + 0.14 * rng.random()) * 1000)
        sheet.record(f"{QUANTITY}ActiveEnergyBurned", source, start, end, f"{thousandths / 1000:.3f}", "kcal")
        _share(rings.energy, start, end, thousandths)
        start = end
    if bout.brisk:
        minute = bout.start - bout.start % 60 + 60
        while minute + 60 <= bout.end:
            sheet.record(f"{QUANTITY}AppleExerciseTime", source, minute, minute + 60, 1, "min")
            rings.exercise[civil_day(minute)] += 1
            minute += 60


def _share(totals: dict[date, float], start: int, end: int, amount: float) -> None:
    """Add an amount to the civil days it spans, in proportion to time."""
    first, last = civil_day(start), civil_day(end - 1)
    if first == last:
        totals[first] += amount
        return
    midnight = int(local(last).timestamp())
    part = amount * (midnight - start) / (end - start)
    totals[first] += part
    totals[last] += amount - part


def _rest(sheet: Sheet, kit: Kit, day: date, watch: Source | None, rings: Rings, bouts: list[Bout]) -> None:
    """Energy at rest in six spans, small movements, and an hour stood in or not, of the watch."""
    if watch is None:
        return
    rng = kit.spec.rng(f"rest/{day.isoformat()}")
    starts = [seconds(day, hour) for hour in (0, 4, 8, 12, 16, 20)] + [seconds(day + timedelta(days=1))]
    for start, end in pairwise(starts):
        burned = 62.0 * (end - start) / 3600 * rng.uniform(0.97, 1.03)
        sheet.record(f"{QUANTITY}BasalEnergyBurned", watch, start, end, f"{burned:.3f}", "kcal")
    for hour in range(8, 22):
        start = seconds(day, hour)
        moved = any(b.start < start + 3600 and b.end > start for b in bouts) or rng.random() < 0.6
        value = "HKCategoryValueAppleStandHour" + ("Stood" if moved else "Idle")
        sheet.record(f"{CATEGORY}AppleStandHour", watch, start, start + 3600, value)
        rings.stood[day] += moved
        begin = start + rng.randint(60, 900)
        free = all(b.end <= begin or b.start >= begin + 300 for b in bouts)
        if moved and free and hour % 2 == 0:
            thousandths = rng.randint(3000, 9000)
            burned_text = f"{thousandths / 1000:.3f}"
            sheet.record(f"{QUANTITY}ActiveEnergyBurned", watch, begin, begin + 300, burned_text, "kcal")
            rings.energy[day] += thousandths
