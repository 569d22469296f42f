"""Everything given back and taken in again: the same facts, memory and answers."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salus.assistant.ask import ask
from salus.evals import questions as eval_questions
from salus.sample import BORN, SEX, Spec, export_zip, fhir_bundle
from salus.sources.by_hand import Note, Reading, add, written
from salus.sources.importing import import_paths
from salus.vault.check import check, digest
from salus.vault.export import write
from salus.vault.export.packing import no_formula
from salus.vault.export.tables import safe
from salus.vault.vault import Vault
from tests.sources.exported import DAY, NOW, fill, same, took

SYNTHEA = Path(__file__).parents[3] / "shared" / "data" / "synthea" / "bundles"


def test_everything_comes_back(vault: Vault, empty: Any, tmp_path: Path) -> None:
    fill(vault)
    file = tmp_path / "all.zip"
    made = write(vault, file)
    assert (
        made.bytes == file.stat().st_size and file.stat().st_mode & 0o777 == 0o600 and list(tmp_path.glob(".*")) == []
    )
    other = empty(born="1980-05-02", sex="female")
    took(import_paths(other, [file]))
    same(vault, other)
    mine, theirs = vault.person, other.person
    assert mine == theirs and theirs.preferences == {"backups": "7"} and theirs.name == "Ana =1"
    kinds = [e.what.get("kind") for e in other.ledger.entries() if e.kind == "earlier"]
    assert {"add", "correct", "export", "change"} <= set(kinds) and other.ledger.verify() is None
    again = took(import_paths(other, [file]))
    assert not again.report.added and not again.report.updated
    assert [e.kind for e in other.ledger.entries()].count("earlier") == len(kinds)
    same(vault, other)
    write(other, tmp_path / "second.zip")
    third = empty()
    took(import_paths(third, [tmp_path / "second.zip"]))
    same(vault, third)


def test_into_the_vault_it_came_from_nothing_is_added(vault: Vault, tmp_path: Path) -> None:
    fill(vault)
    before = digest(vault)
    write(vault, tmp_path / "all.zip")
    outcome = took(import_paths(vault, [tmp_path / "all.zip"]))
    assert not outcome.report.added and digest(vault) == before
    assert "earlier" not in [e.kind for e in vault.ledger.entries()]
    assert len(vault.conversations.list()) == 1


def test_into_a_vault_that_holds_something(vault: Vault, empty: Any, tmp_path: Path) -> None:
    fill(vault)
    write(vault, tmp_path / "all.zip")
    other = empty(born="1980-05-02", sex="female", name="Mine", lang="en", zone="Europe/Paris", zone_known="1")
    add(other, Note("my own note about zebras", DAY))
    talk = other.conversations.start("mine")
    outcome = took(import_paths(other, [tmp_path / "all.zip"]))
    assert other.person.name == "Mine" and other.person.lang == "en"  # its own settings stay
    assert [h.ref for h in other.view().search("varicelle")] and [h.ref for h in other.view().search("zebras")]
    assert len(other.corrections()) == 3 and len(other.conversations.list()) == 2 and check(other).ok
    other.conversations.delete(talk)
    assert outcome.batch is not None
    other.undo(outcome.batch)
    assert not other.view().search("varicelle") and other.view().search("zebras") and check(other).ok


def test_a_conversation_that_went_on(vault: Vault, empty: Any, tmp_path: Path) -> None:
    add(vault, Note("x", DAY))
    talk = vault.conversations.start("A talk")
    vault.conversations.add(talk, "one?", {"answer": "1"})
    other = empty()
    write(vault, tmp_path / "1.zip")
    import_paths(other, [tmp_path / "1.zip"])
    vault.conversations.add(talk, "two?", {"answer": "2"})
    write(vault, tmp_path / "2.zip")
    import_paths(other, [tmp_path / "2.zip"])
    (there,) = other.conversations.list()
    assert [t.question for t in other.conversations.turns(there.id)] == ["one?", "two?"]


def test_another_persons_is_refused(vault: Vault, empty: Any, tmp_path: Path) -> None:
    fill(vault)
    write(vault, tmp_path / "all.zip")
    for settings in ({"born": "1990-01-01"}, {"sex": "male"}):
        other = empty(**settings)
        before = digest(other)
        (outcome,) = import_paths(other, [tmp_path / "all.zip"])
        assert not outcome.kept and outcome.source == "salus" and digest(other) == before
        assert other.corrections() == [] and list(other.conversations.list()) == [] and other.person.name == ""
    assert import_paths(empty(born="1990-01-01"), [tmp_path / "all.zip"], same_person=True)[0].kept


def asked() -> list[str]:
    path = Path(eval_questions.__file__).parent / "cases.jsonl"
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found = [case["question"] for case in cases if isinstance(case.get("question"), str)]
    own = [
        "What is my weight?",
        "my blood pressure",
        "Which medicines do I take?",
        "ferritin",
        "headache",
        "Ma tension ?",
    ]
    return [*found[:: max(1, len(found) // 34)][:34], *own]


def answers(vault: Vault) -> list[Any]:
    found = []
    for question in asked():
        with suppress(NotImplementedError):
            found.append(ask(vault.view(NOW), question).plain())
    return found


def test_the_sample_person_with_all_answers(empty: Any, tmp_path: Path) -> None:
    spec = Spec(end=date(2026, 11, 20), days=14)
    (tmp_path / "records.json").write_bytes(fhir_bundle(spec))
    (tmp_path / "export.zip").write_bytes(export_zip(spec))
    vault = empty(born=BORN.isoformat(), sex=SEX, zone="Europe/Paris", zone_known="1")
    import_paths(vault, [tmp_path / "records.json", tmp_path / "export.zip"])
    add(vault, Reading("body_weight", written.amount("79,9").value, "kg", DAY))
    vault.set_aside(vault.view().resources("Observation")[3].ref, "wrong")
    vault.set_aside(vault.view().samples("steps")[5].ref, "wrong")
    write(vault, tmp_path / "all.zip")
    other = empty()
    took(import_paths(other, [tmp_path / "all.zip"]))
    same(vault, other)
    before = answers(vault)
    assert len(before) >= 40 and before == answers(other)


@pytest.mark.skipif(not SYNTHEA.is_dir(), reason="the shared data is not beside the project")
def test_a_synthea_person(empty: Any, tmp_path: Path) -> None:
    file = min((p for p in SYNTHEA.glob("*_*.json")), key=lambda p: p.stat().st_size)
    vault = empty(zone="America/New_York", zone_known="1")
    (outcome,) = import_paths(vault, [file])
    assert outcome.kept
    vault.set_aside(vault.view().resources("Condition")[0].ref, "not_mine")
    write(vault, tmp_path / "all.zip")
    write(vault, tmp_path / "all.json")
    other = empty()
    took(import_paths(other, [tmp_path / "all.zip"]))
    same(vault, other)
    assert answers(vault) == answers(other)
    third = empty(zone="America/New_York", zone_known="1")
    (outcome,) = import_paths(third, [tmp_path / "all.json"])
    assert outcome.source == "fhir" and third.view().counts() == vault.view().counts()


# For other programs --------------------------------------------------------------------------------------------


def test_fhir_lines_keep_their_digits(vault: Vault, tmp_path: Path) -> None:
    fill(vault)
    write(vault, tmp_path / "all.zip")
    write(vault, tmp_path / "fhir.zip", "fhir")
    with zipfile.ZipFile(tmp_path / "all.zip") as file:
        text = file.read("fhir/Observation.ndjson").decode()
        names = set(file.namelist())
        for name in names:
            if name.endswith(".ndjson") and name.startswith("fhir/"):
                for line in file.read(name).split(b"\n")[:-1]:
                    assert json.loads(line)["resourceType"], name
        hand = [
            json.loads(line, parse_float=str, parse_int=str)
            for line in file.read("fhir/Observation-readings.ndjson").splitlines()
        ]
    assert (
        '"value":3.10' in text
        and "1e-7" in text
        and "100000000000000000000.50" in text
        and "\n" not in text.strip().split("}\n")[0]
    )
    assert ("82.50", "kg") in {(o["valueQuantity"]["value"], o["valueQuantity"]["code"]) for o in hand}
    assert all(f"{o['resourceType']}/{o['id']}" != "Condition/e" for o in hand)
    with zipfile.ZipFile(tmp_path / "all.zip") as file:
        assert '"id":"e"' not in file.read("fhir/Condition.ndjson").decode()  # set aside
    with zipfile.ZipFile(tmp_path / "fhir.zip") as file:
        every = [json.loads(line) for line in file.read("fhir/Observation-readings.ndjson").splitlines()]
        assert not [n for n in file.namelist() if not n.startswith("fhir/")]
    ids = [o["id"] for o in every]
    assert len(ids) == len(set(ids)) and len(every) > len(hand) and all(len(i) <= 64 for i in ids)


def test_the_bundle_is_read_by_our_own_source(vault: Vault, empty: Any, tmp_path: Path) -> None:
    fill(vault)
    write(vault, tmp_path / "all.JSON")
    bundle = json.loads((tmp_path / "all.JSON").read_text("utf-8"))
    assert bundle["resourceType"] == "Bundle" and bundle["type"] == "collection"
    other = empty()
    (outcome,) = import_paths(other, [tmp_path / "all.JSON"])
    assert outcome.source == "fhir" and not outcome.report.rejected
    assert other.view().resource("Condition/c") is not None and other.view().resource("Condition/e") is None


def test_tables_are_read_and_run_nothing(vault: Vault, tmp_path: Path) -> None:
    fill(vault)
    write(vault, tmp_path / "all.zip")
    write(vault, tmp_path / "csv.zip", "csv")
    for name, expected in (
        ("all.zip", {"csv/records.csv", "csv/days.csv"}),
        ("csv.zip", {"csv/records.csv", "csv/samples/heart_rate.csv"}),
    ):
        with zipfile.ZipFile(tmp_path / name) as file:
            assert expected <= set(file.namelist())
            for member in file.namelist():
                if not member.endswith(".csv") or not member.startswith("csv/"):
                    continue
                rows = list(csv.reader(io.StringIO(file.read(member).decode("utf-8"), newline="")))
                assert rows and all(len(row) == len(rows[0]) for row in rows), member
                for cell in (c for row in rows for c in row):
                    if cell[:1] in "=+-@\t\r\n" and cell:
                        float(cell)  # a number, nothing else
    with zipfile.ZipFile(tmp_path / "csv.zip") as file:
        records = {
            row["id"]: row for row in csv.DictReader(io.StringIO(file.read("csv/records.csv").decode(), newline=""))
        }
        assert records["odd-1"]["title"].startswith("'=cmd") and records["odd-1"]["value"] == "3.10"
        assert records["e"]["set_aside"] == "1" and records["c"]["set_aside"] == "0"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("-5.0", "-5.0"),
        ("-W", "'-W"),
        ("@x", "'@x"),
        ("+1e5", "+1e5"),
        ("", ""),
        ("a=1", "a=1"),
        (5, 5),
        (None, None),
        ("\t=1", "'\t=1"),
        ("-", "'-"),
    ],
)
def test_formulas(cell: Any, shown: Any) -> None:
    assert no_formula(cell) == shown


def test_documents_have_names_that_stay_inside(vault: Vault, tmp_path: Path) -> None:
    fill(vault)
    write(vault, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as file:
        names = [n for n in file.namelist() if n.startswith("documents/")]
        assert len(names) == 2 and b"hello" in [file.read(n) for n in names]
        for name in file.namelist():
            assert ".." not in name.split("/") and "\\" not in name and not name.startswith("/") and "\0" not in name
    for odd in ("", "...", "../../etc/passwd", "CON", "a/b\\c:d*?", "\0", "é" * 300, ".hidden", "—"):
        assert safe(odd) and "/" not in safe(odd) and "\\" not in safe(odd) and not safe(odd).startswith(".")
