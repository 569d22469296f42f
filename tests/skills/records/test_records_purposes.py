"""What a medicine is for: by the recorded reason alone, in both languages; what no record says is not recorded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.skills.conftest import Body, Hold, said
from tests.skills.records.conftest import ask, concept, condition, request, values

ICD10 = "http://hl7.org/fhir/sid/icd-10"


def because(text: str, code: str = "", system: str = ICD10) -> dict[str, Any]:
    return {"reasonCode": [concept(text, code, system)]}


REASONS: list[tuple[Body, list[str]]] = [
    (request("Drug A", **because("Hyperlipidemia")), ["cholesterol", "cholestérol", "high cholesterol"]),
    (request("Drug B", **because("Essential hypertension")), ["blood pressure", "tension", "hypertension", "hta"]),
    (request("Drug C", **because("Diabetes mellitus type 2 (disorder)")), ["diabetes", "diabète", "sugar", "sucre"]),
    (request("Drug D", **because("Asthme persistant")), ["asthma", "asthme"]),
    (request("Drug E", **because("Hypothyroïdie")), ["thyroid", "thyroïde", "underactive thyroid"]),
    (request("Drug F", **because("Gastro-esophageal reflux disease")), ["reflux", "stomach", "estomac", "heartburn"]),
    (request("Drug G", reasonCode=[{"coding": [{"system": ICD10, "code": "M10.9"}]}]), ["gout", "goutte"]),
    (request("Drug H", **because("Trouble dépressif majeur")), ["depression", "dépression"]),
    (request("Drug I", **because("Paroxysmal atrial fibrillation")), ["atrial fibrillation", "fibrillation"]),
    (request("Drug J", **because("Acute cystitis")), ["urinary infection", "infection urinaire", "uti"]),
]


@pytest.mark.parametrize(("medicine", "asked"), REASONS)
def test_found_by_its_recorded_reason(hold: Hold, medicine: Body, asked: list[str]) -> None:
    view = hold(medicine, request("Another drug"), request("Third drug", **because("Fracture of wrist")))
    for words in asked:
        found = ask(view, "medications", "list", words)
        assert values(found) == [medicine["medicationCodeableConcept"]["text"]], words
        assert found.findings[0].data["reason"]


def test_found_by_the_problem_that_a_reference_points_to(hold: Hold) -> None:
    problem = condition("Hyperlipidaemia") | {"id": "c1"}
    view = hold(problem, request("Drug A", reasonReference=[{"reference": "Condition/c1"}]))
    assert values(ask(view, "medications", "is", "cholestérol")) == ["Drug A"]


def test_a_class_is_no_reason(hold: Hold) -> None:
    view = hold(request("Lisinopril 10 MG"), request("Metformin 500 MG"), request("Atorvastatin 20 MG"))
    for words in ("blood pressure", "diabetes", "cholesterol", "tension", "sucre"):
        for question in ("list", "is", "detail", "since", "who"):
            found = ask(view, "medications", question, words)
            assert not found.findings and "no recorded reason" in said(found), (words, question)


def test_other_reasons_are_told_from_no_reason(hold: Hold) -> None:
    view = hold(request("Drug A", **because("Essential hypertension")))
    assert "recorded as being for" in said(ask(view, "medications", "list", "gout"))
    assert values(ask(view, "medications", "list", "pulmonary hypertension")) == []


def test_a_class_that_is_asked_for_by_its_name_still_answers(hold: Hold) -> None:
    view = hold(request("Atorvastatin 20 MG"), request("Amoxicillin 500 MG"))
    assert values(ask(view, "medications", "is", "statin")) == ["Atorvastatin 20 MG"] or True in values(
        ask(view, "medications", "is", "statin")
    )
    assert ask(view, "medications", "list", "antibiotic").findings


def test_what_is_over_comes_only_where_nothing_else_does(hold: Hold) -> None:
    old = request("Drug A", "stopped", **because("Hypertension"))
    assert values(ask(hold(old), "medications", "list", "blood pressure")) == ["Drug A"]
    view = hold(request("Drug B", **because("Hypertension")) | {"id": "b"}, old | {"id": "a"})
    found = ask(view, "medications", "list", "blood pressure")
    assert values(found) == ["Drug B"]


def test_how_many_have_no_reason_is_said(hold: Hold) -> None:
    view = hold(request("Drug A", **because("Hypertension")), request("Drug B"), request("Drug C"))
    assert "For 2 other current medicines your records give no reason." in said(
        ask(view, "medications", "list", "blood pressure")
    )
