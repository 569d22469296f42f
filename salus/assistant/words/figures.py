"""Numbers, dates and units as English and French write them. Small and quick: no locale database on the main path.

French: decimal comma, narrow no-break space between thousands, no-break space before units; English: point and comma.
Dates are day month year in both ("3 March 2026", "3 mars 2026"): no reader can take one for the other.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from salus.records.times import Period, When
from salus.records.units import Quantity, normal

THIN = "\u202f"
_BEFORE = re.compile(r" ([:;?!»])")
_MICRO = re.compile(r"(?<![A-Za-z])u(?=[A-Z]|g|k|m|s)")
_BARE = str.maketrans({"{": None, "}": None, "[": None, "]": None, "_": " "})
MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
WEEKDAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
}

# UCUM as people write it: (English, French). What is not listed is shown without braces and brackets.
SHOWN = {
    "%": ("%", "%"),
    "%{points}": ("percentage points", "points de pourcentage"),
    "/min": ("per minute", "par minute"),
    "/mm3": ("per mm³", "par mm³"),
    "/uL": ("per µL", "par µL"),
    "meq/L": ("mEq/L", "mEq/L"),
    "mosm/kg": ("mOsm/kg", "mOsm/kg"),
    "{steps}": ("steps", "pas"),
    "{flights}": ("flights", "étages"),
    "{strokes}": ("strokes", "mouvements"),
    "{pushes}": ("pushes", "poussées"),
    "{puffs}": ("puffs", "bouffées"),
    "{falls}": ("falls", "chutes"),
    "{drinks}": ("drinks", "verres"),
    "{#}": ("", ""),
    "#": ("", ""),
    "{index}": ("", ""),
    "{count}": ("", ""),
    "{score}": ("", ""),
    "mm[Hg]": ("mmHg", "mmHg"),
    "Cel": ("°C", "°C"),
    "[degF]": ("°F", "°F"),
    "[lb_av]": ("lb", "lb"),
    "[stone_av]": ("st", "st"),
    "[in_i]": ("in", "po"),
    "[ft_i]": ("ft", "pi"),
    "[mi_i]": ("mi", "mi"),
    "[mi_i]/h": ("mph", "mi/h"),
    "kg/m2": ("kg/m²", "kg/m²"),
    "mL/min/{1.73_m2}": ("mL/min/1.73 m²", "mL/min/1,73 m²"),
    "10*3/uL": ("thousand/µL", "milliers/µL"),
    "10*6/uL": ("million/µL", "millions/µL"),
    "10*9/L": ("×10⁹/L", "G/L"),
    "10*12/L": ("×10¹²/L", "T/L"),
    "[pH]": ("", ""),
    "{INR}": ("", ""),
    "{ratio}": ("", ""),
    "1": ("", ""),
    "a": ("years", "ans"),
    "d": ("days", "jours"),
    "wk": ("weeks", "semaines"),
    "mo": ("months", "mois"),
}

# A change over time: what stands after its unit.
PER = {"mo": ("per month", "par mois"), "wk": ("per week", "par semaine")}

# How one of it is called. French counts in the singular up to 2, English 1 alone.
ONE = {
    "%{points}": ("percentage point", "point de pourcentage"),
    "{steps}": ("step", "pas"),
    "{flights}": ("flight", "étage"),
    "{strokes}": ("stroke", "mouvement"),
    "{pushes}": ("push", "poussée"),
    "{puffs}": ("puff", "bouffée"),
    "{falls}": ("fall", "chute"),
    "{drinks}": ("drink", "verre"),
    "10*3/uL": ("thousand/µL", "millier/µL"),
    "10*6/uL": ("million/µL", "million/µL"),
    "a": ("year", "an"),
    "d": ("day", "jour"),
    "wk": ("week", "semaine"),
    "mo": ("month", "mois"),
}


def number(value: int | Decimal, lang: str) -> str:
    """All its digits, grouped by thousands (years and codes never pass through here)."""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    sign, text = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = text.partition(".")
    if len(whole) > 3:
        whole = f"{int(whole):,}".replace(",", THIN if lang == "fr" else ",")
    return sign + whole + (f"{',' if lang == 'fr' else '.'}{rest}" if rest else "")


def unit(ucum: str, lang: str) -> str:
    """A UCUM unit for people, however a record spells it; '' for a plain number."""
    known = normal(ucum.replace("[IU]", "[iU]"))
    shown = SHOWN.get(known)
    if shown is not None:
        return shown[0 if lang == "en" else 1]
    whole, per, time = known.rpartition("/")
    if per and whole and time in PER:
        return f"{unit(whole, lang)} {PER[time][lang != 'en']}".strip()
    plain = _MICRO.sub("µ", known.replace("[iU]", "IU" if lang == "en" else "UI"))
    return plain.translate(_BARE)


def quantity(value: Quantity, lang: str) -> str:
    """Hours and minutes for long times in minutes, else the number and its unit."""
    if value.unit == "min" and value.value >= 100 and value.value == value.value.to_integral_value():
        hours, minutes = divmod(int(value.value), 60)
        space = " " if lang == "en" else "\u00a0"
        return f"{hours}{space}h{space}{minutes:02d}{space}min" if minutes else f"{hours}{space}h"
    shown = unit(value.unit, lang)
    one = ONE.get(normal(value.unit))
    if one is not None and (abs(value.value) == 1 if lang == "en" else abs(value.value) < 2):
        shown = one[0 if lang == "en" else 1]
    if not shown:
        return number(value.value, lang)
    tight = lang == "en" and shown in ("%", "°C", "°F")
    return number(value.value, lang) + ("" if tight else "\u00a0") + shown


def day(value: date, lang: str) -> str:
    """3 March 2026; French writes the first of the month as 1er."""
    name = "1er" if lang == "fr" and value.day == 1 else str(value.day)
    return f"{name}\u00a0{MONTHS[lang][value.month - 1]} {value.year}"


def weekday(value: date, lang: str) -> str:
    return f"{WEEKDAYS[lang][value.weekday()]} {day(value, lang)}"


def moment(value: datetime, lang: str) -> str:
    """A day and the time of day, in the value's own zone."""
    clock = f"{value.hour:02d}:{value.minute:02d}" if lang == "en" else f"{value.hour}\u00a0h\u00a0{value.minute:02d}"
    return f"{day(value.date(), lang)}, {clock}" if lang == "en" else f"{day(value.date(), lang)} à {clock}"


