"""One expected fact, and what a query may ask for. Holds no way to compute it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

Query = Mapping[str, Any]
Span = tuple[date, date]


@dataclass(frozen=True)
class Fact:
    """What the answer has to carry. Set fields are required, the others are not looked at.

    `value` in `unit` (UCUM), shown with about `digits` digits after the point. `words` must be said. `day` is the
    person's civil day as ISO text, possibly only a year or a month. `direction` is "up", "down" or "flat".
    `molar_mass` (g/mol) lets an answer give the value in mass or molar units.
    """

    value: float | None = None
    unit: str = ""
    digits: int = 0
    words: str = ""
    day: str = ""
    direction: str = ""
    molar_mass: Decimal | None = None


def span(query: Query) -> Span | None:
    """The days a query is about, both included; None when it is about everything."""
    days = query.get("period")
    return (date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None


def within(day: date, days: Span | None) -> bool:
    return days is None or days[0] <= day <= days[1]
