"""Who the sample person is and what fixes their records: seed, last day, length, language. Knows no format.

Everything is invented. The same `Spec` always gives the same bytes; nothing reads the clock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

BORN = date(1974, 5, 12)
SEX = "female"
ZONE = "Europe/Paris"
COUNTRY = "FR"
GIVEN = "Solène"
FAMILY = "Vasseur-Almeida"
NAME = f"{GIVEN} {FAMILY}"
LABEL = "sample"
HEIGHT_CM = 166

TZ = ZoneInfo(ZONE)


@dataclass(frozen=True)
class Spec:
    """What determines the sample person's records.

    `end` is the last whole day of data; the phone's export is taken the morning after, so it also holds the night
    that ends then. `days` is how many days the phone and watch cover (1 to 3650). `lang` is the language the
    records are written in.
    """

    end: date
    seed: int = 7
    days: int = 400
    lang: Literal["en", "fr"] = "en"

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 3650:
            raise ValueError("days must be between 1 and 3650")

    def rng(self, topic: str) -> random.Random:
        """A stream of its own for each topic, so that changing one part leaves the others as they are."""
        return random.Random(f"{self.seed}/{self.end.isoformat()}/{topic}")

    def day(self, ago: int) -> date:
        """The day that many days before the end."""
        return self.end - timedelta(days=ago)

    def workday(self, ago: int) -> date:
        """Like `day`, moved back to Friday when it falls on a weekend."""
        day = self.day(ago)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def uid(self, slug: str) -> str:
        """A stable UUID for one thing of the story."""
        return str(uuid5(NAMESPACE_URL, f"urn:salus:sample/{self.seed}/{slug}"))

    @property
    def first(self) -> date:
        """The first day the phone and watch cover."""
        return self.end - timedelta(days=self.days - 1)

    @property
    def exported(self) -> datetime:
        """When the phone wrote its export: the morning after the end."""
        return local(self.end + timedelta(days=1), 8, 32, 10)


def local(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A moment of the person's own clock, aware."""
    return datetime.combine(day, time(hour, minute, second), tzinfo=TZ)


def seconds(day: date, at: float = 0.0) -> int:
    """Seconds since 1970 UTC of `at` hours into the person's civil day (a clock reading, DST-safe)."""
    whole = round(at * 3600)
    extra, whole = divmod(whole, 86_400)
    clock = local(day + timedelta(days=extra), whole // 3600, whole // 60 % 60, whole % 60)
    return int(clock.astimezone(UTC).timestamp())


def civil_day(moment: float) -> date:
    """The person's civil day at that many seconds since 1970 UTC."""
    return datetime.fromtimestamp(moment, TZ).date()
