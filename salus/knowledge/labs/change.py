"""Has a result really changed? The reference change value of a test, and two results held against it. Pure.

Knows variation only: whether specimen, laboratory or method were the same is the caller's to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Literal

from salus.knowledge.labs.conversion import convert
from salus.knowledge.labs.table import LabTest
from salus.records.units import Quantity

_EXACT = Context(prec=34)
_Z = Decimal("1.96")
"""Two-sided, 95 %: 5 in 100 pairs of a person in whom nothing changed lie beyond it."""
_SYMMETRIC_BELOW = Decimal(10)
"""Per cent; above it results are skewed and limits are log-normal (Fokkema et al., Clin Chem 2006)."""

Verdict = Literal["changed_up", "changed_down", "within_variation", "unknown"]


@dataclass(frozen=True)
class Spread:
    """The reference change value: how far up and down, in per cent of the first result, is still usual."""

    up: Decimal
    down: Decimal
    method: Literal["symmetric", "log_normal"]


@dataclass(frozen=True)
class Change:
    """Two results against the reference change value. `low` and `high` are the limits, in the second one's unit.

    `why` says what is missing when the verdict is unknown: "unit", "variation" or "value".
    """

    verdict: Verdict
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    percent: Decimal | None = None
    spread: Spread | None = None
    why: Literal["", "unit", "variation", "value"] = ""


def spread(test: LabTest) -> Spread | None:
    """How far two results of one healthy person usually lie apart; None when the test's variation is not known.

    Below a total of 10 % it is z*sqrt(2)*sqrt(CVA²+CVI²) both ways; from there, and where the source gives it so,
    exp(±z*sqrt(2)*sigma)-1 with sigma² = ln(1 + (CVA²+CVI²)/10⁴). z = 1.96. (Fraser, Biological Variation, 2001;
    Fokkema et al., 2006.)
    """
    known = test.variation
    if known is None or known.cvi is None or known.cva is None:
        return None
    square = _EXACT.add(_EXACT.multiply(known.cvi, known.cvi), _EXACT.multiply(known.cva, known.cva))
    root_two = _EXACT.sqrt(Decimal(2))
    total = _EXACT.sqrt(square)
    skewed = known.shape == "skewed" or (known.shape == "" and total >= _SYMMETRIC_BELOW)
    reach = _EXACT.multiply(_Z, root_two)
    if not skewed:
        both = _EXACT.multiply(reach, total)
        return Spread(both, both, "symmetric")
    sigma = _EXACT.sqrt(_EXACT.ln(_EXACT.add(Decimal(1), _EXACT.divide(square, Decimal(10_000)))))
    grown = _EXACT.exp(_EXACT.multiply(reach, sigma))
    up = _EXACT.multiply(_EXACT.subtract(grown, Decimal(1)), Decimal(100))
    down = _EXACT.multiply(_EXACT.subtract(Decimal(1), _EXACT.divide(Decimal(1), grown)), Decimal(100))
    return Spread(up, down, "log_normal")


def rcv(test: LabTest, before: Quantity, after: Quantity) -> Change:
    """The second result against the first, compared in the test's own unit. A value at a limit is within it."""
    known = spread(test)
    if known is None:
        return Change("unknown", unit=after.unit, why="variation")
    first, second = convert(test, before, test.unit), convert(test, after, test.unit)
    if first is None or second is None:
        return Change("unknown", unit=after.unit, why="unit")
    if not first.value.is_finite() or not second.value.is_finite() or first.value <= 0 or second.value < 0:
        return Change("unknown", unit=after.unit, why="value")
    low = _EXACT.multiply(first.value, _EXACT.divide(Decimal(100) - known.down, Decimal(100)))
    high = _EXACT.multiply(first.value, _EXACT.divide(Decimal(100) + known.up, Decimal(100)))
    verdict: Verdict = "within_variation"
    if second.value > high:
        verdict = "changed_up"
    elif second.value < low:
        verdict = "changed_down"
    moved = _EXACT.subtract(second.value, first.value)
    percent = _EXACT.multiply(_EXACT.divide(moved, first.value), Decimal(100))
    shown = [convert(test, Quantity(end, test.unit), after.unit) for end in (low, high)]
    return Change(
        verdict, shown[0].value if shown[0] else None, shown[1].value if shown[1] else None, after.unit, percent, known
    )
