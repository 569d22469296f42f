"""Questions about what a person wrote down, and about implants: routed, counted, never taken for a complaint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from salus.assistant.ask import Past, ask
from salus.sources.by_hand import Note, Symptom, Taken, add
from salus.vault.keys import new_data_key
from salus.vault.vault import Vault
from tests.skills.two_sources import senders

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def on(day: int, month: int = 11, hour: int = 18) -> datetime:
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    folder = tmp_path / "vault"
    folder.mkdir()
    with Vault(folder, new_data_key()) as opened:
        opened.configure(name="Ana", born="1974-05-12", sex="female", zone="Europe/Paris", zone_known="1", lang="en")
        yield opened


@pytest.fixture
def noted(vault: Vault) -> Vault:
    add(vault, Symptom("headache", on(3), 6))
    add(vault, Symptom("Headache", on(12), 4, on(12) + timedelta(hours=2), "after a long day"))
    add(vault, Symptom("mal de tête", on(19, 10), 7))
    add(vault, Symptom("dizzy spell", on(8), 3))
    add(vault, Symptom("twitching eyelid", on(9), 1))
    add(vault, Symptom("fièvre", on(5)))
    add(vault, Note("Ask about the left knee, it clicks on stairs.", on(10), "For the next visit"))
    return vault


def answer(vault: Vault, question: str, *past: str, lang: str | None = None) -> dict[str, Any]:
    turns: list[Past] = []
    view = vault.view(NOW)
    for earlier in past:
        turns.append(Past.of(earlier, ask(view, earlier, past=turns).plain()))
    return ask(view, question, lang=lang, past=turns).plain()  # type: ignore[arg-type]


def args(found: dict[str, Any]) -> dict[str, Any]:
    (plan,) = found["trace"]["plans"]
    return dict(plan["args"])


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("how often did I have a headache this month", 2),
        ("How many headaches did I have this month?", 2),
        ("How many times did I note a headache?", 3),
        ("Combien de fois ai-je eu mal à la tête en octobre ?", 1),
        ("combien de maux de tête ce mois-ci ?", 2),
        ("how many dizzy spells did I log in November?", 1),
        ("how often did I have a twitching eyelid?", 1),
    ],
)
def test_how_often_a_symptom_was_noted(noted: Vault, question: str, number: int) -> None:
    found = answer(noted, question)
    assert args(found)["kind"] == "symptoms" and args(found)["ask"] == "count"
    assert found["findings"][0]["value"] == number
    assert len(found["findings"][0]["evidence"]) == number


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("mes maux de tête ce mois-ci", {"2026-11-03", "2026-11-12"}),
        ("my headaches", {"2026-11-03", "2026-11-12", "2026-10-19"}),
        ("my symptoms diary", {"2026-11-03", "2026-11-12", "2026-10-19", "2026-11-08", "2026-11-09",
                                 "2026-11-05"}),
        ("mes symptômes en octobre", {"2026-10-19"}),
        ("last time I noted dizziness", {"2026-11-08"}),
        ("when did I last have a headache?", {"2026-11-12"}),
        ("when was my last fever?", {"2026-11-05"}),
        ("quand ai-je eu des vertiges pour la dernière fois ?", {"2026-11-08"}),
    ],
)
def test_which_were_noted_and_when(noted: Vault, question: str, days: set[str]) -> None:
    found = answer(noted, question)
    assert args(found)["kind"] == "symptoms"
    assert {finding["time"][:10] for finding in found["findings"]} == days
    assert all(finding["kind"] == "symptom" for finding in found["findings"])


def test_how_bad_it_was_is_said(noted: Vault) -> None:
    found = answer(noted, "my headaches this month")
    assert "severity 6 of 10" in found["answer"] and "after a long day" in found["answer"]


def test_all_that_was_written_down(noted: Vault) -> None:
    found = answer(noted, "what did I write down?")
    assert args(found)["kind"] == "diary" and len(found["findings"]) == 7
    assert "clicks on stairs" in found["answer"]
    week = answer(noted, "qu'ai-je noté du 8 au 10 novembre ?")
    assert len(week["findings"]) == 3


@pytest.mark.parametrize("question", ["my notes", "mes notes", "show me my notes", "the notes I wrote"])
def test_notes_are_the_persons_own(noted: Vault, question: str) -> None:
    found = answer(noted, question)
    assert args(found)["kind"] == "notes" and [f["kind"] for f in found["findings"]] == ["note"]


def test_what_was_noted_about_a_thing(noted: Vault) -> None:
    found = answer(noted, "what did I note about my knee?")
    assert len(found["findings"]) == 1 and "knee" in found["answer"]
    assert not answer(noted, "what did I write down about my elbow?")["findings"]


def test_nothing_noted_is_unknown_not_none(noted: Vault) -> None:
    found = answer(noted, "how often did I have nausea this month?")
    assert not found["findings"] and "does not mean" in found["unknown"][0]


def test_a_follow_up_goes_on_in_the_diary(noted: Vault) -> None:
    found = answer(noted, "and in October?", "how often did I have a headache this month?")
    assert args(found)["kind"] == "symptoms" and found["findings"][0]["value"] == 1


@pytest.mark.parametrize("question", ["I have a headache", "J'ai mal à la tête", "my headaches are unbearable now"])
def test_a_complaint_is_not_looked_up(noted: Vault, question: str) -> None:
    found = answer(noted, question)
    assert not any(plan["args"].get("kind") == "symptoms" for plan in found["trace"]["plans"])


def test_a_symptom_that_is_a_recorded_problem_is_asked_of_the_problems(vault: Vault, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    senders(vault, folder, [{"resourceType": "Condition", "code": {"text": "Chronic fatigue"}, "onsetDateTime": "2020",
                             "clinicalStatus": {"coding": [{"code": "active"}]}}])  # fmt: skip
    found = answer(vault, "since when do I have fatigue?")
    assert args(found)["kind"] == "problems" and found["findings"]


# Implants and devices ---------------------------------------------------------------------------------------------


@pytest.fixture
def implanted(vault: Vault, tmp_path: Path) -> Vault:
    folder = tmp_path / "in"
    folder.mkdir()
    senders(vault, folder, [
        {"resourceType": "Device", "type": {"text": "Implantable cardiac pacemaker"}, "status": "active",
         "manufacturer": "Acme", "manufactureDate": "2021-02-03"},
    ])  # fmt: skip
    return vault


@pytest.mark.parametrize(
    "question",
    ["do I have an implant?", "quels dispositifs ai-je ?", "do I have a pacemaker?", "ai-je un pacemaker ?",
     "what devices do I have?", "list my medical devices", "ai-je un implant ?", "mes dispositifs médicaux"],
)  # fmt: skip
def test_implants_and_devices(implanted: Vault, question: str) -> None:
    found = answer(implanted, question)
    assert args(found)["kind"] == "devices"
    assert "pacemaker" in found["answer"] and found["findings"][0]["kind"] == "device"


def test_no_device_is_unknown(vault: Vault) -> None:
    found = answer(vault, "do I have an implant?")
    assert args(found)["kind"] == "devices" and not found["findings"] and found["unknown"]


# What medicines are for -------------------------------------------------------------------------------------------


def test_the_reason_written_by_hand_is_found(vault: Vault) -> None:
    add(vault, Taken("Kaltex", "1 tablet", "in the evening", why="hypercholestérolémie"))
    add(vault, Taken("Lisinopril 10 mg"))
    found = answer(vault, "What do I take for cholesterol?")
    assert [f["value"] for f in found["findings"]] == ["Kaltex"] and "hypercholestérolémie" in found["answer"]
    none = answer(vault, "Which medicine is for my blood pressure?")
    assert not none["findings"] and "Lisinopril" not in none["answer"]
    assert "no recorded reason" in none["unknown"][0] or "have no recorded reason" in none["unknown"][0]
