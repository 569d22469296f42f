"""Dates and periods in words, English and French: "since March", "l'an dernier", "over the last 6 weeks".

Knows the calendar, not the records. Weeks run Monday to Sunday. "last month" is the calendar month before this one,
"over the last month" the 30 days that end today; "last night" is the night one wakes from today. A month without a
year is the latest one that has begun.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from salus.assistant.points import DAY, LENGTH_WORDS, UNITS, YEAR, Span, point, rolling
from salus.knowledge.phrases import fold
from salus.records.times import Period


class Found(NamedTuple):
    """A period and where its words stand in the text."""

    period: Period
    start: int
    end: int


def find(text: str, today: date, *, month_first: bool = False) -> Found | None:
    """The period a text speaks of, or None. The first one wins. `month_first`: 3/4/2026 is 4 March (United States)."""
    plain = _folded(text)
    if month_first:
        plain = _SLASHED.sub(r"\2/\1", plain)
    for start in [m.start() for m in re.finditer(r"(?<![\w-])\w", plain)]:
        for pattern, join in _JOINED:
            match = pattern.match(plain, start)
            if match and (got := join(plain, match.end(), today)):
                (first, last), end = got
                return Found(Period(first, last, text[start:end].strip()), start, end)
        got_point = point(plain, start, today, bare=True)
        if got_point:
            (first, last), end = got_point
            return Found(Period(first, last, text[start:end].strip()), start, end)
    return None


_SLASHED = re.compile(r"(?<![\d/])(\d\d?)/(\d\d?)(?![\d])")


def _folded(text: str) -> str:
    """Folded, with every character in its place."""
    return "".join((fold(c) or " ")[0] for c in text.replace("’", "'"))


# Joined: a small word and one or two points -----------------------------------------------------------------------

Join = Callable[[str, int, date], tuple[tuple[date | None, date | None], int] | None]


def _one(shape: Callable[[Span, date], tuple[date | None, date | None]]) -> Join:
    def join(plain: str, at: int, today: date) -> tuple[tuple[date | None, date | None], int] | None:
        found = point(plain, at, today, bare=False)
        return (shape(found[0], today), found[1]) if found else None

    return join


_AND = re.compile(r"\s+(?:and|to|till|until|through|et|au|a|jusqu'a|jusqu'au|-)\s+(?:le |la |l')?")


def _two(plain: str, at: int, today: date) -> tuple[tuple[date | None, date | None], int] | None:
    a = point(plain, at, today, bare=False)
    mark = _AND.match(plain, a[1]) if a else None
    b = point(plain, mark.end(), today, bare=False) if mark else None
    if not a or not b:
        return None
    (first, _), (_, last) = a[0], b[0]
    if first > last:
        first = first.replace(year=last.year if first.replace(year=last.year) <= last else last.year - 1)
    elif first.year < last.year and not re.search(YEAR, plain[at : a[1]]) and first.replace(year=last.year) <= last:
        first = first.replace(year=last.year)
    return (first, last), b[1]


_LENGTH = re.compile(LENGTH_WORDS + r"(?![\w-])")


def _for_length(plain: str, at: int, today: date) -> tuple[tuple[date | None, date | None], int] | None:
    match = _LENGTH.match(plain, at)
    return (rolling(match, today), match.end()) if match else None


_LAST = re.compile(r"(?:the |le |la |l')?(?:last|past|dernier|derniere) "
                   r"(?P<unit>day|week|month|year|mois|semaine|annee|an)(?![\w-])(?! (?:of|in|de|du) )")  # fmt: skip


def _over_last(plain: str, at: int, today: date) -> tuple[tuple[date | None, date | None], int] | None:
    match = _LAST.match(plain, at)
    return ((today - (UNITS[match["unit"]] - 1) * DAY, today), match.end()) if match else None


def _open(span: Span, today: date) -> tuple[date | None, date | None]:
    return span[0], max(today, span[0])


def _days_of_month(plain: str, at: int, today: date) -> tuple[tuple[date | None, date | None], int] | None:
    """ "from 1 to 7 November" is a point of its own, read before "from" opens a span."""
    return point(plain, at, today, bare=True)


_JOINED: list[tuple[re.Pattern[str], Join]] = [
    (re.compile(r"(?=(?:from |between |du )\d)"), _days_of_month),
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
    (re.compile(r"(?:over|within|sur) (?:the |les )?"), _for_length),
    (re.compile(r"(?:over|in|during|within|for|throughout) "), _over_last),
    (re.compile(r"(?:au cours de|sur|pendant|durant|dans) "), _over_last),
    (re.compile(r"(?:au mois d[e'] ?)"), _one(lambda s, t: s)),
    (re.compile(r"(?:in|during|of|for|over|on|en|au|de|pour|pendant|durant|sur|courant|d'|au cours de|in the month of) "
                r"(?:the |le |la |les |l')?"), _one(lambda s, t: s)),
]  # fmt: skip
