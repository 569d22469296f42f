"""Civil days in the person's zone, as integers (days since 1970-01-01): cutting milliseconds into them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta, tzinfo
from typing import NamedTuple

from salus.records.times import day_start_ms, from_ms

ORDINAL_1970 = date(1970, 1, 1).toordinal()
DAY_MS = 86_400_000


def number(day: date) -> int:
    return day.toordinal() - ORDINAL_1970


def of(day: int) -> date:
    return date.fromordinal(day + ORDINAL_1970)


class Stretch(NamedTuple):
    """From `start` to `end` (ms) a day is (ms + `offset`) // DAY_MS; or all of it is the one day `day`."""

    start: int
    end: int
    offset: int
    day: int | None = None


class Calendar:
    """The days of one zone between two moments, with their starts and the stretches of equal offset."""

    def __init__(self, zone: tzinfo, first_ms: int, last_ms: int) -> None:
        first, last = from_ms(first_ms, zone).date(), from_ms(last_ms, zone).date()
        self.zone, self.first = zone, number(first)
        self.starts = [
            day_start_ms(first + timedelta(days=i), zone) for i in range(number(last) - self.first + 2)
        ]

    def day_of(self, ms: int) -> tuple[int, int]:
        """(day, the moment it ends). `ms` lies within the calendar."""
        index = bisect_right(self.starts, ms) - 1
        return self.first + index, self.starts[index + 1]

    def stretches(self) -> Iterator[Stretch]:
        """Maximal runs of whole days with one offset; a day on which the clock changes is a run of its own."""
        begin, offset = self.starts[0], self._offset(0)
        for index in range(1, len(self.starts)):
            here = self.starts[index]
            if index < len(self.starts) - 1 and self._offset(index) == offset and self._whole(index - 1):
                continue
            if not self._whole(index - 1):  # 23 or 25 hours: cut it out, by its own start
                if self.starts[index - 1] > begin:
                    yield Stretch(begin, self.starts[index - 1], offset)
                yield Stretch(self.starts[index - 1], here, 0, self.first + index - 1)
            else:
                yield Stretch(begin, here, offset)
            begin, offset = here, self._offset(index)

    def _offset(self, index: int) -> int:
        return (self.first + index) * DAY_MS - self.starts[index]

    def _whole(self, index: int) -> bool:
        return self.starts[index + 1] - self.starts[index] == DAY_MS
