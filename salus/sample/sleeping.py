"""Nights: stages by the watch, time in bed by the phone, an app that only knows asleep, all overlapping; a few naps.

A night belongs to the day the person wakes. Without the watch only the phone and the app have it.
"""

from __future__ import annotations

import random
from datetime import timedelta

from salus.sample.kit import Kit
from salus.sample.person import ZONE, seconds
from salus.sample.sheet import CATEGORY, Sheet, Source

_KIND = f"{CATEGORY}SleepAnalysis"
_VALUE = "HKCategoryValueSleepAnalysis"
_ZONE_META = (("HKTimeZone", ZONE),)
_APP_DAYS = 75
"""The other app was used for this many days up to the end."""
_NAPS_AGO = (371, 357, 343, 31)


def add_sleep(sheet: Sheet, kit: Kit) -> None:
    """Every night whose morning falls within the days covered, and the one after."""
    for wake_day in [*kit.days(), kit.spec.end + timedelta(days=1)]:
        rng = kit.spec.rng(f"sleep/{wake_day.isoformat()}")
        weekend = wake_day.weekday() >= 5
        bed = seconds(wake_day, -1.2) + rng.randint(-2400, 2400) + (1500 if weekend else 0)
        up = seconds(wake_day, 6.55) + rng.randint(-1200, 1200) + (3300 if weekend else 0)
        asleep = bed + rng.randint(300, 1500)
        phone = kit.phone(wake_day)
        sheet.record(_KIND, phone, bed, up, f"{_VALUE}InBed", meta=_ZONE_META)
        watch = kit.watch(wake_day)
        if watch:
            _stages(sheet, rng, watch, asleep, up - rng.randint(60, 400))
        ago = (kit.spec.end - wake_day).days
        if ago < _APP_DAYS or not watch:
            start, end = asleep - rng.randint(0, 900), up - rng.randint(0, 300)
            sheet.record(_KIND, kit.sleep_app, start, end, f"{_VALUE}AsleepUnspecified")
        if ago in _NAPS_AGO:
            nap = seconds(wake_day, 14.2) + rng.randint(0, 1200)
            sheet.record(_KIND, kit.sleep_app, nap, nap + rng.randint(1500, 2700), f"{_VALUE}AsleepUnspecified")


def _stages(sheet: Sheet, rng: random.Random, watch: Source, start: int, end: int) -> None:
    """Cycles of about 90 minutes, deep sleep early, dream sleep late, short times awake between."""
    moment, cycle = start, 0
    while moment < end:
        parts = (
            ("Core", rng.randint(1300, 2000)),
            ("Deep", max(0, rng.randint(1500, 2400) - cycle * 620)),
            ("Core", rng.randint(900, 1500)),
            ("REM", 420 + cycle * rng.randint(280, 420)),
            ("Awake", rng.choice((0, 60, 120, 300, 480))),
        )
        for stage, length in parts:
            stop = min(end, moment + length - length % 30)
            if stop <= moment:
                continue
            value = f"{_VALUE}Awake" if stage == "Awake" else f"{_VALUE}Asleep{stage}"
            sheet.record(_KIND, watch, moment, stop, value, meta=_ZONE_META, created=end + 600)
            moment = stop
        cycle += 1
