"""From the tests, panels and metrics that a question names to steps: what is asked of each, over which days."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from salus.assistant.route.heard import Heard, Spot
from salus.assistant.route.steps import Plan, skills
from salus.knowledge.labs import panels
from salus.knowledge.labs import tests as lab_tests
from salus.knowledge.phrases import fold
from salus.records.metrics import metric
from salus.records.times import Period
from salus.vault.view import VaultView


def plans(heard: Heard, view: VaultView) -> list[Plan]:
    """One step for each test, panel or metric that is asked about, two where two periods are compared."""
    made: list[Plan] = []
    for spot in _chosen(heard, heard.spots):
        if spot.kind in ("test", "panel"):
            found = [labs(heard, spot)]
        elif heard.has("labs_ask", "list") and (charted := _charted(spot, view)):
            found = [labs(heard, one) for one in charted]
        elif heard.versus is not None:
            found = [_trends(replace(heard, period=period), spot) for period in (heard.period, heard.versus)]
        else:
            found = [_trends(heard, spot)]
        made += [one for one in found if one not in made]
    return made


def plans_of(heard: Heard, spot: Spot) -> list[Plan]:
    """The one step for a metric, whatever else the question names."""
    return [_trends(heard, spot)]


def _charted(spot: Spot, view: VaultView) -> list[Spot]:
    """The vital signs of a metric that only the medical records hold: few enough to be listed one by one."""
    keys = ("systolic", "diastolic") if spot.key == "blood_pressure" else (spot.key,)
    if any(view.metric_span(key) is not None for key in keys):
        return []
    return [Spot("test", test.key, spot.start, spot.end) for key in keys for test in lab_tests().values()
            if test.metric == key][:MOST_CHARTED]  # fmt: skip


MOST_CHARTED = 2


def _chosen(heard: Heard, spots: tuple[Spot, ...]) -> list[Spot]:
    """The spots that are asked about: a distance in steps is about steps; a panel beside its own test is not asked."""
    keys = {s.key for s in spots if s.kind == "test"}
    kept = [s for s in spots if not (s.kind == "panel" and keys & set(panels()[s.key].tests))]
    if any(s.kind == "test" for s in kept):
        kept = [s for s in kept if s.key != "distance_walking_running"]  # "how far above normal"
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
        if heard.has("labs_ask", "next"):
            return Plan(skill, make(all=True, ask="next", period=heard.period))
        newest = heard.has("labs_ask", "latest", "list") or heard.has("records_ask", "last")
        newest = newest or (heard.period is not None and not heard.has("which", "judged"))
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


_SEVERAL = re.compile(
    r"\b(?:last|latest|past) (?:\d+|two|three|four|five|few)\b|\b(?:two|three|four|five|\d+) (?:last|latest)\b|"
    r"\b(?:deux|trois|quatre|cinq|\d+) derniere?s\b"
)
"""More than one of the newest."""


def labs_ask(heard: Heard, spot: Spot | None) -> str:
    """What is asked of one test; `spot` is none for a result that the table does not list."""
    if spot is not None and spot.kind == "panel":
        wanted = ("next", "out_of_range")
        return next((ask for ask in wanted if heard.has("labs_ask", ask)), "latest")
    for ask in ("next", "since_before"):
        if heard.has("labs_ask", ask) and heard.period is None and heard.versus is None:
            return ask
    if heard.has("labs_ask", "meaning") and heard.period is None:
        return "meaning"
    if heard.versus is not None:
        return "change"
    if heard.has("which", "count") and heard.has("which", "counted"):
        return "count"
    for ask in ("trend", "change"):
        if heard.has("labs_ask", ask):
            return ask
    if heard.has("which", "previous"):
        return "previous"
    if heard.has("which", "first"):
        return "first"
    if heard.has("which", "best") or _SEVERAL.search(fold(heard.text)):
        return "list"  # which way is better differs by test
    if heard.limit is not None and not heard.has("labs_ask", "average", "list"):
        return "highest" if heard.limit.above else "lowest"
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
    counted = heard.has("which", "count") or heard.has("labs_ask", "count_days") or heard.has("which", "days_with")
    if heard.limit is not None and counted and key != "blood_pressure" and (amount := heard.limit.of(key)) is not None:
        bound = {"at_least" if heard.limit.above else "under": amount}
        return Plan(skill, make(metric=key, measure="count", period=heard.period, **bound))
    return Plan(skill, make(metric=key, measure=_measure(heard, spot), period=heard.period))


def _measure(heard: Heard, spot: Spot) -> str:
    kind = "sample" if spot.key == "blood_pressure" else metric(spot.key).kind
    if heard.has("labs_ask", "count_days") or (heard.has("which", "count") and heard.has("which", "reading")):
        return "count"
    if heard.has("which", "first") and heard.period is None:
        return "first"
    if heard.versus is not None and not heard.has("labs_ask", "total", "lowest", "highest"):
        return "average"
    if heard.has("labs_ask", "average"):
        return "average"
    if heard.has("labs_ask", "trend", "change", "since_before"):
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
