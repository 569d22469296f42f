"""What happened on a day: vaccinations, visits, procedures, documents and workouts.

`period` leaves out what surely lies outside; `limit` looks at the newest so many resources only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from salus.records.resource import Resource, concept_text, each, first
from salus.records.text import T
from salus.records.times import Period, When
from salus.records.units import Quantity
from salus.skills.records.entry import Entry, main_code, named, once, plain, spoken
from salus.skills.records.reach import name_of, specialty
from salus.skills.records.sports import sport
from salus.vault.view import VaultView

NOT_VISITED = frozenset({"cancelled", "entered-in-error", "planned", "unknown"})
SHOWN = {"duration": 0, "distance": 2, "energy": 0}
"""What is said of a workout, and with how many digits."""
CLASSES = {
    "EMER": "emergency urgences", "IMP": "hospital inpatient hospitalisation", "ACUTE": "hospital inpatient",
    "VR": "virtual video téléconsultation", "HH": "home domicile", "SS": "hospital day short stay",
    "OBSENC": "hospital",
}  # fmt: skip
"""Words an encounter's class (HL7 v3 ActCode) can be found by."""


def immunizations(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Vaccines given (status completed only)."""
    found = []
    for resource in view.resources("Immunization", period=period, limit=limit):
        body = resource.body
        if body.get("status") == "completed" and (name := named(body.get("vaccineCode"))):
            who = _actor(view, body, "performer", "actor") or name_of(view, body, body.get("location"))
            words = spoken(body, "vaccineCode", "protocolApplied.targetDisease")
            found.append(_event(resource, name, words, who=who))
    return once(found)


def visits(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Encounters that took place."""
    found = []
    for resource in view.resources("Encounter", period=period, limit=limit):
        body = resource.body
        if body.get("status") in NOT_VISITED or (resource.time and resource.time.first > view.today):
            continue
        types = [t for t in body.get("type") or () if isinstance(t, Mapping)]
        name = named(types[0]) if types else ""
        service = concept_text(body.get("serviceType"))
        reason = next((plain(text) for c in body.get("reasonCode") or () if (text := concept_text(c))), "")
        members = [p for p in each(body, "participant.individual") if isinstance(p, Mapping)]
        people = list(dict.fromkeys(filter(None, (name_of(view, body, member) for member in members))))
        at = (body.get("serviceProvider"), first(body, "location.location"))
        place = next((text for part in at if (text := name_of(view, body, part))), "")
        skills = " · ".join(filter(None, (specialty(view, body, member) for member in members)))
        words = [
            spoken(body, "type", "serviceType", "reasonCode", "location.location.display"), service, place, skills,
            *people, CLASSES.get(str(first(body, "class.code") or ""), ""),
        ]  # fmt: skip
        found.append(
            _event(
                resource, name or service or reason or concept_text(body.get("class")), " · ".join(filter(None, words)),
                who=people[0] if people else "", place=place, detail=(reason,) if reason else (),
            )
        )  # fmt: skip
    return found


def procedures(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Procedures carried out (status completed)."""
    found = []
    for resource in view.resources("Procedure", period=period, limit=limit):
        body = resource.body
        if body.get("status") != "completed" or not (name := named(body.get("code"))):
            continue
        place = name_of(view, body, body.get("location"))
        who = _actor(view, body, "performer", "actor")
        found.append(_event(resource, name, spoken(body, "code", "reasonCode", "bodySite"), who=who, place=place))
    return once(found)


def documents(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Notes, letters and summaries; reports of tests come after them, so that no `limit` may be set."""
    found = []
    for resource in view.resources("DocumentReference", "Composition", "DiagnosticReport", period=period):
        body, type_ = resource.body, resource.type
        if body.get("status") in ("entered-in-error", "superseded", "cancelled"):
            continue
        kind = named(body.get("code") if type_ == "DiagnosticReport" else body.get("type"))
        held = next((str(t) for t in each(body, "content.attachment.title")), "") or next(
            (str(t) for t in each(body, "presentedForm.title")), ""
        )
        name = str(body.get("description") or body.get("title") or "") or held or kind
        if not name:
            continue
        who = next(
            (n for path in ("author", "performer", "resultsInterpreter") for ref in _refs(body.get(path))
             if (n := name_of(view, body, ref))), "",
        )  # fmt: skip
        words = " · ".join((name, held, spoken(body, "type", "code", "category")))
        rank = 0 if type_ != "DiagnosticReport" or body.get("presentedForm") else 1
        detail = (kind,) if kind and kind != name else ()
        found.append(_event(resource, name, words, who=who, detail=detail, rank=rank))
    return found


def workouts(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Workouts of the phone and watch, with how long, how far and how much energy."""
    found = []
    for resource in view.resources("Workout", period=period, limit=limit):
        body = resource.body
        name = sport(str(body.get("activity") or ""))
        amounts = [q for key in SHOWN if (q := _amount(key, body.get(key)))]
        said = tuple(f"{q.value} {q.unit}" for q in amounts)
        entry = _event(resource, name.en, f"{name.fr} · {body.get('activity')}", said=said)
        found.append(replace(entry, detail=tuple(T("{amount}", amount=amount) for amount in amounts), label=name))
    return found


def _amount(key: str, value: Any) -> Quantity | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("value"), int | Decimal):
        return None
    digits = Decimal(1).scaleb(-SHOWN[key])
    return Quantity(Decimal(value["value"]).quantize(digits, ROUND_HALF_UP), str(value.get("unit") or ""))


def _refs(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _actor(view: VaultView, body: Mapping[str, Any], path: str, inside: str) -> str:
    for part in _refs(body.get(path)):
        if isinstance(part, Mapping) and (found := name_of(view, dict(body), part.get(inside))):
            return found
    return ""


def _event(
    resource: Resource, name: str, words: str, *, who: str = "", place: str = "", detail: tuple[str, ...] = (),
    said: tuple[str, ...] = (), rank: int = 0,
) -> Entry:  # fmt: skip
    end = When.parse(str(first(resource.body, "period.end") or ""))
    return Entry(
        name=name, when=resource.time, resources=(resource,), words=f"{name} · {words} · {who}",
        code=main_code(resource.body), since=resource.time, end=end, who=who, place=place, detail=detail,
        said=said or detail, rank=rank,
    )  # fmt: skip
