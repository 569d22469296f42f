"""Is a result in range? The laboratory's own range first, then its own flag, then the table's adult interval.

A range that is not known, a sex that is not known or a person under 18 leaves it unknown: never "normal".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

from salus.knowledge.labs import Judgement, LabTest, convert, critical, interval, judge
from salus.records.text import Named, T, Text
from salus.records.units import Quantity
from salus.skills.labs.readings import Reading
from salus.vault.person import Person

ADULT = 18
WRITTEN = 4
"""Limits with no more figures than this are shown as they are."""

By = Literal["range", "flag", "table", "nothing"]


@dataclass(frozen=True)
class Judged:
    """Where a result stands, and by what. `low` and `high` are the limits used, in the record's own unit."""

    where: Judgement
    by: By
    low: Decimal | None = None
    high: Decimal | None = None
    note: Text | None = None
    low_open: bool = False
    high_open: bool = False
    doubt: str | None = None
    """Another unit of the test that the figure would fit, where it cannot be right in its own."""

    @property
    def limits(self) -> Text | None:
        """The limits in words, or None when there are none."""
        return shown_range(self)

    @property
    def out(self) -> bool:
        return self.where in ("low", "high", "critical_low", "critical_high")

    @property
    def side(self) -> Literal["low", "high"] | None:
        if not self.out:
            return None
        return "low" if self.where.endswith("low") else "high"


def judged(reading: Reading, test: LabTest | None, person: Person) -> Judged:
    """Never raises; `test` is None for a test the table does not list."""
    value = reading.value
    if value is None:
        return _by_flag(reading)
    low_alarm, high_alarm = critical(test, value.unit) if test and value.unit else (None, None)
    if reading.range is not None:
        where = _bounded(reading, reading.range.low, reading.range.high, low_alarm, high_alarm)
        return Judged(where, "range", reading.range.low, reading.range.high)
    if reading.verdict is not None:
        return _by_flag(reading)
    age = person.age_on(reading.time.first) if reading.time and person.born else None
    if test is None or not value.unit or (age is not None and age < ADULT):
        return Judged("unknown", "nothing")
    table = interval(test, sex=person.sex, unit=value.unit)
    if table is None:
        where = judge(value.value, None, None, low_alarm, high_alarm)
        return Judged(where, "table" if where != "unknown" else "nothing", low_alarm, high_alarm)
    if doubt := _other_unit(test, value, person):
        return Judged("unknown", "nothing", doubt=doubt)
    where = _bounded(reading, table.low, table.high, low_alarm, high_alarm, table.low_open, table.high_open)
    note = T("{note}", note=Named(table.note_en, table.note_fr)) if table.note_en else None
    return Judged(where, "table", table.low, table.high, note, table.low_open, table.high_open)


def _other_unit(test: LabTest, value: Quantity, person: Person) -> str | None:
    """The unit a figure was surely meant in, where its own makes it impossible (protein of 69 "g/dL").

    Told only of tests whose row says what is possible: elsewhere a figure that far out can be a true alarm.
    """
    own = convert(test, value, test.unit)
    low, high = test.possible_low, test.possible_high
    if own is None or low is None or high is None or low <= own.value <= high:
        return None
    for unit in test.units:
        other = interval(test, sex=person.sex, unit=unit)
        if other and other.low and other.high and other.low / 2 <= value.value <= other.high * 2:
            return unit
    return None


def _bounded(
    reading: Reading, low: Decimal | None, high: Decimal | None, low_alarm: Decimal | None, high_alarm: Decimal | None,
    low_open: bool = False, high_open: bool = False,
) -> Judgement:  # fmt: skip
    """A bound ("<5") tells only when it settles the question."""
    assert reading.value is not None
    where = judge(reading.value.value, low, high, low_alarm, high_alarm, low_open=low_open, high_open=high_open)
    if reading.comparator.startswith("<"):
        if where.endswith("low"):
            return where
        return "normal" if where == "normal" and low is None else "unknown"
    if reading.comparator.startswith(">"):
        if where.endswith("high"):
            return where
        return "normal" if where == "normal" and high is None else "unknown"
    return where


def _by_flag(reading: Reading) -> Judged:
    if reading.verdict is None:
        return Judged("unknown", "nothing")
    return Judged(reading.verdict, "flag")  # type: ignore[arg-type]


def shown_range(found: Judged) -> Text | None:
    """ "3.5 to 5.0", "up to 5.0", "under 5.7", "from 60 up" """
    low, high = shown_limit(found.low), shown_limit(found.high)
    if low is not None and high is not None:
        if found.high_open:
            return T("{low} to under {high}", low=low, high=high)
        return T("{low} to {high}", low=low, high=high)
    if high is not None:
        return T("under {high}", high=high) if found.high_open else T("up to {high}", high=high)
    if low is not None:
        return T("over {low}", low=low) if found.low_open else T("from {low} up", low=low)
    return None


def shown_limit(value: Decimal | None) -> Decimal | None:
    """A limit as people write it: one that was converted keeps three figures, none that say nothing."""
    if value is None or len(value.as_tuple().digits) <= WRITTEN:
        return value
    if (plain := value.normalize()) == value and len(plain.as_tuple().digits) <= WRITTEN:
        return Decimal(format(plain, "f"))
    return Decimal(format(Context(prec=3, rounding=ROUND_HALF_UP).plus(value).normalize(), "f"))


def doubt_text(found: Judged, value: Quantity) -> Text | None:
    """That a figure does not fit its unit."""
    if found.doubt is None:
        return None
    return T(
        "The record says {value}, which cannot be right; {other} would be usual. The unit may be wrong, so Salus does "
        "not say if it is in range.", value=value, other=Quantity(value.value, found.doubt),
    )  # fmt: skip


def verdict_text(found: Judged) -> Text:
    """One plain sentence."""
    limits = found.limits
    if found.by == "range":
        if found.where == "normal":
            return T("That is within the range your laboratory prints ({range}).", range=limits)
        if found.side == "high":
            return T("That is above the range your laboratory prints ({range}).", range=limits)
        if found.side == "low":
            return T("That is below the range your laboratory prints ({range}).", range=limits)
        return T("The laboratory gives only a bound, so Salus cannot say if it is in range.")
    if found.by == "flag":
        if found.side == "high":
            return T("Your laboratory marked it as high.")
        if found.side == "low":
            return T("Your laboratory marked it as low.")
        return T("Your laboratory marked it as normal.")
    if found.by == "table":
        if found.where == "normal":
            return T(
                "That is within the usual range for adults ({range}). Your laboratory printed no range.", range=limits
            )
        if found.side == "high":
            return T(
                "That is above the usual range for adults ({range}). Your laboratory printed no range.", range=limits
            )
        if found.side == "low":
            return T(
                "That is below the usual range for adults ({range}). Your laboratory printed no range.", range=limits
            )
    return T("Your laboratory printed no range, so Salus cannot say if it is in range.")


def critical_text(found: Judged) -> Text | None:
    """What to do about a value that far out."""
    if found.where not in ("critical_low", "critical_high"):
        return None
    return T("A value this far out of range needs a doctor’s advice today. If you feel unwell, seek urgent care now.")


def meaning(test: LabTest | None, found: Judged) -> Text | None:
    """What high or low can mean, from the table; never a diagnosis."""
    if test is None or found.side is None:
        return None
    english = test.meaning(found.side, "en")
    return T("{words}", words=Named(english, test.meaning(found.side, "fr"))) if english else None


def lang_name(test: LabTest) -> Named:
    return Named(test.en, test.fr)
