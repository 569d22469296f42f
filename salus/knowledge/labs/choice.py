"""Which interval of a test holds for a person: by sex, exact age, pregnancy and time of life, in the record's unit.

Pure. What is not known about the person is never guessed: then there is no interval, and a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from salus.knowledge.labs.age import Age
from salus.knowledge.labs.conversion import limit, own_unit
from salus.knowledge.labs.limits import PREGNANT, Interval, Pregnancy, State
from salus.knowledge.labs.table import LabTest

Why = Literal["", "none", "unit", "sex", "age", "child", "trimester", "pregnancy", "noted"]
"""Why there is no interval: the table has none, the unit is of another kind, the sex or age is not known, no row for
a child of that age, the trimester or the pregnancy leaves it open, or the row's own note says why."""


@dataclass(frozen=True)
class Choice:
    """The interval that holds, or why there is none. `adult_in_pregnancy` says that it is not one of pregnancy."""

    interval: Interval | None
    why: Why = ""
    note_en: str = ""
    note_fr: str = ""
    adult_in_pregnancy: bool = False


def critical(test: LabTest, unit: str, age: Age | int | str | None = None) -> tuple[Decimal | None, Decimal | None]:
    """The values that need a call the same day, low and high, in `unit`; None where there is none or no way there.

    They hold from the age the row gives (`critical_from`, 18 where it says nothing); an age that is not known counts
    as an adult's, the cautious end.
    """
    exact = _exact(age)
    if exact is not None and not exact.reached(test.critical_from):
        return None, None
    return (
        limit(test, test.critical_low, test.unit, unit),
        limit(test, test.critical_high, test.unit, unit),
    )


def interval(
    test: LabTest, *, sex: str | None, age: Age | int | str | None, unit: str, pregnancy: Pregnancy | None = None,
    state: State = "",
) -> Interval | None:  # fmt: skip
    """The interval that holds, in `unit`, or None: see `choose`."""
    return choose(test, sex=sex, age=age, unit=unit, pregnancy=pregnancy, state=state).interval


def choose(
    test: LabTest, *, sex: str | None, age: Age | int | str | None, unit: str, pregnancy: Pregnancy | None = None,
    state: State = "",
) -> Choice:  # fmt: skip
    """The interval that holds for a sex ("male", "female", else unknown), an age (exact, or as written: 45, "6mo",
    "10d") and a pregnancy (None when nothing is known of one), in `unit`.

    There is none when the age is not known (unless the interval is the same for all ages), for a person under 18
    without a row of their age, and when rows differ by sex and the sex is not one of theirs. In pregnancy a row of
    the trimester comes first; without one it is the adult interval, said to be so, unless the test's row forbids it.
    """
    if not test.intervals:
        return Choice(None, "none")
    exact, known_sex = _exact(age), sex if sex in ("male", "female") else None
    adult_in_pregnancy = False
    if pregnancy in PREGNANT:
        rows = [r for r in test.intervals if r.pregnancy and r.pregnancy in ("any", pregnancy)]
        own = _of_sex(_of_age(rows, exact), known_sex)
        if own:
            return _in_unit(test, own, unit, exact, False)
        if rows and exact is None:
            return Choice(None, "age")
        if pregnancy == "any" and any(r.pregnancy for r in test.intervals):
            return Choice(None, "trimester")
        if not test.in_pregnancy:
            return Choice(None, "pregnancy")
        adult_in_pregnancy = True
    rows = _of_age([r for r in test.intervals if not r.pregnancy], exact)
    if not rows:
        return Choice(None, "age" if exact is None or exact.adult else "child")
    rows = _of_sex(rows, known_sex)
    if not rows:
        return Choice(None, "sex")
    rows = [r for r in rows if state and r.state == state] or [r for r in rows if not r.state]
    return _in_unit(test, rows, unit, exact, adult_in_pregnancy) if rows else Choice(None, "none")


def _exact(age: Age | int | str | None) -> Age | None:
    return Age.read(age) if isinstance(age, int | str) else age


def _of_age(rows: Sequence[Interval], age: Age | None) -> list[Interval]:
    if age is None:
        return [r for r in rows if r.age_from == "0" and not r.age_to]
    return [r for r in rows if age.within(r.age_from, r.age_to)]


def _of_sex(rows: Sequence[Interval], sex: str | None) -> list[Interval]:
    return [r for r in rows if r.sex is None or r.sex == sex]


def _in_unit(test: LabTest, rows: Sequence[Interval], unit: str, age: Age | None, adult: bool) -> Choice:
    wanted = own_unit(test, unit)
    one = next((r for r in rows if own_unit(test, r.unit) == wanted), rows[0])
    if one.limitless:
        return Choice(None, "noted", one.note_en, one.note_fr)
    written_high = one.high
    if one.high_per_year is not None and age is not None:
        written_high = one.high_per_year * age.years
    low, high = limit(test, one.low, one.unit, unit), limit(test, written_high, one.unit, unit)
    if (low is None and one.low is not None) or (high is None and written_high is not None):
        return Choice(None, "unit")
    alarm_low, alarm_high = critical(test, unit, age)
    if one.pregnancy or one.age_to or one.age_from != "18":  # a band may have alarms of its own
        alarm_low = limit(test, one.critical_low, one.unit, unit) if one.critical_low is not None else alarm_low
        alarm_high = limit(test, one.critical_high, one.unit, unit) if one.critical_high is not None else alarm_high
    if alarm_low is not None and low is not None and alarm_low >= low:
        alarm_low = None  # what is usual here is no alarm
    if alarm_high is not None and high is not None and alarm_high <= high:
        alarm_high = None
    made = replace(one, low=low, high=high, unit=unit, critical_low=alarm_low, critical_high=alarm_high)
    return Choice(made, "", one.note_en, one.note_fr, adult)
