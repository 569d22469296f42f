"""The records skill speaks from the memory: one thing once, and where two sources disagree both are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from salus.assistant.words import words
from salus.sources.importing import import_paths
from salus.vault.vault import Vault
from tests.skills.conftest import NOW, said
from tests.skills.records.conftest import allergy, ask, condition, request, vaccine, values, visit


def two(vault: Vault, folder: Path, first: list[Any], second: list[Any]) -> Any:
    for name, bodies in (("a", first), ("b", second)):
        path = folder / f"{name}.json"
        entries = [{"resource": {"id": f"{name}{n}", **body}} for n, body in enumerate(bodies)]
        path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
        import_paths(vault, [path])
    return vault.view(NOW)


def test_one_problem_in_two_languages_is_one(vault: Vault, tmp_path: Path) -> None:
    view = two(vault, tmp_path, [condition("Asthma", "195967001", onsetDateTime="1998")], [condition("Asthme")])
    assert values(ask(view, "problems", "count")) == [1]
    assert values(ask(view, "problems", "is", "asthme")) == [True]


def test_two_doses_are_told_with_evidence_of_both(vault: Vault, tmp_path: Path) -> None:
    view = two(vault, tmp_path, [request("Ramipril 5 mg")], [request("Triatec 10 mg")])
    result = ask(view, "medications")
    (finding,) = result.findings
    assert "Two sources disagree about the dose: Ramipril 5 mg, or Triatec 10 mg." in said(result)
    assert {e.ref for e in finding.evidence} == {"MedicationRequest/a0", "MedicationRequest/b0"}
    assert [c["field"] for c in finding.data["conflicts"]] == ["dose"]
    assert any("Triatec 10 mg" in words("en").say(text) for text in finding.caveats)


def test_a_brand_answers_for_its_ingredient(vault: Vault, tmp_path: Path) -> None:
    view = two(vault, tmp_path, [request("Doliprane 500 mg")], [request("acetaminophen 500 mg", on="2026-01-12")])
    assert len(ask(view, "medications").findings) == 1
    assert ask(view, "medications", "is", "acetaminophen").findings
    assert ask(view, "medications", "is", "doliprane").findings


def test_active_here_stopped_there(vault: Vault, tmp_path: Path) -> None:
    view = two(vault, tmp_path, [request("Tahor 20 mg")], [request("Atorvastatin 20 mg", "stopped")])
    assert "disagree about whether it is still taken: still taken, or stopped" in said(ask(view, "medications"))
    assert "disagree about whether it is still taken" in said(ask(view, "medications", "is", "atorvastatin"))


def test_an_allergy_denied_elsewhere_is_told_once(vault: Vault, tmp_path: Path) -> None:
    view = two(vault, tmp_path, [allergy("Penicillin")], [allergy("No known allergies", "716186003")])
    text = said(ask(view, "allergies"))
    assert "No known allergies. The two do not agree" in text
    assert "disagree about whether you have this allergy" in said(ask(view, "allergies", "is", "penicillin"))


def test_an_episode_each_time_and_a_dose_each_day(vault: Vault, tmp_path: Path) -> None:
    sick = [condition("Acute bronchitis", clinical="resolved", onsetDateTime=on) for on in ("2019-02-01", "2021-02-01")]
    view = two(
        vault, tmp_path, [*sick, vaccine("Flu shot", "2024-10-01")], [vaccine("Vaccin antigrippal", "2024-10-01")]
    )
    assert values(ask(view, "problems", "count", "bronchitis")) == [2]
    assert values(ask(view, "immunizations", "count")) == [1]


def test_a_visit_in_two_records_is_one(vault: Vault, tmp_path: Path) -> None:
    view = two(
        vault, tmp_path, [visit("Consultation", "2026-03-01T09:00:00+01:00", "Dr Ana Ruiz")],
        [visit("Office visit", "2026-03-01", "A. Ruiz", serviceProvider={"display": "Clinique du Parc"})],
    )  # fmt: skip
    assert values(ask(view, "visits", "count")) == [1]
    assert "Clinique du Parc" in said(ask(view, "visits", "last"))


def test_devices_are_listed(vault: Vault, tmp_path: Path) -> None:
    pump = {"resourceType": "Device", "status": "active", "type": {"text": "Insulin pump"}, "serialNumber": "7"}
    view = two(vault, tmp_path, [pump], [{**pump, "type": {"text": "Pompe à insuline"}, "status": "inactive"}])
    text = said(ask(view, "devices"))
    assert text.startswith("The implants and devices in your records: Insulin pump")
    assert "disagree about whether it is in use" in text
