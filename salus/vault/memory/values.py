"""Are two recorded values one? Numbers within the rounding of their printed digits, whatever the unit; words folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from salus.records.resource import concept_text, quantity
from salus.records.units import Quantity, convert, normal, parse_unit
from salus.vault.memory.facts import codings_of
from salus.vault.memory.folding import key

Alike = Literal["same", "differ", "unknown", "other"]
"""other: they are not values of one kind (a percentage and a count), so not of one test."""

_WORDS = {
    "negative": (
        "negative",
        "negatif",
        "neg",
        "not detected",
        "non detecte",
        "absent",
        "none",
        "non reactive",
        "nonreactive",
        "-",
        "undetected",
        "absence",
        "260385009",
        "260415000",
        "non detected",
    ),
    "positive": (
        "positive",
        "positif",
        "pos",
        "detected",
        "detecte",
        "present",
        "reactive",
        "+",
        "10828004",
        "260373001",
        "presence",
    ),
    "normal": ("normal", "normale", "within normal limits", "dans les normes"),
    "trace": ("trace", "traces"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A number with its unit and comparator ("<"), or a word; `shown` as it was written."""

    number: Decimal | None
    unit: str
    comparator: str
    word: str
    shown: str


@lru_cache(maxsize=1)
def _spelt() -> dict[str, str]:
    return {key(word): name for name, listed in _WORDS.items() for word in listed}


def read(body: Mapping[str, Any]) -> Value | None:
    """The value of an Observation or of one of its components; None when it has none."""
    found = body.get("valueQuantity")
    if isinstance(found, Mapping):
        amount = quantity(found)
        if amount is not None:
            comparator = str(found.get("comparator") or "")
            return Value(
                amount.value, amount.unit, comparator, "", f"{comparator}{amount.value:f} {amount.unit}".strip()
            )
        return None
    concept = body.get("valueCodeableConcept")
    if isinstance(concept, Mapping):
        text = concept_text(concept)
        code = next((c for c in codings_of(concept) if key(c) in _spelt()), "")
        return (
            Value(None, "", "", _spelt().get(key(code)) or _spelt().get(key(text)) or key(text), text) if text else None
        )
    for name in ("valueString", "valueDateTime", "valueBoolean", "valueInteger"):
        if name in body:
            return _plain(body[name])
    return None


def _plain(value: Any) -> Value | None:
    text = str(value).strip()
    if not text:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return Value(Decimal(value), "", "", "", text)
    head, _, tail = text.partition(" ")
    comparator = next((c for c in ("<=", ">=", "<", ">") if head.startswith(c)), "")
    number = head.removeprefix(comparator).replace(",", ".")
    if number.replace(".", "", 1).isdigit() and number.isascii() and (not tail or len(tail) < 20):
        return Value(Decimal(number), normal(tail), comparator, "", text)
    return Value(None, "", "", _spelt().get(key(text)) or key(text) or text, text)


def alike(a: Value | None, b: Value | None, molar: Decimal | None, valence: int = 0) -> Alike:
    """Whether two values of one test are one. `molar` (g/mol) lets a mass meet a molar concentration, `valence` an
    equivalent a mole."""
    if a is None or b is None:
        return "unknown"
    if a.number is None or b.number is None:
        return ("same" if a.word == b.word else "differ") if a.number is b.number else "differ"
    if a.comparator != b.comparator:
        return "differ"
    if not a.unit or not b.unit:
        return "same" if a.number == b.number else "differ"
    one, other = _unit(a.unit, valence), _unit(b.unit, valence)
    if one == other:  # one of them may be the other one rounded
        slack = max(_half(a.number), _half(b.number))
        rounded = _digits(a.number) != _digits(b.number) and abs(a.number - b.number) <= slack
        return "same" if a.number == b.number or rounded else "differ"
    if parse_unit(one) is None or parse_unit(other) is None:  # nothing is known of what is compared
        return "same" if a.number == b.number else "unknown"
    turned = convert(a.number, one, other, molar)
    if turned is None:
        return "other"
    half = _half(a.number) if _offset(one, other) else convert(_half(a.number), one, other, molar)
    slack = _half(b.number) + (abs(half) if half is not None else Decimal(0))
    return "same" if abs(turned - b.number) <= slack else "differ"


def on_line(a: Value | None, b: Value | None, line: Sequence[str]) -> bool:
    """True when one value is the other on a line: (unit, other unit, slope, offset) of `results.toml`."""
    if a is None or b is None or a.number is None or b.number is None or len(line) != 4:
        return False
    first, second = _unit(line[0], 0), _unit(line[1], 0)
    one, other = (a, b) if _unit(a.unit, 0) == first else (b, a)
    if _unit(one.unit, 0) != first or _unit(other.unit, 0) != second or one.number is None or other.number is None:
        return False
    slope = Decimal(line[2])
    slack = _half(other.number) + _half(one.number) * slope
    return abs(one.number * slope + Decimal(line[3]) - other.number) <= slack


@lru_cache(maxsize=1024)
def _unit(unit: str, valence: int) -> str:
    """The unit as it is compared: an international unit of one test is its unit, an equivalent of a monovalent ion is
    its mole, and the spellings `records.units` leaves."""
    found = normal(unit)
    for written, meant in _SPELT_UNITS:
        found = found.replace(written, meant)
    if valence == 1:
        found = found.replace("meq", "mmol").replace("ueq", "umol")
    return normal(found)


_SPELT_UNITS = (
    ("µ", "u"), ("μ", "u"), ("[iU]", "U"), ("[IU]", "U"), ("UI", "U"), ("IU", "U"), ("²", "2"), ("10E", "10*"),
    ("1,73", "1.73"), ("1.73 m2", "1.73m2"), ("/1.73m2", "/{1.73_m2}"), ("cells/", "/"), ("giga/l", "10*9/L"),
)  # fmt: skip


def _offset(a: str, b: str) -> bool:
    return {"Cel", "[degF]", "K"} & {normal(a), normal(b)} != set()


def _digits(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _half(number: Decimal) -> Decimal:
    """Half of the last printed digit."""
    return Decimal(5).scaleb(-_digits(number) - 1)


def shown(value: Value | None) -> Quantity | str:
    if value is None:
        return ""
    if value.number is not None and not value.comparator:
        return Quantity(value.number, value.unit)
    return value.shown
