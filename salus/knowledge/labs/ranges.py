"""A test's values in another unit, and its adult interval in the unit a record uses.

Knows the conversions that are no plain change of unit: HbA1c, milliequivalents, ratios to creatinine.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Context, Decimal

from salus.knowledge.labs.table import Interval, LabTest
from salus.records import units
from salus.records.units import Quantity

_EXACT = Context(prec=34)
_CREATININE = Decimal("113.12")
"""g/mol; PubChem CID 588 (US National Library of Medicine)."""
_NGSP_SLOPE, _NGSP_SHIFT = Decimal("10.93"), Decimal("23.5")
"""IFCC (mmol/mol) = 10.93 x NGSP (%) - 23.5; NGSP/IFCC master equation, ngsp.org (2010)."""


def convert(test: LabTest, quantity: Quantity, unit: str) -> Quantity | None:
    """The same result in another UCUM unit, exact and not rounded; None when it cannot be known.

    Mass and molar units convert through the test's molar mass, milliequivalents through its charge.
    HbA1c in % (NGSP) and mmol/mol (IFCC) are two scales, joined by the NGSP/IFCC master equation.
    """
    value = _value(test, quantity.value, _own(test, quantity.unit), _own(test, unit))
    return None if value is None else Quantity(value, unit)


def _own(test: LabTest, unit: str) -> str:
    spelling = units.normal(unit)
    reads_as = test.reads_as or {}
    return reads_as.get(unit, reads_as.get(spelling, spelling))


def _value(test: LabTest, value: Decimal, source: str, target: str) -> Decimal | None:
    if source == target:
        return value
    if test.special == "hba1c":
        return _hba1c(value, source, target)
    if test.special == "per_creatinine":
        return _per_creatinine(value, source, target)
    value, source = _from_equivalents(test, value, source)
    factor, plain_target = _from_equivalents(test, Decimal(1), target)
    converted = units.convert(value, source, plain_target, test.molar_mass)
    return None if converted is None else _EXACT.divide(converted, factor)


def _from_equivalents(test: LabTest, value: Decimal, unit: str) -> tuple[Decimal, str]:
    if test.valence and "eq" in unit:
        return _EXACT.divide(value, Decimal(test.valence)), unit.replace("eq", "mol")
    return value, unit


def _scale(unit: str) -> str | None:
    bare = unit.split("{")[0]
    return {"%": "ngsp", "mmol/mol": "ifcc"}.get(bare)


def _hba1c(value: Decimal, source: str, target: str) -> Decimal | None:
    match _scale(source), _scale(target):
        case ("ngsp", "ngsp") | ("ifcc", "ifcc"):
            return value
        case ("ngsp", "ifcc"):
            return _EXACT.subtract(_EXACT.multiply(_NGSP_SLOPE, value), _NGSP_SHIFT)
        case ("ifcc", "ngsp"):
            return _EXACT.divide(_EXACT.add(value, _NGSP_SHIFT), _NGSP_SLOPE)
        case _:
            return None


def _per_creatinine(value: Decimal, source: str, target: str) -> Decimal | None:
    """Mass per mass of creatinine (mg/g) and per amount of creatinine (mg/mmol)."""
    direct = units.convert(value, source, target)
    if direct is not None:
        return direct
    per_mol = units.convert(value, source, "g/mol")
    if per_mol is not None:
        return units.convert(_EXACT.divide(per_mol, _CREATININE), "g/g", target)
    per_gram = units.convert(value, source, "g/g")
    return None if per_gram is None else units.convert(_EXACT.multiply(per_gram, _CREATININE), "g/mol", target)


def _limit(test: LabTest, value: Decimal | None, source: str, target: str) -> Decimal | None:
    return None if value is None else _value(test, value, _own(test, source), _own(test, target))


def critical(test: LabTest, unit: str) -> tuple[Decimal | None, Decimal | None]:
    """The values that need a call the same day, low and high, in `unit`; None where there is none or no way there."""
    return (
        _limit(test, test.critical_low, test.unit, unit),
        _limit(test, test.critical_high, test.unit, unit),
    )


def interval(test: LabTest, *, sex: str | None, unit: str) -> Interval | None:
    """The adult interval in `unit`, for a sex ("male", "female", else unknown).

    None when the table has none, when the unit is another kind of measure, or when the intervals differ by sex
    and the sex is not one of theirs: then it is unknown, not guessed.
    """
    fitting = [one for one in test.intervals if one.sex is None or one.sex == sex]
    if not fitting:
        return None
    wanted = _own(test, unit)
    same = [one for one in fitting if _own(test, one.unit) == wanted]
    one = (same or fitting)[0]
    low = _limit(test, one.low, one.unit, unit)
    high = _limit(test, one.high, one.unit, unit)
    if (low is None and one.low is not None) or (high is None and one.high is not None):
        return None
    critical_low, critical_high = critical(test, unit)
    return replace(one, low=low, high=high, unit=unit, critical_low=critical_low, critical_high=critical_high)
