"""UCUM quantities: parsing a unit, comparing and converting exactly, in Decimal.

Covers the units of health records (`units.toml`); an unknown unit is kept as text and converts into nothing.
Mass and amount of substance convert only when the analyte's molar mass is given: 5.2 mmol/L of cholesterol is
201 mg/dL, 5.2 mmol/L of glucose is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources

import tomli as tomllib

_EXACT = Context(prec=34)
LONGEST, MOST_POWER = 80, 30
"""No unit of a record is longer, or has a larger exponent."""

_TOKEN = re.compile(r"10[*^]-?\d+|\d+(?:\.\d+)?|\[[^\]]+\]|m\[Hg\]|\{[^}]*\}|[./()]|[A-Za-z%'µ]+(?:\[[^\]]+\])?|-?\d+")


@dataclass(frozen=True)
class Unit:
    """A parsed unit: `factor` to base units, `dim` its dimension, `offset` for Celsius and Fahrenheit only.

    `note` keeps UCUM annotations that change the meaning ({1.73_m2}): units with different notes never convert.
    """

    factor: Decimal
    dim: tuple[tuple[str, int], ...]
    offset: Decimal = Decimal(0)
    note: str = ""


@dataclass(frozen=True)
class Quantity:
    """A value with its UCUM unit as recorded. `unit` may be unknown to UCUM: then it only equals itself."""

    value: Decimal
    unit: str

    def to(self, unit: str, molar_mass: Decimal | None = None) -> Quantity | None:
        """The same quantity in `unit`, or None when that cannot be known. `molar_mass` in g/mol."""
        value = convert(self.value, self.unit, unit, molar_mass)
        return None if value is None else Quantity(value, unit)


def decimal(text: str | int | float | Decimal) -> Decimal | None:
    """A finite Decimal of a number as written, or None (NaN, infinity, not a number)."""
    try:
        value = Decimal(repr(text) if isinstance(text, float) else text)
    except (InvalidOperation, ValueError, TypeError):
        return None
    return value if value.is_finite() else None


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, tuple[Decimal, dict[str, int], bool]], dict[str, Decimal], dict[str, str]]:
    data = tomllib.loads(resources.files("salus.records").joinpath("units.toml").read_text("utf-8"))
    atoms = {k: (Decimal(v["factor"]), v["dim"], bool(v.get("metric"))) for k, v in data["atom"].items()}
    return atoms, {k: Decimal(v) for k, v in data["prefix"].items()}, data["alias"]


def normal(unit: str) -> str:
    """The UCUM spelling of a unit as met in records; itself when already UCUM or unknown."""
    unit = unit.strip()
    molar = re.match(r"^(m|u|µ|n|p)?mol<[\d.]+>/L$", unit)  # Apple writes the molar mass inside the unit
    if molar:
        return (molar.group(1) or "").replace("µ", "u") + "mol/L"
    return _table()[2].get(unit, unit)


@lru_cache(maxsize=1024)
def parse_unit(unit: str) -> Unit | None:
    """The meaning of a UCUM unit, or None when unknown. Accepts the common non-UCUM spellings too."""
    unit = normal(unit)
    if unit == "Cel":
        return Unit(Decimal(1), (("K", 1),), Decimal("273.15"))
    if unit == "[degF]":
        return Unit(_EXACT.divide(Decimal(5), Decimal(9)), (("K", 1),), Decimal("459.67"))
    if len(unit) > LONGEST:
        return None
    tokens = _TOKEN.findall(unit)
    if "".join(tokens) != unit or unit.count("(") != unit.count(")"):
        return None
    try:
        parsed, rest = _term(tokens)
    except (KeyError, IndexError, ValueError, ArithmeticError):
        return None
    return parsed if not rest and parsed.factor else None


def _term(tokens: list[str]) -> tuple[Unit, list[str]]:
    factor, dim, note, sign = Decimal(1), {}, "", 1  # type: Decimal, dict[str, int], str, int
    while tokens and tokens[0] != ")":
        token, tokens = tokens[0], tokens[1:]
        if token in "./":
            sign = -1 if token == "/" else 1
            continue
        if token.startswith("{"):
            note += token if token == "{1.73_m2}" else ""
            continue
        if token == "(":
            inner, tokens = _term(tokens)
            tokens = tokens[1:]
            value = inner.factor
            inner_dim: Mapping[str, int] = dict(inner.dim)
        else:
            value, inner_dim = _component(token)
            if tokens and re.fullmatch(r"-?\d+", tokens[0]):
                power = _power(tokens[0])
                tokens = tokens[1:]
                value, inner_dim = value**power, {k: v * power for k, v in inner_dim.items()}
        factor = _EXACT.multiply(factor, value) if sign > 0 else _EXACT.divide(factor, value)
        for key, power in inner_dim.items():
            dim[key] = dim.get(key, 0) + sign * power
    return Unit(factor, tuple(sorted((k, v) for k, v in dim.items() if v)), note=note), tokens


def _component(token: str) -> tuple[Decimal, Mapping[str, int]]:
    power = re.fullmatch(r"10[*^](-?\d+)", token)
    if power:
        return Decimal(10) ** _power(power.group(1)), {}
    if re.fullmatch(r"\d+(\.\d+)?", token):
        return Decimal(token), {}
    atoms, prefixes, _ = _table()
    if token in atoms:
        return atoms[token][0], atoms[token][1]
    for length in (1, 2):
        prefix, atom = token[:length], token[length:]
        if prefix in prefixes and atom in atoms and atoms[atom][2]:
            return _EXACT.multiply(prefixes[prefix], atoms[atom][0]), atoms[atom][1]
    raise KeyError(token)


def _power(text: str) -> int:
    power = int(text)
    if abs(power) > MOST_POWER:
        raise ValueError(text)
    return power


def convert(value: Decimal, source: str, target: str, molar_mass: Decimal | None = None) -> Decimal | None:
    """`value` of `source` in `target`, exact to 34 digits and not rounded; None when it cannot be known."""
    if normal(source) == normal(target):
        return value
    a, b = parse_unit(source), parse_unit(target)
    if a is None or b is None or a.note != b.note:
        return None
    try:
        return _converted(value, a, b, molar_mass)
    except ArithmeticError:  # a number no scale of any instrument reaches
        return None


def _converted(value: Decimal, a: Unit, b: Unit, molar_mass: Decimal | None) -> Decimal | None:
    if a.dim == b.dim:
        base = _EXACT.multiply(_EXACT.add(value, a.offset), a.factor) if a.offset else _EXACT.multiply(value, a.factor)
        result = _EXACT.divide(base, b.factor)
        return _EXACT.subtract(result, b.offset) if b.offset else result
    bridged = _bridge(a, b, molar_mass)
    return None if bridged is None else _EXACT.multiply(value, bridged)


def _bridge(a: Unit, b: Unit, molar_mass: Decimal | None) -> Decimal | None:
    """The factor between a mass and a molar concentration of one analyte."""
    if not molar_mass:
        return None
    da, db = dict(a.dim), dict(b.dim)
    if da.pop("g", 0) == 1 and db.pop("mol", 0) == 1 and da == db:
        return _EXACT.divide(_EXACT.divide(a.factor, molar_mass), b.factor)
    da, db = dict(a.dim), dict(b.dim)
    if da.pop("mol", 0) == 1 and db.pop("g", 0) == 1 and da == db:
        return _EXACT.divide(_EXACT.multiply(a.factor, molar_mass), b.factor)
    return None


def same_dimension(a: str, b: str) -> bool:
    """True when the two units measure the same kind of thing and convert without a molar mass."""
    left, right = parse_unit(a), parse_unit(b)
    return left is not None and right is not None and left.dim == right.dim and left.note == right.note
