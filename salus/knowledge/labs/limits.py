"""A reference interval with its source, and where a value stands against it. Knows no test and no person."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Judgement = Literal["low", "normal", "high", "critical_low", "critical_high", "unknown"]
Pregnancy = Literal["no", "1", "2", "3", "any"]
"""Not pregnant, the trimester, or pregnant with the trimester unknown. None elsewhere: nothing is known."""
PREGNANT: tuple[Pregnancy, ...] = ("1", "2", "3", "any")
State = Literal["", "postmenopausal", "follicular", "ovulation", "luteal"]


@dataclass(frozen=True)
class Interval:
    """A reference interval in `unit`, with its source. A missing end is open.

    `low_open` and `high_open` say that the limit itself is outside ("under 5.7 %"). `sex` is "male", "female" or
    None (the same for all). It holds from `age_from` up to, not including, `age_to` ("18" years, "6mo", "14d"; an
    empty end is open), for a pregnancy ("1", "2", "3" trimester, "any", or "" for outside pregnancy) and a `state`.
    A row with neither limit says that no interval can be given, and its note why. `high_per_year` is a high limit
    that grows with age (per completed year). The critical values are the test's own, in the same unit. `verified_in`
    is the public page or file in which the figures were looked up on `verified_on`; empty where none was found.
    """

    low: Decimal | None
    high: Decimal | None
    unit: str
    sex: str | None
    source: str
    source_year: int
    low_open: bool = False
    high_open: bool = False
    critical_low: Decimal | None = None
    critical_high: Decimal | None = None
    note_en: str = ""
    note_fr: str = ""
    age_from: str = "18"
    age_to: str = ""
    pregnancy: str = ""
    state: str = ""
    high_per_year: Decimal | None = None
    verified_on: str = ""
    verified_in: str = ""
    reviewed_by: str = ""
    reviewed_on: str = ""

    @property
    def limitless(self) -> bool:
        """True for a row that says only why there is no interval."""
        return self.low is None and self.high is None and self.high_per_year is None

    @property
    def adult(self) -> bool:
        """True for the interval of adults of any age who are not pregnant."""
        return self.age_from == "18" and not self.age_to and not self.pregnancy and not self.state

    def judge(self, value: Decimal) -> Judgement:
        """Where a value in this interval's unit stands."""
        return judge(
            value,
            self.low,
            self.high,
            self.critical_low,
            self.critical_high,
            low_open=self.low_open,
            high_open=self.high_open,
        )

    def note(self, lang: str) -> str:
        """What limits the interval ("if you had not eaten"), or nothing."""
        return self.note_fr if lang == "fr" else self.note_en


def judge(
    value: Decimal,
    low: Decimal | None,
    high: Decimal | None,
    critical_low: Decimal | None = None,
    critical_high: Decimal | None = None,
    *,
    low_open: bool = False,
    high_open: bool = False,
) -> Judgement:
    """Where a value stands against limits in its own unit. Limits are inside unless open; critical ones are reached.

    "unknown" when the value is not a number, or when there is no limit that could call it out of range.
    A value beyond the only limit known is low or high; a value within it is normal.
    """
    if not value.is_finite():
        return "unknown"
    if critical_low is not None and value <= critical_low:
        return "critical_low"
    if critical_high is not None and value >= critical_high:
        return "critical_high"
    if low is not None and (value < low or (low_open and value == low)):
        return "low"
    if high is not None and (value > high or (high_open and value == high)):
        return "high"
    return "unknown" if low is None and high is None else "normal"
