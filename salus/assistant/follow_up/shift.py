"""Days said relative to those spoken of before: "the week before", "and before that?", "la même période l'an dernier".

Knows the calendar and one anchor (the period before, or the day of what was told), not the records.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

from salus.assistant.points import DAY, UNITS, month_span
from salus.records.times import Period

_U = r"(?P<{0}>day|night|week|fortnight|month|year|jour|nuit|semaine|quinzaine|mois|an|annee)"
_BEFORE = re.compile(
    r"\b(?:(?:the |a |one )?" + _U.format("a") + r" (?:before|earlier|prior)(?! (?:yesterday|last))(?: that| this)?|"
    r"(?:the )?(?:previous|preceding|prior) " + _U.format("b") + r"|"
    r"(?:la |le |l'|une? )?" + _U.format("c") + r" (?:d'avant|precedente?|plus tot|auparavant)(?: ca| cela)?|"
    r"(?P<eve>la veille))\b"
)
_AFTER = re.compile(
    r"\b(?:(?:the |a |one )?" + _U.format("a") + r" (?:after|later)(?: that| this)?|"
    r"(?:the )?(?:following|next) " + _U.format("b") + r"|"
    r"(?:la |le |l'|une? )?" + _U.format("c") + r" (?:d'apres|suivante?|plus tard)|(?P<eve>le lendemain))\b"
)
_SAME = re.compile(
    r"\b(?:the )?same (?:period|time|month|week|days?|season)(?: of)? "
    r"(?:last year|the year before|a year (?:earlier|ago|before)|the previous year)\b|"
    r"\b(?:a |pour |sur |pendant )?(?:la |le )?memes? (?:periode|mois|semaine|epoque|jours?|saison|moment)(?: de)? "
    r"(?:l'an(?:nee)? (?:derniere?|d'avant|passee?|precedente?)|un an (?:plus tot|avant))\b"
)
_PRIOR = re.compile(
    r"\b(?:(?:the )?(?:one|ones|result|value|reading|time|visit) (?:just |right )?before(?: that| it| this)?|"
    r"before (?:that|it|this)|(?:the )?previous(?: one| time| result| value| reading| visit)?|"
    r"(?:the )?(?:second|next) to last|(?:the )?earlier one|"
    r"(?:celui|celle|ceux|celles) d'avant|(?:la )?fois d'avant|(?:la )?fois precedente|"
    r"avant (?:ca|cela|celui-ci|celle-ci|celui-la|celle-la)|"
    r"d'avant|(?:le |la |les )?precedente?s?|(?:l')?avant[- ]derniere?|auparavant|juste avant)\b|"
    r"\b(?:before|avant)(?=[\s?.!]*$)"
)
_SINCE = re.compile(
    r"\b(?:since then|since that (?:day|date|time|one)|since it|ever since|"
    r"depuis (?:lors|ce (?:moment|jour|temps)(?:-la)?|cette (?:date|epoque)(?:-la)?|ca))\b"
)
_AROUND = re.compile(
    r"\b(?:(?:the |that |this |all )?(?:whole|entire|full|rest of the|rest of that) (?P<a>week|month|year)|"
    r"tout(?:e)? (?:la |le |l'|cette |ce )(?P<b>semaine|mois|annee)|(?:la |le |l')(?P<c>semaine|mois|annee) enti[e]re?|"
    r"that (?P<d>week|month|year)|cette (?P<e>semaine|annee)-la|ce (?P<f>mois)-la)\b"
)
_LATER = re.compile(
    r"\b(?:(?:the )?(?:one|result|value|reading) after(?: that| it)?|after that|"
    r"(?:the )?next one|(?:the )?following one|"
    r"(?:celui|celle|ceux|celles) d'apres|apres (?:ca|cela)|(?:le|la) suivante?)\b"
)


class Shift(NamedTuple):
    """Days "before" or "after" what was spoken of, by a unit ("week") or by as much again (none); "since" it; the
    "same" of last year; the whole unit "around" it.
    """

    way: Literal["before", "after", "same", "since", "around"]
    unit: str | None
    start: int
    end: int


def said(plain: str) -> Shift | None:
    """What a folded text says relative to before; None where it says nothing of the kind."""
    if found := _SAME.search(plain):
        return Shift("same", None, *found.span())
    if found := _AROUND.search(plain):
        return Shift("around", next(unit for unit in found.groups() if unit), *found.span())
    for way, pattern in (("before", _BEFORE), ("after", _AFTER)):
        if found := pattern.search(plain):
            unit = "day" if found["eve"] else found["a"] or found["b"] or found["c"]
            return Shift(way, unit, *found.span())  # type: ignore[arg-type]
    for way, pattern in (("since", _SINCE), ("before", _PRIOR), ("after", _LATER)):
        if found := pattern.search(plain):
            return Shift(way, None, *found.span())  # type: ignore[arg-type]
    return None


def moved(period: Period, shift: Shift, today: date) -> Period | None:
    """The days meant. None where the period before has no beginning to count from."""
    first = period.first or period.last
    last = min(period.last or today, max(today, first or today))
    if first is None:
        return None
    if shift.way == "same":
        return Period(_year_before(first), _year_before(period.last or last))
    if shift.way == "since":
        return Period(first, today)
    if shift.way == "around" and shift.unit:
        return _unit_of(first, UNITS[shift.unit])
    days = (last - first).days + 1
    size = UNITS[shift.unit] if shift.unit else _size(first, last, today)
    if size not in (1, 7, 30, 365) or (size == days and not _whole(first, last, size)):
        size = days if shift.unit is None or size == days else size
        before = Period(first - size * DAY, first - DAY)
        return before if shift.way == "before" else Period(last + DAY, last + size * DAY)
    ahead, behind = _unit_of(first, size).first, _unit_of(last, size).last
    if days > size == 7 and shift.way == "before" and ahead != first:
        return Period(first - 7 * DAY, first - DAY)
    if days > size == 7 and shift.way == "after" and behind != last:
        return Period(last + DAY, last + 7 * DAY)
    return _unit_of((ahead or first) - DAY, size) if shift.way == "before" else _unit_of((behind or last) + DAY, size)


def _whole(first: date, last: date, size: int) -> bool:
    unit = _unit_of(first, size)
    return (unit.first, unit.last) == (first, last)


def _unit_of(day: date, size: int) -> Period:
    """The whole day, week, month or year that a day lies in."""
    if size == 1:
        return Period(day, day)
    if size == 7:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + 6 * DAY)
    if size == 30:
        return Period(*month_span(day.year, day.month))
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def _size(first: date, last: date, today: date) -> int:
    """Which unit a period is, whole or so far; else its length in days."""
    for size in (1, 7, 30, 365):
        whole = _unit_of(first, size)
        if whole.first == first and (last == whole.last or (last == today and last < (whole.last or last))):
            return size
    return (last - first).days + 1


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
