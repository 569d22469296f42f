"""The things that can be entered by hand, as typed values. Knows nothing of where they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from salus.records.times import When


@dataclass(frozen=True)
class Reading:
    """One home measurement of a metric (`records/metrics.toml`): the value as written and its unit in UCUM."""

    metric: str
    value: Decimal
    unit: str
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class Pressure:
    """One blood pressure, in mm[Hg], with the pulse (/min) when the device showed it."""

    systolic: Decimal
    diastolic: Decimal
    at: datetime
    pulse: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class ResultEntry:
    """A laboratory result from paper. `test` is a key of the laboratory table, or None where `name` is not in it.

    `low` and `high` are the range the laboratory printed, in the same unit; `comparator` is "<" or ">" before a bound.
    """

    name: str
    test: str | None
    value: Decimal | str
    unit: str
    on: When
    low: Decimal | None = None
    high: Decimal | None = None
    laboratory: str = ""
    comparator: str = ""
    note: str = ""


@dataclass(frozen=True)
class Taken:
    """A medicine as really taken: `dose` ("1 tablet of 500 mg") and `how` ("twice a day") in the person's words."""

    medicine: str
    dose: str = ""
    how: str = ""
    since: When | None = None
    until: When | None = None
    as_needed: bool = False
    why: str = ""
    note: str = ""


@dataclass(frozen=True)
class Symptom:
    """One line of a symptom diary. `severity` is 0 (none) to 10 (the worst imaginable), None when not said."""

    name: str
    at: datetime
    severity: int | None = None
    until: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Note:
    """Free text, found by the search."""

    text: str
    at: datetime
    title: str = ""


Entry = Reading | Pressure | ResultEntry | Taken | Symptom | Note
