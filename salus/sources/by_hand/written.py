"""What a person types, as values: "82,5 kg", "128/82", "tension", in English and French.

Reads the words of entries only; questions are the assistant's.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import tomli as tomllib

from salus.errors import UsageError
from salus.knowledge.labs import recognise
from salus.knowledge.phrases import fold
from salus.records.metrics import metric, metrics
from salus.records.text import T
from salus.records.units import normal, parse_unit
from salus.sources.by_hand.moments import moment, when

__all__ = [
    "PRESSURE", "Amount", "amount", "default_unit", "metric_named", "moment", "pressure", "test_named", "unit", "when",
]  # fmt: skip

PRESSURE = "blood_pressure"
_PRESSURE = frozenset({
    "blood pressure", "bp", "pressure", "tension", "tension arterielle", "pression arterielle", "pression", "ta",
    "arterial pressure", "ma tension", "my blood pressure",
})  # fmt: skip
_SPACE = "[ \u00a0\u2009\u202f]"
_NUMBER = (
    rf"[-−+]?(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][-+−]?\d{{1,2}}(?![\w]))?"
)
_AMOUNT = re.compile(rf"\s*(?P<sign><=|>=|[<>≤≥])?\s*(?P<number>{_NUMBER})(?P<unit>.*)", re.S)
_GROUPED = re.compile(r"[-+−]?\d{1,3}([.,])\d{3}(?:\1\d{3})+")
_SIGNS = {"≤": "<=", "≥": ">="}
_POWER = re.compile(r"[x×*·]?\s*10\s*(?:[*^]|\*\*)?\s*([0-9⁰¹²³⁴-⁹]{1,2})(?=\s*/|\s*\.|$)")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_PAIR = re.compile(
    r"\s*(?P<high>\d{1,3}(?:[.,]\d{1,2})?)\s*(?:[/\\|-]|sur|over|on|,\s|;|\s)\s*(?P<low>\d{1,3}(?:[.,]\d{1,2})?)"
    r"\s*(?P<unit>[a-zA-Z\[\] ]*)\.?\s*"
)
KPA = Decimal("7.50062")
"""mm[Hg] in one kPa."""
_TWO = (
    # two figures of one value: the unit of the whole, and how much of the second makes one of the first
    (re.compile(
        r"\s*(\d{1,3})\s*(?:'|’|ft|feet|foot|pieds?)\s*(\d{1,2})\s*(?:\"|”|''|in|inch|inches|pouces?)?\s*"
    ), "[in_i]", 12),
    (re.compile(r"\s*(\d{1,3})\s*(?:st|stones?)\s*(\d{1,2})\s*(?:lbs?|pounds?)?\s*"), "[lb_av]", 14),
    (re.compile(r"\s*(\d{1,3})\s*(?:lbs?|pounds?)\s*(\d{1,2})\s*(?:oz|ounces?)\s*"), "[oz_av]", 16),
    (re.compile(r"\s*(\d{1,2})\s*h(?:ours?|eures?)?\s*(\d{1,2})\s*(?:m|min|minutes?)?\s*"), "min", 60),
)  # fmt: skip
_JOINED = (
    # the unit in the place of the decimal point: 1m75, 38°2, 3kg200
    (re.compile(r"\s*(\d)\s*m\s*(\d{2})\s*"), "m"),
    (re.compile(r"\s*(\d{2})\s*°\s*(\d)\s*(?:c|C)?\s*"), "Cel"),
    (re.compile(r"\s*(\d{1,3})\s*kg\s*(\d{3})\s*(?:g)?\s*"), "kg"),
)  # fmt: skip
_UNITS = {
    "c": "Cel", "°c": "Cel", "celsius": "Cel", "f": "[degF]", "°f": "[degF]", "fahrenheit": "[degF]", "kilos": "kg",
    "degrees": "", "degres": "", "degree": "", "degre": "", "°": "", "deg": "", "º": "", "ºc": "Cel", "degc": "Cel",
    "degf": "[degF]", "deg c": "Cel", "deg f": "[degF]", "degres celsius": "Cel", "degrees celsius": "Cel",
    "degrees fahrenheit": "[degF]", "degrees c": "Cel", "degrees f": "[degF]", "° c": "Cel", "° f": "[degF]",
    "kilo": "kg", "kgs": "kg", "kilogrammes": "kg", "kilogramme": "kg", "kilograms": "kg", "kilogram": "kg",
    "grams": "g", "grammes": "g", "gram": "g", "gramme": "g", "gr": "g", "lb": "[lb_av]", "lbs": "[lb_av]",
    "pounds": "[lb_av]", "pound": "[lb_av]", "livres": "[lb_av]", "livre": "[lb_av]", "in": "[in_i]", "inch": "[in_i]",
    "inches": "[in_i]", "pouces": "[in_i]", "pouce": "[in_i]", "ft": "[ft_i]", "feet": "[ft_i]", "pieds": "[ft_i]",
    "stone": "[stone_av]", "st": "[stone_av]", "centimetres": "cm", "centimeters": "cm", "metres": "m", "meters": "m",
    "metre": "m", "meter": "m", "cms": "cm", "mg/dl": "mg/dL", "mg/100ml": "mg/dL", "mmol/l": "mmol/L",
    "l/min": "L/min", "litres/min": "L/min", "l/mn": "L/min", "g/l": "g/L", "g/dl": "g/dL",
    "mmhg": "mm[Hg]", "mm hg": "mm[Hg]",
    "kpa": "kPa", "cmhg": "cm[Hg]", "pas": "{steps}", "steps": "{steps}", "step": "{steps}", "puffs": "{puffs}",
    "puff": "{puffs}", "bouffees": "{puffs}", "bouffee": "{puffs}", "minutes": "min", "minute": "min", "mins": "min",
    "mn": "min", "hours": "h", "heures": "h", "heure": "h", "hour": "h", "hrs": "h", "bpm": "/min",
    "beats per minute": "/min", "battements par minute": "/min", "battements/min": "/min", "beats/min": "/min",
    "/mn": "/min", "par minute": "/min", "per minute": "/min", "puls/min": "/min", "breaths/min": "/min",
    "kcal": "kcal", "litres": "L", "liters": "L", "litre": "L", "ml": "mL", "pourcent": "%", "percent": "%",
    "pour cent": "%", "per cent": "%", "verres": "{drinks}", "verre": "{drinks}",
    "drinks": "{drinks}", "drink": "{drinks}",
    "units": "[iU]", "unites": "[iU]", "ui": "[iU]", "iu": "[iU]", "unite": "[iU]", "unit": "[iU]",
}  # fmt: skip


class Amount(NamedTuple):
    """A figure as typed: `sign` is "<" or ">" before a bound, `unit` in UCUM ("" when none was typed)."""

    value: Decimal
    unit: str
    sign: str = ""


def amount(text: str) -> Amount:
    """A figure with its unit: "82,5 kg", "12 000 pas", "< 0.5", "5'10\"", "12 st 4 lb", "1m75", "38°2".

    A comma is a decimal point. Raises UsageError for what is no figure, or a figure that can be read in two ways.
    """
    if (together := _together(text)) is not None:
        return together
    match = _AMOUNT.fullmatch(text) if len(text) <= LONGEST else None
    said = match["unit"].strip() if match else ""
    if match is None or not _is_unit(said, spaced=match["unit"][:1].isspace()) or _GROUPED.match(text.strip()):
        raise _no_figure(text)
    plain = re.sub(_SPACE, "", match["number"]).replace(",", ".").replace("−", "-").removeprefix("+")
    sign = match["sign"] or ""
    try:
        number = Decimal(plain)
    except ArithmeticError as error:
        raise _no_figure(text) from error
    return Amount(number, unit(said), _SIGNS.get(sign, sign))


LONGEST = 60


def _no_figure(text: str) -> UsageError:
    return UsageError(
        T("“{text}” is not a figure. Write it like 128 or 5.4, then its unit.", text=text.strip()[:LONGEST])
    )


def _is_unit(said: str, *, spaced: bool) -> bool:
    """No second figure, but a power of ten: 4.5 10*9/L."""
    if not said:
        return True
    if power := _POWER.match(said):
        return spaced or power[0][0] in "x×*·"
    if said[0].isdigit() or said[0] in ".,:;-+<>=()'\"" or re.match(r"/\s*\d|[eEx]\d", said):
        return False
    return said.isprintable()


def _together(text: str) -> Amount | None:
    """One value in two figures."""
    if len(text) > LONGEST:
        return None
    for pattern, made, size in _TWO:
        if (match := pattern.fullmatch(text.lower())) and int(match[2]) < size:
            return Amount(Decimal(int(match[1]) * size + int(match[2])), made)
    for pattern, made in _JOINED:
        if match := pattern.fullmatch(text):
            return Amount(Decimal(f"{int(match[1])}.{match[2]}"), made)
    return None


def unit(text: str) -> str:
    """The UCUM spelling of a unit as people write it; itself where Salus knows no other."""
    plain = " ".join(text.split())
    if (power := _POWER.match(plain)) is not None:
        plain = f"10*{power[1].translate(_RAISED)}" + plain[power.end() :].replace(" ", "")
    known = normal(plain)
    if known != plain or not plain:
        return known
    found = _UNITS.get(fold(plain).rstrip(".") or plain)
    if found is None and plain in ("°", "º"):
        return ""
    return found if found is not None and (parse_unit(plain) is None or fold(plain) in _LOOK_ALIKE) else plain


_LOOK_ALIKE = frozenset({"c", "f", "st", "in", "deg", "unit"})
"""UCUM reads something else in them than people mean."""


def pressure(text: str) -> tuple[Decimal, Decimal] | None:
    """ "128/82", "13/8" (the French centimetres of mercury), "128 sur 82"; None for anything else. In mm[Hg]."""
    match = _PAIR.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        return None
    high, low = (Decimal(match[part].replace(",", ".")) for part in ("high", "low"))
    said = fold(match["unit"]).replace(" ", "").replace("[", "").replace("]", "")
    if said == "kpa":
        return (high * KPA).quantize(Decimal(1)), (low * KPA).quantize(Decimal(1))
    if said not in ("", "mmhg", "cmhg", "mm", "cm"):
        return None
    if said in ("cmhg", "cm") or (not said and high < 30 and low < 20):
        high, low = high * 10, low * 10
    return _short(high), _short(low)


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def metric_named(text: str) -> str | None:
    """The key of a metric called so in either language, `blood_pressure` for both figures of one; None if unknown."""
    plain = fold(text).replace("_", " ").strip()
    for name in (plain, " ".join(plain.replace("-", " ").split())):
        if name in _PRESSURE:
            return PRESSURE
        if name in _names():
            return _names()[name]
    return None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    data = resources.files("salus.sources.by_hand").joinpath("names.toml").read_text("utf-8")
    found: dict[str, str] = tomllib.loads(data)
    for row in metrics().values():
        found.setdefault(row.key.replace("_", " "), row.key)
    for row in metrics().values():
        for name in (row.en, row.fr):
            found.setdefault(fold(name), row.key)
    for row in metrics().values():
        for name in (*row.words_en, *row.words_fr):
            found.setdefault(fold(name), row.key)
    return found


def default_unit(key: str) -> str:
    """The unit a reading without one is in: the metric's own."""
    return metric(key).unit


def test_named(text: str) -> str | None:
    """The key of the laboratory test called so; None when it is not in the table, or several are meant."""
    spots = [spot for spot in recognise(text) if spot.kind == "test"]
    whole = [spot.key for spot in spots if len(fold(spot.words)) >= len(fold(text).strip()) - 2]
    return whole[0] if len(dict.fromkeys(whole)) == 1 else None
