"""Goals: one aim in two care plans, and where they aim at different figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from salus.records.resource import Resource, concept_text, first, quantity
from salus.records.text import T, Text
from salus.records.times import When
from salus.records.units import Quantity, convert
from salus.vault.memory.clashes import disagree
from salus.vault.memory.dates import earliest, near
from salus.vault.memory.entry import Kind, Status, Value
from salus.vault.memory.facts import Concept, Context, Fact, concept, source_of
from salus.vault.memory.folding import fold, key
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, first_code, newest
from salus.vault.memory.rule import EXACT, FIRM, Rule
from salus.vault.memory.tables import table

KIND: Kind = "goals"
TYPES = ("Goal",)
OVER = frozenset({"completed", "cancelled", "rejected"})

SAME_NAME = Rule("same_goal", "same", T("the same goal, by two names or codes"), EXACT)
SAME_MEASURE = Rule("same_measure", "same", T("both aim at a figure of the same test"), FIRM)
OTHER = Rule("other_goal", "different", T("two different goals"))
OTHER_TIME = Rule("other_time", "different", T("one was over before the other began"))
RULES = (SAME_NAME, SAME_MEASURE, OTHER, OTHER_TIME)


@dataclass(slots=True)
class Goal(Fact):
    what: Concept
    rows: frozenset[str]
    keys: frozenset[str]
    measure: str
    target: Any
    due: When | None
    start: When | None
    status: Status


def read(ctx: Context, resource: Resource) -> Goal | None:
    """None for what was entered in error or has no words."""
    body = resource.body
    what = concept(body.get("description"))
    if body.get("lifecycleStatus") == "entered-in-error" or not (what.names or what.codes):
        return None
    rows = table("goals").of(what)
    measures = table("results").of(concept(first(body, "target.measure")))
    measure = next(iter(measures)) if len(measures) == 1 else ""
    written, aimed = _written(what.names)
    measure, target = measure or written, _target(body) or aimed
    due = When.parse(str(first(body, "target.dueDate") or ""))
    status: Status = "past" if str(body.get("lifecycleStatus")) in OVER else "current"
    keys, source = frozenset(key(n) for n in what.names), source_of(resource)
    blocks = (
        *(f"r:{r}" for r in rows),
        *(f"c:{s}:{c}" for s, c in what.codes),
        *(f"n:{k}" for k in keys),
        *((f"m:{measure}",) if measure else ()),
    )
    sign = (
        source,
        rows,
        keys,
        what.codes,
        measure,
        target,
        due and due.text,
        resource.time and resource.time.text,
        status,
    )
    return Goal(
        resource, resource.ref, source, blocks, sign, what, rows, keys, measure, target, due, resource.time, status
    )


_SIGNS = (
    r"<=|>=|<|>|≤|≥|below|under|less than|at most|moins de|inferieure? a|au-dessous de|sous|above|over|"
    r"more than|at least|plus de|superieure? a|au moins"
)
_AIM = re.compile(
    rf"^(?P<of>.*?)\s*(?P<sign>{_SIGNS})\s*(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>%|[a-z]+(?:/[a-z0-9]+)?)?\s*\.?$"
)
_VERBS = re.compile(
    r"^(?:to )?(?:reduce|lower|get|keep|bring|maintain|have|achieve|reach|decrease|improve|reduire|faire baisser|"
    r"baisser|maintenir|garder|abaisser|diminuer|obtenir|avoir|ramener|atteindre|target|goal|objectif|cible)s?\b[ :]*"
    r"(?:(?:an?|my|the|your|une?|mon|ma|le|la|votre|de|level of|taux de)\s+|l'|d'|taux d')*|"
    r"\s*(?:level|taux|goal|target)s?$"
)


def _written(names: tuple[str, ...]) -> tuple[str, tuple[Any, ...] | None]:
    """What a goal in words aims at: "Reduce A1c below 7 %" is the test HbA1c and an upper end of 7 %."""
    for name in names:
        found = _AIM.match(fold(name))
        if found is None:
            continue
        rows = table("results").of(Concept(frozenset(), (_VERBS.sub("", found["of"]).strip(" :,"),)))
        if len(rows) == 1:
            end = Quantity(Decimal(found["number"].replace(",", ".")), found["unit"] or "")
            up = found["sign"] in UPWARD
            return next(iter(rows)), ((end, None) if up else (None, end))
    return "", None


UPWARD = frozenset(
    {">", ">=", "≥", "above", "over", "more than", "at least", "plus de", "superieur a", "superieure a", "au moins"}
)


def _target(body: dict[str, Any]) -> tuple[Any, ...] | None:
    """(low, high) as quantities, or what the target says in words."""
    found = quantity(first(body, "target.detailQuantity"))
    if found is not None:
        return (None, found) if first(body, "target.detailQuantity.comparator") != ">" else (found, None)
    low, high = quantity(first(body, "target.detailRange.low")), quantity(first(body, "target.detailRange.high"))
    if low is not None or high is not None:
        return (low, high)
    text = first(body, "target.detailString") or concept_text(first(body, "target.detailCodeableConcept"))
    return (key(str(text)),) if text else None


def compare(ctx: Context, a: Goal, b: Goal) -> Rule | None:
    """What the rules say of two goals."""
    if a.measure and b.measure and a.measure != b.measure:
        return OTHER
    if a.rows and b.rows and a.rows != b.rows and not (a.measure and a.measure == b.measure):
        return OTHER
    named = bool((a.rows and a.rows == b.rows) or a.what.codes & b.what.codes or a.keys & b.keys)
    if not named and not (a.measure and a.measure == b.measure):
        return None
    if "past" in (a.status, b.status) and a.status != b.status and a.source == b.source:
        return OTHER_TIME
    if a.status == b.status == "past" and near(a.start, b.start, ctx.zone) == "apart":
        return OTHER_TIME
    return SAME_NAME if named else SAME_MEASURE


def say(ctx: Context, group: Group[Goal]) -> Said:
    """The newest goal in force speaks."""
    facts = group.facts
    current = [f for f in facts if f.status == "current"]
    main = newest(current or facts, lambda f: f.start)
    conflicts = [
        *disagree("target", T("the target"), current, lambda f: f.target, _shown, _same_target),
        *disagree(
            "due",
            T("when it is due"),
            current,
            lambda f: f.due,
            lambda f: f.due or "",
            lambda x, y: near(x, y, ctx.zone) != "apart",
        ),
        *disagree("status", T("whether it still holds"), facts, lambda f: f.status, lambda f: OPEN[f.status]),
    ]
    detail: list[tuple[Text, Value]] = [(T("Target"), _shown(main))] if main.target else []
    if main.due:
        detail.append((T("Due"), main.due))
    if reached := concept_text(main.body.get("achievementStatus")):
        detail.append((T("Reached"), reached))
    return Said(
        main,
        main.what.title,
        first_code(main.body.get("description")),
        "current" if current else "past",
        earliest([f.start for f in facts if f.start]),
        None,
        detail,
        conflicts,
    )


OPEN = {"current": T("still active"), "past": T("over")}


def _shown(fact: Goal) -> str:
    if not fact.target:
        return ""
    if len(fact.target) == 1:
        return str(
            first(fact.body, "target.detailString") or concept_text(first(fact.body, "target.detailCodeableConcept"))
        )
    low, high = fact.target
    ends = [f"{q.value:f} {q.unit}".strip() for q in (low, high) if q is not None]
    return " – ".join(ends) if len(ends) == 2 else f"< {ends[0]}" if high is not None else f"> {ends[0]}"


def _same_target(x: tuple[Any, ...], y: tuple[Any, ...]) -> bool:
    if len(x) != len(y) or len(x) == 1:
        return x == y
    for one, other in zip(x, y, strict=True):
        if (one is None) != (other is None):
            return False
        if one is not None and other is not None and convert(one.value, one.unit, other.unit) != other.value:
            return False
    return True
