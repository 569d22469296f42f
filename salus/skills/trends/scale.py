"""The unit a metric is reported in, and how many digits of it are shown. Rounds half up, once, at the end."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from salus.records.metrics import Metric
from salus.records.units import Quantity, convert, normal, parse_unit
from salus.vault.rollups import affine


def rounded(value: float | Decimal, digits: int) -> Decimal:
    """Half away from zero, after the noise of binary fractions is taken off. Never "-0"."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(round(value, 9)))
    found = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return found if found else found.copy_abs()


def difference(unit: str) -> str:
    """The unit of a difference: from 40 % to 43 % is 3 percentage points, not 3 %."""
    return "%{points}" if unit == "%" else unit


@dataclass(frozen=True)
class Scale:
    """canonical = `a` * shown + `b`; `digits` after the point of the shown unit, `canonical_digits` of the other."""

    unit: str
    digits: int
    canonical: str
    canonical_digits: int
    a: float = 1.0
    b: float = 0.0

    def shown(self, canonical: float) -> float:
        """A canonical value in the shown unit, not rounded."""
        return canonical if self.unit == self.canonical else (canonical - self.b) / self.a

    def quantity(self, value: float | Decimal, digits: int | None = None) -> Quantity:
        """A value of the shown unit, rounded."""
        return Quantity(rounded(value, self.digits if digits is None else digits), self.unit)

    def also(self, value: float | Decimal) -> tuple[Quantity, ...]:
        """The same in the canonical unit where that is another one."""
        if self.unit == self.canonical or not self.canonical:
            return ()
        return (Quantity(rounded(self.a * float(value) + self.b, self.canonical_digits), self.canonical),)


def scale_for(metric: Metric, units: Iterable[str | None]) -> Scale | None:
    """The record's own unit where all share one that means something, else the canonical one.

    None when an unlisted metric was recorded in several units, which then do not add up.
    """
    used = {normal(metric.ucum(unit)) if unit else None for unit in set(units)}
    own = next(iter(used)) if len(used) == 1 else None
    if not metric.unit:
        return Scale(own or "", metric.digits, own or "", metric.digits) if len(used) <= 1 else None
    plain = Scale(metric.unit, metric.digits, metric.unit, metric.digits)
    if own is None or own == metric.unit:
        return plain
    parsed, ab = parse_unit(own), affine(own, metric.unit, metric.molar_mass)
    if parsed is None or not parsed.dim or ab is None or not ab[0]:
        return plain  # a plain count or a fraction: the canonical unit says more
    digits = max(0, metric.digits + round(math.log10(abs(ab[0]))))
    return Scale(own, digits, metric.unit, metric.digits, *ab)


def reading(metric: Metric, value: Decimal, unit: str) -> tuple[Quantity, tuple[Quantity, ...]]:
    """One reading as recorded, and the same in the canonical unit where that is another one.

    Its digits are kept unless it has two more than people use of the metric; fractions become percent.
    """
    unit = normal(metric.ucum(unit))
    if metric.unit == "%" and unit == "1":
        value, unit = value * 100, "%"
    known = scale_for(metric, [unit])
    if known is None or affine(unit, metric.unit, metric.molar_mass) is None:
        return Quantity(value, unit), ()  # no unit, or one that does not convert: shown as it came
    digits = -int(value.as_tuple().exponent)
    if digits > max(known.digits, 1) + 1:
        value = rounded(value, known.digits)
    elif digits > 0 and value == value.to_integral_value() and not known.digits:
        value = value.to_integral_value()
    shown = Quantity(value, known.unit)
    return shown, known.also(shown.value)


def in_unit(metric: Metric, value: Decimal, unit: str, target: str) -> float | None:
    """A reading in another unit, or None when it does not convert."""
    molar = Decimal(repr(metric.molar_mass)) if metric.molar_mass else None
    unit = normal(metric.ucum(unit))
    if target == "%" and unit == "1":
        return float(value * 100)
    found = convert(value, unit, target, molar)
    return None if found is None else float(found)
