"""Several hospitals' records, with one another's ids, come back from an export as they were told apart and joined."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from salus.sources.by_hand import Pressure, Reading, add, written
from salus.sources.importing import import_paths
from salus.vault.check import digest
from salus.vault.export import write
from salus.vault.memory import KINDS, remember
from salus.vault.memory import digest as memory_digest
from salus.vault.timeline import events
from salus.vault.vault import Vault
from tests.sources.exported import DAY

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"


def hospital(folder: Path, host: str, onset: str, sugar: float, pill: str) -> Path:
    subject = {"subject": {"reference": "Patient/1"}}
    resources: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": "1", "identifier": [{"system": f"urn:{host}", "value": "7"}]},
        {"resourceType": "Medication", "id": "m", "code": {"text": pill}},
        {"resourceType": "MedicationRequest", "id": "r", "status": "active", "intent": "order", **subject,
         "medicationReference": {"reference": "Medication/m"}, "authoredOn": "2024-01-02"},
        {"resourceType": "Condition", "id": "1", **subject, "onsetDateTime": onset,
         "code": {"coding": [{"system": SNOMED, "code": "44054006", "display": "Type 2 diabetes mellitus"}]}},
        {"resourceType": "Observation", "id": "1", "status": "final", **subject, "effectiveDateTime": "2024-03-05",
         "code": {"coding": [{"system": LOINC, "code": "4548-4", "display": "HbA1c"}]},
         "valueQuantity": {"value": sugar, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}},
    ]  # fmt: skip
    path = folder / f"{host}.json"
    entry = [{"fullUrl": f"https://{host}/{r['resourceType']}/{r['id']}", "resource": r} for r in resources]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entry}))
    return path


def known(vault: Vault) -> tuple[str, str, list[str]]:
    entries = remember(vault.view(), *KINDS)
    return digest(vault), memory_digest(entries), sorted(e.title for e in entries if e.kind == "medications")


def test_the_memory_is_the_same_after_an_export(vault: Vault, empty: Any, tmp_path: Path) -> None:
    files = [
        hospital(tmp_path, "a.example", "2015", 7.1, "Metformin 500 mg"),
        hospital(tmp_path, "b.example", "2017-06", 8.1, "Ramipril 5 mg"),
        hospital(tmp_path, "c.example", "2015", 7.1, "Atorvastatin 20 mg"),
    ]
    import_paths(vault, files)
    conflicts = [c.field for e in remember(vault.view(), *KINDS) for c in e.conflicts]
    before = known(vault)
    assert len(before[2]) == 3 and len(conflicts) >= 2
    write(vault, tmp_path / "one.zip")
    with empty() as second:
        import_paths(second, [tmp_path / "one.zip"])
        assert known(second) == before
        for outcome in import_paths(second, files):  # the files themselves bring nothing new
            assert not outcome.report.added and not outcome.report.updated
        write(second, tmp_path / "two.zip")
        with empty() as third:
            import_paths(third, [tmp_path / "two.zip"])
            assert known(third) == before


def test_other_programs_get_each_record_under_an_id_of_its_own(vault: Vault, tmp_path: Path) -> None:
    import_paths(vault, [
        hospital(tmp_path, "a.example", "2015", 7.1, "Metformin 500 mg"),
        hospital(tmp_path, "b.example", "2017-06", 8.10, "Ramipril 5 mg"),
    ])  # fmt: skip
    write(vault, tmp_path / "all.json")
    resources = [e["resource"] for e in json.loads((tmp_path / "all.json").read_text())["entry"]]
    by_ref = {f"{r['resourceType']}/{r['id']}": r for r in resources}
    assert len(by_ref) == len(resources) == 10
    pills = {by_ref[r["medicationReference"]["reference"]]["code"]["text"] for r in resources
             if r["resourceType"] == "MedicationRequest"}  # fmt: skip
    assert pills == {"Metformin 500 mg", "Ramipril 5 mg"}
    assert {r["subject"]["reference"] for r in resources if "subject" in r} == {
        ref for ref in by_ref if ref.startswith("Patient/")
    }
    write(vault, tmp_path / "all.zip", "fhir")
    with zipfile.ZipFile(tmp_path / "all.zip") as file:
        lines = file.read("fhir/Observation.ndjson").decode().splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == 2


def test_readings_by_hand_stay_on_the_timeline(vault: Vault, empty: Any, tmp_path: Path) -> None:
    add(vault, Reading("body_weight", written.amount("79.9").value, "kg", DAY))
    add(vault, Pressure(written.amount("138").value, written.amount("88").value, DAY, None))
    before = events(vault.view())
    assert {event.title for event in before} == {"weight", "systolic blood pressure"}
    write(vault, tmp_path / "one.zip")
    with empty() as second:
        import_paths(second, [tmp_path / "one.zip"])
        assert events(second.view()) == before
        write(second, tmp_path / "two.zip")
        with empty() as third:
            (outcome,) = import_paths(third, [tmp_path / "two.zip"])
            assert events(third.view()) == before
            assert outcome.batch is not None
            third.undo(outcome.batch)
            assert events(third.view()) == []
