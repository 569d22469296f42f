"""Vaccines, visits, procedures, documents, care team, goals, coverage, workouts, and the person."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salus.records.times import Period
from salus.skills.records import records
from salus.skills.records.query import RecordsQuery
from salus.sources.fhir.receive import receive
from salus.vault.vault import Vault
from tests.skills.conftest import NOW, Hold, said
from tests.skills.records.conftest import ask, concept, vaccine, values, visit

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
FLU = [
    vaccine("Flu vaccine", f"{year}-10-13", code="140", display="Influenza, split virus") for year in (2024, 2025, 2026)
]


def test_last_vaccine_and_precision(hold: Hold) -> None:
    view = hold(*FLU, vaccine("Flu vaccine", "2026-11-01", "not-done"), vaccine("Tdap", "2021"))
    flu = ask(view, "immunizations", "last", "grippe")
    assert values(flu) == ["2026-10-13"]
    assert said(flu) == "Your last recorded Flu vaccine was on 13 October 2026."
    tetanus = ask(view, "immunizations", "last", "tetanus shot")
    assert values(tetanus) == ["2021"] and said(tetanus) == "Your last recorded Tdap was in 2021."
    assert not ask(view, "immunizations", "last", "chickenpox").findings
    assert said(ask(view, "immunizations")) == (
        "The vaccines in your records: Flu vaccine, 3 times, last on 13 October 2026. Tdap, in 2021."
    )
    assert values(ask(view, "immunizations", "count")) == [Decimal(4)]


def test_one_vaccination_held_twice_counts_once(hold: Hold) -> None:
    view = hold(FLU[0], {**FLU[0], "vaccineCode": concept("Influenza", "140", "http://hl7.org/fhir/sid/cvx")})
    result = ask(view, "immunizations", "count")
    assert values(result) == [Decimal(1)]
    assert len(ask(view, "immunizations").findings[0].evidence) == 2


def test_visits(hold: Hold) -> None:
    view = hold(
        visit("Check-up", "2025-03-25T09:00:00+01:00", "Dr Nadia Ferrand"),
        visit("Consultation", "2025-08-24T13:30:00Z", "Dr Paul Okonkwo", reasonCode=[{"text": "Diabetes"}]),
        visit(
            "Admission",
            "2025-01-23T23:25:00Z",
            **{"class": {"code": "EMER"}},
            serviceProvider={"display": "Saint-Aubin"},
        ),
        visit("Cancelled", "2026-11-02", status="cancelled"),
        visit("To come", "2027-02-01"),
    )
    last = ask(view, "visits", "last")
    assert values(last) == ["2025-08-24"]
    assert (
        said(last) == "Your last recorded visit was on 24 August 2025: Consultation (Diabetes), with Dr Paul Okonkwo."
    )
    assert values(ask(view, "visits", "who")) == ["Dr Paul Okonkwo"]
    assert values(ask(view, "visits", "last", "Dr Ferrand")) == ["2025-03-25"]
    night = ask(view, "visits", "last", "emergency room")
    assert values(night) == ["2025-01-24"] and "at Saint-Aubin" in said(night)  # the person's own day
    count = ask(view, "visits", "count", None, YEAR)
    assert values(count) == [Decimal(3)] and len(count.findings[0].evidence) == 3
    assert said(count) == "Your records hold 3 visits from 1 January to 31 December 2025."
    assert not ask(view, "visits", "count", None, Period(date(2011, 1, 1), date(2011, 12, 31))).findings
    assert not ask(view, "visits", "last", "dentist").findings


def test_a_long_list_says_eight(hold: Hold) -> None:
    view = hold(*(visit("Check-up", f"2024-{month:02d}-05") for month in range(1, 13)))
    result = ask(view, "visits")
    assert len(result.findings) == 12 and len(result.answer) == 10
    assert said(result).endswith("And 4 more.") and result.findings[0].data["left"] == 4


def test_very_many_visits_are_all_counted(hold: Hold) -> None:
    view = hold(*(visit("Check-up", f"{2000 + n // 12}-{n % 12 + 1:02d}-05") for n in range(100)))
    assert said(ask(view, "visits")).endswith("And 92 more.")
    assert values(ask(view, "visits", "count")) == [Decimal(100)]


def test_procedures_and_who(hold: Hold) -> None:
    done = {
        "resourceType": "Procedure",
        "status": "completed",
        "code": concept("Colonoscopy (procedure)", "73761001"),
        "performedPeriod": {"start": "2024-09-20T06:00:00Z"},
        "performer": [{"actor": {"display": "Saint-Aubin"}}],
    }
    view = hold(done, {**done, "status": "not-done", "performedPeriod": {"start": "2026-01-01"}})
    assert values(ask(view, "procedures", "last", "coloscopie")) == ["2024-09-20"]
    assert values(ask(view, "procedures", "who", "colonoscopy")) == ["Saint-Aubin"]
    assert values(ask(view, "procedures", "is", "colonoscopy")) == [True]


def test_documents_before_reports_of_tests(hold: Hold) -> None:
    view = hold(
        {
            "resourceType": "DocumentReference",
            "status": "current",
            "description": "Diabetes letter",
            "date": "2020-01-02T10:00:00Z",
            "author": [{"display": "Dr Okonkwo"}],
            "content": [{"attachment": {"title": "x"}}],
        },
        {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "code": concept("Lipid panel"),
            "effectiveDateTime": "2026-01-01",
        },
        {"resourceType": "DocumentReference", "status": "entered-in-error", "description": "Wrong"},
    )
    assert values(ask(view, "documents")) == ["Diabetes letter", "Lipid panel"]
    assert values(ask(view, "documents", "who", "diabetes letter")) == ["Dr Okonkwo"]


def test_care_team_goals_and_coverage(hold: Hold) -> None:
    view = hold(
        {"resourceType": "Patient", "id": "me", "birthDate": "1974-05-12", "gender": "female"},
        {
            "resourceType": "CareTeam",
            "status": "active",
            "participant": [
                {"member": {"reference": "Patient/me", "display": "Ana"}},
                {"member": {"display": "Dr Ferrand"}, "role": [concept("Family doctor")]},
                {"member": {"display": "Dr Okonkwo"}},
            ],
        },
        {
            "resourceType": "Goal",
            "lifecycleStatus": "active",
            "description": {"text": "Weight under 75 kg"},
            "target": [{"dueDate": "2027-01"}],
        },
        {
            "resourceType": "Coverage",
            "status": "active",
            "payor": [{"display": "National Health"}],
            "subscriberId": "S-1",
        },
        {"resourceType": "Coverage", "status": "cancelled", "payor": [{"display": "Old One"}]},
    )
    assert said(ask(view, "care_team")) == "Your care team: Dr Ferrand (Family doctor) and Dr Okonkwo."
    goals = ask(view, "goals")
    assert said(goals) == "Your goals: Weight under 75 kg (due January 2027)."
    assert goals.findings[0].evidence[0].excerpt.startswith("Weight under 75 kg, active")
    assert values(ask(view, "coverage")) == ["National Health"]


def test_workouts(vault: Vault) -> None:
    body: dict[str, Any] = {
        "resourceType": "Workout",
        "activity": "Running",
        "start": "2026-11-17T17:05:30+01:00",
        "duration": {"value": 39.4, "unit": "min"},
        "distance": {"value": 5.936, "unit": "km"},
    }
    with vault.batch("toy", "files", "toy") as batch:
        batch.add(receive(json.dumps({**body, "id": "a"}).encode()))
        batch.add(
            receive(json.dumps({**body, "id": "b", "activity": "UnderwaterDiving", "start": "2026-10-01"}).encode())
        )
    view = vault.view(NOW)
    last = ask(view, "workouts", "last", "course à pied")
    assert values(last) == ["2026-11-17"]
    assert said(last) == "Your last workout was on 17 November 2026: Running (39 min; 5.94 km)."
    assert values(ask(view, "workouts")) == ["Running", "Underwater diving"]


def test_who_the_person_is(hold: Hold) -> None:
    patient = {
        "resourceType": "Patient",
        "id": "me",
        "birthDate": "1974-05-12",
        "gender": "female",
        "name": [{"given": ["Ana"], "family": "Reyes"}],
    }
    view = hold(patient)
    assert values(ask(view, "profile")) == ["Ana Reyes", "1974-05-12", "female"]
    assert values(ask(view, "profile", "detail", "how old am I")) == [Decimal(52)]
    blood = ask(view, "profile", "detail", "groupe sanguin")
    assert not blood.findings and "blood type" in said(blood)


@pytest.mark.parametrize(
    "kind", ["visits", "procedures", "documents", "care_team", "goals", "coverage", "workouts", "problems"]
)
@pytest.mark.parametrize("question", ["list", "last", "since", "who", "count", "detail", "is"])
def test_an_empty_vault_knows_nothing_and_says_so(hold: Hold, kind: Any, question: Any) -> None:
    result = records.run(hold(), RecordsQuery(kind, question))
    assert not result.findings and len(result.unknown) == 1


def test_broken_shapes_are_read_without_harm(hold: Hold) -> None:
    view = hold(
        {"resourceType": "Encounter", "status": "finished", "type": None, "participant": [None, {"individual": 3}]},
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "dosageInstruction": [{"timing": {"repeat": {"period": 1}}}],
            "medicationCodeableConcept": {"text": "X"},
        },
        {"resourceType": "Condition", "code": {"coding": [{"display": "Loose"}]}},
        {"resourceType": "AllergyIntolerance", "code": {}, "reaction": [{}]},
        {"resourceType": "CareTeam", "participant": [{}]},
        {"resourceType": "Goal", "description": {}},
        {"resourceType": "Coverage", "payor": [{}]},
        {"resourceType": "Immunization", "status": "completed", "vaccineCode": {}},
    )
    for kind in ("medications", "allergies", "problems", "immunizations", "visits", "care_team", "goals", "coverage"):
        for question in ("list", "last", "since", "who", "count", "detail", "is"):
            ask(view, kind, question, "x")
            ask(view, kind, question)


def test_same_question_same_findings(hold: Hold) -> None:
    view = hold(*FLU, visit("A", "2025-01-01"), visit("B", "2025-01-01"))
    assert ask(view, "visits") == ask(view, "visits") and ask(view, "immunizations") == ask(view, "immunizations")
