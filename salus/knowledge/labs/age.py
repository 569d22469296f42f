"""How old somebody is, exactly enough for newborns: completed months and days. Knows dates only."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

ADULT = 18
"""Years; from here the adult intervals hold."""
_WRITTEN = re.compile(r"^\s*(\d+)\s*(d|wk|mo|y)?\s*$")
_MONTH = 30.4375
"""Days, where only a number of months or years is known."""


class Age(NamedTuple):
    """Completed months since birth, and days since birth."""

    months: int
    days: int

    @classmethod
    def on(cls, born: date, day: date) -> Age | None:
        """The age on a day; None before birth."""
        if day < born:
            return None
        months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
        return cls(months, (day - born).days)

    @classmethod
    def read(cls, text: str | int) -> Age:
        """An age as written: "45" or "45y" years, "6mo" months, "2wk" weeks, "10d" days. Raises ValueError."""
        match = _WRITTEN.match(str(text))
        if match is None:
            raise ValueError(f"{text!r} is no age")
        n, unit = int(match[1]), match[2] or "y"
        if unit in ("d", "wk"):
            days = n * 7 if unit == "wk" else n
            return cls(int(days / _MONTH), days)
        months = n * 12 if unit == "y" else n
        return cls(months, round(months * _MONTH))

    @property
    def years(self) -> int:
        """Completed years."""
        return self.months // 12

    @property
    def adult(self) -> bool:
        return self.years >= ADULT

    def reached(self, limit: str) -> bool:
        """True from that age on, the day itself included: days for limits in days and weeks, else months."""
        other = _limit(limit)
        in_days = limit.endswith(("d", "wk"))
        return self.days >= other.days if in_days else self.months >= other.months

    def within(self, start: str, end: str) -> bool:
        """From `start` up to, and not including, `end`; an empty end is open."""
        return self.reached(start) and not (end and self.reached(end))


@lru_cache(maxsize=256)
def _limit(text: str) -> Age:
    return Age.read(text)
