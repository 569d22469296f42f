"""Short ways to make records, and to hold them as two sources brought them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from salus.evals.reconciliation.held import Held, resource
from salus.records.resource import Resource
from salus.vault.memory import Entry, Kind, remember
from salus.vault.memory.facts import Context, Fact
from salus.vault.memory.remembering import _MODULES
from salus.vault.memory.rule import Rule
from salus.vault.memory.rules import other

Body = dict[str, Any]
SNOMED, ICD10, RXNORM, CVX, LOINC = (
    "http://snomed.info/sct",
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://hl7.org/fhir/sid/cvx",
    "http://loinc.org",
)


def coded(text: str = "", *codes: tuple[str, str]) -> Body:
    found: Body = {"text": text} if text else {}
    if codes:
        found["coding"] = [{"system": system, "code": code} for system, code in codes]
    return found


def state(code: str) -> Body:
    return {"coding": [{"code": code}]}


def condition(
    text: str, *codes: tuple[str, str], on: str = "", status: str = "active", proof: str = "confirmed", **more: Any
) -> Body:
    dated = {"onsetDateTime": on} if on else {}
    return {
        "resourceType": "Condition",
        "clinicalStatus": state(status),
        "verificationStatus": state(proof),
        "code": coded(text, *codes),
        **dated,
        **more,
    }


def order(
    text: str, *codes: tuple[str, str], on: str = "2024-03-01", status: str = "active", dose: str = "", **more: Any
) -> Body:
    dosed = {"dosageInstruction": [{"text": dose}]} if dose else {}
    return {
        "resourceType": "MedicationRequest",
        "status": status,
        "intent": "order",
        "authoredOn": on,
        "medicationCodeableConcept": coded(text, *codes),
        **dosed,
        **more,
    }


def allergy(text: str, *codes: tuple[str, str], status: str = "active", proof: str = "confirmed", **more: Any) -> Body:
    return {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": state(status),
        "verificationStatus": state(proof),
        "code": coded(text, *codes),
        "recordedDate": "2020-05-01",
        **more,
    }


def vaccine(text: str, *codes: tuple[str, str], on: str = "2023-10-05", status: str = "completed", **more: Any) -> Body:
    dated = {"occurrenceDateTime": on} if on else {}
    return {"resourceType": "Immunization", "status": status, "vaccineCode": coded(text, *codes), **dated, **more}


def result(
    text: str,
    value: float | str | None,
    unit: str = "",
    *codes: tuple[str, str],
    on: str = "2024-03-01T08:10:00+01:00",
    category: str = "laboratory",
    **more: Any,
) -> Body:
    said: Body = {"valueString": value} if isinstance(value, str) else {}
    if isinstance(value, int | float):
        said = {"valueQuantity": {"value": value, "unit": unit, "code": unit, "system": "http://unitsofmeasure.org"}}
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [state(category)],
        "code": coded(text, *codes),
        "effectiveDateTime": on,
        **said,
        **more,
    }


def vital(text: str, value: float, unit: str, *codes: tuple[str, str], **more: Any) -> Body:
    return result(text, value, unit, *codes, category="vital-signs", **more)


def procedure(
    text: str, *codes: tuple[str, str], on: str = "2022-06-14", status: str = "completed", **more: Any
) -> Body:
    return {"resourceType": "Procedure", "status": status, "code": coded(text, *codes), "performedDateTime": on, **more}


def visit(text: str, start: str, end: str = "", who: str = "", place: str = "", kind: str = "AMB", **more: Any) -> Body:
    period = {"start": start, **({"end": end} if end else {})}
    people = {"participant": [{"individual": {"display": who}}]} if who else {}
    at = {"serviceProvider": {"display": place}} if place else {}
    return {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"code": kind},
        "type": [coded(text)],
        "period": period,
        **people,
        **at,
        **more,
    }


def team(name: str, *people: str) -> Body:
    members = [{"member": {"display": person}} for person in people]
    return {"resourceType": "CareTeam", "status": "active", "participant": members, **({"name": name} if name else {})}


def goal(text: str, **more: Any) -> Body:
    return {
        "resourceType": "Goal",
        "lifecycleStatus": "active",
        "description": coded(text),
        "startDate": "2024-01-10",
        **more,
    }


def target(test: str, value: float, unit: str) -> list[Body]:
    return [{"measure": coded(test), "detailQuantity": {"value": value, "unit": unit}}]


def device(text: str, **more: Any) -> Body:
    return {"resourceType": "Device", "status": "active", "type": coded(text), **more}


def document(title: str, date: str = "2024-02-02T10:00:00+01:00", author: str = "Dr Ana Ruiz", **more: Any) -> Body:
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "description": title,
        "date": date,
        "type": coded("Note"),
        "author": [{"display": author}],
        **more,
    }


def held(*sources: list[Body] | Body, apart: Iterable[frozenset[str]] = ()) -> Held:
    """A view of sources "A", "B", "C"; "A0" is the first record of the first."""
    return Held(rows(*sources), apart)


def rows(*sources: list[Body] | Body) -> list[Resource]:
    return [
        resource(body, source, n, batch)
        for batch, (source, bodies) in enumerate(zip("ABCDEFGH", sources, strict=False), 1)
        for n, body in enumerate(bodies if isinstance(bodies, list) else [bodies])
    ]


def told(kind: Kind, *sources: list[Body] | Body, apart: Iterable[frozenset[str]] = ()) -> list[Entry]:
    return remember(held(*sources, apart=apart), kind)


def ids(entries: Iterable[Entry]) -> list[list[str]]:
    """The records of each entry by id, sorted."""
    return sorted(sorted(ref.partition("/")[2] for ref in entry.refs) for entry in entries)


def verdict(kind: Kind, a: Body, b: Body, *, one_source: bool = False) -> Rule | None:
    """What the kind's rules say of two records, asked both ways round."""
    module: Any = other if kind == "other" else _MODULES[kind]
    view = held([a, b]) if one_source else held(a, b)
    ctx = Context(view)
    facts: list[Fact] = [module.read(ctx, r) for type_ in view.counts() for r in view.resources(type_)]
    one, two = sorted(facts, key=lambda f: f.ref)
    there, back = module.compare(ctx, one, two), module.compare(ctx, two, one)
    assert (there and there.name) == (back and back.name)
    found: Rule | None = there
    return found
