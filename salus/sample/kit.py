"""What the sample person carries: a phone, a watch and its successor, and a few apps. Knows which is worn when."""

from __future__ import annotations

from datetime import date, timedelta

from salus.sample.person import GIVEN, Spec
from salus.sample.sheet import Device, Source

CHANGE_AGO = 150
"""Days before the end when the new watch is first worn."""
GAP_AGO = (232, 226)
"""A week without any watch (days before the end, first and last)."""
NEW_WATCH_HEART = 3.0
"""The new watch reads the resting heart rate this much higher: the device, not the body."""
NEW_WATCH_STEPS = 1.04
"""… and counts this much more steps."""
POUNDS_AGO = (330, 300)
"""A month in which the scale was set to pounds."""


class Kit:
    """Sources by day. Both watches carry the same name, as the phone gives it; only their hardware differs."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.change = spec.day(CHANGE_AGO)
        self._watch_name = f"Apple\u00a0Watch de {GIVEN}" if spec.lang == "fr" else f"{GIVEN}’s Apple\u00a0Watch"
        self._phone_name = f"iPhone de {GIVEN}" if spec.lang == "fr" else f"{GIVEN}’s iPhone"
        self._made: dict[str, Source] = {}
        rng = spec.rng("kit")
        self._days_off = {spec.day(ago) for ago in range(3, spec.days) if rng.random() < 0.02}
        self.scale = Source("Balance Claire", "4.2.1", Device("Claire S2", "S2", "S2", "1.8", "Claire"))
        self.cuff = Source("Tensio", "3.0", Device("Tensio T1", "T1", "T1", "2.1", "Tensio"))
        self.meter = Source("GlucoPoint", "2.11.0")
        self.sleep_app = Source("Nocturne & Co", "5.4")
        self.mind_app = Source("Souffle", "1.9")
        self.health = Source("Santé" if spec.lang == "fr" else "Health", "26.1")

    def _software(self, day: date) -> str:
        """The system's version: a new major one each September."""
        year = day.year if day >= date(day.year, 9, 16) else day.year - 1
        return f"{year - 1999}.{1 if day.month in (11, 12, 1, 2) else 0}"

    def phone(self, day: date) -> Source:
        version = self._software(day)
        key = f"phone/{version}"
        if key not in self._made:
            device = Device("iPhone", "iPhone", "iPhone15,4", version)
            self._made[key] = Source(self._phone_name, version, device)
        return self._made[key]

    def watch(self, day: date) -> Source | None:
        """The watch worn that day, or None."""
        if not self.worn(day):
            return None
        version, new = self._software(day), self.is_new(day)
        key = f"watch/{version}/{new}"
        if key not in self._made:
            device = Device("Apple Watch", "Watch", "Watch7,11" if new else "Watch6,7", version)
            self._made[key] = Source(self._watch_name, version, device)
        return self._made[key]

    def worn(self, day: date) -> bool:
        first, last = GAP_AGO
        return day not in self._days_off and not self.spec.day(first) <= day <= self.spec.day(last)

    def is_new(self, day: date) -> bool:
        """True from the day of the change of watch on."""
        return day >= self.change

    def days(self) -> list[date]:
        """Every day covered, oldest first."""
        return [self.spec.first + timedelta(days=n) for n in range(self.spec.days)]
