"""The points of the calendar that words name: a day, a week, a month, a season, the last so many days.

Each reader turns a match into the first and the last day. `periods` joins them ("since …", "between … and …").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from importlib import resources

import tomli as tomllib

Span = tuple[date, date]
DAY = timedelta(days=1)

_WORDS = tomllib.loads(resources.files("salus.assistant").joinpath("calendar.toml").read_text("utf-8"))


def _by_word(rows: dict[str, list[str]]) -> dict[str, int]:
    return {word: int(number) for number, words in rows.items() for word in words}


_MONTHS = {word: number for number, words in enumerate(_WORDS["months"], 1) for word in words}
_WEEKDAYS = {word: number for number, words in enumerate(_WORDS["weekdays"]) for word in words}
_NUMBERS, UNITS, _SEASONS = (_by_word(_WORDS[section]) for section in ("numbers", "units", "seasons"))

_M = "|".join(sorted(_MONTHS, key=len, reverse=True))
_W = "|".join(_WEEKDAYS)
_N = r"\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))
_U = "|".join(sorted(UNITS, key=len, reverse=True))
_S = "|".join(_SEASONS)
LENGTH_WORDS = rf"(?P<n>{_N}) (?P<unit>{_U})"
YEAR = r"(?:19|20)\d\d"

_ORDINALS = _by_word(_WORDS["ordinals"])
_M_SURE = "|".join(w for w in sorted(_MONTHS, key=len, reverse=True) if w not in _WORDS["unsure_months"])
_NO_AMOUNT = r"(?! ?(?:steps?|pas|k?cal|calories|m|km|mi|miles|ml|mg|iu|ui|g|minutes?|metres|meters)\b)(?![.,/:]?\d)"
"""What tells a year from an amount ("2000 steps")."""
_SOME_DAY = r"[\w/. ]{3,24}?"

Reader = Callable[[re.Match[str], date], Span | None]



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


def _numeric_day(m: re.Match[str], today: date) -> Span | None:
    """ "on 3/11", day first: the latest one there was."""
    found = _date(today.year, int(m["b"]), int(m["a"]))
    return _date(today.year - 1, int(m["b"]), int(m["a"])) if found and found[0] > today else found


def _week(today: date, back: int) -> Span:
    monday = today - timedelta(days=today.weekday() + 7 * back)
    return monday, monday + 6 * DAY


def _calendar(unit: str, today: date, back: int) -> Span:
    """The whole day, week, month or year `back` ones before this one."""
    size = UNITS[unit]
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


def rolling(m: re.Match[str], today: date) -> Span:
    days = _number(m["n"]) * UNITS[m["unit"]]
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
    return re.compile(rf"(?:{pattern})(?![\w-])")


def _near_week(span: Span) -> Span:
    """The week, Monday to Sunday, that a day lies in."""
    monday = span[0] - timedelta(days=span[0].weekday())
    return monday, monday + 6 * DAY


def _week_of(m: re.Match[str], today: date) -> Span | None:
    found = point(m["rest"], 0, today, bare=False)
    return _near_week(found[0]) if found and found[1] == len(m["rest"]) and found[0][0] == found[0][1] else None


def _nth_week(m: re.Match[str], today: date) -> Span:
    first, last = _month_named(m, today) if not m["year"] else month_span(int(m["year"]), _MONTHS[m["month"]])
    if m["nth"] in ("last", "derniere"):
        return last - 6 * DAY, last
    begins = first + 7 * (_ORDINALS[m["nth"]] - 1) * DAY
    return begins, min(begins + 6 * DAY, last)


def _weekend(today: date, back: int) -> Span:
    saturday = today - timedelta(days=today.weekday() - 5 + 7 * back)
    return saturday, saturday + DAY


def _last_weekend(today: date) -> Span:
    """The one before this week's: on a Saturday or a Sunday that is not the one of today."""
    return _weekend(today, 1)


def _part_of_year(m: re.Match[str], today: date) -> Span:
    """A half or a quarter, by its ordinal."""
    months = 6 if m["part"] in ("half", "semestre", "h") else 3
    year, nth = int(m["year"] or today.year), int(_ORDINALS.get(m["nth"], m["nth"]))
    end = min(nth * months, 12)
    return date(year, end - months + 1, 1), month_span(year, end)[1]


