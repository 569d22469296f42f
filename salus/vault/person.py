"""Who a vault is about and how they want it read: kept as settings inside the vault, never outside it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from salus.errors import UsageError
from salus.records.finding import Lang
from salus.records.text import T
from salus.vault.database import Connection

Sex = Literal["female", "male", "other"]
SEXES: tuple[Sex, ...] = ("female", "male", "other")


_OWN = frozenset({"name", "born", "sex", "zone", "zone_known", "lang", "country", "priorities", "search_indexed"})


@dataclass(frozen=True)
class Person:
    """Born and sex may be unknown (None). `priorities` are origin names, highest first, before the default order.

    `zone_known` is False while the zone is only the machine's and the machine's is UTC: the first import that
    carries one may then set it.
    """

    name: str
    born: date | None
    sex: Sex | None
    zone: tzinfo
    zone_name: str
    zone_known: bool
    lang: Lang
    country: str | None
    priorities: tuple[str, ...]
    preferences: Mapping[str, str] = field(default_factory=dict)
    """Every other setting, as text: units to show, how many back-ups to keep …"""

    def age_on(self, day: date) -> int | None:
        """Completed years, or None when the birth date is unknown."""
        if self.born is None:
            return None
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


def read(db: Connection) -> Person:
    """The person of an open vault."""
    found = dict(db.execute("SELECT key, value FROM setting"))
    zone_name = found.get("zone", "UTC")
    return Person(
        name=found.get("name", ""),
        born=date.fromisoformat(found["born"]) if found.get("born") else None,
        sex=cast("Sex | None", found.get("sex") or None),
        zone=zone(zone_name),
        zone_name=zone_name,
        zone_known=found.get("zone_known", "0") == "1",
        lang=cast("Lang", found.get("lang", "en")),
        country=found.get("country") or None,
        priorities=tuple(p for p in found.get("priorities", "").split("\n") if p),
        preferences={key: value for key, value in found.items() if key not in _OWN},
    )


def write(db: Connection, **settings: str) -> None:
    """Sets settings by name (the fields of Person, as text)."""
    db.executemany("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", list(settings.items()))


def zone(name: str) -> ZoneInfo:
    """The tz database zone of that name. Raises UsageError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            T("There is no time zone “{name}”. Use a name such as Europe/Paris or America/New_York.", name=name)
        ) from error


def machine_zone() -> str:
    """The machine's tz database zone, from TZ or /etc/localtime; "UTC" when it does not say."""
    name = os.environ.get("TZ", "").lstrip(":")
    if not name:
        target = os.path.realpath("/etc/localtime")
        name = target.split("zoneinfo/", 1)[1] if "zoneinfo/" in target else ""
        if not name and Path("/etc/timezone").exists():
            name = Path("/etc/timezone").read_text("utf-8", "replace").strip()
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
    return "UTC" if name in ("", "Etc/UTC", "UCT", "Etc/UCT", "Universal", "Zulu") else name
