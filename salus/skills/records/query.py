"""What can be asked of the records: which kind, which question, about what, over which days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from salus.records.times import Period

Kind = Literal[
    "medications", "allergies", "problems", "immunizations", "visits", "procedures", "documents", "care_team", "goals",
    "coverage", "workouts", "profile", "devices", "symptoms", "notes", "diary",
]  # fmt: skip
Ask = Literal["list", "last", "first", "longest", "since", "who", "where", "count", "detail", "is"]


@dataclass(frozen=True)
class RecordsQuery:
    """`about` are the person's own words for one thing ("metformin", "flu shot", "grippe", "cardiologist").

    Words such as "stopped", "past", "ever" in `about` widen a list beyond what is current. "symptoms" and "notes" are
    what the person wrote down by hand, "diary" is both.
    """

    kind: Kind
    ask: Ask = "list"
    about: str | None = None
    period: Period | None = None
