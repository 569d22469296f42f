"""Visits: one visit told by two sources, and two visits of one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from salus.records.resource import Resource, concept_text, each, ended, first
from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.memory.clashes import disagree
from salus.vault.memory.dates import days, earliest, near
from salus.vault.memory.entry import Kind, Status, Value
from salus.vault.memory.facts import Concept, Context, Fact, concept, identifiers, source_of
from salus.vault.memory.folding import key
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, first_code
from salus.vault.memory.places import same_name, same_person
from salus.vault.memory.rule import CERTAIN, EXACT, FIRM, YEAR, Rule, at

KIND: Kind = "encounters"
TYPES = ("Encounter",)

SAME_ID = Rule("same_identifier", "same", T("the same visit number"), CERTAIN)
SAME_VISIT = Rule("same_visit", "same", T("the same day, overlapping times, the same place or person"), EXACT)
SAME_TIMES = Rule("same_times_and_kind", "same", T("the same times and kind of visit; only one names the place"), FIRM)
OTHER_PLACE = Rule("other_place", "different", T("two different places on one day"))
OTHER_PERSON = Rule("other_person", "different", T("two different people seen on one day"))
OTHER_TIME = Rule("other_time", "different", T("two times that do not overlap"))
OTHER_KIND = Rule("other_kind_of_visit", "different", T("two kinds of visit (emergency, stay, by video …)"))
OTHER_DAY = Rule("other_day", "different", T("another day"))
RULES = (SAME_ID, SAME_VISIT, SAME_TIMES, OTHER_PLACE, OTHER_PERSON, OTHER_TIME, OTHER_KIND, OTHER_DAY)
LONGEST_STAY = 90
"""Days of a stay on each of which another record of it is looked for."""
NOT_HELD = frozenset({"cancelled", "planned"})
_CLASSES = {
    "ambulatory": "AMB",
    "outpatient": "AMB",
    "inpatient": "IMP",
    "emergency": "EMER",
    "ACUTE": "IMP",
    "NONAC": "IMP",
    "wellness": "AMB",
    "urgentcare": "AMB",
    "virtual": "VR",
    "home": "HH",
    "OBSENC": "IMP",
    "SS": "IMP",
}


@dataclass(slots=True)
class Visit(Fact):
    what: Concept
    time: When | None
    end: When | None
    place: str
    people: tuple[str, ...]
    kind: str
    held: bool
    state: str
    ids: frozenset[tuple[str, str]]


def read(ctx: Context, resource: Resource) -> Visit | None:
    """None for what was entered in error."""
    body = resource.body
    if body.get("status") == "entered-in-error":
        return None
    types = body.get("type")
    what = concept(types[0]) if isinstance(types, list) and types else concept(types)
    people = tuple(
        dict.fromkeys(
            filter(None, (ctx.name(body, p) for p in each(body, "participant.individual") if isinstance(p, Mapping)))
        )
    )
    place = next(
        (n for part in (body.get("serviceProvider"), first(body, "location.location")) if (n := ctx.name(body, part))),
        "",
    )
    kind = str(first(body, "class.code") or "") or str(body.get("class") if isinstance(body.get("class"), str) else "")
    kind = _CLASSES.get(kind, kind)
    time, end, source, ids = resource.time, ended(body), source_of(resource), identifiers(body)
    state = str(body.get("status") or "")
    sign = (source, what, time and time.text, end and end.text, place, people, kind, state, ids)
    return Visit(
        resource,
        resource.ref,
        source,
        _blocks(ctx, time, end, ids),
        sign,
        what,
        time,
        end,
        place,
        people,
        kind,
        state not in NOT_HELD,
        state,
        ids,
    )


def _blocks(ctx: Context, time: When | None, end: When | None, ids: frozenset[tuple[str, str]]) -> tuple[str, ...]:
    blocks = [f"id:{s}:{v}" for s, v in ids]
    if time is not None:
        first_day, last_day = days(time, ctx.zone)
        blocks += (
            [f"d:{day.isoformat()}" for day in {first_day, last_day}] if time.precision in ("day", "instant") else []
        )
        if end is not None:
            last_day = max(days(end, ctx.zone)[1], first_day)
            span = min((last_day - first_day).days, LONGEST_STAY)
            blocks += [f"d:{(first_day + timedelta(days=n)).isoformat()}" for n in range(span + 1)]
    return tuple(dict.fromkeys(blocks))


def compare(ctx: Context, a: Visit, b: Visit) -> Rule | None:
    """What the rules say of two visits."""
    if a.held != b.held and a.source == b.source:
        return OTHER_KIND
    if a.ids & b.ids:
        return SAME_ID
    place, person = same_name(a.place, b.place), _met(a, b)
    if place is False:
        return OTHER_PLACE
    if a.kind and b.kind and a.kind != b.kind:
        return OTHER_KIND
    times = _times(ctx, a, b)
    if times == "apart":
        return OTHER_TIME if near(a.time, b.time, ctx.zone) == "same" else OTHER_DAY
    if person is False and (place is None or times != "exact"):
        return OTHER_PERSON
    if a.source == b.source and times != "exact":
        return None
    alike = (
        key(a.what.title) == key(b.what.title)
        or not a.what.title
        or not b.what.title
        or bool(a.what.codes & b.what.codes)
    )
    named = bool(a.what.title and b.what.title)
    if person or (place and (times == "exact" or alike or _stays(ctx, a, b))):
        return SAME_VISIT
    if times == "exact":
        return SAME_TIMES if alike or (a.kind and a.kind == b.kind) else None
    return at(SAME_TIMES, YEAR) if alike and named and place is None else None


def _stays(ctx: Context, a: Visit, b: Visit) -> bool:
    """Both last longer than a day."""
    return all(begin < until for begin, until in (_span(ctx, a), _span(ctx, b)))


def _met(a: Visit, b: Visit) -> bool | None:
    if not a.people or not b.people:
        return None
    return any(same_person(one, other) for one in a.people for other in b.people)


def _times(ctx: Context, a: Visit, b: Visit) -> str:
    """exact: one start, or overlapping instants. day: one day, one of them without times. apart."""
    if a.time is None or b.time is None:
        return "apart"
    if a.time.instant and b.time.instant:
        a_end = a.end.instant if a.end and a.end.instant else a.time.instant
        b_end = b.end.instant if b.end and b.end.instant else b.time.instant
        if a.time.instant == b.time.instant:
            return "exact"
        return "exact" if a.time.instant < b_end and b.time.instant < a_end else "apart"
    (a1, a2), (b1, b2) = _span(ctx, a), _span(ctx, b)
    return "day" if a1 <= b2 and b1 <= a2 else "apart"


def _span(ctx: Context, visit: Visit) -> tuple[Any, Any]:
    assert visit.time is not None
    begin, until = days(visit.time, ctx.zone)
    return begin, max(until, days(visit.end, ctx.zone)[1]) if visit.end else until


def say(ctx: Context, group: Group[Visit]) -> Said:
    """The record with a time of day speaks; place and people are taken from whichever names them."""
    facts = group.facts
    held = [f for f in facts if f.held]
    main = max(
        held or facts,
        key=lambda f: (f.time is not None and f.time.instant is not None, bool(f.what.names), bool(f.place), f.ref),
    )
    reason = next((concept_text(c) for f in facts for c in each(f.body, "reasonCode") if concept_text(c)), "")
    detail: list[tuple[Text, Value]] = [
        (label, value)
        for label, value in (
            (T("Place"), next((f.place for f in facts if f.place), "")),
            (T("With"), next((f.people[0] for f in facts if f.people), "")),
            (T("Reason"), reason),
        )
        if value
    ]
    conflicts = disagree(
        "status", T("whether it took place"), facts, lambda f: f.held, lambda f: HELD if f.held else f.state
    )
    title = (
        main.what.title
        or concept_text(main.body.get("serviceType"))
        or reason
        or concept_text(main.body.get("class"))
        or main.kind
    )
    return Said(
        main,
        title,
        first_code(main.body.get("type")),
        "done" if held else _planned(main),
        earliest([f.time for f in held or facts if f.time]),
        main.end,
        detail,
        list(conflicts),
    )


def _planned(fact: Visit) -> Status:
    return "current" if fact.state == "planned" else "not_done"


HELD = T("took place")
