"""Heart rate, resting heart rate, variability with its beats, oxygen, breathing and fitness of the watch, day by day.

The new watch reads the resting rate higher than the old one: a change of device, not of the body.
"""

from __future__ import annotations

import random
from datetime import date

from salus.sample import course
from salus.sample.kit import NEW_WATCH_HEART, Kit
from salus.sample.moving import Bout
from salus.sample.person import seconds
from salus.sample.sheet import QUANTITY, Sheet, Source

_STILL = (("HKMetadataKeyHeartRateMotionContext", "1"),)
_MOVING = (("HKMetadataKeyHeartRateMotionContext", "2"),)


def resting(kit: Kit, day: date) -> float:
    """What the watch of that day reads at rest, before its daily noise."""
    return course.resting_heart((kit.spec.end - day).days) + (NEW_WATCH_HEART if kit.is_new(day) else 0.0)


def add_heart(sheet: Sheet, kit: Kit, plan: dict[date, list[Bout]]) -> None:
    """One day after the other; nothing on days without a watch."""
    for day, bouts in plan.items():
        watch = kit.watch(day)
        if watch:
            rng = kit.spec.rng(f"heart/{day.isoformat()}")
            _rates(sheet, rng, watch, day, bouts, resting(kit, day))
            _night(sheet, rng, watch, day)
            _day_values(sheet, kit, rng, watch, day, bouts)


def _rates(
    sheet: Sheet, rng: random.Random, watch: Source, day: date, bouts: list[Bout], rest: float
) -> None:
    kind = f"{QUANTITY}HeartRate"
    for half in range(48):
        asleep = half < 13 or half > 45
        if asleep and half % 2:
            continue
        moment = seconds(day, half / 2) + rng.randint(0, 1500)
        rate = rest + rng.gauss(-3 if asleep else 13, 2 if asleep else 6)
        sheet.record(kind, watch, moment, moment, max(45, round(rate)), "count/min", _STILL)
    for bout in bouts:
        effort = {"Running": 82, "Cycling": 60, "Walking": 42}.get(bout.kind, bout.cadence * 0.32)
        step = 60 if bout.kind else 420
        for moment in range(bout.start + 30, bout.end, step):
            warm = min(1.0, (moment - bout.start + 120) / 420)
            rate = rest + effort * warm + rng.gauss(0, 3)
            sheet.record(kind, watch, moment, moment, round(rate), "count/min", _MOVING)


def _night(sheet: Sheet, rng: random.Random, watch: Source, day: date) -> None:
    """Oxygen and breathing while asleep, variability with the beats it was computed from."""
    for hour in (1.2, 3.4, 5.1):
        moment = seconds(day, hour) + rng.randint(0, 900)
        share = rng.choice(("0.95", "0.96", "0.97", "0.97", "0.98"))
        sheet.record(f"{QUANTITY}OxygenSaturation", watch, moment, moment, share, "%")
    for hour in (0.9, 4.2):
        moment = seconds(day, hour) + rng.randint(0, 900)
        breaths = round(rng.gauss(15, 0.8) * 2) / 2
        sheet.record(f"{QUANTITY}RespiratoryRate", watch, moment, moment, breaths, "count/min")
    for hour in (2.5, 14.5):
        moment = seconds(day, hour) + rng.randint(0, 900)
        beats, at = [], float(moment)
        for _ in range(10):
            rate = rng.gauss(62, 3.5)
            at += 60 / rate
            beats.append(f'   <InstantaneousBeatsPerMinute bpm="{round(rate)}" time="{sheet.clock(at)}"/>\n')
        inner = f"  <HeartRateVariabilityMetadataList>\n{''.join(beats)}  </HeartRateVariabilityMetadataList>\n"
        value = f"{max(12.0, rng.gauss(37, 7)):.4f}"
        sheet.record(f"{QUANTITY}HeartRateVariabilitySDNN", watch, moment, moment + 60, value, "ms", inner=inner)


def _day_values(
    sheet: Sheet, kit: Kit, rng: random.Random, watch: Source, day: date, bouts: list[Bout]
) -> None:
    start, end = seconds(day, 0.2), seconds(day, 23.6)
    rest = round(resting(kit, day) + rng.gauss(0, 1.1))
    sheet.record(f"{QUANTITY}RestingHeartRate", watch, start, end, rest, "count/min")
    walking = round(resting(kit, day) + 33 + rng.gauss(0, 2))
    sheet.record(f"{QUANTITY}WalkingHeartRateAverage", watch, start, end, walking, "count/min")
    for bout in bouts:
        if bout.kind in ("Running", "Walking"):
            fitness = course.fitness((kit.spec.end - day).days) + rng.gauss(0, 0.25)
            sheet.record(f"{QUANTITY}VO2Max", watch, bout.end, bout.end, f"{fitness:.2f}", "mL/min·kg")
