"""Whose record is it? Other people's are refused with the reason, in every kind of file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from salus.vault.vault import Vault


def kept(vault: Vault) -> set[str]:
    return {r.ref for r in vault.view().resources("Patient", "Observation", "Condition")}


@pytest.mark.parametrize("urls", [False, True])
@pytest.mark.parametrize("first", ["mine", "theirs"])
def test_a_bundle_of_two_people(
    vault: Vault, take: Any, write: Any, make: Any, whys: Any, urls: bool, first: str
) -> None:
    def ref(who: str) -> str:
        return f"urn:uuid:{who}" if urls else f"Patient/{who}"

    people = [make.patient("mine"), make.patient("theirs", "1975-01-01")]
    if first == "theirs":
        people.reverse()
    records = [make.observation("a", ref("mine")), make.observation("b", ref("theirs")), make.observation("c")]
    outcome = take(write("a.json", make.bundle(*records, *people, urls=urls)))  # the patients come last
    assert kept(vault) == {"Patient/mine", "Observation/a", "Observation/c"}
    assert len(outcome.report.rejected) == 2 and "--same-person" in whys(outcome)


def test_across_the_files_of_a_folder_and_of_a_zip(
    vault: Vault, take: Any, write: Any, make: Any, tmp_path: Path
) -> None:
    write("f/1_Observation.ndjson", [make.observation("a", "Patient/mine"), make.observation("b", "Patient/theirs")])
    write("f/2_Patient.ndjson", [make.patient("mine"), make.patient("theirs", sex="male")])
    write("f/notes.txt", "a file beside must not part them")
    take(tmp_path / "f")
    assert kept(vault) == {"Patient/mine", "Observation/a"}


def test_someone_elses_file_leaves_nothing(vault: Vault, take: Any, write: Any, make: Any) -> None:
    lines = [make.observation("a", "Patient/x"), make.patient("x", "1999-09-09"), make.observation("b", "Patient/x")]
    outcome = take(write("a.ndjson", lines))
    assert outcome.batch is None and len(outcome.report.rejected) == 3 and vault.imports() == []
    outcome = take(write("a.ndjson", lines), same_person=True)
    assert outcome.report.added.total() == 3 and not outcome.report.rejected


@pytest.mark.parametrize(
    ("born", "sex", "taken"),
    [
        ("1980-05-02", "female", True),
        ("1980-05", "female", True),
        ("1980", None, True),
        (None, None, True),
        ("1980-05-02", "other", True),
        ("1980-05-02", "unknown", True),
        ("nonsense", "female", True),
        ("1980-05-03", "female", False),
        ("1981", None, False),
        ("1980-05-02", "male", False),
        ("1980-05-02T00:00:00Z", "female", True),
    ],
)
def test_what_is_unknown_does_not_differ(
    vault: Vault, take: Any, write: Any, make: Any, born: str, sex: str, taken: bool
) -> None:
    outcome = take(write("a.json", make.bundle(make.patient("x", born, sex), make.observation("a", "Patient/x"))))
    assert outcome.kept == taken


def test_several_people_and_a_vault_that_does_not_know_its_own(
    vault: Vault, take: Any, write: Any, make: Any, whys: Any
) -> None:
    vault.configure(born="", sex="")
    people = [make.patient("x"), make.patient("y", "1975-01-01")]
    outcome = take(write("a.json", make.bundle(*people, make.observation("a", "Patient/x"), make.observation("n"))))
    assert kept(vault) == {"Observation/n"} and "several people" in whys(outcome)
    same = [make.patient("x"), make.patient("z", "1980"), make.observation("a", "Patient/z")]
    assert not take(write("b.json", make.bundle(*same))).report.rejected


def test_a_reference_to_nobody_known(vault: Vault, take: Any, write: Any, make: Any, whys: Any) -> None:
    lines = [make.observation("a", "Patient/one"), make.observation("b", "Patient/one")]
    assert take(write("a.ndjson", lines)).report.added.total() == 2
    outcome = take(write("b.ndjson", [make.observation("c", "Patient/one"), make.observation("d", "Patient/two")]))
    assert outcome.batch is None and "nothing here says who that is" in whys(outcome)
    outcome = take(
        write(
            "c.ndjson",
            [make.patient("mine"), make.observation("e", "Patient/mine"), make.observation("f", "Patient/q")],
        )
    )
    assert len(outcome.report.rejected) == 1 and "Patient/q" in whys(outcome)


def test_a_patient_contained_in_the_record(vault: Vault, take: Any, write: Any, make: Any) -> None:
    theirs = make.observation("a", "#p", contained=[make.patient("p", "1999-09-09")])
    mine = make.observation("b", "#p", contained=[make.patient("p")])
    outcome = take(write("a.ndjson", [theirs, mine]))
    assert kept(vault) == {"Observation/b"} and len(outcome.report.rejected) == 1


@pytest.mark.parametrize(
    "reference", ["http://x.example/fhir/Patient/theirs", "Patient/theirs/_history/2", "Patient/theirs"]
)
def test_ways_to_point_at_a_patient(vault: Vault, take: Any, write: Any, make: Any, reference: str) -> None:
    take(
        write(
            "a.json",
            make.bundle(make.observation("a", reference), make.patient("theirs", "1999-09-09"), make.observation("b")),
        )
    )
    assert kept(vault) == {"Observation/b"}


@pytest.mark.parametrize("reference", ["Group/7", "Device/7", "#nobody", "Patient?identifier=7", ""])
def test_what_points_at_no_patient_is_taken(vault: Vault, take: Any, write: Any, make: Any, reference: str) -> None:
    assert (
        take(write("a.json", make.bundle(make.patient(), make.observation("a", reference)))).report.added.total() == 2
    )


def test_a_large_file_is_judged_like_a_small_one(
    vault: Vault, take: Any, write: Any, make: Any, monkeypatch: Any
) -> None:
    from salus.sources.fhir import reading

    monkeypatch.setattr(reading, "KEPT", 100)
    lines = [
        make.observation("a", "Patient/mine"),
        make.observation("b", "Patient/theirs"),
        make.patient("theirs", "1999-09-09"),
        make.observation("c", "#p", contained=[make.patient("p", "1999-09-09")]),
        make.patient("mine"),
    ]
    outcome = take(write("a.ndjson", lines))
    assert kept(vault) == {"Patient/mine", "Observation/a"} and len(outcome.report.rejected) == 3


@pytest.mark.parametrize(
    ("attribute", "value"), [("DateOfBirth", "1999-09-09"), ("BiologicalSex", "HKBiologicalSexMale")]
)
def test_someone_elses_phone(
    vault: Vault, take: Any, export: Any, make: Any, whys: Any, attribute: str, value: str
) -> None:
    path = export(make.record(), me=f' <Me HKCharacteristicTypeIdentifier{attribute}="{value}"/>\n')
    outcome = take(path)
    assert outcome.batch is None and "--same-person" in whys(outcome)
    assert take(path, same_person=True).report.added == {"Record": 1, "Me": 1}


def test_someone_elses_clinical_record_in_the_phone(vault: Vault, take: Any, export: Any, make: Any, whys: Any) -> None:
    import json

    files = {"clinical-records/Patient-1.json": json.dumps(make.patient("x", "1999-09-09")).encode()}
    outcome = take(export(make.record(), name="export.zip", files=files))
    assert outcome.report.added == {"Record": 1} and "Patient/x" in whys(outcome)
