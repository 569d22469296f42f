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


def doctors(vault: Vault) -> dict[str, list[str]]:
    """Who recorded and who asserted each problem, followed through its references."""
    view = vault.view()
    found = {}
    for one in view.resources("Condition"):
        refs = ["/".join(one.body[field]["reference"].split("/")[-2:]) for field in ("recorder", "asserter")]
        people = [view.resource(ref) for ref in refs]
        found[str(one.body["code"]["coding"][0]["display"])] = [str(p and p.body["name"][0]["family"]) for p in people]
    return found


def test_a_reference_means_the_record_its_own_file_brought(vault: Vault, tmp_path: Path) -> None:
    def doctor(family: str) -> dict[str, Any]:
        return {"resourceType": "Practitioner", "id": "1", "name": [{"family": family}]}

    by = {"recorder": {"reference": "Practitioner/1"}, "asserter": {"reference": "https://x.example/Practitioner/1"}}
    a = write(tmp_path, "a.json", "p1", doctor("Ada"), problem("c1", "195967001", "Asthma", **by))
    b = write(tmp_path, "b.json", "p2", doctor("Bell"), problem("c2", "38341003", "Hypertension", **by))
    import_paths(vault, [a, b], same_person=True)
    assert doctors(vault) == {"Asthma": ["Ada", "Ada"], "Hypertension": ["Bell", "Bell"]}
    (newer,) = import_paths(vault, [write(tmp_path, "c.json", "p2", {**doctor("Bell"), "gender": "female"})])
    assert newer.report.updated["Practitioner"] == 1
    assert doctors(vault)["Hypertension"] == ["Bell", "Bell"]


def test_ids_that_no_two_servers_share_are_versions_whatever_changed(vault: Vault, tmp_path: Path) -> None:
    id_ = "7a25dde9-2d36-4221-8512-0f389ff0f269"
    a = write(tmp_path, "a.json", "p1", problem(id_, "195967001", "Asthma"))
    b = write(tmp_path, "b.json", "p1", problem(id_, "38341003", "Hypertension"))
    import_paths(vault, [a, b])
    assert told(vault, "Condition") == ["Hypertension"]


def bundle(folder: Path, name: str, host: str, number: str, *resources: dict[str, Any], urls: bool = True) -> Path:
    """One server's bundle: the same ids as every other's, its own URLs and its own number for the patient."""
    patient = {"resourceType": "Patient", "id": "1", "identifier": [{"system": f"urn:{host}", "value": number}]}
    entries = [patient, *({"subject": {"reference": "Patient/1"}, **one} for one in resources)]
    told = [{"resource": one} | ({"fullUrl": f"https://{host}/{one['resourceType']}/{one['id']}"} if urls else {})
            for one in entries]  # fmt: skip
    path = folder / name
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": told}))
    return path


def sugar(value: float, **more: Any) -> dict[str, Any]:
    code = {"coding": [{"system": "http://loinc.org", "code": "4548-4", "display": "HbA1c"}]}
    return {"resourceType": "Observation", "id": "2", "status": "final", "code": code,
            "effectiveDateTime": "2024-03-05", "valueQuantity": {"value": value, "unit": "%"}, **more}  # fmt: skip


def sugars(vault: Vault) -> list[float]:
    return sorted(float(r.body["valueQuantity"]["value"]) for r in vault.view().resources("Observation"))


def test_two_servers_give_one_id_to_one_test_of_one_day(vault: Vault, tmp_path: Path) -> None:
    for urls in (True, False):
        a = bundle(tmp_path, "a.json", f"one{urls}.example", "7", sugar(7.1), urls=urls)
        b = bundle(tmp_path, "b.json", f"two{urls}.example", "7", sugar(8.1), urls=urls)
        newer = bundle(tmp_path, "c.json", f"two{urls}.example", "7", sugar(8.2), urls=urls)
        outcomes = import_paths(vault, [a, b])
        assert [o.report.added["Observation"] for o in outcomes] == [1, 1]
        assert sugars(vault) == [7.1, 8.1] and len(vault.view().resources("Patient")) == 2
        (outcome,) = import_paths(vault, [newer])
        assert outcome.report.updated["Observation"] == 1 and sugars(vault) == [7.1, 8.2]
        for i in [i for i in vault.imports() if i.undone is None]:
            vault.undo(i.id)
        assert sugars(vault) == []


