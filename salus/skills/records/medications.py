"""Medicines: requests, statements, dispenses and administrations of one therapy as one entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from salus.records.codes import RXNORM, Code
from salus.records.resource import Resource, codings, concept_text, each, ended
from salus.records.text import TN, T, Text
from salus.records.times import When
from salus.records.units import Quantity, normal
from salus.skills.records.entry import Entry, Status, earliest, plain
from salus.skills.records.purposes import reasons
from salus.skills.records.reach import name_of, specialty, target
from salus.skills.records.remembered import things
from salus.vault.view import VaultView

TYPES = ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration")
CURRENT = frozenset({"active", "on-hold", "intended"})
PAST = frozenset({"stopped", "completed", "not-taken", "ended"})
TELLS = frozenset({"MedicationRequest", "MedicationStatement"})
"""Types whose status says whether a medicine is taken; a dispense or one administration does not."""


def medications(view: VaultView) -> list[Entry]:
    """One entry per therapy (one medicine, one strength, one stretch of time), current if any of its requests is."""
    found = []
    for thing, records in things(view, "medications"):
        rows = [(resource, name, code) for resource in records for name, code in (_named(view, resource),) if name]
        if rows:
            found.append(replace(_entry(view, rows), conflicts=thing.conflicts))
    return found


def _named(view: VaultView, resource: Resource) -> tuple[str, Code | None]:
    name, found = _medicine(view, resource)
    return name, next((c for c in found if c.system == RXNORM), found[0] if found else None)


def _entry(view: VaultView, rows: list[tuple[Resource, str, Code | None]]) -> Entry:
    resources = [resource for resource, _, _ in rows]
    states = {resource.ref: _status(view, resource) for resource in resources}
    telling = [r for r in resources if r.type in TELLS] or resources
    main = next((r for r in telling if states[r.ref] == "current"), telling[0])
    ordered = [main, *(r for r in resources if r is not main)]
    name, code = next((n, c) for r, n, c in rows if r is main)
    words = {n for _, n, _ in rows} | {c.display for _, _, c in rows if c}
    words |= {code.display for r in resources for code in codings(r.body.get("medicationCodeableConcept"))}
    dose, said = _dose(main.body)
    requester = main.body.get("requester") or main.body.get("informationSource")
    who = next((n for r in ordered if (n := _prescriber(view, r))), "")
    status = states[main.ref] if main.type in TELLS else ""
    detail: tuple[Text | str, ...] = (*((dose,) if dose else ()), *_held(main))
    why = concept_text(next(iter(each(main.body, "statusReason")), None)) if status == "past" else ""
    return Entry(
        name=plain(name),
        when=main.time,
        resources=tuple(ordered),
        words=" · ".join(sorted(filter(None, words))) + " · " + specialty(view, main.body, requester),
        code=code,
        status=status,
        since=earliest(r.time for r in resources),
        end=_end(main),
        who=who,
        detail=(*detail, T("reason for stopping: {why}", why=why)) if why else detail,
        said=tuple(filter(None, (said, why))),
        reasons=tuple({reason.name: reason for r in ordered for reason in reasons(view, r)}.values()),
    )


def _held(resource: Resource) -> tuple[Text, ...]:
    return (T("on hold"),) if resource.body.get("status") == "on-hold" else ()


def _medicine(view: VaultView, resource: Resource) -> tuple[str, list[Code]]:
    """Its name and codes: in the resource, in what it contains, or in a Medication of the vault."""
    body = resource.body
    concept = body.get("medicationCodeableConcept")
    if not isinstance(concept, Mapping):
        reference = body.get("medicationReference")
        found = target(view, body, reference, ("Medication",))
        concept = found.get("code") if found else None
        if concept is None and isinstance(reference, Mapping):
            return str(reference.get("display") or ""), []
    return concept_text(concept), codings(concept)


def _status(view: VaultView, resource: Resource) -> Status:
    status, end = str(resource.body.get("status") or ""), _end(resource)
    if status in PAST or (end is not None and end.last < view.today):
        return "past"
    return "current" if status in CURRENT else ""


def _end(resource: Resource) -> When | None:
    stated = ended(resource.body)
    if stated is not None:
        return stated
    bounds = [w for text in each(resource.body, "dosageInstruction.timing.repeat.boundsPeriod.end")
              if isinstance(text, str) and (w := When.parse(text))]  # fmt: skip
    return max(bounds, key=lambda when: when.sort_key(), default=None)


def _prescriber(view: VaultView, resource: Resource) -> str:
    body = resource.body
    for path in ("requester", "informationSource"):
        if found := name_of(view, body, body.get(path)):
            return found
    return ""


def _dose(body: Mapping[str, Any]) -> tuple[Text | str | None, str]:
    """How it is taken, and the literal text of it: as written, else from amount and timing."""
    lines = [d for d in (body.get("dosageInstruction") or body.get("dosage") or ()) if isinstance(d, Mapping)]
    if isinstance(body.get("dosage"), Mapping):
        lines = [body["dosage"]]
    written = [str(d["text"]).strip() for d in lines if d.get("text")]
    if written:
        return "; ".join(written), "; ".join(written)
    for line in lines:
        amount = next((q for q in each(line, "doseAndRate.doseQuantity") if isinstance(q, Mapping)), None)
        often = _often(line)
        size: Quantity | None = None
        if amount and isinstance(amount.get("value"), int | Decimal):
            unit = str(amount.get("unit") or amount.get("code") or "")
            size = Quantity(Decimal(amount["value"]), normal(unit)) if unit else None  # "1.0" alone says nothing
        literal = f"{size.value} {size.unit}".strip() if size else ""
        if size and often:
            return T("{dose}, {often}", dose=size, often=often), literal
        if size or often:
            return T("{dose}", dose=size) if size else often, literal
    return None, ""


def _often(line: Mapping[str, Any]) -> Text | None:
    timing = line.get("timing")
    repeat = timing.get("repeat") if isinstance(timing, Mapping) else None
    if line.get("asNeededBoolean") is True or isinstance(line.get("asNeededCodeableConcept"), Mapping):
        return T("when needed")
    if not isinstance(repeat, Mapping):
        return None
    times, every, unit = repeat.get("frequency", 1), repeat.get("period"), repeat.get("periodUnit")
    if not isinstance(times, int) or not isinstance(every, int | Decimal) or every != int(every):
        return None
    each_one = int(every)
    if unit == "d" and each_one == 1:
        return TN("{n} time a day", "{n} times a day", times)
    if unit == "wk" and each_one == 1:
        return TN("{n} time a week", "{n} times a week", times)
    if unit == "h" and times == 1:
        return TN("every {n} hour", "every {n} hours", each_one)
    if unit == "d" and times == 1:
        return TN("every {n} day", "every {n} days", each_one)
    return None
