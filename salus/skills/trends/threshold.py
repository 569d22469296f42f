"""On how many days or nights a metric reached a figure, or stayed under it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from salus.records.finding import Result
from salus.records.text import TN, T
from salus.records.units import Quantity
from salus.skills.trends import saying
from salus.skills.trends.frame import Frame


def threshold(frame: Frame, at_least: Decimal | None, under: Decimal | None) -> Result:
    """Counts the recorded days (nights, by the day of waking) of `at_least` so much, or `under` it, canonical unit.

    What is sampled counts by the mean of each day. Zero is said only of the days that have data, and how many.
    """
    series, scale = frame.series, frame.series.scale
    limit = at_least if at_least is not None else under
    assert limit is not None
    shown = scale.shown(float(limit))
    hits = [p for p in series.points if (p.value >= shown if at_least is not None else p.value < shown)]
    args: dict[str, Any] = {
        "metric": saying.name(series.metric), "limit": Quantity(limit, scale.canonical), "when": frame.when,
        "days": len(series.points),
    }  # fmt: skip
    count = len(hits)
    if series.nightly and at_least is not None:
        said = TN("{metric}: {n} night of {limit} or more {when}, of {days} with data.",
                  "{metric}: {n} nights of {limit} or more {when}, of {days} with data.", count, **args)  # fmt: skip
    elif series.nightly:
        said = TN("{metric}: {n} night under {limit} {when}, of {days} with data.",
                  "{metric}: {n} nights under {limit} {when}, of {days} with data.", count, **args)  # fmt: skip
    elif at_least is not None:
        said = TN("{metric}: {n} day of {limit} or more {when}, of {days} with data.",
                  "{metric}: {n} days of {limit} or more {when}, of {days} with data.", count, **args)  # fmt: skip
    else:
        said = TN("{metric}: {n} day under {limit} {when}, of {days} with data.",
                  "{metric}: {n} days under {limit} {when}, of {days} with data.", count, **args)  # fmt: skip
    how = frame.method(T("The days that have data, each compared with the limit."))
    main = frame.finding(
        "count", said, Quantity(Decimal(count), ""), how, also=(), limit=float(limit),
        over=at_least is not None,
    )  # fmt: skip
    return Result((main,), answer=(said, *frame.said))
