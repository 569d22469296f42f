"""From what was heard to plans: first what Salus must not answer, then results and metrics, then the records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from salus.assistant.route import records
from salus.assistant.route.heard import Heard, Spot, hear
from salus.hooks import register_skills
from salus.records.finding import Result, Triage, Unknown
from salus.records.metrics import metric
from salus.records.text import T, Text
from salus.records.times import Period
from salus.skills.contract import Skill
from salus.vault.view import VaultView

MOST_PLANS = 4


@dataclass(frozen=True)
class Plan:
    """One skill to run with its typed query."""

    skill: Skill[Any]
    query: Any


@dataclass(frozen=True)
class Nothing:
    """The query of a question no skill answers: why, and what would help."""

    why: str


_BEYOND: dict[str, tuple[Text, Text]] = {
    "advice": (
        T("Salus does not decide about treatment: it cannot tell you to start, stop or change anything."),
        T("Ask the doctor who prescribed it, or your pharmacist, before you change anything."),
    ),
    "future": (
        T("Salus cannot tell the future."),
        T("It can show how something has gone so far: ask how it has changed."),
    ),
    "others": (
        T("This vault holds your records only, so nothing is known here about anyone else."),
        T("Their own vault would be needed."),
    ),
    "not_heard": (
        T("Salus cannot answer that from your records."),
        T("Ask about your results, your medicines, your visits, or what your devices measure."),
    ),
}


@lru_cache(maxsize=1)
def _skills() -> dict[str, Skill[Any]]:
    return {found.name: found for found in register_skills()}


def plan(question: str, view: VaultView, lang: str, triage: Triage) -> list[Plan]:
    """The plans of a question, in the order they are answered. Never empty unless a triage speaks for itself."""
    heard = hear(question, view, lang)
    beyond = _beyond(heard)
    if beyond is not None:
        return [] if triage.level in ("emergency", "urgent") else [_nothing(beyond)]
    if triage.level in ("emergency", "urgent") and not heard.spots and not heard.kinds:
        return []
    made = _plans(heard, view) or _claimed(question, view, lang)
    if not made:
        return [] if triage.level != "none" else [_nothing("not_heard")]
    return made[:MOST_PLANS]


def _claimed(question: str, view: VaultView, lang: str) -> list[Plan]:
    """Skills that hear the question as theirs, in the order of their names."""
    made = []
    for name, skill in sorted(_skills().items()):
        query = skill.hears(question, view, lang) if skill.hears else None
        if query is not None:
            made.append(Plan(_skills()[name], query))
    return made


def _nothing(why: str) -> Plan:
    what, needed = _BEYOND[why]
    run = Skill("none", {}, Nothing, (), lambda view, query: Result(unknown=(Unknown(what, needed),)))
    return Plan(run, Nothing(why))


def _beyond(heard: Heard) -> str | None:
    for why in ("others", "advice", "future"):
        if heard.has("beyond", why):
            return why
    return None


def _plans(heard: Heard, view: VaultView) -> list[Plan]:
    asked = records.query(heard, view)
    if asked is not None and _records_first(heard, asked):
        return [_records(asked)]
    spots = heard.spots
    if spots:
        return _measured(heard, spots)
    if heard.has("labs_ask", "out_of_range") or (heard.has("labs_ask", "results") and _whole(heard)):
        return [_labs(heard, None)]
    if asked is not None:
        return [_records(asked)]
    return []


def _records(asked: records.Asked) -> Plan:
    skill = _skills()["records"]
    make: Any = skill.query
    return Plan(skill, make(**asked._asdict()))


def _whole(heard: Heard) -> bool:
    """ "Are my results normal?", "what do my blood tests say?": all of them."""
    return not heard.kinds


def _records_first(heard: Heard, asked: Any) -> bool:
    """Records win when the question names their kind, unless it plainly asks for a figure."""
    kinds = {kind for kind, _, _ in heard.kinds}
    if not heard.spots:
        return bool(kinds) and not (heard.has("labs_ask", "out_of_range") and kinds <= {"documents"})
    if kinds & {"allergies", "immunizations", "coverage", "goals", "care_team", "profile"}:
        return True
    if heard.has("records_ask", "since") and asked.kind in ("problems", "medications"):
        return True
    if "medications" in kinds:
        return not _asks_figure(heard)
    if kinds & {"problems", "procedures", "documents"}:
        return not _asks_figure(heard)
    return False


def _asks_figure(heard: Heard) -> bool:
    return heard.has("labs_ask", "latest", "average", "highest", "lowest", "trend", "change", "total")


# Results and metrics -----------------------------------------------------------------------------------------------


def _measured(heard: Heard, spots: tuple[Spot, ...]) -> list[Plan]:
    made: list[Plan] = []
    for spot in _chosen(heard, spots):
        found = _labs(heard, spot) if spot.kind in ("test", "panel") else _trends(heard, spot)
        if found not in made:
            made.append(found)
    return made


def _chosen(heard: Heard, spots: tuple[Spot, ...]) -> list[Spot]:
    """The spots that are asked about: a distance in steps is about steps; a panel beside its own test is not asked."""
    from salus.knowledge.labs import panels

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


def _labs(heard: Heard, spot: Spot | None) -> Plan:
    skill = _skills()["labs"]
    make: Any = skill.query
    if spot is None:
        newest = heard.has("labs_ask", "latest", "list") or heard.has("records_ask", "last")
        ask = "latest" if newest and not heard.has("labs_ask", "out_of_range") else "out_of_range"
        return Plan(skill, make(all=True, ask=ask, period=heard.period))
    ask = _labs_ask(heard, spot)
    which = {"test": spot.key} if spot.kind == "test" else {"panel": spot.key}
    return Plan(skill, make(**which, ask=ask, period=heard.period))


def _labs_ask(heard: Heard, spot: Spot) -> str:
    if spot.kind == "panel":
        return "out_of_range" if heard.has("labs_ask", "out_of_range") else "latest"
    if heard.has("labs_ask", "meaning") and heard.period is None:
        return "meaning"
    for ask in ("trend", "change"):
        if heard.has("labs_ask", ask):
            return ask
    for ask in ("lowest", "highest", "average", "list"):
        if heard.has("labs_ask", ask):
            return ask
    return "latest"


def _trends(heard: Heard, spot: Spot) -> Plan:
    skill = _skills()["trends"]
    make: Any = skill.query
    key = spot.key
    if key == "active_energy" and heard.has("generic", "eating"):
        key = "dietary_energy"
    return Plan(skill, make(metric=key, measure=_measure(heard, spot), period=heard.period))


def _measure(heard: Heard, spot: Spot) -> str:
    kind = "sample" if spot.key == "blood_pressure" else metric(spot.key).kind
    if heard.has("labs_ask", "count_days"):
        return "count"
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
