"""What a question says of days beyond its period: a second period, limits to count by, and words nobody understood.

A question about days that were not understood is not answered for others.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from salus.assistant import periods
from salus.knowledge.phrases import fold
from salus.records.metrics import metric
from salus.records.times import Period
from salus.records.units import Quantity
from salus.vault.view import VaultView

_VERSUS = re.compile(r"\b(?:vs\.?|versus|compared? (?:to|with)|than|against|par rapport a|comparee? a|que)\b")
_VISIT = re.compile(
    r"\b(?:since|after) (?:my|the) last (?:doctor'?s? )?(?:visit|appointment|consultation|check-?up)\b|"
    r"\bdepuis (?:ma|la|mon|le) (?:derniere?) (?:visite|consultation|rendez-vous|rdv)\b|"
    r"\bdepuis (?:ma|la|mon|le) (?:visite|consultation|rendez-vous|rdv) (?:derniere?|precedente?)\b"
)
_PARTS = re.compile(
    r"\b(?:(?:in the |every |each |at )?(?:mornings?|afternoons?|evenings?)|at night|after midnight|"
    r"at (?:noon|work|\d+ ?[ap]m)|(?:on )?week-?(?:ends?|days?)|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)days|"
    r"during (?:my |the )?\w+(?: \w+)?|while \w+(?: \w+)?|"
    r"le (?:matin|soir|week-?end|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?|"
    r"l'apres-midi|(?:les |en )(?:week-?ends?|semaine)|la nuit|"
    r"pendant (?:que |ma |mon |mes |la |le |les )?\w+(?: \w+)?)\b"
)
_WHEN = re.compile(
    r"\b(?:(?:\w+ ){0,2}ago|(?:ever )?since (?!when)\w+(?: \w+){0,4}|depuis (?!quand|combien)\w+(?: \w+){0,4}|"
    r"(?:\w+ \w+ )?before (?!last\b)\w+(?: \w+){0,3}|after \w+(?: \w+){0,3}|avant (?!tout)\w+(?: \w+){0,3}|"
    r"apres \w+(?: \w+){0,3}|until \w+(?: \w+){0,2}|jusqu'\w+(?: \w+){0,2}|"
    r"(?:early|late|mid)[- ]\w+|(?:debut|fin|mi)[- ]\w+|"
    r"(?:(?:last|this|in the|l'|cet|en|d') ?)(?:summer|winter|spring|autumn|ete|hiver|printemps|automne)|"
    r"il y a \w+(?: \w+)?|(?:the )?other day|l'autre jour|(?:on )?my (?:\w+ )?birthday|"
    r"the (?:year|day|week) (?:i|that|when) \w+|"
    r"when i (?:was|had|got) \w+(?: \w+)?|at (?:the )?age \w+(?: \w+)?|quand j'\w+ \w+(?: \w+)?|a l'age \w+ \w+|"
    r"(?:in|en) \d{4}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{2,4}|"
    r"(?:on|le) (?:the )?\d{1,2}(?:st|nd|rd|th|er)?(?=\s{3,}|\s*$))\b"
)
_ABOVE = (
    r"(?:hits?|reach(?:ed)?|exceeded?|over|above|more than|at least|beat|plus d'?e?|au moins|atteint|depasse|"
    r"au-dessus d'?e?)"
)
_BELOW = r"(?:less than|under|below|fewer than|moins d'?e?|en dessous d'?e?|sous)"
_AMOUNT = (
    r"(?: les)? ?(?P<number>\d+(?:[ ,.\u202f\u00a0]\d{3})*(?:[.,]\d+)?)(?P<k> ?k\b)?"
    r"(?! ?(?:days?|weeks?|months?|years?|jours?|semaines?|mois|ans?|annees?|nights?|nuits?|times?|fois|%|/))"
    r" ?(?P<unit>steps?|pas|hours?|h|heures?|minutes?|min|km|kcal|calories|bpm|kg)?\b"
)
_LIMIT = re.compile(rf"\b(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW})) ?{_AMOUNT}")
_UNITS = {
    "step": "{steps}", "pas": "{steps}", "hour": "h", "h": "h", "heure": "h", "minute": "min", "min": "min", "km": "km",
    "kcal": "kcal", "calorie": "kcal", "bpm": "/min", "kg": "kg",
}  # fmt: skip


class Limit(NamedTuple):
    """A figure to count days by, as it was said. `unit` is UCUM or nothing."""

    value: Decimal
    unit: str
    above: bool

    def of(self, key: str) -> Decimal | None:
        """In a metric's canonical unit, or None when it is a figure of another kind."""
        wanted = metric(key).unit
        if not self.unit:
            return self.value if wanted not in ("min", "h") else None
        if self.unit == wanted:
            return self.value
        found = Quantity(self.value, self.unit).to(wanted)
        return found.value if found else None


