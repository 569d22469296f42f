"""Follow-ups on places, writers and what is normal, over the sample person; glucose that the records tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salus.assistant.ask import Past, ask
from salus.vault.keys import new_data_key
from salus.vault.vault import Vault
from salus.vault.view import VaultView
from tests.skills.two_sources import observation, senders


def answer(view: VaultView, *questions: str) -> dict[str, Any]:
    past: list[Past] = []
    for question in questions:
        found = ask(view, question, past=past).plain()
        past.append(Past.of(question, found))
    return found


def test_where_is_the_place_of_the_one_visit_told(view: VaultView) -> None:
    found = answer(view, "When did I last see a doctor?", "and the one before?", "where was it?")
    assert [f["value"] for f in found["findings"]] == ["Saint-Aubin Hospital"]
    french = answer(view, "Quand ai-je vu le médecin pour la dernière fois ?", "c'était où ?")
    assert [f["value"] for f in french["findings"]] == ["Canal Street Health Centre"]


def test_where_asked_at_once_and_of_what_has_no_place(view: VaultView) -> None:
    for question in ("Where was my last visit?", "Où a eu lieu ma dernière consultation ?"):
        assert answer(view, question)["findings"][0]["value"] == "Canal Street Health Centre"
    none = answer(view, "When was my last flu shot?", "where was it?")
    assert not none["findings"] and "do not say where" in none["unknown"][0]


@pytest.mark.parametrize(
    "asked",
    [("search my documents for unicorns", "who wrote it?"), ("What is my LDL?", "find unicorns in my letters",
      "who wrote that?"), ("cherche licorne dans mes documents", "qui l'a écrit ?")],
)  # fmt: skip
def test_nobody_wrote_what_was_not_found(view: VaultView, asked: tuple[str, ...]) -> None:
    found = answer(view, *asked)
    assert not found["findings"] and len(found["unknown"]) == 1
    assert "Okonkwo" not in found["answer"] and "LDL" not in found["answer"]


@pytest.mark.parametrize(
    ("asked", "judgement"),
    [
        (("What is my resting heart rate?", "Is that normal?"), "normal"),
        (("Quelle est ma température ?", "c'est normal ?"), "high"),
        (("What is my BMI?", "is that too high?"), "high"),
        (("What is my oxygen saturation?", "is that ok?"), "normal"),
        (("Is my resting heart rate normal?",), "normal"),
    ],
)
def test_a_measure_with_a_range_is_judged_by_it(view: VaultView, asked: tuple[str, ...], judgement: str) -> None:
    (finding,) = answer(view, *asked)["findings"]
    assert finding["data"]["judgement"] == judgement and finding["data"]["range_source"]
    assert "not yet reviewed" in finding["method"] or "pas encore relu" in finding["method"]


def test_both_numbers_of_a_pressure_are_judged(view: VaultView) -> None:
    found = answer(view, "What is my blood pressure?", "is that normal?")
    assert [bool(f["data"].get("judgement")) for f in found["findings"]] == [True, True] and not found["unknown"]


@pytest.mark.parametrize("first", ["What is my weight?", "How many steps yesterday?", "What is my heart rate?"])
def test_without_a_range_it_is_said_what_is_not_known(view: VaultView, first: str) -> None:
    found = answer(view, first, "is that normal?")
    assert found["unknown"] and not any(f["data"].get("judgement") for f in found["findings"])


@pytest.fixture
def sugar(tmp_path: Path) -> Iterator[VaultView]:
    (tmp_path / "vault").mkdir()
    (tmp_path / "in").mkdir()
    with Vault(tmp_path / "vault", new_data_key()) as vault:
        vault.configure(name="Ana", born="1974-05-12", sex="female", zone="Europe/Paris", zone_known="1", lang="en")
        yield senders(vault, tmp_path / "in", [
            observation("1558-6", 99, "mg/dL", "2025-05-01", name="Fasting glucose"),
            observation("1558-6", 112, "mg/dL", "2024-05-01", name="Fasting glucose"),
            observation("2345-7", 180, "mg/dL", "2026-06-01", name="Glucose"),
        ])  # fmt: skip


def test_fasting_glucose_stays_fasting(sugar: VaultView) -> None:
    for asked in (("What is my fasting glucose?", "was it ever higher?"),
                  ("What was my fasting glucose in 2026?", "plus haut ?"),
                  ("Quelle est ma glycémie à jeun ?", "plus haut ?")):  # fmt: skip
        found = answer(sugar, *asked)
        assert [plan["args"].get("test") for plan in found["trace"]["plans"]] == ["glucose_fasting"], asked
    assert answer(sugar, "What is my fasting glucose?", "was it ever higher?")["findings"][0]["value"] == 112


