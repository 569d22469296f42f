"""What can be asked of a metric: which one, which figure of it, over which days."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from salus.records.times import Period

Measure = Literal["total", "average", "min", "max", "latest", "first", "trend", "count"]

PRESSURE = "blood_pressure"
"""The two metrics systolic and diastolic, asked for together."""


@dataclass(frozen=True)
class TrendsQuery:
    """`metric` is a key of `records/metrics.toml`, "blood_pressure", or an unlisted metric's own key ("apple:…").

    `period` None: all data; for a trend the last 90 days that have data.
    """

    metric: str
    measure: Measure = "latest"
    period: Period | None = None
    at_least: Decimal | None = None
    """For a count: only days of so much or more, in the metric's canonical unit; `under`: only days of less."""
    under: Decimal | None = None
