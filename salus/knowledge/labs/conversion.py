"""A test's values in another unit.

Knows the conversions that are no plain change of unit: HbA1c, milliequivalents, ratios to creatinine.
"""

from __future__ import annotations

from decimal import Context, Decimal

from salus.knowledge.labs.table import LabTest
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
    value = _value(test, quantity.value, own_unit(test, quantity.unit), own_unit(test, unit))
    return None if value is None else Quantity(value, unit)


def own_unit(test: LabTest, unit: str) -> str:
    """A unit in its UCUM spelling, with what this test's reports write loosely mended."""
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


def limit(test: LabTest, value: Decimal | None, source: str, target: str) -> Decimal | None:
    """A limit of the row in another unit; None where there is none or no way there."""
    return None if value is None else _value(test, value, own_unit(test, source), own_unit(test, target))
