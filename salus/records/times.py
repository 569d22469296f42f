"""Times that never say more than was recorded.

A FHIR date may be a year, a month, a day or an instant. `When` keeps that precision: 2019 stays "2019" and is
never turned into 1 January. Instants are aware; a FHIR dateTime with a time but no offset is not valid FHIR and
is kept as its day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

Precision = Literal["year", "month", "day", "instant"]

_FHIR = re.compile(
    r"^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$"
)


@dataclass(frozen=True, order=False)
class When:
    """A moment or span as precise as it was recorded.

    `first` and `last` are the earliest and latest day it can mean (equal for a day); `instant` is set only when
    the record gave a time with an offset. `text` is what was received.
    """

    text: str
    precision: Precision
    first: date
    last: date
    instant: datetime | None = None

    @classmethod
    def parse(cls, text: str) -> When | None:
        """Read a FHIR date, dateTime or instant. None when it is none of them (unknown, not an error)."""
        match = _FHIR.match(text.strip()) if isinstance(text, str) else None
        if not match:
            return None
        year, month, day, hour, _, second, _, offset = match.groups()
        try:
            if month is None:
                return cls(text, "year", date(int(year), 1, 1), date(int(year), 12, 31))
            if day is None:
                return cls(text, "month", date(int(year), int(month), 1), _month_end(int(year), int(month)))
            the_day = date(int(year), int(month), int(day))
            if hour is None or offset is None:
                return cls(text, "day", the_day, the_day)
            plain = text.strip()
            aware = datetime.fromisoformat(plain[:17] + "59" + plain[19:] if second == "60" else plain)
            if not 1 < the_day.year < 9999:
                aware.astimezone(UTC)  # may fall out of the calendar
            return cls(text, "instant", the_day, the_day, aware)
        except (ValueError, OverflowError):
            return None

    @classmethod
    def of_day(cls, day: date) -> When:
        """A whole day."""
        return cls(day.isoformat(), "day", day, day)

    @classmethod
    def of_instant(cls, moment: datetime) -> When:
        """An aware instant; its day is the one its own offset shows."""
        if moment.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return cls(moment.isoformat(timespec="seconds"), "instant", moment.date(), moment.date(), moment)

    def day_in(self, zone: tzinfo) -> date:
        """The (first) day it falls on for a person living in `zone`."""
        return self.instant.astimezone(zone).date() if self.instant else self.first

    def sort_key(self) -> tuple[date, float]:
        """Orders by day, then by instant; a bare day sorts before the instants of that day."""
        if self.instant is None:
            return (self.first, float("-inf"))
        utc = self.instant.astimezone(UTC)
        return (utc.date(), utc.timestamp())

    def span_ms(self, zone: tzinfo) -> tuple[int, int]:
        """[start, end] in milliseconds since 1970 UTC, days cut in `zone`: for indexing, never for showing."""
        if self.instant is not None:
            at = to_ms(self.instant)
            return at, at
        return day_start_ms(self.first, zone), day_end_ms(self.last, zone)


def _month_end(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 UTC of an aware datetime (exact, no float)."""
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def from_ms(ms: int, zone: tzinfo = UTC) -> datetime:
    """An aware datetime in `zone`."""
    return (EPOCH + timedelta(milliseconds=ms)).astimezone(zone)


def day_start_ms(day: date, zone: tzinfo) -> int:
    """When the civil day begins in `zone` (DST-safe), in milliseconds since 1970 UTC."""
    local = datetime.combine(day, time(0), tzinfo=zone)
    try:
        return to_ms(local.astimezone(UTC))
    except OverflowError:  # the first or last day of the calendar: no zone can move it
        return to_ms(local.replace(tzinfo=UTC))


def day_end_ms(day: date, zone: tzinfo) -> int:
    """The last millisecond of the civil day in `zone`; the calendar's own last day has no tomorrow."""
    if day == date.max:
        return day_start_ms(day, UTC) + 86_400_000 - 1
    return day_start_ms(day + timedelta(days=1), zone) - 1


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included; None means open. `words` are the person's own ("last week")."""

    first: date | None = None
    last: date | None = None
    words: str = ""

    def contains(self, day: date) -> bool:
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def covers(self, when: When, zone: tzinfo) -> bool | None:
        """True when surely inside, False when surely outside, None when a partial date could be either."""
        first, last = (when.day_in(zone),) * 2 if when.instant else (when.first, when.last)
        inside_first, inside_last = self.contains(first), self.contains(last)
        if inside_first and inside_last:
            return True
        if (self.last is not None and first > self.last) or (self.first is not None and last < self.first):
            return False
        return None

    @property
    def days(self) -> int | None:
        """How many days, when both ends are known."""
        return (self.last - self.first).days + 1 if self.first and self.last else None
