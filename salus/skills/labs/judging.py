"""Is a result in range? The laboratory's own range first, then its own flag, then the table's interval.

A range, sex, age or stage of pregnancy that is needed and not known leaves it unknown: never "normal".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

from salus.knowledge.labs import Age, Choice, Interval, Judgement, LabTest, choose, convert, critical, interval, judge
from salus.records.text import Named, T, Text
from salus.records.units import Quantity
from salus.skills.labs.readings import Reading
from salus.skills.labs.whom import Whom
from salus.vault.person import Person

WRITTEN = 4
"""Limits with no more figures than this are shown as they are."""

By = Literal["range", "flag", "table", "nothing", "clash"]


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
    row: Interval | None = None
    """The table's row the limits are of, where they are the table's."""
    outside_pregnancy: bool = False
    """The person was pregnant, and the row is that of people who are not."""
    alarm: bool = False
    """One of the values that sources disagree on is far out of range."""

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


def judged(reading: Reading, test: LabTest | None, who: Whom | Person) -> Judged:
    """Never raises; `test` is None for a test the table does not list. A bare Person tells sex and age only.

    Where sources give several values for one moment that would be judged differently, it is unknown.
    """
    whom = Whom(who) if isinstance(who, Person) else who
    places = [_judged(side, test, whom) for side in reading.sides]
    if len({found.where for found in places}) > 1:
        return Judged("unknown", "clash", alarm=any(found.where.startswith("critical") for found in places))
    return places[0]


def any_out(reading: Reading, test: LabTest | None, who: Whom) -> bool:
    """Whether any of the values its sources give is out of range."""
    return any(_judged(side, test, who).out for side in reading.sides)


def _judged(reading: Reading, test: LabTest | None, whom: Whom) -> Judged:
    value = reading.value
    if value is None:
        return _by_flag(reading)
    ages = whom.ages(reading.time)
    youngest = ages[0] if ages else None
    low_alarm, high_alarm = critical(test, value.unit, youngest) if test and value.unit else (None, None)
    if reading.range is not None:
        return Judged(_by_range(reading, low_alarm, high_alarm), "range", reading.range.low, reading.range.high)
    if reading.verdict is not None:
        return _by_flag(reading)
    if test is None or not value.unit:
        return Judged("unknown", "nothing")
    chosen = _chosen(test, reading, whom, ages, value.unit)
    table = chosen.interval
    if table is None:
        where = judge(value.value, None, None, low_alarm, high_alarm)
        if where != "unknown":
            return Judged(where, "table", low_alarm, high_alarm)
        return Judged("unknown", "nothing", note=why_unknown(chosen))
    if doubt := _other_unit(test, value, whom.sex, youngest):
        return Judged("unknown", "nothing", doubt=doubt)
    where = _bounded(
        reading, table.low, table.high, table.critical_low, table.critical_high, table.low_open, table.high_open
    )
    note = T("{note}", note=Named(table.note_en, table.note_fr)) if table.note_en else None
    return Judged(
        where, "table", table.low, table.high, note, table.low_open, table.high_open, None, table,
        chosen.adult_in_pregnancy,
    )  # fmt: skip


def _chosen(test: LabTest, reading: Reading, whom: Whom, ages: tuple[Age, Age] | None, unit: str) -> Choice:
    """The interval that holds on the result's day; none when the day is too vague to say which one does."""
    pregnancy, state = whom.pregnancy_at(reading.time), whom.state_at(reading.time)
    found = [
        choose(test, sex=whom.sex, age=age, unit=unit, pregnancy=pregnancy, state=state)
        for age in (dict.fromkeys(ages) if ages else (None,))
    ]
    return found[0] if len(found) == 1 or found[0] == found[1] else Choice(None, "age")


def why_unknown(chosen: Choice) -> Text | None:
    """What the interval depends on that is not known, or nothing."""
    if chosen.why == "noted":
        return T("{note}", note=Named(chosen.note_en, chosen.note_fr))
    said = {
        "sex": T("The usual range differs between women and men, and the record does not say which."),
        "age": T("The usual range depends on the age on that day, which is not known."),
        "child": T("Salus knows no usual range for this test at that age."),
        "trimester": T("In pregnancy the usual range depends on the trimester, which is not known."),
        "pregnancy": T("The usual range does not hold in pregnancy."),
    }
    return said.get(chosen.why)


def _other_unit(test: LabTest, value: Quantity, sex: str | None, age: Age | None) -> str | None:
    """The unit a figure was surely meant in, where its own makes it impossible (protein of 69 "g/dL").

    Told only of tests whose row says what is possible: elsewhere a figure that far out can be a true alarm.
    """
    own = convert(test, value, test.unit)
    low, high = test.possible_low, test.possible_high
    if own is None or low is None or high is None or low <= own.value <= high:
        return None
    for unit in test.units:
        other = interval(test, sex=sex, age=age, unit=unit)
        if other and other.low and other.high and other.low / 2 <= value.value <= other.high * 2:
            return unit
    return None


def _bounded(
    reading: Reading, low: Decimal | None, high: Decimal | None, low_alarm: Decimal | None, high_alarm: Decimal | None,
    low_open: bool = False, high_open: bool = False,
) -> Judgement:  # fmt: skip
    """A bound ("<5") tells only when it settles the question."""
    assert reading.value is not None
    if reading.comparator == "<":  # the bound itself is not reached: "<5" is under 5
        low_open, high_open = True, False
    elif reading.comparator == ">":
        low_open, high_open = False, True
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


def _by_range(reading: Reading, low_alarm: Decimal | None, high_alarm: Decimal | None) -> Judgement:
    """The laboratory's own range says what is in range; an alarm counts only beyond it, or where it has no limit."""
    assert reading.range is not None
    low, high = reading.range.low, reading.range.high
    plain = _bounded(reading, low, high, None, None)
    alarmed = _bounded(reading, low, high, low_alarm, high_alarm)
    inside_low = alarmed == "critical_low" and low is not None and plain != "low"
    inside_high = alarmed == "critical_high" and high is not None and plain != "high"
    return plain if inside_low or inside_high else alarmed


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
        return _by_table(found, limits)
    if found.by == "clash":
        return T("The values of its sources would be judged differently, so Salus cannot say if it is in range.")
    return T("Your laboratory printed no range, so Salus cannot say if it is in range.")


def _by_table(found: Judged, limits: Text | None) -> Text:
    row = found.row
    if row is not None and row.pregnancy:
        return {
            "high": T("That is above the usual range at this stage of pregnancy ({range}).", range=limits),
            "low": T("That is below the usual range at this stage of pregnancy ({range}).", range=limits),
            None: T("That is within the usual range at this stage of pregnancy ({range}).", range=limits),
        }[found.side]
    if row is not None and not row.adult:
        return {
            "high": T("That is above the usual range at this age ({range}). Your laboratory printed no range.",
                      range=limits),
            "low": T("That is below the usual range at this age ({range}). Your laboratory printed no range.",
                     range=limits),
            None: T("That is within the usual range at this age ({range}). Your laboratory printed no range.",
                    range=limits),
        }[found.side]  # fmt: skip
    return {
        "high": T("That is above the usual range for adults ({range}). Your laboratory printed no range.",
                  range=limits),
        "low": T("That is below the usual range for adults ({range}). Your laboratory printed no range.",
                 range=limits),
        None: T("That is within the usual range for adults ({range}). Your laboratory printed no range.",
                range=limits),
    }[found.side]  # fmt: skip


def critical_text(found: Judged) -> Text | None:
    """What to do about a value that far out."""
    if found.where not in ("critical_low", "critical_high") and not found.alarm:
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