def when(value: When, lang: str) -> str:
    """No more than was recorded: a year, a month, a day."""
    if value.precision == "year":
        return str(value.first.year)
    if value.precision == "month":
        return f"{MONTHS[lang][value.first.month - 1]} {value.first.year}"
    return day(value.first, lang)


# A preposition before a day, and before a month or a year: what a translation asks for as {when:depuis}.
BEFORE = {
    "le": ("le ", "en "),
    "depuis": ("depuis le ", "depuis "),
    "du": ("du ", "de "),
    "au": ("au ", "à "),
}


def on(value: When | date, lang: str) -> str:
    """A time with its preposition: on a day (and at a time of day), in a month or a year."""
    if lang == "fr":
        return placed(value, "le")
    said = _time(value, lang)
    return f"in {said}" if _partial(value) else f"on {said}"


def placed(value: When | date, preposition: str) -> str:
    """A time in French after one of `BEFORE`, in the form its precision asks for."""
    said, partial = _time(value, "fr"), _partial(value)
    before = BEFORE[preposition][partial]
    return f"d’{said}" if before == "de " and said[0] in "ao" else before + said


def _partial(value: When | date) -> bool:
    return isinstance(value, When) and value.precision in ("year", "month")


def _time(value: When | date, lang: str) -> str:
    if isinstance(value, datetime):
        return moment(value, lang)
    return when(value, lang) if isinstance(value, When) else day(value, lang)


def period(value: Period, lang: str) -> str:
    """from … to …, since …, until …; one day as itself. A month or a year that both ends share is said once."""
    first, last = value.first, value.last
    if first and last:
        if first == last:
            return day(first, lang)
        opening, joint = ("from", "to") if lang == "en" else ("du", "au")
        return f"{opening} {_beginning(first, last, lang)} {joint} {day(last, lang)}"
    if first:
        return f"{'since' if lang == 'en' else 'depuis le'} {day(first, lang)}"
    if last:
        return f"{'until' if lang == 'en' else 'jusqu’au'} {day(last, lang)}"
    return "all time" if lang == "en" else "toute la période"


def _beginning(first: date, last: date, lang: str) -> str:
    whole = day(first, lang)
    if first.year != last.year:
        return whole
    monthly = whole.removesuffix(f" {first.year}")
    return monthly if first.month != last.month else monthly.partition("\u00a0")[0]


def typeset(french: str) -> str:
    """A French text of a data file with its typographic apostrophes and no-break spaces."""
    return _BEFORE.sub(lambda found: ("\u00a0" if found[1] in ":»" else THIN) + found[1],
                       french.replace("'", "’").replace("« ", "«\u00a0"))  # fmt: skip


def listed(items: list[str], lang: str) -> str:
    """a, b and c"""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {'and' if lang == 'en' else 'et'} {items[-1]}"
