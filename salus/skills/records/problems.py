"""Problems (Condition) and allergies (AllergyIntolerance): what is active, what is over, what was ruled out."""

from __future__ import annotations

from dataclasses import replace

from salus.records.resource import Resource, concept_text, each, ended
from salus.records.text import T, Text
from salus.skills.records.entry import Entry, Status, concept_code, earliest, main_code, named, plain, spoken
from salus.skills.records.reach import name_of
from salus.skills.records.remembered import things
from salus.skills.records.tables import listed
from salus.vault.view import VaultView

OUT = frozenset({"refuted", "entered-in-error"})
OVER = frozenset({"inactive", "resolved", "remission"})


def problems(view: VaultView) -> list[Entry]:
    """Medical problems, each once; facts about life and work that were filed as conditions come after them."""
    found = []
    for thing, rows in things(view, "problems"):
        kept = [r for r in rows if concept_code(r.body.get("verificationStatus")) not in OUT] or rows
        found.append(replace(_problem(view, kept), conflicts=thing.conflicts, resources=tuple(_both(kept, rows))))
    return found


def _both(kept: list[Resource], rows: list[Resource]) -> list[Resource]:
    """What speaks first, then what contradicts it."""
    return [*kept, *(r for r in rows if r not in kept)]


def _problem(view: VaultView, rows: list[Resource]) -> Entry:
    states = {resource.ref: _state(view, resource) for resource in rows}
    main = next((r for r in rows if states[r.ref] != "past"), rows[0])
    body, status = main.body, states[main.ref]
    name = named(body.get("code"))
    doubt = concept_code(body.get("verificationStatus"))
    severity = concept_text(body.get("severity"))
    detail: list[Text | str] = [severity] if severity else []
    if doubt in ("provisional", "differential", "unconfirmed"):
        detail.append(T("not confirmed"))
    raw = concept_text(body.get("code"))
    return Entry(
        name=name,
        when=main.time,
        resources=(main, *(r for r in rows if r is not main)),
        words=" · ".join(dict.fromkeys(spoken(r.body, "code", "bodySite") for r in (main, *rows))),
        code=main_code(body),
        status=status,
        since=earliest(r.time for r in rows if states[r.ref] == status),
        end=ended(body) if status == "past" else None,
        who=_recorder(view, rows),
        detail=tuple(detail),
        said=(severity,) if severity else (),
        rank=_rank(main, raw),
    )


def _state(view: VaultView, resource: Resource) -> Status:
    status, end = concept_code(resource.body.get("clinicalStatus")), ended(resource.body)
    if status in OVER or (not status and end is not None and end.last <= view.today):
        return "past"
    if not status and any(key.startswith("abatement") for key in resource.body):
        return "past"
    return "current"


LIFE, NOT_OWN = 1, 2
"""Ranks: facts about life and past events; family history, reminders and what is not about an own problem."""


def _recorder(view: VaultView, rows: list[Resource]) -> str:
    paths = ("recorder", "asserter")
    return next((n for r in rows for path in paths if (n := name_of(view, r.body, r.body.get(path)))), "")


def _rank(resource: Resource, raw: str) -> int:
    life = listed("life")
    if listed("not_now").holds(raw):
        return NOT_OWN
    categories = {str(code) for code in each(resource.body, "category.coding.code")}
    tag = raw.lower().rstrip()
    if categories & life.categories or tag.endswith("(situation)") or (tag.endswith("(finding)") and life.holds(raw)):
        return LIFE
    return 0


def allergies(view: VaultView) -> list[Entry]:
    """Allergies and intolerances; a stated "no known allergy" is an entry of its own, of rank 1."""
    found = []
    for thing, rows in things(view, "allergies"):
        kept = [r for r in rows if concept_code(r.body.get("verificationStatus")) not in OUT] or rows
        if any(_substance(r) for r in kept):
            found.append(replace(_allergy(view, kept), conflicts=thing.conflicts, resources=tuple(_both(kept, rows))))
    return found


def _substance(resource: Resource) -> str:
    body = resource.body
    return named(body.get("code")) or plain(next((concept_text(s) for s in each(body, "reaction.substance")), ""))


def _allergy(view: VaultView, rows: list[Resource]) -> Entry:
    main = next((r for r in rows if concept_code(r.body.get("clinicalStatus")) not in OVER), rows[0])
    body = main.body
    reactions = [plain(concept_text(m)) for r in rows for m in each(r.body, "reaction.manifestation")]
    reactions = list(dict.fromkeys(filter(None, reactions)))
    severity = _worst([str(s) for r in rows for s in each(r.body, "reaction.severity")])
    detail: list[Text | str] = []
    if reactions:
        detail.append(T("reaction: {what}", what=reactions))
    if severity:
        detail.append(_SEVERITY[severity])
    if body.get("criticality") == "high":
        detail.append(T("high risk"))
    none = listed("no_known_allergy")
    code, name = main_code(body), _substance(main)
    stated_none = (code is not None and code.code in none.codes) or none.holds(name)
    return Entry(
        name=name,
        when=main.time,
        resources=(main, *(r for r in rows if r is not main)),
        words=" · ".join(
            dict.fromkeys(spoken(r.body, "code", "reaction.substance", "reaction.manifestation") for r in (main, *rows))
        ),
        code=code,
        status="past" if concept_code(body.get("clinicalStatus")) in OVER else "current",
        since=earliest(r.time for r in rows),
        who=_recorder(view, [main]),
        detail=tuple(detail),
        said=tuple(reactions),
        rank=1 if stated_none else 0,
    )


_SEVERITY = {"mild": T("mild"), "moderate": T("moderate"), "severe": T("severe")}


def _worst(found: list[str]) -> str:
    return next((level for level in ("severe", "moderate", "mild") if level in found), "")
