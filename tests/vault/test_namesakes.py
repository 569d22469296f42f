"""Records that share an id without being one are kept apart; versions of one record stay versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from salus.sources.importing import import_paths
from salus.vault.check import digest
from salus.vault.vault import Vault

SNOMED = "http://snomed.info/sct"


def write(folder: Path, name: str, patient: str, *resources: dict[str, Any]) -> Path:
    entries = [{"resource": {"resourceType": "Patient", "id": patient}}]
    entries += [{"resource": {"subject": {"reference": f"Patient/{patient}"}, **one}} for one in resources]
    path = folder / name
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    return path


def problem(id_: str, code: str, name: str, **more: Any) -> dict[str, Any]:
    coding = [{"system": SNOMED, "code": code, "display": name}]
    return {"resourceType": "Condition", "id": id_, "code": {"coding": coding}, **more}


def told(vault: Vault, type_: str) -> list[str]:
    return sorted(str(r.body["code"]["coding"][0]["display"]) for r in vault.view().resources(type_))


def test_two_hospitals_number_one_of_two_things_are_both_kept(vault: Vault, tmp_path: Path) -> None:
    a = write(tmp_path, "a.json", "p1", problem("1", "195967001", "Asthma"))
    b = write(tmp_path, "b.json", "p1", problem("1", "38341003", "Hypertension"))
    import_paths(vault, [a, b])
    assert told(vault, "Condition") == ["Asthma", "Hypertension"]


def test_another_patient_s_number_tells_two_servers_apart(vault: Vault, tmp_path: Path) -> None:
    a = write(tmp_path, "a.json", "p1", problem("1", "195967001", "Asthma", onsetDateTime="1999"))
    b = write(tmp_path, "b.json", "77", problem("1", "195967001", "Asthma", onsetDateTime="2004"))
    import_paths(vault, [a, b], same_person=True)
    assert len(vault.view().resources("Condition")) == 2


def test_a_newer_version_replaces_the_older_one(vault: Vault, tmp_path: Path) -> None:
    a = write(tmp_path, "a.json", "p1", problem("1", "195967001", "Asthma", onsetDateTime="1999"))
    b = write(tmp_path, "b.json", "p1", problem("1", "195967001", "Asthma", onsetDateTime="2001"))
    first, second = import_paths(vault, [a, b])
    assert first.report.added["Condition"] == 1 and second.report.updated["Condition"] == 1
    assert [r.body["onsetDateTime"] for r in vault.view().resources("Condition")] == ["2001"]


def test_the_same_files_again_add_nothing_and_an_undo_takes_only_its_own(vault: Vault, tmp_path: Path) -> None:
    a = write(tmp_path, "a.json", "p1", problem("1", "195967001", "Asthma"))
    b = write(tmp_path, "b.json", "p1", problem("1", "38341003", "Hypertension"))
    import_paths(vault, [a])
    before = digest(vault)
    (second,) = import_paths(vault, [b])
    after = digest(vault)
    for outcome in import_paths(vault, [a, b, b, a]):
        assert not outcome.report.added and not outcome.report.updated
    assert digest(vault) == after
    assert second.batch is not None
    vault.undo(second.batch)
    assert digest(vault) == before


def test_a_namesake_that_changes_is_updated_itself(vault: Vault, tmp_path: Path) -> None:
    a = write(tmp_path, "a.json", "p1", problem("1", "195967001", "Asthma"))
    b = write(tmp_path, "b.json", "p1", problem("1", "38341003", "Hypertension"))
    c = write(tmp_path, "c.json", "p1", problem("1", "38341003", "Hypertension", severity={"text": "mild"}))
    import_paths(vault, [a, b])
    (outcome,) = import_paths(vault, [c])
    assert outcome.report.updated["Condition"] == 1
    assert told(vault, "Condition") == ["Asthma", "Hypertension"]


def test_another_day_of_what_happens_once_is_another_record(vault: Vault, tmp_path: Path) -> None:
    def seen(day: str, value: int) -> dict[str, Any]:
        code = {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]}
        amount = {"value": value, "unit": "mmol/L"}
        return {"resourceType": "Observation", "id": "k", "status": "final", "code": code, "effectiveDateTime": day,
                "valueQuantity": amount}  # fmt: skip

    a, b, c = (write(tmp_path, f"{i}.json", "p1", seen(*row)) for i, row in enumerate(
        [("2024-01-05", 4), ("2025-03-01", 5), ("2025-03-01", 6)]))  # fmt: skip
    import_paths(vault, [a, b])
    assert len(vault.view().resources("Observation")) == 2
    import_paths(vault, [c])
    assert sorted(r.body["valueQuantity"]["value"] for r in vault.view().resources("Observation")) == [4, 6]


def test_a_reference_means_the_record_its_own_file_brought(vault: Vault, tmp_path: Path) -> None:
    def doctor(family: str) -> dict[str, Any]:
        return {"resourceType": "Practitioner", "id": "1", "name": [{"family": family}]}

    a = write(tmp_path, "a.json", "p1", doctor("Ada"), problem("c1", "195967001", "Asthma"))
    b = write(tmp_path, "b.json", "p2", doctor("Bell"), problem("c2", "38341003", "Hypertension"))
    import_paths(vault, [a, b], same_person=True)
    view = vault.view()
    for resource in view.resources("Condition"):
        found = view.referred("Practitioner/1", resource.batch)
        assert found is not None and found.batch == resource.batch
    assert view.referred("Practitioner/1", 999) is None
    assert view.referred("Practitioner/2") is None


def test_ids_that_no_two_servers_share_are_versions_whatever_changed(vault: Vault, tmp_path: Path) -> None:
    id_ = "7a25dde9-2d36-4221-8512-0f389ff0f269"
    a = write(tmp_path, "a.json", "p1", problem(id_, "195967001", "Asthma"))
    b = write(tmp_path, "b.json", "p1", problem(id_, "38341003", "Hypertension"))
    import_paths(vault, [a, b])
    assert told(vault, "Condition") == ["Hypertension"]
