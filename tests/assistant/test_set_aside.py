"""What the person set aside is in no answer: no figure, no count, no evidence, no chart; put back, it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from salus.assistant.ask import ask
from salus.records.finding import Result
from salus.records.times import Period
from salus.skills.labs import Ask as LabsAsk
from salus.skills.labs import LabsQuery, labs
from salus.skills.records import Ask, Kind, RecordsQuery, records
from salus.skills.trends import Measure, TrendsQuery, trends
from salus.sources.by_hand import Note, Reading, Symptom, add
from salus.vault.keys import new_data_key
from salus.vault.vault import Vault
from tests.skills.two_sources import NOW, Body, observation, senders

WRONG = "987"
"""Stands in every wrong record, as its figure or its name."""
AT = "2026-10-13T08:30:00+02:00"
YEAR = Period(datetime(2026, 1, 1, tzinfo=UTC).date(), NOW.date())


def status(code: str) -> Body:
    return {"coding": [{"code": code}]}


def wrong() -> list[Body]:
    """One wrong record of every kind, each the newest of its kind."""
    name = {"text": f"Wrong {WRONG}"}
    return [
        observation("13457-7", 987, "mg/dL", AT), observation("29463-7", 987, "kg", AT, vital=True),
        {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "authoredOn": "2026-10-13",
         "medicationCodeableConcept": name, "reasonCode": [{"text": "Diabetes"}]},
        {"resourceType": "Condition", "clinicalStatus": status("active"), "code": name, "onsetDateTime": "2026-10-13"},
        {"resourceType": "AllergyIntolerance", "clinicalStatus": status("active"), "code": name,
         "recordedDate": "2026-10-13"},
        {"resourceType": "Immunization", "status": "completed", "vaccineCode": name,
         "occurrenceDateTime": "2026-10-13"},
        {"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "type": [name],
         "period": {"start": AT}},
        {"resourceType": "Procedure", "status": "completed", "code": name, "performedDateTime": "2026-10-13"},
        {"resourceType": "DocumentReference", "status": "current", "type": name, "date": AT,
         "content": [{"attachment": {"title": f"Wrong {WRONG}"}}]},
        {"resourceType": "Goal", "lifecycleStatus": "active", "description": name, "startDate": "2026-10-13"},
        {"resourceType": "CareTeam", "status": "active",
         "participant": [{"member": {"display": f"Dr Wrong {WRONG}"}, "role": [{"text": "doctor"}]}]},
        {"resourceType": "Device", "status": "active", "type": name},
        {"resourceType": "Coverage", "status": "active", "payor": [{"display": f"Wrong {WRONG}"}]},
    ]  # fmt: skip


def right() -> list[Body]:
    """Two right results and weights from before; the same result from elsewhere as the wrong one contradicts."""
    return [
        observation("13457-7", 120, "mg/dL", "2026-05-01"), observation("13457-7", 110, "mg/dL", "2025-05-01"),
        observation("13457-7", 118, "mg/dL", AT), observation("29463-7", 80, "kg", "2026-05-01", vital=True),
        observation("29463-7", 79, "kg", "2026-02-01", vital=True),
    ]  # fmt: skip


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    (tmp_path / "vault").mkdir()
    (tmp_path / "in").mkdir()
    with Vault(tmp_path / "vault", new_data_key()) as opened:
        opened.configure(name="Ana", born="1974-05-12", sex="female", zone="Europe/Paris", zone_known="1", lang="en")
        senders(opened, tmp_path / "in", right(), wrong())
        yield opened


def everything(vault: Vault) -> dict[str, str]:
    """What every ask of every skill says, with its evidence and its data, as text."""
    view = vault.view(NOW)
    made: dict[str, str] = {}

    def put(key: str, result: Result) -> None:
        made[key] = repr(result)

    for what in get_args(LabsAsk):
        put(f"labs {what}", labs.run(view, LabsQuery(test="ldl_cholesterol", ask=what)))
    for panel in ("lipids",):
        put(f"labs {panel}", labs.run(view, LabsQuery(panel=panel)))
    for what in ("latest", "out_of_range", "next"):
        put(f"labs all {what}", labs.run(view, LabsQuery(all=True, ask=what)))  # type: ignore[arg-type]
    for measure in get_args(Measure):
        for period in (None, YEAR):
            put(f"trends {measure} {period}", trends.run(view, TrendsQuery("body_weight", measure, period)))
    for kind in get_args(Kind):
        for what in get_args(Ask):
            for about in (None, "wrong"):
                put(f"records {kind} {what} {about}", records.run(view, RecordsQuery(kind, what, about)))
    put("records for", records.run(view, RecordsQuery("medications", "list", "diabetes")))
    return made


def refs(vault: Vault) -> list[str]:
    return [f"{body['resourceType']}/s1-{i}" for i, body in enumerate(wrong())]


def test_what_is_set_aside_is_in_no_answer(vault: Vault) -> None:
    before = everything(vault)
    assert sum(WRONG in text for text in before.values()) > 60
    for ref in refs(vault):
        vault.set_aside(ref, "wrong")
    after = everything(vault)
    found = [key for key, text in after.items() if any(f"'{ref}'" in text for ref in refs(vault)) or
             (WRONG in text and "987" not in key)]  # fmt: skip
    assert not found
    for ref in refs(vault):
        vault.put_back(ref)
    assert everything(vault) == before


def test_a_dispute_is_over_when_one_side_is_set_aside(vault: Vault) -> None:
    told = labs.run(vault.view(NOW), LabsQuery(test="ldl_cholesterol"))
    assert told.findings[0].data.get("sides")
    vault.set_aside("Observation/s1-0", "wrong")
    told = labs.run(vault.view(NOW), LabsQuery(test="ldl_cholesterol"))
    assert told.findings[0].value == 118 and "sides" not in told.findings[0].data


def test_a_reading_by_hand_that_is_set_aside(vault: Vault) -> None:
    wrong_one = add(vault, Reading("body_weight", Decimal(987), "kg", datetime(2026, 11, 2, 7, tzinfo=UTC)))
    add(vault, Reading("body_weight", Decimal(81), "kg", datetime(2026, 11, 1, 7, tzinfo=UTC)))
    vault.set_aside(wrong_one.refs[0], "wrong")
    vault.set_aside("Observation/s1-1", "wrong")
    view = vault.view(NOW)
    for measure in get_args(Measure):
        assert WRONG not in repr(trends.run(view, TrendsQuery("body_weight", measure))), measure


def test_what_was_written_down_and_set_aside(vault: Vault) -> None:
    symptom = add(vault, Symptom("headache", datetime(2026, 11, 2, 7, tzinfo=UTC), 9)).refs[0]
    note = add(vault, Note("Ask about the zebra", datetime(2026, 11, 2, 7, tzinfo=UTC))).refs[0]
    questions = ("how often did I have a headache this month?", "what did I write down?", "my notes", "my symptoms",
                 "last time I noted a headache", "search my notes for zebra")  # fmt: skip
    for ref in (symptom, note):
        vault.set_aside(ref, "not_mine")
    for question in questions:
        plain = ask(vault.view(NOW), question).plain()
        assert not plain["findings"] and plain["unknown"], question
        assert symptom not in json.dumps(plain, default=str) and note not in json.dumps(plain, default=str)


def test_asked_in_words_nothing_set_aside_is_said(vault: Vault) -> None:
    for ref in refs(vault):
        vault.set_aside(ref, "wrong")
    questions = ("What is my LDL?", "list all my LDL", "my average LDL", "how many LDL tests?", "my highest LDL",
                 "What is my weight?", "my average weight this year", "What medicines do I take?", "my allergies",
                 "my problems", "When did I last see a doctor?", "my vaccines", "do I have an implant?", "my insurance",
                 "what do I take for diabetes?", "who are my doctors?", "my goals", "my documents")  # fmt: skip
    for question in questions:
        found: dict[str, Any] = ask(vault.view(NOW), question).plain()
        assert WRONG not in found["answer"], question
        assert not {e["ref"] for e in found["evidence"]} & set(refs(vault)), question
