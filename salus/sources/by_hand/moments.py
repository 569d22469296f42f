"""When, as a person writes it: "yesterday 08:30", "24/11/2026 à 8h30", "ce matin", "2 hours ago"; days as precise as
they are. Reads the words of entries only; questions are the assistant's.
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from importlib import resources
from typing import Any

import tomli as tomllib

from salus.errors import UsageError
from salus.knowledge.phrases import fold
from salus.records.text import T
from salus.records.times import When

FIRST, LAST = 1900, 2100
"""No entry is from a year outside."""
BACK = timedelta(hours=12)
"""A clock alone that is still to come is yesterday's, when that is no longer ago."""
LONGEST = 80

_CLOCK = re.compile(
    r"(?P<hour>[01]?\d|2[0-4])(?:\s*(?:[:h.])\s*(?P<minute>[0-5]\d)?(?::(?P<second>[0-5]\d))?(?:\s*min)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?$"
)
_FIGURES = re.compile(r"(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<year>\d{4}|\d{2})(?=$|[\s,])")
_SHORT = re.compile(r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?=$|[\s,])")
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<b>\d{1,2})[-/.](?P<a>\d{1,2})(?=$|[\s,t])")
_DAY_FIRST = re.compile(
    r"(?P<a>\d{1,2})(?:er|st|nd|rd|th)?(?: of)? (?P<month>[a-z]+)\.?,?(?: (?P<year>\d{4}))?(?=$|[\s,])"
)
_MONTH_FIRST = re.compile(r"(?P<month>[a-z]+)\.? (?P<a>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<year>\d{4}))?(?=$|[\s,])")
_MONTH = re.compile(r"(?:(?P<month>[a-z]+)\.?,? (?:de )?|(?P<figure>\d{1,2})[/.-])(?P<year>\d{4})$")
_AGO = re.compile(r"(?:il y a )?(?P<n>\d{1,4}|an?|une?)\s?(?P<unit>[a-z]+)(?: ago)?$")
_JOINTS = re.compile(r"^(?:at|a|on|le|vers|around|about|,|the)\s+|^,\s*")


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = tomllib.loads(
        resources.files("salus.sources.by_hand").joinpath("moments.toml").read_text("utf-8")
    )
    return found


def moment(text: str | None, now: datetime, zone: tzinfo) -> datetime:
    """The instant meant, in the person's zone; None or nothing is now. A day alone is its noon (today's
    is not after now).

    A clock alone that is still to come is yesterday's where that is at most twelve hours ago ("23:50" said at 00:10).
    A time the clocks jumped over is the one after. Raises UsageError.
    """
    if text is None or not text.strip():
        return now.replace(microsecond=0)
    try:
        return _moment(text, now, zone)
    except (ValueError, OverflowError) as error:
        raise _no_time(text) from error


def _no_time(text: str) -> UsageError:
    said = text.strip()[:LONGEST]
    return UsageError(T("“{text}” is not a time. Write it like 2026-11-24 08:30, or 08:30.", text=said))


def _moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    whole = When.parse(text.strip())
    if whole is not None and whole.instant is not None:
        return _within(whole.instant)
    plain = _plain(text)
    here = now.astimezone(zone)
    if plain in ("now", "maintenant"):
        return now.replace(microsecond=0)
    if (before := _ago(plain)) is not None:
        return _within(now.replace(microsecond=0) - before)
    day, rest = _day(plain, here.date())
    clock = _clock(rest) if rest else None
    if rest and clock is None:  # the clock before the day: "8h30 hier"
        for part in range(len(words := plain.split(" ")) - 1, 0, -1):
            day, left = _day(_joined(" ".join(words[part:])), here.date())
            clock = _clock(" ".join(words[:part]))
            if day is not None and not left and clock is not None:
                break
        else:
            raise ValueError(text)
    if clock is None and day is None:
        raise ValueError(text)
    if clock is None and day == here.date():
        clock = min(here.time().replace(microsecond=0), time(12))
    told = datetime.combine(day or here.date(), clock or time(12), zone)
    if day is None and told > here + timedelta(minutes=10) and here - (earlier := _yesterday(told)) <= BACK:
        told = earlier
    return _within(told.astimezone(UTC).astimezone(zone))


def _yesterday(moment: datetime) -> datetime:
    return datetime.combine(moment.date() - timedelta(days=1), moment.timetz())


def _within(moment: datetime) -> datetime:
    if not FIRST <= moment.year <= LAST:
        raise ValueError(moment)
    return moment