def plain(text: str) -> str:
    """Folded, with every character in its place."""
    return "".join((fold(c) or " ")[0] for c in text)


def since_visit(text: str, view: VaultView) -> periods.Found | None:
    """ "since my last visit": the days from the newest visit on. None where there is none, or it is not said."""
    said = _VISIT.search(plain(text))
    if said is None:
        return None
    for resource in view.resources("Encounter", limit=20):
        if resource.time is not None and resource.body.get("status") not in NOT_VISITED:
            day = resource.time.day_in(view.person.zone)
            if day <= view.today:
                return periods.Found(Period(day, view.today, said.group()), said.start(), said.end())
    return None


_AGE = re.compile(
    r"\b(?:when i was|at (?:the )?age (?:of )?|at|quand j'avais|a (?:l'age de )?) ?"
    r"(?P<age>\d{1,3})(?: ans| years old)?\b"
)


def at_age(text: str, view: VaultView) -> periods.Found | None:
    """ "when I was 40": the year from that birthday to the next. None without a birth date, or where it is not said."""
    said, born = _AGE.search(plain(text)), view.person.born
    if said is None or born is None or (said.group().startswith(("at ", "a ")) and not _SAYS_AGE.search(said.group())):
        return None
    first, after = (_birthday(born, int(said["age"]) + more) for more in (0, 1))
    return periods.Found(Period(first, after - timedelta(days=1), said.group()), said.start(), said.end())


_SAYS_AGE = re.compile(r"age|ans|years old")


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # born on 29 February
        return date(born.year + years, 3, 1)


def versus(text: str, view: VaultView, month_first: bool) -> periods.Found | None:
    """The period that the first one is compared with. `text` has the first one blanked out."""
    for said in _VERSUS.finditer(plain(text)):
        found = periods.find(text[said.end() :], view.today, month_first=month_first)
        if found and found.start <= MOST_BETWEEN:
            return periods.Found(found.period, said.start(), said.end() + found.end)
    return None


NOT_VISITED = ("cancelled", "entered-in-error", "planned")
MOST_BETWEEN = 12
"""Letters between "than" and the days it is about."""


def limit(text: str) -> tuple[Limit, int, int] | None:
    """ "10,000 steps or more", "less than 6 hours": the figure, and where it stands."""
    said = _LIMIT.search(plain(text))
    if said is None:
        return None
    digits = re.sub(r"[ \u202f\u00a0]|[,.](?=\d{3}(?!\d))", "", said["number"]).replace(",", ".")
    value = Decimal(digits) * (1000 if said["k"] else 1)
    unit = said["unit"] or ""
    ucum = _UNITS.get(unit if unit == "pas" else unit.removesuffix("s"), "")
    return Limit(value, ucum, bool(said["above"])), *said.span()


_FIGURE = re.compile(r"(?<![\w.,/-])(\d+(?:[ ,.\u202f\u00a0]\d{3})*(?:[.,]\d+)?)( ?k\b)?(?![\w/-])")


def figure(text: str, said: Limit | None) -> Decimal | None:
    """A bare figure to count days by ("and 12000?"); None where it was said with a side (`said`)."""
    found = _FIGURE.search(plain(text)) if said is None else None
    if found is None:
        return None
    digits = re.sub(r"[ \u202f\u00a0]|[,.](?=\d{3}(?!\d))", "", found[1]).replace(",", ".")
    return Decimal(digits) * (1000 if found[2] else 1)


def not_understood(text: str, *, whole_days: bool) -> str | None:
    """The words about time that are left when all that was understood is blanked out; the first of them.

    `whole_days`: parts of a day, weekends and the like are not understood either.
    """
    folded = plain(text)
    found = _WHEN.search(folded) or (_PARTS.search(folded) if whole_days else None)
    return " ".join(text[found.start() : found.end()].split()) if found else None
