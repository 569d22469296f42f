"""What a figure rests on: the span of samples or the Observations, with a short literal piece of them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from salus.records.codes import LOINC, METRIC, Code
from salus.records.finding import Evidence
from salus.records.metrics import Metric
from salus.records.resource import Resource, title
from salus.records.times import When
from salus.records.units import Quantity
from salus.skills.trends.scale import rounded
from salus.skills.trends.series import Point, Series

MOST_POINTS = 400
MOST_CITED = 24
EXCERPT = 200


def code_of(metric: Metric) -> Code:
    return Code(LOINC, metric.loinc, metric.en) if metric.loinc else Code(METRIC, metric.key, metric.en)


def evidence(series: Series, points: tuple[Point, ...] | None = None) -> tuple[Evidence, ...]:
    """The samples of the days used, as one; or each Observation, the newest two dozen."""
    if series.source == "records":
        told = (*series.resources, *(resource for one in series.clashing for resource in one.resources))
        return tuple(of_resource(resource) for resource in told[:MOST_CITED])
    used = series.points if points is None else points
    first, last = used[0].day, used[-1].day
    names = ", ".join(dict.fromkeys(point.origin for point in used if point.origin))
    days = (f"{p.day.isoformat()} {rounded(p.value, series.scale.digits)}" for p in used)
    return (
        Evidence(
            "samples", f"samples/{series.metric.key}/{first.isoformat()}/{last.isoformat()}", names[:120],
            When.of_day(last), _short(f"{len(used)} {'day' if len(used) == 1 else 'days'}: ", days),
        ),
    )  # fmt: skip


def _short(head: str, parts: Iterable[str]) -> str:
    """The first parts that fit; no more of them is made."""
    text = head
    for index, part in enumerate(parts):
        more = part if index == 0 else f"; {part}"
        if len(text) + len(more) > EXCERPT - 3:
            return f"{text}; …"
        text += more
    return text


def of_resource(resource: Resource, value: Quantity | None = None) -> Evidence:
    """One Observation: what it is called, its figure or figures, its date."""
    body = resource.body
    said = f"{value.value} {value.unit}" if value else _figures(body)
    when = resource.time.text if resource.time else ""
    excerpt = ", ".join(part for part in (title(body), said, when) if part)
    return Evidence(
        resource.type, resource.ref, resource.origin or resource.connection, resource.time, excerpt[:EXCERPT]
    )


def _figures(body: dict[str, Any]) -> str:
    found = []
    for part in (body, *(body.get("component") or ())):
        value = part.get("valueQuantity") if isinstance(part, dict) else None
        if isinstance(value, dict) and isinstance(value.get("value"), (int, Decimal)):
            found.append(f"{value['value']} {value.get('unit') or value.get('code') or ''}".strip())
    return " / ".join(found)


def chart(series: Series, points: tuple[Point, ...] | None = None) -> dict[str, Any]:
    """Points for a chart, at most 400: beyond that each stands for `every` recorded days, by their mean."""
    used = series.points if points is None else points
    every = -(-len(used) // MOST_POINTS)
    made = []
    for at in range(0, len(used), every):
        group = used[at : at + every]
        mean = sum(point.value for point in group) / len(group)
        made.append([group[0].day.isoformat(), float(rounded(mean, series.scale.digits))])
    found: dict[str, Any] = {"points": made, "unit": series.scale.unit}
    return {**found, "every": every} if every > 1 else found
