"""From the tests, panels and metrics that a question names to steps: what is asked of each, over which days."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from salus.assistant.route.heard import Heard, Spot
from salus.assistant.route.steps import Plan, skills
from salus.knowledge.labs import panels
from salus.records.metrics import metric
from salus.records.times import Period


def plans(heard: Heard) -> list[Plan]:
    """One step for each test, panel or metric that is asked about, two where two periods are compared."""
    made: list[Plan] = []
    for spot in _chosen(heard, heard.spots):
        if spot.kind in ("test", "panel"):
            found = [labs(heard, spot)]
        elif heard.versus is not None:
            found = [_trends(replace(heard, period=period), spot) for period in (heard.period, heard.versus)]
        else:
            found = [_trends(heard, spot)]
        made += [one for one in found if one not in made]
    return made


def _chosen(heard: Heard, spots: tuple[Spot, ...]) -> list[Spot]:
    """The spots that are asked about: a distance in steps is about steps; a panel beside its own test is not asked."""
    keys = {s.key for s in spots if s.kind == "test"}
    kept = [s for s in spots if not (s.kind == "panel" and keys & set(panels()[s.key].tests))]
    if any(s.key == "steps" for s in kept):
        kept = [s for s in kept if not s.key.startswith(("distance_", "walking_"))]
    others = [s for s in kept if s.key in ("distance_cycling", "distance_swimming", "distance_wheelchair")]
    if others:
        kept = [s for s in kept if s.key != "distance_walking_running"]
    staged = [s for s in kept if s.key.startswith("sleep_")]
    if staged:
        kept = [s for s in kept if s.key != "sleep"]
    specific = [s for s in kept if s.key not in ("heart_rate",) or not any(k.key.endswith("_heart_rate") for k in kept)]
    unique: dict[tuple[str, str], Spot] = {}
    for spot in specific:
        unique.setdefault((spot.kind, spot.key), spot)
    return list(unique.values())


def labs(heard: Heard, spot: Spot | None) -> Plan:
    skill = skills()["labs"]
    make: Any = skill.query
    if spot is None:
        newest = heard.has("labs_ask", "latest", "list") or heard.has("records_ask", "last")
        ask = "latest" if newest and not heard.has("labs_ask", "out_of_range") else "out_of_range"
        return Plan(skill, make(all=True, ask=ask, period=heard.period))
    ask = labs_ask(heard, spot)
    which = {"test": spot.key} if spot.kind == "test" else {"panel": spot.key}
    return Plan(skill, make(**which, ask=ask, period=_both(heard) if ask == "change" else heard.period))


def _both(heard: Heard) -> Period | None:
    """From the earlier of two compared periods to the later."""
    one, two = heard.period, heard.versus
    if one is None or two is None or not (one.first and two.first and one.last and two.last):
        return one
    return Period(min(one.first, two.first), max(one.last, two.last), one.words)


def labs_ask(heard: Heard, spot: Spot | None) -> str:
    """What is asked of one test; `spot` is none for a result that the table does not list."""
    if spot is not None and spot.kind == "panel":
        return "out_of_range" if heard.has("labs_ask", "out_of_range") else "latest"
    if heard.has("labs_ask", "meaning") and heard.period is None:
        return "meaning"
    if heard.versus is not None:
        return "change"
    if heard.has("which", "count") and heard.has("which", "counted"):
        return "count"
    if heard.has("which", "first"):
        return "first"
    if heard.has("which", "best"):
        return "list"  # which way is better differs by test
    for ask in ("trend", "change"):
        if heard.has("labs_ask", ask):
            return ask
    for ask in ("lowest", "highest", "average", "list"):
        if heard.has("labs_ask", ask):
            return ask
    return "latest"


def _trends(heard: Heard, spot: Spot) -> Plan:
    skill = skills()["trends"]
    make: Any = skill.query
    key = spot.key
    if key == "active_energy" and heard.has("generic", "eating"):
        key = "dietary_energy"
    if heard.limit is not None and key != "blood_pressure" and (amount := heard.limit.of(key)) is not None:
        bound = {"at_least" if heard.limit.above else "under": amount}
        return Plan(skill, make(metric=key, measure="count", period=heard.period, **bound))
    return Plan(skill, make(metric=key, measure=_measure(heard, spot), period=heard.period))


def _measure(heard: Heard, spot: Spot) -> str:
    kind = "sample" if spot.key == "blood_pressure" else metric(spot.key).kind
    if heard.has("labs_ask", "count_days"):
        return "count"
    if heard.has("which", "first") and heard.period is None:
        return "first"
    if heard.versus is not None and not heard.has("labs_ask", "total", "lowest", "highest"):
        return "average"
    if heard.has("labs_ask", "average"):
        return "average"
    if heard.has("labs_ask", "trend", "change"):
        return "trend"
    if heard.has("labs_ask", "lowest"):
        return "min"
    if heard.has("labs_ask", "highest"):
        return "max"
    if heard.has("labs_ask", "total"):
        return "total"
    if kind == "sample":
        return (
            "average"
            if heard.period and not heard.has("labs_ask", "latest") and not _one_day(heard.period)
            else ("latest" if heard.period is None or heard.has("labs_ask", "latest") else "average")
        )
    if heard.period is None:
        return "latest" if heard.has("labs_ask", "latest") else "average"
    if kind == "sleep" and not _one_day(heard.period):
        return "average"
    return "total"


def _one_day(period: Period) -> bool:
    return period.days == 1
