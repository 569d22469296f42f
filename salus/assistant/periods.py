"""Dates and periods in words, English and French: "since March", "l'an dernier", "over the last 6 weeks".

Knows the calendar, not the records. Weeks run Monday to Sunday. "last month" is the calendar month before this one,
"over the last month" the 30 days that end today; "last night" is the night one wakes from today. A month without a
year is the latest one that has begun.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from importlib import resources
from typing import NamedTuple

from salus.knowledge.phrases import fold
from salus.records.times import Period

Span = tuple[date, date]
DAY = timedelta(days=1)

_WORDS = tomllib.loads(resources.files("salus.assistant").joinpath("calendar.toml").read_text("utf-8"))


def _by_word(rows: dict[str, list[str]]) -> dict[str, int]:
    return {word: int(number) for number, words in rows.items() for word in words}


_MONTHS = {word: number for number, words in enumerate(_WORDS["months"], 1) for word in words}
_WEEKDAYS = {word: number for number, words in enumerate(_WORDS["weekdays"]) for word in words}
_NUMBERS, _UNITS, _SEASONS = (_by_word(_WORDS[section]) for section in ("numbers", "units", "seasons"))

_M = "|".join(sorted(_MONTHS, key=len, reverse=True))
_W = "|".join(_WEEKDAYS)
_N = r"\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))
_U = "|".join(sorted(_UNITS, key=len, reverse=True))
_S = "|".join(_SEASONS)
_Y = r"(?:19|20)\d\d"

Reader = Callable[[re.Match[str], date], Span | None]


class Found(NamedTuple):
    """A period and where its words stand in the text."""

    period: Period
    start: int
    end: int


def find(text: str, today: date) -> Found | None:
    """The period a text speaks of, or None. The first one wins."""
    plain = _folded(text)
    for start in [m.start() for m in re.finditer(r"(?<![\w-])\w", plain)]:
        for pattern, join in _JOINED:
            match = pattern.match(plain, start)
            if match and (got := join(plain, match.end(), today)):
                (first, last), end = got
                return Found(Period(first, last, text[start:end].strip()), start, end)
        point = _point(plain, start, today, bare=True)
        if point:
            (first, last), end = point
            return Found(Period(first, last, text[start:end].strip()), start, end)
    return None


def _folded(text: str) -> str:
    """Folded, with every character in its place."""
    return "".join((fold(c) or " ")[0] for c in text.replace("’", "'"))


# Points: something that is a span by itself -----------------------------------------------------------------------


def month_span(year: int, month: int) -> Span:
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return first, following - DAY


def _year(year: int) -> Span:
    return date(year, 1, 1), date(year, 12, 31)


def _month(m: re.Match[str], today: date) -> Span:
    month, year = _MONTHS[m["month"]], m.groupdict().get("year")
    return month_span(int(year) if year else today.year - (month > today.month), month)


def _date(year: int, month: int, day: int) -> Span | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found


def _day_of_month(m: re.Match[str], today: date) -> Span | None:
    month, day, year = _MONTHS[m["month"]], int(m["day"]), m["year"]
    if year:
        return _date(int(year), month, day)
    found = _date(today.year, month, day)
    return _date(today.year - 1, month, day) if found and found[0] > today else found


def _numeric(m: re.Match[str], today: date) -> Span | None:
    a, b, year = int(m["a"]), int(m["b"]), int(m["year"])
    year += 2000 if year < 100 else 0
    if a > 12 or (b <= 12 and m["mark"] != "/"):
        return _date(year, b, a)
    return _date(year, b, a) or _date(year, a, b)


def _week(today: date, back: int) -> Span:
    monday = today - timedelta(days=today.weekday() + 7 * back)
    return monday, monday + 6 * DAY


def _calendar(unit: str, today: date, back: int) -> Span:
    """The whole day, week, month or year `back` ones before this one."""
    size = _UNITS[unit]
    if size == 1:
        return (today - back * DAY,) * 2
    if size in (7, 14, 15):
        return _week(today, back * (1 if size == 7 else 2))
    if size == 30:
        index = today.year * 12 + today.month - 1 - back
        return month_span(index // 12, index % 12 + 1)
    return date(today.year - back, 1, 1), date(today.year - back, 12, 31)


def _number(text: str | None) -> int:
    return _NUMBERS.get(text, 0) or int(text) if text and not text.isdigit() else int(text or 1)


def _rolling(m: re.Match[str], today: date) -> Span:
    days = _number(m["n"]) * _UNITS[m["unit"]]
    return today - timedelta(days=max(days, 1) - 1), today


def _season(m: re.Match[str], today: date) -> Span:
    month = _SEASONS[m["season"]]
    year = int(m["year"]) if m["year"] else today.year
    if not m["year"] and date(year, month, 1) > today:
        year -= 1
    index = year * 12 + month - 1 + 2
    return date(year, month, 1), month_span(index // 12, index % 12 + 1)[1]


def _last_weekday(m: re.Match[str], today: date) -> Span:
    back = (today.weekday() - _WEEKDAYS[m["weekday"]]) % 7 or 7
    return (today - back * DAY,) * 2


def _same(days_back: int) -> Reader:
    return lambda m, today: (today - days_back * DAY, today - days_back * DAY)


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + r"(?![\w-])")


_POINTS: list[tuple[re.Pattern[str], Reader]] = [
    (_p(rf"(?P<year>{_Y})-(?P<b>\d\d?)-(?P<a>\d\d?)"), lambda m, t: _date(int(m["year"]), int(m["b"]), int(m["a"]))),
    (_p(r"(?P<a>\d\d?)(?P<mark>[/.])(?P<b>\d\d?)[/.](?P<year>\d\d(?:\d\d)?)"), _numeric),
    (
        _p(rf"(?:the |le )?(?P<day>\d\d?)(?:st|nd|rd|th|er)? (?:of )?(?P<month>{_M})\.?,?(?: (?P<year>{_Y}))?"),
        _day_of_month,
    ),
    (_p(rf"(?P<month>{_M})\.? (?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)?(?:,? (?P<year>{_Y}))?"), _day_of_month),
    (_p(r"(?:the )?day before yesterday|avant[- ]hier"), _same(2)),
    (_p(r"last night|la nuit derniere|cette nuit|la nuit passee"), _same(0)),
    (_p(r"today|this morning|tonight|this evening|aujourd'hui|ce matin|ce soir"), _same(0)),
    (_p(r"yesterday|hier"), _same(1)),
    (_p(rf"(?:the |le )?mois de (?P<month>{_M})(?: (?P<year>{_Y}))?"), _month),
    (_p(rf"(?P<month>{_M})\.?,? (?:of )?(?P<year>{_Y})"), _month),
    (_p(rf"(?:last|this|past) (?P<month>{_M})|(?P<month2>{_M}) dernier"), lambda m, t: _month_named(m, t)),
    (_p(rf"(?:the |these |this )?(?:last|past|previous) (?P<n>{_N}) (?P<unit>{_U})"), _rolling),
    (_p(rf"(?:the )?(?P<n>{_N}) (?:last|past|previous) (?P<unit>{_U})"), _rolling),
    (_p(rf"(?:les |ces |des )?(?P<n>{_N}) (?:derniers|dernieres|dernier|derniere) (?P<unit>{_U})"), _rolling),
    (_p(r"(?:last|previous) (?P<unit>week|fortnight|month|year)"), lambda m, t: _calendar(m["unit"], t, 1)),
    (_p(r"(?:the )?week before last|la semaine d'avant|l'avant-derniere semaine"), lambda m, t: _week(t, 2)),
    (_p(r"(?:past) (?P<unit>week|month|year)"), lambda m, t: (t - (_UNITS[m["unit"]] - 1) * DAY, t)),
    (_p(r"la (?P<unit>semaine) (?:derniere|passee|precedente)"), lambda m, t: _week(t, 1)),
    (_p(r"le (?P<unit>mois) (?:dernier|passe|precedent)"), lambda m, t: _calendar("mois", t, 1)),
    (_p(r"l'(?:an|annee) (?:dernier|derniere|passe|passee|precedente)"), lambda m, t: _calendar("an", t, 1)),
    (_p(r"this (?P<unit>week|month|year)"), lambda m, t: _so_far(m["unit"], t)),
    (_p(r"(?:cette|ce) (?P<unit>semaine|mois|annee)(?:[- ]ci)?|(?P<unit2>an)nee en cours"),
     lambda m, t: _so_far(m["unit"] or "an", t)),
    (_p(rf"(?P<n>{_N}) (?P<unit>{_U}) ago|il y a (?P<n2>{_N}) (?P<unit2>{_U})"),
     lambda m, t: _calendar(m["unit"] or m["unit2"], t, _number(m["n"] or m["n2"]))),
    (_p(rf"(?:last |on |this |le |ce )?(?P<weekday>{_W})(?: dernier)?"), _last_weekday),
    (_p(rf"(?:last |this |the |l'|le |cet |cette )(?P<season>{_S})(?: (?:of |de )?(?P<year>{_Y})| dernier)?"), _season),
    (_p(rf"(?P<season>{_S}) (?:of |de )?(?P<year>{_Y})"), _season),
    (_p(r"q(?:uarter )?(?P<q>[1-4]) (?:of )?(?P<year>" + _Y + r")"), lambda m, t: _quarter(m)),
]  # fmt: skip
_ONLY_JOINED: list[tuple[re.Pattern[str], Reader]] = [
    (_p(rf"(?P<season>{_S})(?P<year>)"), _season),
    (_p(rf"(?P<month>{_M})\.?"), _month),
    (_p(rf"(?:the year |l'annee |annee )?(?P<year>{_Y})"), lambda m, t: _year(int(m["year"]))),
    (_p(r"(?:the )?(?:beginning|start) of (?:the|this) year|(?:le )?debut (?:de l'|d')annee"),
     lambda m, t: (date(t.year, 1, 1), date(t.year, 1, 1))),
]  # fmt: skip


def _month_named(m: re.Match[str], today: date) -> Span:
    month = _MONTHS[m["month"] or m["month2"]]
    return month_span(today.year - (month > today.month), month)


def _so_far(unit: str, today: date) -> Span:
    first, _ = _calendar(unit, today, 0)
    return first, today


def _quarter(m: re.Match[str]) -> Span:
    month = int(m["q"]) * 3 - 2
    return date(int(m["year"]), month, 1), month_span(int(m["year"]), month + 2)[1]


def _point(plain: str, start: int, today: date, *, bare: bool) -> tuple[Span, int] | None:
    for pattern, read in _POINTS if bare else [*_POINTS, *_ONLY_JOINED]:
        match = pattern.match(plain, start)
        if match and (span := read(match, today)):
            return span, match.end()
    return None


# Joined: a small word and one or two points -----------------------------------------------------------------------

Join = Callable[[str, int, date], tuple[tuple[date | None, date | None], int] | None]


def _one(shape: Callable[[Span, date], tuple[date | None, date | None]]) -> Join:
    def join(plain: str, at: int, today: date) -> tuple[tuple[date | None, date | None], int] | None:
        point = _point(plain, at, today, bare=False)
        return (shape(point[0], today), point[1]) if point else None

    return join


_AND = re.compile(r"\s+(?:and|to|till|until|through|et|au|a|jusqu'a|jusqu'au|-)\s+(?:le |la |l')?")


def _two(plain: str, at: int, today: date) -> tuple[tuple[date | None, date | None], int] | None:
    a = _point(plain, at, today, bare=False)
    mark = _AND.match(plain, a[1]) if a else None
    b = _point(plain, mark.end(), today, bare=False) if mark else None
    if not a or not b:
        return None
    (first, _), (_, last) = a[0], b[0]
    if first > last:
        first = first.replace(year=last.year if first.replace(year=last.year) <= last else last.year - 1)
    elif first.year < last.year and not re.search(_Y, plain[at : a[1]]) and first.replace(year=last.year) <= last:
        first = first.replace(year=last.year)
    return (first, last), b[1]


_LENGTH = _p(rf"(?P<n>{_N}) (?P<unit>{_U})")


def _for_length(plain: str, at: int, today: date) -> tuple[tuple[date | None, date | None], int] | None:
    match = _LENGTH.match(plain, at)
    return (_rolling(match, today), match.end()) if match else None


_LAST = _p(r"(?:the |le |la |l')?(?:last|past|dernier|derniere) (?P<unit>day|week|month|year|mois|semaine|annee|an)")


def _over_last(plain: str, at: int, today: date) -> tuple[tuple[date | None, date | None], int] | None:
    match = _LAST.match(plain, at)
    return ((today - (_UNITS[match["unit"]] - 1) * DAY, today), match.end()) if match else None


def _open(span: Span, today: date) -> tuple[date | None, date | None]:
    return span[0], max(today, span[0])


_JOINED: list[tuple[re.Pattern[str], Join]] = [
    (re.compile(r"(?:between|from|entre|de|du) (?:le |la |l')?"), _two),
    (re.compile(r"depuis (?:ces |les )?"), _for_length),
    (
        re.compile(r"(?:since|depuis|a partir de|starting|starting in|from) (?:the |in |on |le |la |en |ce |cette )?"),
        _one(_open),
    ),
    (re.compile(r"(?:depuis|since) "), _one(_open)),
    (
        re.compile(r"(?:until|till|up to|jusqu'a|jusqu'au|jusqu'en) (?:the |le |la |en )?"),
        _one(lambda s, t: (None, s[1])),
    ),
    (re.compile(r"(?:before|avant) (?:the |le |la )?"), _one(lambda s, t: (None, s[0] - DAY))),
    (re.compile(r"(?:after|apres) (?:the |le |la )?"), _one(lambda s, t: (s[1] + DAY, max(t, s[1] + DAY)))),
    (re.compile(r"(?:over|in|during|within|for|throughout) "), _over_last),
    (re.compile(r"(?:au cours de|sur|pendant|durant|dans) "), _over_last),
    (re.compile(r"(?:au mois d[e'] ?)"), _one(lambda s, t: s)),
    (re.compile(r"(?:in|during|of|for|over|on|en|au|de|pour|pendant|durant|sur|courant|d'|au cours de|in the month of) "
                r"(?:the |le |la |les |l')?"), _one(lambda s, t: s)),
]  # fmt: skip
