"""What a person types, as values: "82,5 kg", "128/82", "yesterday 08:30", "tension", in English and French.

Reads the words of entries only; questions are the assistant's.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from salus.errors import UsageError
from salus.knowledge.labs import recognise
from salus.knowledge.phrases import fold
from salus.records.metrics import metric, metrics
from salus.records.text import T
from salus.records.times import When
from salus.records.units import normal, parse_unit

PRESSURE = "blood_pressure"
_PRESSURE = ("blood pressure", "bp", "pressure", "tension", "tension arterielle", "pression arterielle", "ta")
_AMOUNT = re.compile(r"\s*(?P<sign>[<>])?\s*(?P<number>[-−]?\d+(?:[.,]\d+)?)\s*(?P<unit>\S.*)?$")
_PAIR = re.compile(
    r"\s*(?P<high>\d+(?:[.,]\d+)?)\s*(?:/|sur|over|,\s|\s)\s*(?P<low>\d+(?:[.,]\d+)?)\s*(?P<unit>[a-zA-Z ]*)$"
)
_UNITS = {
    "c": "Cel", "°c": "Cel", "celsius": "Cel", "f": "[degF]", "°f": "[degF]", "fahrenheit": "[degF]", "kilos": "kg",
    "kilo": "kg", "kgs": "kg", "pounds": "[lb_av]", "pound": "[lb_av]", "livres": "[lb_av]", "livre": "[lb_av]",
    "inches": "[in_i]", "pouces": "[in_i]", "feet": "[ft_i]", "pieds": "[ft_i]", "stone": "[stone_av]",
    "mg/dl": "mg/dL", "mmol/l": "mmol/L", "l/min": "L/min", "g/l": "g/L", "mmhg": "mm[Hg]", "pas": "{steps}",
    "steps": "{steps}", "puffs": "{puffs}", "bouffees": "{puffs}", "minutes": "min", "hours": "h", "heures": "h",
    "bpm": "/min", "kcal": "kcal", "litres": "L", "liters": "L", "ml": "mL", "pourcent": "%", "percent": "%",
    "verres": "{drinks}", "drinks": "{drinks}", "units": "[iU]", "unites": "[iU]", "ui": "[iU]", "iu": "[iU]",
}  # fmt: skip
_DAYS = {"today": 0, "aujourd'hui": 0, "now": 0, "yesterday": 1, "hier": 1}
_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3])\s*(?::|h|\.)\s*(?P<minute>[0-5]\d)?\s*(?P<half>am|pm)?$", re.I)
_DAY = re.compile(r"(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<year>\d{4})$")


class Amount(NamedTuple):
    """A figure as typed: `sign` is "<" or ">" before a bound, `unit` in UCUM ("" when none was typed)."""

    value: Decimal
    unit: str
    sign: str = ""


def amount(text: str) -> Amount:
    """Raises UsageError for what is no figure."""
    match = _AMOUNT.match(text)
    if match is None:
        raise UsageError(T("“{text}” is not a figure. Write it like 128 or 5.4, then its unit.", text=text.strip()))
    number = Decimal(match["number"].replace(",", ".").replace("−", "-"))
    return Amount(number, unit(match["unit"] or ""), match["sign"] or "")


def unit(text: str) -> str:
    """The UCUM spelling of a unit as people write it; itself where Salus knows no other."""
    plain = text.strip()
    known = normal(plain)
    if known != plain or not plain:
        return known
    found = _UNITS.get(fold(plain))
    return found if found is not None and (parse_unit(plain) is None or fold(plain) in ("c", "f")) else plain


def pressure(text: str) -> tuple[Decimal, Decimal] | None:
    """ "128/82", "13/8" (the French centimetres of mercury), "128 sur 82"; None for anything else. In mm[Hg]."""
    match = _PAIR.match(text)
    if match is None:
        return None
    high, low = (Decimal(match[part].replace(",", ".")) for part in ("high", "low"))
    if fold(match["unit"]).strip() in ("cmhg", "cm hg") or (high < 30 and low < 20):
        high, low = high * 10, low * 10
    return high.quantize(Decimal(1)) if high == high.to_integral_value() else high, (
        low.quantize(Decimal(1)) if low == low.to_integral_value() else low
    )


def metric_named(text: str) -> str | None:
    """The key of a metric called so in either language, `blood_pressure` for both figures of one; None if unknown."""
    plain = fold(text).replace("_", " ").strip()
    if plain in _PRESSURE:
        return PRESSURE
    return _names().get(plain)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
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


def moment(text: str | None, now: datetime, zone: tzinfo) -> datetime:
    """ "08:30", "yesterday 20h", "2026-11-24 08:30", "24/11/2026 8h30", an instant; None is now. In the person's zone.

    A day alone is its noon. Raises UsageError.
    """
    if text is None or not text.strip():
        return now.replace(microsecond=0)
    plain = fold(text).replace("’", "'").strip()
    whole = When.parse(text.strip())
    if whole is not None and whole.instant is not None:
        return whole.instant
    here = now.astimezone(zone)
    words = plain.replace(" at ", " ").replace(" a ", " ").replace("t", " ", 1) if plain[:1].isdigit() else plain
    words = words.replace(" at ", " ").replace(" a ", " ")
    head, _, tail = words.partition(" ")
    day = _day(head, here.date())
    if day is None:
        day, tail = here.date(), words
    clock = _CLOCK.match(tail.strip()) if tail.strip() else None
    if tail.strip() and clock is None:
        raise UsageError(T("“{text}” is not a time. Write it like 2026-11-24 08:30, or 08:30.", text=text))
    if clock is None:
        if plain == "now":
            return now.replace(microsecond=0)
        return datetime.combine(day, time(12), zone)
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower() == "pm" else 0)
    return datetime.combine(day, time(hour, int(clock["minute"] or 0)), zone)


def _day(text: str, today: date) -> date | None:
    if text in _DAYS:
        return today - timedelta(days=_DAYS[text])
    try:
        if match := _DAY.match(text):
            return date(int(match["year"]), int(match["b"]), int(match["a"]))
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def when(text: str, today: date) -> When:
    """A date as precise as it was written: 2026, 2026-11, 2026-11-24, 24/11/2026, yesterday. Raises UsageError."""
    plain = fold(text).strip()
    day = _day(plain, today)
    found = When.of_day(day) if day is not None else When.parse(plain)
    if found is None:
        raise UsageError(T("“{text}” is not a date. Write it like 2026-11-24, 2026-11 or 2026.", text=text))
    return found
