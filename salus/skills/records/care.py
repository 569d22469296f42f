"""Who looks after the person, what is aimed at, who pays: care teams, goals, coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salus.records.resource import Resource, concept_text, first
from salus.records.text import T, Text
from salus.records.times import When
from salus.skills.records.entry import Entry, Status, concept_code, main_code, named, plain, spoken
from salus.skills.records.reach import name_of, specialty
from salus.skills.records.remembered import things
from salus.vault.view import VaultView

OVER = frozenset({"completed", "cancelled", "entered-in-error", "rejected", "inactive", "draft", "proposed"})
PATIENT_ROLES = frozenset({"116154003", "PATIENT"})


def care_teams(view: VaultView) -> list[Entry]:
    """One entry per care team: its members but the person, with their roles. Teams of the same people are one."""
    found: list[Entry] = []
    for thing, rows in things(view, "care_team"):
        rows = [r for r in rows if r.body.get("status") != "proposed"]
        members: dict[str, str] = {}
        for resource in rows:
            for person, role in _members(view, resource):
                members[person] = members.get(person) or role
        if not members:
            continue
        body, resource = rows[0].body, rows[0]
        lines: list[Text | str] = [
            T("{person} ({role})", person=person, role=role) if role else person for person, role in members.items()
        ]
        found.append(
            Entry(
                name=" · ".join(members), when=resource.time, resources=tuple(rows),
                words=" · ".join((*members, *members.values(), str(body.get("name") or ""), spoken(body, "category"))),
                code=None, status=_open(view, resource, body.get("status")), since=resource.time,
                who=", ".join(members), detail=tuple(lines), said=tuple(members), conflicts=thing.conflicts,
            )
        )  # fmt: skip
    return found


def _members(view: VaultView, resource: Resource) -> list[tuple[str, str]]:
    body, found = resource.body, []
    for part in body.get("participant") or ():
        if not isinstance(part, Mapping) or not isinstance(part.get("member"), Mapping):
            continue
        role = next((r for r in part.get("role") or () if isinstance(r, Mapping)), None)
        is_person = "Patient/" in str(part["member"].get("reference") or "")
        if is_person or any(code in PATIENT_ROLES for code in [concept_code(role), concept_code(role).upper()]):
            continue
        called = plain(concept_text(role))
        if called.casefold() == "patient":
            continue
        if name := name_of(view, body, part["member"]):
            found.append((name, called or specialty(view, body, part["member"])))
    return found


def _open(view: VaultView, resource: Resource, status: Any) -> Status:
    end = When.parse(str(first(resource.body, "period.end") or ""))
    if str(status or "") in OVER or (end is not None and end.last < view.today):
        return "past"
    return "current"


def goals(view: VaultView) -> list[Entry]:
    """Goals, with the day they are due where one is set."""
    found = []
    for thing, rows in things(view, "goals"):
        body, resource = rows[0].body, rows[0]
        status = body.get("lifecycleStatus")
        name = named(body.get("description"))
        if status in ("entered-in-error", "rejected", "cancelled") or not name:
            continue
        due = When.parse(str(first(body, "target.dueDate") or ""))
        reached = named(body.get("achievementStatus"))
        detail: list[Text | str] = [T("due {when}", when=due)] if due else []
        if reached:
            detail.append(reached)
        found.append(
            Entry(
                name=name, when=resource.time, resources=tuple(rows), conflicts=thing.conflicts,
                words=" · ".join(spoken(r.body, "description", "category") for r in rows),
                code=main_code({"code": body.get("description")}), status=_open(view, resource, status),
                since=resource.time, detail=tuple(detail), said=tuple(filter(None, (due.text if due else "", reached))),
            )
        )  # fmt: skip
    return found


def coverages(view: VaultView) -> list[Entry]:
    """Insurance: who pays, the kind of plan, the member's number, until when."""
    found = []
    for resource in view.resources("Coverage"):
        body = resource.body
        if body.get("status") in ("entered-in-error", "draft"):
            continue
        payers = [n for p in body.get("payor") or () if (n := name_of(view, body, p))]
        kind = named(body.get("type"))
        rows = [c for c in body.get("class") or () if isinstance(c, Mapping)]
        classes = [str(c.get("name") or c.get("value") or "") for c in rows]
        name = payers[0] if payers else kind
        if not name:
            continue
        number = str(body.get("subscriberId") or "")
        end = When.parse(str(first(body, "period.end") or ""))
        detail: list[Text | str] = [kind] if kind and kind != name else []
        if number:
            detail.append(T("member number {number}", number=number))
        if end:
            detail.append(T("until {last}", last=end) if end.precision == "day" else T("until {month}", month=end))
        said = (kind, number, end.text if end else "")
        found.append(
            Entry(
                name=name, when=resource.time, resources=(resource,), words=" · ".join((*payers, kind, *classes)),
                code=main_code(body), status=_open(view, resource, body.get("status")), since=resource.time, end=end,
                detail=tuple(detail), said=tuple(filter(None, said)),
            )
        )  # fmt: skip
    return found
