"""Short ways to make records and to ask the skill."""

from __future__ import annotations

from datetime import date
from typing import Any

from salus.records.finding import Result
from salus.records.times import Period
from salus.skills.records import RecordsQuery, records
from salus.vault.view import VaultView
from tests.skills.conftest import Body

SNOMED, RXNORM, CVX = (
    "http://snomed.info/sct",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://hl7.org/fhir/sid/cvx",
)

def ask(
    view: VaultView, kind: Any, question: Any = "list", about: str | None = None, period: Period | None = None
) -> Result:
    return records.run(view, RecordsQuery(kind, question, about, period))



def values(result: Result) -> list[Any]:
    return [finding.value for finding in result.findings]


def concept(text: str, code: str = "", system: str = SNOMED, display: str = "") -> Body:
    coding = [{"system": system, "code": code, "display": display or text}] if code else []
    return {"text": text, **({"coding": coding} if coding else {})}


def status(code: str) -> Body:
    return {"coding": [{"code": code}]}


def condition(text: str, code: str = "", clinical: str = "active", **more: Any) -> Body:
    return {
        "resourceType": "Condition", "clinicalStatus": status(clinical), "verificationStatus": status("confirmed"),
        "code": concept(text, code), **more,
    }  # fmt: skip


def request(text: str, state: str = "active", on: str = "2026-01-10", code: str = "", **more: Any) -> Body:
    return {
        "resourceType": "MedicationRequest", "status": state, "intent": "order", "authoredOn": on,
        "medicationCodeableConcept": concept(text, code, RXNORM), **more,
    }  # fmt: skip


def allergy(text: str, code: str = "", **more: Any) -> Body:
    base = {"clinicalStatus": status("active"), "verificationStatus": status("confirmed"), "recordedDate": "2020-05-01"}
    return {"resourceType": "AllergyIntolerance", **base, "code": concept(text, code), **more}


def vaccine(text: str, on: str, state: str = "completed", code: str = "", display: str = "") -> Body:
    return {
        "resourceType": "Immunization", "status": state, "occurrenceDateTime": on,
        "vaccineCode": concept(text, code, CVX, display),
    }  # fmt: skip


def visit(text: str, on: str, who: str = "", **more: Any) -> Body:
    people = [{"individual": {"display": who}}] if who else []
    return {
        "resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "type": [concept(text)],
        "period": {"start": on}, "participant": people, **more,
    }  # fmt: skip


TODAY = date(2026, 11, 21)