def _plain(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(text)
    return re.sub(r"\s+", " ", fold(text).replace("’", "'")).strip(" .")


def _joined(text: str) -> str:
    while (shorter := _JOINTS.sub("", text)) != text:
        text = shorter
    return text.strip()


def _ago(plain: str) -> timedelta | None:
    match = _AGO.fullmatch(plain) if plain.startswith("il y a ") or plain.endswith(" ago") else None
    minutes = _words()["ago"].get(match["unit"]) if match else None
    if match is None or minutes is None:
        return None
    return timedelta(minutes=minutes * (int(match["n"]) if match["n"].isdecimal() else 1))


def _clock(text: str) -> time | None:
    text = _joined(text)
    if part := _words()["parts"].get(text):
        return time.fromisoformat(part)
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].startswith("p") else 0)
    elif match["minute"] is None and not re.search(r"[:h.]", text):
        return None  # a bare number is no clock
    if hour == 24:
        return None
    return time(hour, minute, int(match["second"] or 0))


def _day(plain: str, today: date) -> tuple[date | None, str]:
    """(the day the text begins with, what is left of it); None when it begins with none. Raises ValueError."""
    plain = _joined(plain)
    for words in sorted(_words()["days"], key=len, reverse=True):
        if plain == words or plain.startswith(words + " "):
            rest = _joined(plain[len(words) :].strip())
            return today - timedelta(days=_words()["days"][words]), "" if words == "now" and not rest else rest
    if plain in ("last night", "la nuit derniere"):
        return today - timedelta(days=1), "22:00"
    first, _, rest = plain.partition(" ")
    if first == "last" or rest.startswith("dernier"):
        first, _, rest = (rest.partition(" ") if first == "last" else (first, "", rest.removeprefix("dernier").strip()))
    if first in _words()["weekdays"]:
        back = (today.weekday() - _words()["weekdays"][first]) % 7 or 7
        return today - timedelta(days=back), _joined(rest)
    for pattern in (_ISO, _FIGURES, _SHORT, _DAY_FIRST, _MONTH_FIRST):
        match = pattern.match(plain)
        if match is not None and pattern is _ISO and int(match["b"]) > 12:
            raise ValueError(plain)  # whoever begins with the year goes on with the month
        if match is not None and (found := _date(match.groupdict(), today)) is not None:
            return found, _joined(plain[match.end() :].removeprefix("t").strip())
    return None, plain


def _date(parts: dict[str, str | None], today: date) -> date | None:
    """Day before month; the other way round only where that is no date. A date without a year is the last such."""
    named = parts.get("month")
    month = _words()["months"].get(named) if named else int(parts["b"] or 0)
    if month is None:
        return None
    day, year = int(parts["a"] or 0), parts.get("year")
    if month > 12 and day <= 12 and not named:
        day, month = month, day
    if year is None:
        found = date(today.year, month, day) if (month, day) != (2, 29) else _leap_day(today)
        return found if found <= today else found.replace(year=found.year - 1)
    number = int(year)
    if len(year) == 2:
        number += 2000 if 2000 + number <= today.year + 1 else 1900
    found = date(number, month, day)
    if not FIRST <= found.year <= LAST:
        raise ValueError(found)
    return found


def _leap_day(today: date) -> date:
    return next(date(y, 2, 29) for y in range(today.year, today.year - 9, -1) if isleap(y))


def when(text: str, today: date) -> When:
    """A date as precise as it was written: 2026, 2026-11, November 2026, 24/11/2026, yesterday. Raises UsageError."""
    try:
        return _when(text, today)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            T("“{text}” is not a date. Write it like 2026-11-24, 2026-11 or 2026.", text=text.strip()[:LONGEST])
        ) from error


def _when(text: str, today: date) -> When:
    plain = _joined(_plain(text))
    if plain.startswith(("en ", "in ", "depuis ", "since ")):
        plain = plain.partition(" ")[2]
    found = When.parse(plain.upper())
    if found is None and (match := _MONTH.fullmatch(plain)):
        number = _words()["months"].get(match["month"]) if match["month"] else int(match["figure"])
        found = When.parse(f"{match['year']}-{number:02d}") if number else None
    if found is None and (before := _ago(plain)) is not None:
        found = When.of_day(today - before)
    if found is None:
        day, rest = _day(plain, today)
        found = When.of_day(day) if day is not None and not rest else None
    if found is None or not (FIRST <= found.first.year <= LAST):
        raise ValueError(text)
    return found
