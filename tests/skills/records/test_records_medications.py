"""Medicines: what is current, since when, from whom; one entry per name and strength."""

from __future__ import annotations

from decimal import Decimal

from tests.skills.conftest import Hold, said
from tests.skills.records.conftest import ask, request, values


def test_current_ones_with_dose_and_start(hold: Hold) -> None:
    view = hold(
        request("Metformin 500 mg", on="2025-06-03", code="861007", dosageInstruction=[{"text": "Twice a day"}]),
        request("Metformin 500 mg", on="2026-06-03", code="861007", dosageInstruction=[{"text": "Twice a day"}]),
        request("Amoxicillin 500 mg", "stopped", statusReason={"text": "Skin rash"}),
        request("Wrong", "entered-in-error"),
        request("Draft", "draft"),
    )
    result = ask(view, "medications")
    assert values(result) == ["Metformin 500 mg"]
    assert said(result) == (
        "The current medicines in your records: Metformin 500 mg (Twice a day), since 3 June 2025. "
        "1 more is marked as over and is not listed."
    )
    evidence = result.findings[0].evidence
    assert {e.ref for e in evidence} == {"MedicationRequest/r0", "MedicationRequest/r1"}
    assert evidence[0].excerpt == "Metformin 500 mg, active, 2026-06-03, Twice a day"
    assert result.findings[0].code is not None and result.findings[0].code.code == "861007"


def test_stopped_ones_when_asked(hold: Hold) -> None:
    view = hold(
        request("Metformin"), request("Amoxicillin", "stopped", "2025-01-21", statusReason={"text": "Skin rash"})
    )
    assert values(ask(view, "medications", "list", "stopped")) == ["Amoxicillin"]
    assert "reason for stopping: Skin rash" in said(ask(view, "medications", "list", "stopped"))
    assert len(values(ask(view, "medications", "list", "ever"))) == 2


def test_an_end_in_the_past_is_an_end(hold: Hold) -> None:
    statement = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": {"text": "Prednisone"},
        "effectivePeriod": {"start": "2025-01-01", "end": "2025-01-10"},
    }
    result = ask(hold(statement), "medications")
    assert not result.findings and "no current medicines" in said(result)


def test_a_dispense_does_not_say_that_it_is_taken(hold: Hold) -> None:
    dispense = {
        "resourceType": "MedicationDispense",
        "status": "completed",
        "whenHandedOver": "2026-10-01",
        "medicationCodeableConcept": {"text": "Ramipril 5 mg"},
    }
    view = hold(dispense)
    assert not ask(view, "medications").findings
    result = ask(view, "medications", "is", "ramipril")
    assert values(result) == ["Ramipril 5 mg"] and "without saying whether you still take it" in said(result)


def test_since_and_who(hold: Hold) -> None:
    view = hold(
        request("Atorvastatin 20 mg", "stopped", "2023-04-20"),
        request("Atorvastatin 40 mg", "active", "2024-06-21", requester={"display": "Dr Ferrand"}),
    )
    since = ask(view, "medications", "since", "atorvastatine")
    assert values(since) == ["2024-06-21", "2023-04-20"]
    assert "you may have started earlier" in said(since)
    who = ask(view, "medications", "who", "atorvastatin")
    assert values(who) == ["Dr Ferrand"] and said(who) == "Dr Ferrand prescribed Atorvastatin 40 mg."


def test_names_behind_references(hold: Hold) -> None:
    view = hold(
        {
            "resourceType": "Practitioner",
            "id": "p",
            "name": [{"prefix": ["Dr"], "given": ["Paul"], "family": "Okonkwo"}],
        },
        {"resourceType": "Medication", "id": "m", "code": {"text": "Ramipril 5 mg"}},
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "authoredOn": "2026-02",
            "medicationReference": {"reference": "Medication/m"},
            "requester": {"reference": "urn:uuid:p"},
        },
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "authoredOn": "2026-03-01",
            "contained": [{"resourceType": "Medication", "id": "c", "code": {"text": "Zinc 15 mg"}}],
            "medicationReference": {"reference": "#c"},
        },
    )
    assert sorted(values(ask(view, "medications"))) == ["Ramipril 5 mg", "Zinc 15 mg"]
    assert values(ask(view, "medications", "who", "ramipril")) == ["Dr Paul Okonkwo"]
    since = ask(view, "medications", "since", "ramipril")
    assert values(since) == ["2026-02"] and "since February 2026" in said(since)
    unsaid = ask(view, "medications", "who", "zinc")
    assert not unsaid.findings and "do not say who" in said(unsaid)


def test_dose_from_amount_and_timing(hold: Hold) -> None:
    def taken(amount: dict[str, object], repeat: dict[str, object]) -> dict[str, object]:
        return {"doseAndRate": [{"doseQuantity": amount}], "timing": {"repeat": repeat}}

    daily = {"frequency": 2, "period": 1, "periodUnit": "d"}
    view = hold(
        request("A", dosageInstruction=[taken({"value": 500, "unit": "mg"}, daily)]),
        request("B", dosageInstruction=[taken({"value": 1.0}, {"frequency": 1, "period": 8, "periodUnit": "h"})]),
        request("C", dosageInstruction=[{"asNeededBoolean": True}]),
    )
    text = said(ask(view, "medications"))
    assert "A (500 mg, 2 times a day)" in text and "B (every 8 hours)" in text and "C (when needed)" in text


def test_is_it_taken(hold: Hold) -> None:
    view = hold(request("Atorvastatin 40 mg", on="2026-09-01"), request("Amoxicillin 500 mg", "completed"))
    yes = ask(view, "medications", "is", "statin")
    assert values(yes) == [True] and said(yes).startswith("Yes, your records list Atorvastatin 40 mg")
    over = ask(view, "medications", "is", "amoxicillin")
    assert values(over) == ["Amoxicillin 500 mg"] and "as over" in said(over)
    no = ask(view, "medications", "is", "warfarin")
    assert not no.findings and "does not mean that you never took it" in said(no)


def test_an_old_prescription_is_marked(hold: Hold) -> None:
    result = ask(hold(request("Old", on="2015-03-01"), request("New", on="2026-03-01")), "medications")
    assert [bool(f.caveats) for f in result.findings] == [False, True]


def test_counted_and_none(hold: Hold) -> None:
    assert values(ask(hold(request("A"), request("B"), request("C", "stopped")), "medications", "count")) == [
        Decimal(2)
    ]


def test_nothing_held_is_not_nothing_taken(hold: Hold) -> None:
    for question in ("list", "last", "since", "who", "count", "detail", "is"):
        result = ask(hold(), "medications", question, "metformin" if question == "is" else None)
        assert not result.findings and "does not mean that you take none" in said(result)
