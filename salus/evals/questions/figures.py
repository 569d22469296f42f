"""Figures in words: which numbers a text prints, and whether a printed number is one of the known ones, rounded.

Pure. Reads English and French numbers (6.4, 6,4, 12 345, 12,345); letters glued to digits (A1c, B12) are names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

_GROUP = "\u00a0\u202f\u2009"
_NUMBER = re.compile(
    rf"(?<![\w.,])\d{{1,3}}(?:[{_GROUP} ,]\d{{3}})+(?:[.,]\d+)?(?!\w)|(?<![\w.,])\d+(?:[.,]\d+)?(?!\w)"
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s?(?:h|:)\s?(\d{2})(?!\d)")


class Printed(NamedTuple):
    """A number as printed: its value and how many digits stand after the point."""

    value: Decimal
    digits: int


def printed(text: str, lang: str) -> Iterator[Printed]:
    """Every number of a text. In English a comma before three digits groups thousands; in French it is the point."""
    text = _CLOCK.sub(r"\1 \2 ", text)
    for match in _NUMBER.finditer(text):
        yield read(match.group(), lang)


def read(text: str, lang: str) -> Printed:
    """One number as printed."""
    plain = re.sub(rf"[{_GROUP} ]", "", text)
    if lang == "fr" or not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", ".")
    else:
        plain = plain.replace(",", "")
    return Printed(Decimal(plain), len(plain.partition(".")[2]))


def known(figure: Printed, numbers: Iterable[Decimal]) -> bool:
    """True when some number, rounded to the printed digits (either way at a half), is the printed one."""
    step = Decimal(1).scaleb(-figure.digits)
    half = step / 2
    return any(abs(abs(number) - figure.value) <= half for number in numbers)


def numbers(value: Any) -> Iterator[Decimal]:
    """Every number in a JSON-like value: numbers themselves, and those written in its texts (dates, names, doses)."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, (int, float, Decimal)):
        try:
            yield Decimal(str(value))
        except InvalidOperation:
            return
    elif isinstance(value, str):
        for match in re.finditer(r"\d+(?:[.,]\d+)?", value):
            yield Decimal(match.group().replace(",", "."))
        for match in re.finditer(r"\d+", value):
            yield Decimal(match.group())
    elif isinstance(value, dict):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from numbers(item)
