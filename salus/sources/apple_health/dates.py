"""Apple's export dates, "2024-01-01 01:01:36 +0200", to milliseconds since 1970 UTC, fast.

The offset is the exporting phone's at export time, not the place's where the sample was taken: only the instant is
right. Years outside 1900 to 2100 are refused: no sensor wrote them.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from salus.records.text import T, Text

_SHAPE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}$")
FIRST_YEAR, LAST_YEAR = 1900, 2100
MANY_HOURS = 400_000
CONTROL = bytes(set(range(32)) - {9, 10, 13})
"""Bytes that XML forbids and some apps write all the same: taken out wherever a piece is looked at closely."""
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class BadValue(ValueError):
    """A value of one record that cannot be taken; `text` says why."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.plain())


class Dates:
    """A parser with its caches (hours seen, offsets seen): one per file."""

    def __init__(self) -> None:
        self._hours: dict[str, int] = {}
        self._days: dict[str, int] = {}
        self._offsets: dict[str, int] = {}
        self._minutes = {f"{m:02}:{s:02}": (m * 60 + s) * 1000 for m in range(60) for s in range(60)}
        # The same three tables for bytes: what `rows.Rows.fast` looks up itself, without a call.
        self.hours_b: dict[bytes, int] = {}
        self.offsets_b: dict[bytes, int] = {}
        self.minutes_b = {key.encode(): value for key, value in self._minutes.items()}

    def ms(self, text: str) -> int:
        """Raises BadValue for what is not such a date."""
        try:
            return self._hours[text[:14]] + self._minutes[text[14:19]] - self._offsets[text[19:]]
        except KeyError:
            return self._slow(text)

    def ms_b(self, text: bytes) -> int:
        """Like `ms`, from bytes. Raises BadValue."""
        try:
            return self.hours_b[text[:14]] + self.minutes_b[text[14:19]] - self.offsets_b[text[19:]]
        except KeyError:
            text = text.translate(None, CONTROL)
            word = text.decode("latin-1")
            ms = self._slow(word)
            if len(self.hours_b) > MANY_HOURS:
                self.hours_b.clear()
            self.hours_b[text[:14]] = self._hours[word[:14]]
            self.offsets_b[text[19:]] = self._offsets[word[19:]]
            return ms

    def _slow(self, text: str) -> int:
        if not _SHAPE.match(text):
            raise BadValue(T("“{text}” is not a date.", text=text[:40]))
        if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
            raise BadValue(T("The year {year} cannot be right.", year=text[:4]))
        sign = -1 if text[20] == "-" else 1
        hours, minutes = int(text[21:23]), int(text[23:25])
        if hours > 14 or minutes > 59:
            raise BadValue(T("“{text}” is not a time offset.", text=text[19:].strip()))
        hour, day = int(text[11:13]), self._days.get(text[:10])
        if day is None:
            try:
                day = (date.fromisoformat(text[:10]).toordinal() - _EPOCH_DAY) * 86_400_000
            except ValueError:
                raise BadValue(T("“{text}” is not a date.", text=text[:40])) from None
            self._days[text[:10]] = day
        if hour > 23 or text[14:19] not in self._minutes:
            raise BadValue(T("“{text}” is not a date.", text=text[:40]))
        if len(self._hours) > MANY_HOURS:
            self._hours.clear()
        self._hours[text[:14]] = day + hour * 3_600_000
        self._offsets[text[19:]] = sign * (hours * 60 + minutes) * 60_000
        return self._hours[text[:14]] + self._minutes[text[14:19]] - self._offsets[text[19:]]

    def iso(self, text: str) -> str:
        """The same moment with its offset, as FHIR writes it. Raises BadValue."""
        ms = self.ms(text)
        zone = timezone(timedelta(milliseconds=self._offsets[text[19:]]))
        return datetime.fromtimestamp(ms / 1000, zone).isoformat(timespec="seconds")
