"""Home measurements: scale, cuff, glucose meter, quiet minutes. They follow the same course the clinic sees."""

from __future__ import annotations

from datetime import date

from salus.sample import course
from salus.sample.kit import POUNDS_AGO, Kit
from salus.sample.person import HEIGHT_CM, seconds
from salus.sample.sheet import CATEGORY, QUANTITY, Sheet

_MMOL = "mmol<180.1558800000541>/L"
_METER_AGO = 420
"""The glucose meter came some weeks after diabetes was found."""


def add_body(sheet: Sheet, kit: Kit) -> None:
    """Every day's home measurements."""
    start = seconds(kit.spec.first, 8.0)
    sheet.record(
        f"{QUANTITY}Height", kit.health, start, start, HEIGHT_CM, "cm", (("HKWasUserEntered", "1"),)
    )
    for day in kit.days():
        _weight(sheet, kit, day)
        _pressure(sheet, kit, day)
        _glucose(sheet, kit, day)
        _quiet(sheet, kit, day)


def _weight(sheet: Sheet, kit: Kit, day: date) -> None:
    """Once a week, before breakfast; for one month the scale was set to pounds."""
    rng = kit.spec.rng(f"weight/{day.isoformat()}")
    if day.weekday() != 6:
        return
    ago = (kit.spec.end - day).days
    kilos = course.weight(ago) + rng.uniform(-0.4, 0.4)
    moment = seconds(day, 7.8) + rng.randint(0, 1500)
    if POUNDS_AGO[0] >= ago >= POUNDS_AGO[1]:
        sheet.record(f"{QUANTITY}BodyMass", kit.scale, moment, moment, f"{kilos / 0.45359237:.1f}", "lb")
    else:
        sheet.record(f"{QUANTITY}BodyMass", kit.scale, moment, moment, f"{kilos:.1f}", "kg")
    fat = 0.372 - (400 - min(ago, 400)) / 400 * 0.02 + rng.uniform(-0.004, 0.004)
    sheet.record(f"{QUANTITY}BodyFatPercentage", kit.scale, moment, moment, f"{fat:.3f}", "%")


def _pressure(sheet: Sheet, kit: Kit, day: date) -> None:
    """Three mornings a week, and some evenings; each pair stands twice in the file."""
    rng = kit.spec.rng(f"pressure/{day.isoformat()}")
    if day.weekday() not in (0, 2, 5):
        return
    for hour in (7.1, 20.5) if rng.random() < 0.35 else (7.1,):
        upper, lower = course.pressure((kit.spec.end - day).days)
        moment = seconds(day, hour) + rng.randint(0, 2400)
        pair = (
            ("Systolic", round(upper + rng.gauss(-2, 4))),
            ("Diastolic", round(lower + rng.gauss(-1, 3))),
        )
        records = [
            sheet.record(f"{QUANTITY}BloodPressure{name}", kit.cuff, moment, moment, value, "mmHg")
            for name, value in pair
        ]
        sheet.correlation("HKCorrelationTypeIdentifierBloodPressure", kit.cuff, moment, moment, records)


def _glucose(sheet: Sheet, kit: Kit, day: date) -> None:
    """Some mornings before breakfast."""
    rng = kit.spec.rng(f"glucose/{day.isoformat()}")
    ago = (kit.spec.end - day).days
    if ago > _METER_AGO or rng.random() > 0.45:
        return
    moment = seconds(day, 6.9) + rng.randint(0, 1800)
    value = f"{course.glucose(ago) + rng.gauss(0.1, 0.35):.1f}"
    meta = (("HKBloodGlucoseMealTime", "1"),)
    sheet.record(f"{QUANTITY}BloodGlucose", kit.meter, moment, moment, value, _MMOL, meta)


def _quiet(sheet: Sheet, kit: Kit, day: date) -> None:
    """Mindful minutes on some evenings."""
    rng = kit.spec.rng(f"quiet/{day.isoformat()}")
    if rng.random() < 0.3:
        start = seconds(day, 21.9) + rng.randint(0, 900)
        end = start + 60 * rng.randint(5, 15)
        sheet.record(f"{CATEGORY}MindfulSession", kit.mind_app, start, end, "HKCategoryValueNotApplicable")
