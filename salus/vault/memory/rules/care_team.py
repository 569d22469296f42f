"""Care teams: one team in two records, by its name or the people in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from salus.records.resource import Resource, concept_text, first
from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.memory.clashes import disagree
from salus.vault.memory.dates import earliest
from salus.vault.memory.entry import Kind, Status, Value
from salus.vault.memory.facts import Context, Fact, code_of, listed, source_of
from salus.vault.memory.folding import key, plain
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, newest
from salus.vault.memory.places import same_person, telling
from salus.vault.memory.rule import EXACT, FIRM, Rule

KIND: Kind = "care_team"
TYPES = ("CareTeam",)
OVER = frozenset({"inactive"})
ITSELF = frozenset({"116154003", "patient"})

SAME_PEOPLE = Rule("same_people", "same", T("the same people"), EXACT)
SAME_TEAM = Rule("same_team", "same", T("the same name of the team, and a person in common"), FIRM)
OTHER = Rule("other_people", "different", T("two teams with no one in common"))
RULES = (SAME_PEOPLE, SAME_TEAM, OTHER)


@dataclass(slots=True)
class Team(Fact):
    name: str
    members: tuple[tuple[str, str], ...]
    status: Status
    start: When | None


def read(ctx: Context, resource: Resource) -> Team | None:
    """None for what was entered in error; the person is no member of their own team."""
    body = resource.body
    if body.get("status") == "entered-in-error":
        return None
    members = tuple(sorted(dict(_members(ctx, resource)).items()))
    end = When.parse(str(first(body, "period.end") or ""))
    over = str(body.get("status")) in OVER or (end is not None and end.last < ctx.today)
    name, source = str(body.get("name") or ""), source_of(resource)
    status: Status = "past" if over else "current"
    blocks = (*(f"p:{w}" for n, _ in members for w in telling(n)), *((f"n:{key(name)}",) if name else ()))
    sign = (source, key(name), members, status)
    return Team(resource, resource.ref, source, blocks, sign, name, members, status, resource.time)


def _members(ctx: Context, resource: Resource) -> list[tuple[str, str]]:
    found = []
    for part in listed(resource.body.get("participant")):
        if not isinstance(part, Mapping) or not isinstance(part.get("member"), Mapping):
            continue
        role = next((r for r in listed(part.get("role")) if isinstance(r, Mapping)), None)
        if "Patient/" in str(part["member"].get("reference") or "") or code_of(role) in ITSELF:
            continue
        if name := ctx.name(resource.body, part["member"]):
            found.append((name, plain(concept_text(role))))
    return found


def compare(ctx: Context, a: Team, b: Team) -> Rule | None:
    """What the rules say of two care teams."""
    if not a.members or not b.members:
        return SAME_TEAM if a.name and key(a.name) == key(b.name) and not a.members and not b.members else None
    shared = [x for x, _ in a.members if any(same_person(x, y) for y, _ in b.members)]
    if not shared:
        return OTHER
    if len(shared) == len(a.members) == len(b.members):
        return SAME_PEOPLE
    return SAME_TEAM if a.name and key(a.name) == key(b.name) else None


def say(ctx: Context, group: Group[Team]) -> Said:
    """The newest record in force speaks; every member of any record is named."""
    facts = group.facts
    current = [f for f in facts if f.status == "current"]
    main = newest(current or facts, lambda f: f.start)
    people: dict[str, str] = {}
    for fact in [main, *facts]:
        for name, role in fact.members:
            known = next((n for n in people if same_person(n, name)), name)
            people[known] = people.get(known) or role
    detail: list[tuple[Text, Value]] = [
        (T("{role}", role=role) if role else T("Member"), name) for name, role in people.items()
    ]
    conflicts = disagree("status", T("whether it still holds"), facts, lambda f: f.status, lambda f: OPEN[f.status])
    return Said(
        main,
        main.name or " · ".join(people),
        None,
        "current" if current else "past",
        earliest([f.start for f in facts if f.start]),
        None,
        detail,
        list(conflicts),
    )


OPEN = {"current": T("still active"), "past": T("over")}
