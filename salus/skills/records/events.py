"""What happened on a day: vaccinations, visits, procedures, documents (each from the memory) and workouts.

`period` and `limit` spare reading workouts that are not asked for; the memory is always whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from salus.records.resource import Resource, concept_text, each, first
from salus.records.text import T
from salus.records.times import Period, When
from salus.records.units import Quantity
from salus.skills.records.entry import Entry, Status, main_code, named, plain, spoken
from salus.skills.records.reach import name_of, specialty
from salus.skills.records.remembered import things
from salus.skills.records.sports import sport
from salus.vault.memory import Entry as Remembered
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
    """Vaccines given, each dose once."""
    found = []
    for thing, rows in things(view, "immunizations"):
        given = [r for r in rows if r.body.get("status") != "not-done"] or rows
        main = given[0]
        name = named(main.body.get("vaccineCode"))
        if name:
            who = _told(view, given, "performer", "actor") or _place(view, given)
            words = " · ".join(spoken(r.body, "vaccineCode", "protocolApplied.targetDisease") for r in rows)
            found.append(_thing(thing, rows, name, words, who=who))
    return found


def _told(view: VaultView, rows: Sequence[Resource], path: str, inside: str) -> str:
    return next((who for r in rows if (who := _actor(view, r.body, path, inside))), "")


def _place(view: VaultView, rows: Sequence[Resource]) -> str:
    return next((place for r in rows if (place := name_of(view, r.body, r.body.get("location")))), "")


def visits(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Encounters that took place."""
    found = []
    for thing, rows in things(view, "encounters"):
        held = [r for r in rows if r.body.get("status") not in NOT_VISITED]
        held = [r for r in held if r.time is None or r.time.first <= view.today]
        if held:
            found.append(_visit(view, thing, held, rows))
    return found


def _visit(view: VaultView, thing: Remembered, held: list[Resource], rows: list[Resource]) -> Entry:
    body = held[0].body
    types = [t for r in held for t in r.body.get("type") or () if isinstance(t, Mapping)]
    name = named(types[0]) if types else ""
    service = next((text for r in held if (text := concept_text(r.body.get("serviceType")))), "")
    reasons = (plain(text) for r in held for c in r.body.get("reasonCode") or () if (text := concept_text(c)))
    reason = next(reasons, "")
    members = [(r.body, p) for r in held for p in each(r.body, "participant.individual") if isinstance(p, Mapping)]
    people = list(dict.fromkeys(filter(None, (name_of(view, of, member) for of, member in members))))
    at = [(r.body, part) for r in held for part in (r.body.get("serviceProvider"), first(r.body, "location.location"))]
    place = next((text for of, part in at if (text := name_of(view, of, part))), "")
    skills = " · ".join(filter(None, (specialty(view, of, member) for of, member in members)))
    spoken_all = (spoken(r.body, "type", "serviceType", "reasonCode", "location.location.display") for r in rows)
    kinds = (CLASSES.get(str(first(r.body, "class.code") or ""), "") for r in held)
    words = [*spoken_all, service, place, skills, *people, *kinds]
    title = name or service or reason or concept_text(body.get("class"))
    return _thing(
        thing, [*held, *(r for r in rows if r not in held)], title, " · ".join(filter(None, words)),
        who=people[0] if people else "", place=place, detail=(reason,) if reason else (),
    )  # fmt: skip


def procedures(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Procedures carried out, each once."""
    found = []
    for thing, rows in things(view, "procedures"):
        done = [r for r in rows if r.body.get("status") == "completed"]
        if not done or not (name := named(done[0].body.get("code"))):
            continue
        words = " · ".join(spoken(r.body, "code", "reasonCode", "bodySite") for r in rows)
        who, ordered = _told(view, done, "performer", "actor"), [*done, *(r for r in rows if r not in done)]
        found.append(_thing(thing, ordered, name, words, who=who, place=_place(view, done)))
    return found


def devices(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Implants and appliances, each once."""
    found = []
    for thing, rows in things(view, "devices"):
        details = tuple(value for _, value in thing.detail if isinstance(value, str))
        words = " · ".join(spoken(r.body, "type", "deviceName.name", "manufacturer") for r in rows)
        status: Status = "past" if thing.status == "past" else "current"
        found.append(replace(_thing(thing, rows, plain(thing.title), words, detail=details), status=status))
    return found


def documents(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Notes, letters and summaries; reports of tests come after them, so that no `limit` may be set."""
    found = []
    for thing, rows in things(view, "documents"):
        resource = rows[0]
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
        found.append(_thing(thing, rows, name, words, who=who, detail=detail, rank=rank))
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


def _thing(
    thing: Remembered, rows: Sequence[Resource], name: str, words: str, *, who: str = "", place: str = "",
    detail: tuple[str, ...] = (), rank: int = 0,
) -> Entry:  # fmt: skip
    """The entry of a thing the memory holds; the first of its records speaks, its date is the memory's."""
    made = _event(rows[0], name, words, who=who, place=place, detail=detail, rank=rank)
    when = thing.when if len(rows) > 1 and thing.when is not None else made.when
    return replace(made, resources=tuple(rows), when=when, since=when, conflicts=thing.conflicts)


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