def _seasons_ago(m: re.Match[str], today: date) -> Span:
    month = _SEASONS[(m["season"] or m["season2"]).removesuffix("s")]
    begun = today.year if date(today.year, month, 1) <= today else today.year - 1
    year = begun - (_number(m["n"] or m["n2"]) - 1)
    index = year * 12 + month - 1 + 2
    return date(year, month, 1), month_span(index // 12, index % 12 + 1)[1]


def _days_of_month(m: re.Match[str], today: date) -> Span | None:
    month, year = _MONTHS[m["month"]], m["year"]
    first, last = (_date(int(year or today.year), month, int(m[day])) for day in ("from", "to"))
    if first and last and not year and first[0] > today:
        first, last = (_date(today.year - 1, month, int(m[day])) for day in ("from", "to"))
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def _day_alone(m: re.Match[str], today: date) -> Span | None:
    """ "on the 3rd": the latest day of that number."""
    for back in range(2):
        index = today.year * 12 + today.month - 1 - back
        found = _date(index // 12, index % 12 + 1, int(m["day"]))
        if found and found[0] <= today:
            return found
    return None


def _year_ago(m: re.Match[str], today: date) -> Span:
    """ "a year ago": the month of that day, for who says it does not mean a whole calendar year."""
    return month_span(today.year - 1, today.month)


_NTH = "|".join(_ORDINALS)
_POINTS: list[tuple[re.Pattern[str], Reader]] = [
    (_p(rf"(?:the )?week (?:of|starting|beginning|from) (?:the )?(?P<rest>{_SOME_DAY})"), _week_of),
    (_p(rf"(?:la )?semaine (?:du|de) (?P<rest>{_SOME_DAY})"), _week_of),
    (_p(rf"(?:the |la )?(?P<nth>{_NTH}|last|derniere) (?:week|semaine) (?:of|in|de|d'|du mois de) ?"
        rf"(?P<month>{_M})(?: (?P<year>{YEAR}))?"), _nth_week),
    (_p(r"(?:the )?(?:last|previous) week-?end|le week-?end (?:dernier|passe)"), lambda m, t: _last_weekend(t)),
    (_p(r"(?:this|over the|the) week-?end|ce week-?end"), lambda m, t: _weekend(t, 0) if t.weekday() > 4 else
     _last_weekend(t)),
    (_p(r"ytd|year[- ]to[- ]date"), lambda m, t: _so_far("year", t)),
    (_p(r"mtd|month[- ]to[- ]date"), lambda m, t: _so_far("month", t)),
    (re.compile(rf"(?P<n>{_N})[- ](?P<unit>{_U})(?= (?:average|avg|mean|trend|total|moving|rolling))"), rolling),
    (_p(rf"(?:the |le |la )?(?P<nth>{_NTH}) (?P<part>half|semestre|quarter|trimestre)(?: (?:of |de (?:l'annee )?)?"
        rf"(?P<year>{YEAR})| of (?:the|this) year)?"), _part_of_year),
    (_p(rf"(?P<part>h)(?P<nth>[12]) (?P<year>{YEAR})"), _part_of_year),
    (_p(r"(?:the )?night before last|l'avant-derniere nuit"), _same(1)),
    (_p(rf"(?P<n>{_N}) (?P<season>{_S})s? ago|il y a (?P<n2>{_N}) (?P<season2>{_S})s?"), _seasons_ago),
    (_p(r"(?:a|one|1) year ago|(?:il )?y a (?:un|1) an"), _year_ago),
    (_p(rf"(?:from |between |du )?(?P<from>\d\d?)(?:st|nd|rd|th|er)? ?(?:-|to|and|au|a|et|through) ?(?:the )?"
        rf"(?P<to>\d\d?)(?:st|nd|rd|th)? (?:of )?(?P<month>{_M})(?:,? (?P<year>{YEAR}))?"), _days_of_month),
    (_p(rf"(?P<month>{_M})\.? (?P<from>\d\d?)(?:st|nd|rd|th)? ?(?:-|to|through) ?(?P<to>\d\d?)(?:st|nd|rd|th)?"
        rf"(?:,? (?P<year>{YEAR}))?"), _days_of_month),
    (_p(rf"(?P<year>{YEAR})-(?P<b>\d\d?)-(?P<a>\d\d?)"), lambda m, t: _date(int(m["year"]), int(m["b"]), int(m["a"]))),
    (_p(r"(?P<a>\d\d?)(?P<mark>[/.])(?P<b>\d\d?)[/.](?P<year>\d\d(?:\d\d)?)"), _numeric),
    (
        _p(rf"(?:the |le )?(?P<day>\d\d?)(?:st|nd|rd|th|er)? (?:of )?(?P<month>{_M})\.?,?(?: (?P<year>{YEAR}))?"),
        _day_of_month,
    ),
    (_p(rf"(?P<month>{_M})\.? (?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)?(?:,? (?P<year>{YEAR}))?"), _day_of_month),
    (_p(r"(?:the )?day before yesterday|avant[- ]hier"), _same(2)),
    (_p(r"last night|la nuit derniere|cette nuit|la nuit passee"), _same(0)),
    (_p(r"today|this morning|tonight|this evening|aujourd'hui|ce matin|ce soir"), _same(0)),
    (_p(r"yesterday|hier"), _same(1)),
    (_p(rf"(?:the |le )?mois de (?P<month>{_M})(?: (?P<year>{YEAR}))?"), _month),
    (_p(rf"(?P<month>{_M})\.?,? (?:of )?(?P<year>{YEAR})"), _month),
    (_p(rf"(?:last|this|past) (?P<month>{_M})|(?P<month2>{_M}) dernier"), lambda m, t: _month_named(m, t)),
    (_p(rf"(?:the |these |this )?(?:last|past|previous) (?P<n>{_N}) (?P<unit>{_U})"), rolling),
    (_p(rf"(?:the )?(?P<n>{_N}) (?:last|past|previous) (?P<unit>{_U})"), rolling),
    (_p(r"(?:of|in|for|over) the (?P<unit>week|month|year)(?=\s*[?.!,]|\s*$)"), lambda m, t: _so_far(m["unit"], t)),
    (_p(r"(?:de l'|sur l'|dans l'|du |de la )(?P<unit>annee|mois|semaine)(?=\s*[?.!,]|\s*$)"),
     lambda m, t: _so_far(m["unit"], t)),
    (_p(rf"(?:les |ces |des )?(?P<n>{_N}) (?:derniers|dernieres|dernier|derniere) (?P<unit>{_U})"), rolling),
    (_p(r"(?:last|previous) (?P<unit>week|fortnight|month|year)"), lambda m, t: _calendar(m["unit"], t, 1)),
    (_p(r"(?:the )?week before last|la semaine d'avant|l'avant-derniere semaine"), lambda m, t: _week(t, 2)),
    (_p(r"(?:past) (?P<unit>week|month|year)"), lambda m, t: (t - (UNITS[m["unit"]] - 1) * DAY, t)),
    (_p(r"la (?P<unit>semaine) (?:derniere|passee|precedente)"), lambda m, t: _week(t, 1)),
    (_p(r"le (?P<unit>mois) (?:dernier|passe|precedent)"), lambda m, t: _calendar("mois", t, 1)),
    (_p(r"l'(?:an|annee) (?:dernier|derniere|passe|passee|precedente)"), lambda m, t: _calendar("an", t, 1)),
    (_p(r"this (?P<unit>week|month|year)"), lambda m, t: _so_far(m["unit"], t)),
    (_p(r"(?:cette|ce) (?P<unit>semaine|mois|annee)(?:[- ]ci)?|(?P<unit2>an)nee en cours"),
     lambda m, t: _so_far(m["unit"] or "an", t)),
    (_p(rf"(?P<n>{_N}) (?P<unit>{_U}) ago|(?:il )?y a (?P<n2>{_N}) (?P<unit2>{_U})"),
     lambda m, t: _calendar(m["unit"] or m["unit2"], t, _number(m["n"] or m["n2"]))),
    (_p(rf"(?:last |on |this |le |ce )?(?P<weekday>{_W})(?: dernier)?"), _last_weekday),
    (_p(rf"(?:last |this |the |l'|le |cet |cette )(?P<season>{_S})(?: (?:of |de )?(?P<year>{YEAR})| dernier)?"),
     _season),
    (_p(rf"(?P<season>{_S}) (?:of |de )?(?P<year>{YEAR})"), _season),
    (_p(r"(?:on|le) (?P<a>\d\d?)/(?P<b>\d\d?)(?!/)"), _numeric_day),
    (_p(r"on the (?P<day>\d\d?)(?:st|nd|rd|th)"), _day_alone),
    (_p(r"le (?P<day>\d\d?)(?=\s*[?.!,]|\s*$)"), _day_alone),
    (_p(r"q(?:uarter )?(?P<q>[1-4]) (?:of )?(?P<year>" + YEAR + r")"), lambda m, t: _quarter(m)),
]  # fmt: skip
_BARE: list[tuple[re.Pattern[str], Reader]] = [
    (_p(rf"(?P<month>{_M_SURE})\.?"), _month),
    (_p(rf"(?P<year>{YEAR})" + _NO_AMOUNT), lambda m, t: _year(int(m["year"])) if int(m["year"]) <= t.year else None),
]  # fmt: skip
"""Said without a small word before it ("hemoglobin 2012"): read last, and never what is also another word."""
_ONLY_JOINED: list[tuple[re.Pattern[str], Reader]] = [
    (_p(rf"(?P<season>{_S})(?P<year>)"), _season),
    (_p(rf"(?P<month>{_M})\.?"), _month),
    (_p(rf"(?:the year |l'annee |annee )?(?P<year>{YEAR})" + _NO_AMOUNT), lambda m, t: _year(int(m["year"]))),
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


def point(plain: str, start: int, today: date, *, bare: bool) -> tuple[Span, int] | None:
    """The point that stands at `start`, and where it ends. `bare`: no small word ("in", "since") stands before it."""
    for pattern, read in [*_POINTS, *_BARE] if bare else [*_POINTS, *_ONLY_JOINED]:
        match = pattern.match(plain, start)
        if match and (span := read(match, today)):
            return span, match.end()
    return None
