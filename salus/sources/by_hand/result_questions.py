"""What to ask back about a result typed from paper: its unit, its range, a figure that another unit fits better.

Looks for slips of typing only; whether a result is high or low is the laboratory knowledge's to say.
"""

from __future__ import annotations

from decimal import Decimal

from salus.knowledge.labs import LabTest, convert, tests
from salus.records.text import Named, T, Text
from salus.records.units import Quantity
from salus.sources.by_hand.entries import ResultEntry

FAR, FAR_DOWN, NEAR = Decimal(4), Decimal(25), Decimal("2.5")
"""So many times off the reference interval (below its upper limit, where it has no lower one), a figure is asked about
where another unit of the test puts it near: so many times off at most.
"""
BELOW, ABOVE = Decimal("0.5"), Decimal("1.6")
"""A critical value already needs a doctor; so much further on, a slip is likelier where no possible limit is known."""


def result_questions(entry: ResultEntry) -> list[Text]:
    """In order; empty when nothing is odd, or when nothing is known about the test."""
    asked: list[Text] = []
    if entry.low is not None and entry.high is not None and entry.low > entry.high:
        asked.append(T("The range’s lower limit is above its upper one. Is it right?"))
    test = tests().get(entry.test) if entry.test else None
    if test is None or not isinstance(entry.value, Decimal):
        return asked
    name, said = Named(test.en, test.fr), Quantity(entry.value, entry.unit)
    if not entry.unit:
        if test.unit not in ("", "1"):
            asked.append(T("{name} has no unit. Which one is printed?", name=name))
        return asked
    own = convert(test, said, test.unit)
    if own is None:
        usual = Quantity(entry.value, test.unit)
        return [*asked, T("“{unit}” is no unit Salus knows for {name}. Did you mean {usual}?",
                          unit=entry.unit, name=name, usual=usual)]  # fmt: skip
    fitting = _fits_better(test, entry, own.value)
    if fitting is not None:
        asked.append(T("{name} of {value} would be very unusual. Did you mean {other}?",
                       name=name, value=said, other=fitting))  # fmt: skip
    elif not _likely(test, own.value):
        asked.append(T("{name} of {value} would be very unusual. Is it right?", name=name, value=said))
    return asked


def _likely(test: LabTest, value: Decimal) -> bool:
    low, high = test.possible_low, test.possible_high
    if low is None and test.critical_low is not None:
        low = test.critical_low * BELOW
    if high is None and test.critical_high is not None:
        high = test.critical_high * ABOVE
    return (low is None or value >= low) and (high is None or value <= high)


def _fits_better(test: LabTest, entry: ResultEntry, own: Decimal) -> Quantity | None:
    """The same figure in the unit that puts it near the reference interval, when its own puts it far off."""
    assert isinstance(entry.value, Decimal)
    intervals = [interval for interval in test.intervals if interval.unit == test.unit]
    highs = [interval.high for interval in intervals if interval.high]
    if not highs or own <= 0:
        return None
    lows = [interval.low for interval in intervals if interval.low]
    high, low = max(highs), min(lows) if lows else None
    far_down = low / FAR if low else high / FAR_DOWN
    if far_down < own < high * FAR and _likely(test, own):
        return None
    for other in test.units:
        meant = convert(test, Quantity(entry.value, other), test.unit)
        if meant is not None and meant.value != own and (low or high) / NEAR <= meant.value <= high * NEAR:
            return Quantity(entry.value, other)
    return None