def test_servers_in_one_folder_are_told_apart_and_so_are_large_files(vault: Vault, tmp_path: Path) -> None:
    folder = tmp_path / "both"
    folder.mkdir()
    ballast = {"resourceType": "Basic", "id": "b", "text": {"div": "x" * (2 << 20)}}
    bundle(folder, "a.json", "one.example", "7", sugar(7.1), ballast, urls=False)
    bundle(folder, "b.json", "two.example", "9", sugar(8.1), ballast, urls=False)
    import_paths(vault, [folder])
    assert sugars(vault) == [7.1, 8.1]


def test_another_laboratory_s_or_sender_s_record_is_no_version(vault: Vault, tmp_path: Path) -> None:
    a = write(tmp_path, "a.json", "p1", sugar(7.1, performer=[{"display": "Lab North"}]))
    b = write(tmp_path, "b.json", "p1", sugar(7.3, performer=[{"display": "Lab South"}]))
    c = write(tmp_path, "c.json", "p1", sugar(7.2, performer=[{"display": "Lab North"}]))
    import_paths(vault, [a, b, c])
    assert sugars(vault) == [7.2, 7.3]
    d = write(tmp_path, "d.json", "p1", problem("1", "195967001", "Asthma", meta={"source": "https://n.example#1"}))
    e = write(tmp_path, "e.json", "p1", problem("1", "195967001", "Asthma", meta={"source": "https://s.example#1"}))
    f = write(tmp_path, "f.json", "p1", problem("1", "195967001", "Asthma", meta={"source": "https://s.example#2"}))
    import_paths(vault, [d, e, f])
    assert len(vault.view().resources("Condition")) == 2


def test_codes_of_other_systems_under_another_name_are_another_thing(vault: Vault, tmp_path: Path) -> None:
    other = problem("1", "I10", "Essential hypertension")
    other["code"]["coding"][0]["system"] = "http://hl7.org/fhir/sid/icd-10-cm"
    a = write(tmp_path, "a.json", "p1", problem("1", "195967001", "Asthma"))
    import_paths(vault, [a, write(tmp_path, "b.json", "p1", other)])
    assert told(vault, "Condition") == ["Asthma", "Essential hypertension"]


def test_undone_and_brought_again_in_any_order_it_is_the_same(vault: Vault, tmp_path: Path) -> None:
    a = bundle(tmp_path, "a.json", "one.example", "7", sugar(7.1))
    b = bundle(tmp_path, "b.json", "two.example", "7", sugar(8.1))
    first, _ = import_paths(vault, [a, b])
    whole = digest(vault)
    assert first.batch is not None
    vault.undo(first.batch)
    (again,) = import_paths(vault, [b])
    assert again.report.unchanged["Observation"] == 1 and sugars(vault) == [8.1]
    import_paths(vault, [a])
    assert digest(vault) == whole


def test_a_reference_holds_when_the_other_server_s_import_is_undone(vault: Vault, tmp_path: Path) -> None:
    def doctor(family: str) -> dict[str, Any]:
        return {"resourceType": "Practitioner", "id": "1", "name": [{"family": family}]}

    by = {"recorder": {"reference": "Practitioner/1"}, "asserter": {"reference": "Practitioner/1"}}
    a = bundle(tmp_path, "a.json", "one.example", "7", doctor("Ada"), problem("1", "195967001", "Asthma", **by))
    b = bundle(tmp_path, "b.json", "two.example", "7", doctor("Bell"), problem("1", "38341003", "Hypertension", **by))
    first, second = import_paths(vault, [a, b])
    assert first.batch is not None and second.batch is not None
    vault.undo(first.batch)
    assert doctors(vault) == {"Hypertension": ["Bell", "Bell"]}
    import_paths(vault, [a])
    vault.undo(second.batch)
    assert doctors(vault) == {"Asthma": ["Ada", "Ada"]}
