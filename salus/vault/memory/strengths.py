"""Strengths written in a medicine's name or a dosage: in mg or units, of combinations, what an inhaler delivers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.vault.memory.folding import fold

Strength = tuple[Decimal, str, str]
"""(amount, "mg" | "unit" | "%" | "meq" … or "" where no unit is written, per what: "" | "ml" | "h" | "dose")"""

_NUMBER = r"(?:(?<![a-z\d])\d{1,3}(?:[ ,]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?)"
_UNIT = (
    r"(mg|mcg|ug|microgrammes?|micrograms?|microgramos?|mikrogramm|milligrammes?|milligrams?|miligramos?|"
    r"g|grammes?|grams?|gramos?|mui|ui|iu|ie|units?|unites?|unidades|einheiten|unt|u|%|meq|mmol)(?![a-z])"
)
PATTERN = re.compile(
    rf"({_NUMBER})\s*{_UNIT}"
    r"(?:\s*/\s*(?:(\d+(?:[.,]\d+)?)\s*)?"
    r"(ml|actuat|actuation|doses?|h|hr|hour|heures?|bouffees?|inhalation|puffs?|spray|pulverisation|pulsacion|hub)(?![a-z]))?"
)
_SIDE_BY_SIDE = re.compile(rf"(?<![\d.,])(\d+(?:[.,]\d+)?)((?:\s*[/-]\s*\d+(?:[.,]\d+)?)+)\s*{_UNIT}")
_NO_UNIT = re.compile(r"(?<![\d.,])(\d+(?:[.,]\d+)?)((?:\s*[/-]\s*\d+(?:[.,]\d+)?)+)(?![\d.,]|\s*%)")
_UNITS: dict[str, tuple[str, int | str]] = {
    "mg": ("mg", 1), "milligramme": ("mg", 1), "milligram": ("mg", 1), "miligramo": ("mg", 1),
    "mcg": ("mg", "0.001"), "ug": ("mg", "0.001"), "microgramme": ("mg", "0.001"), "microgram": ("mg", "0.001"),
    "microgramo": ("mg", "0.001"), "mikrogramm": ("mg", "0.001"),
    "g": ("mg", 1000), "gramme": ("mg", 1000), "gram": ("mg", 1000), "gramo": ("mg", 1000),
    "ui": ("unit", 1), "iu": ("unit", 1), "ie": ("unit", 1), "unit": ("unit", 1), "unite": ("unit", 1),
    "unidade": ("unit", 1), "einheiten": ("unit", 1), "u": ("unit", 1), "unt": ("unit", 1), "mui": ("unit", 1_000_000),
    "%": ("%", 1), "meq": ("meq", 1), "mmol": ("mmol", 1),
}  # fmt: skip
_PER = {
    "actuat": "dose", "actuation": "dose", "dose": "dose", "bouffee": "dose", "inhalation": "dose", "puff": "dose",
    "spray": "dose", "pulverisation": "dose", "pulsacion": "dose", "hub": "dose",
    "hr": "h", "hour": "h", "heure": "h", "h": "h", "ml": "ml",
}  # fmt: skip
_THOUSAND = Decimal(1000)


def number(text: str) -> Decimal | None:
    """A written number; "1 000" and "1,000" are a thousand, "2,5" is two and a half."""
    bare = re.sub(r"(?<=\d)[ ,.](?=\d{3}(?:\D|$))", "", text) if re.fullmatch(r"\d{1,3}(?:[ ,]\d{3})+", text) else text
    try:
        return Decimal(bare.replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        return None


def spread(text: str) -> str:
    """Folded text with "875/125 mg" written out as "875 mg 125 mg"."""

    def each(found: re.Match[str]) -> str:
        amounts = [found.group(1), *re.findall(r"\d+(?:[.,]\d+)?", found.group(2))]
        return " ".join(f"{amount} {found.group(3)}" for amount in amounts)

    return _SIDE_BY_SIDE.sub(each, fold(text))


@lru_cache(maxsize=4096)
def strengths(text: str) -> frozenset[Strength]:
    """Every strength written in a text, in mg (or units), per what."""
    found: set[Strength] = set()
    for amount, unit, n, per in PATTERN.findall(spread(text)):
        value, times = number(amount), number(n) if n else Decimal(1)
        name, factor = _UNITS[unit if unit in _UNITS else unit.rstrip("s")]
        if value is not None and times:
            of = _PER.get(per) or _PER.get(per.rstrip("s"), "")
            found.add(((value * Decimal(factor) / times).normalize(), name, of))
    return frozenset(found)


def unitless(text: str, count: int) -> frozenset[Strength]:
    """The amounts of a combination of `count` ingredients written without a unit: "Percocet 5-325"."""
    for first, rest in _NO_UNIT.findall(fold(text)):
        amounts = [number(a) for a in (first, *re.findall(r"\d+(?:[.,]\d+)?", rest))]
        if len(amounts) == count:
            return frozenset((amount.normalize(), "", "") for amount in amounts if amount is not None)
    return frozenset()


def same(a: Iterable[Strength], b: Iterable[Strength], ingredients: frozenset[str]) -> bool | None:
    """Whether two written strengths of one medicine are one; None where they cannot be compared.

    A concentration cannot be compared with an amount, nor mg with a percentage. A combination that names the amount
    of only some ingredients agrees where those agree. What an inhaler delivers is its labelled dose.
    """
    one, other = _labelled(a, ingredients), _labelled(b, ingredients)
    if not one or not other:
        return None
    pers = ({per for _, _, per in one}, {per for _, _, per in other})
    if ("ml" in pers[0]) != ("ml" in pers[1]) or ("h" in pers[0]) != ("h" in pers[1]):
        return None
    units = ({unit for _, unit, _ in one} - {""}, {unit for _, unit, _ in other} - {""})
    if units[0] and units[1] and not units[0] & units[1]:
        return None
    left, right = ({(amount, unit) for amount, unit, _ in said} for said in (one, other))
    few, many = sorted((left, right), key=len)
    said_twice = len({unit for _, unit in many}) == len(many)  # "50 mcg (2,000 units)"
    if len(few) == 1 and len(many) > 1 and _equal(next(iter(few)), _sum(many)):
        return True  # "co-amoxiclav 625 mg"
    whole = len(few) == len(many) or len(ingredients) > 1 or said_twice
    return whole and all(any(_equal(x, y) for y in many) for x in few)


def _sum(said: set[tuple[Decimal, str]]) -> tuple[Decimal, str]:
    units = {unit for _, unit in said}
    return sum((amount for amount, _ in said), Decimal(0)), units.pop() if len(units) == 1 else "?"


def _equal(x: tuple[Decimal, str], y: tuple[Decimal, str]) -> bool:
    if x[1] and y[1]:
        return x == y
    return x[0] == y[0] or x[0] * _THOUSAND == y[0] or y[0] * _THOUSAND == x[0]


@lru_cache(maxsize=1)
def _delivered() -> dict[str, dict[Decimal, Decimal]]:
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("dosage.toml").read_text("utf-8"))
    return {
        ingredient: {Decimal(out) / _THOUSAND: Decimal(label) / _THOUSAND for label, out in pairs}
        for ingredient, pairs in data["delivered"].items()
    }


def _labelled(said: Iterable[Strength], ingredients: frozenset[str]) -> frozenset[Strength]:
    known = [_delivered()[i] for i in ingredients if i in _delivered()]
    units = next((_units_a_mg()[i] for i in ingredients if i in _units_a_mg()), None)
    found: set[Strength] = set()
    for amount, unit, per in said:
        if unit == "unit" and units is not None:
            amount, unit = (amount / units).normalize(), "mg"
        times = Decimal(1) if unit == "mg" else _THOUSAND if not unit else None
        if times is not None:
            amount = next((label[amount / times] * times for label in known if amount / times in label), amount)
        found.add((amount.normalize(), unit, per))
    return frozenset(found)


@lru_cache(maxsize=1)
def _units_a_mg() -> dict[str, Decimal]:
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("dosage.toml").read_text("utf-8"))
    return {ingredient: Decimal(units) for ingredient, units in data["units_a_mg"].items()}
