"""The memory of a real vault: two imports, what is kept apart, what is set aside, and data nobody here wrote."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salus.sources.importing import import_paths
from salus.vault.keys import new_data_key
from salus.vault.memory import digest, memory_index, remember
from salus.vault.memory.tables import table
from salus.vault.vault import Vault
from tests.vault.memory.kit import Body, allergy, condition, order, result

SHARED = Path(os.environ.get("SALUS_SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    folder = tmp_path / "vault"
    folder.mkdir()
    with Vault(folder, new_data_key()) as opened:
        opened.configure(name="Ana", zone="Europe/Paris", zone_known="1", lang="en")
        yield opened


def take(vault: Vault, folder: Path, name: str, *bodies: Body) -> None:
    entries = [{"resource": {"id": f"{name}{n}", **body}} for n, body in enumerate(bodies)]
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    (outcome,) = import_paths(vault, [path])
    assert not outcome.report.rejected


FIRST = (condition("Asthma", on="1998"), order("Ramipril 5 mg"), allergy("Peanut"), result("TSH", 2.4, "mIU/L"))
SECOND = (condition("Asthme", on="1998"), order("Triatec 10 mg"), allergy("Arachide"), result("TSH", 2.4, "mIU/L"))


def test_two_files_are_two_sources_in_either_order(vault: Vault, tmp_path: Path) -> None:
    take(vault, tmp_path, "a", *FIRST)
    take(vault, tmp_path, "b", *SECOND)
    entries = remember(vault.view())
    assert [len(entry.sources) for entry in entries] == [2] * 4
    assert [c.field for entry in entries for c in entry.conflicts] == ["dose"]
    other = tmp_path / "other"
    other.mkdir()
    with Vault(other, new_data_key()) as again:
        again.configure(name="Ana", zone="Europe/Paris", zone_known="1")
        take(again, tmp_path, "b", *SECOND)
        take(again, tmp_path, "a", *FIRST)
        assert digest(remember(again.view())) == digest(entries)


def test_the_same_file_again_changes_nothing(vault: Vault, tmp_path: Path) -> None:
    take(vault, tmp_path, "a", *FIRST)
    before = digest(remember(vault.view()))
    take(vault, tmp_path, "a", *FIRST)
    assert digest(remember(vault.view())) == before


def test_an_undone_merge_stays_undone_and_can_be_taken_back(vault: Vault, tmp_path: Path) -> None:
    take(vault, tmp_path, "a", *FIRST)
    take(vault, tmp_path, "b", *SECOND)
    vault.keep_apart("Condition/a0", "Condition/b0")
    index = memory_index(vault.view())
    assert index["Condition/a0"] != index["Condition/b0"]
    vault.join_again("Condition/a0", "Condition/b0")
    index = memory_index(vault.view())
    assert index["Condition/a0"] == index["Condition/b0"]


def test_what_is_set_aside_is_not_remembered(vault: Vault, tmp_path: Path) -> None:
    take(vault, tmp_path, "a", *FIRST)
    take(vault, tmp_path, "b", *SECOND)
    vault.set_aside("MedicationRequest/b1", "wrong")
    (entry,) = remember(vault.view(), "medications")
    assert entry.refs == ("MedicationRequest/a1",) and not entry.conflicts


def found() -> list[Any]:
    return sorted(SHARED.glob("synthea/bundles/*.json")) if SHARED.is_dir() else []


@pytest.mark.skipif(not found(), reason=f"no shared data (SALUS_SHARED_DATA, or {SHARED.name} beside the repository)")
def test_every_resource_of_every_person_is_reachable(vault: Vault) -> None:
    for path in found():
        outcomes = import_paths(vault, [path], same_person=True)
        view = vault.view()
        refs = [ref for entry in remember(view) for ref in entry.refs]
        assert len(refs) == len(set(refs)) == sum(view.counts().values()), path.name
        for outcome in outcomes:
            vault.undo(outcome.batch)


ICD = SHARED / "icd10cm" / "icd10cm-2026-april.csv"


@pytest.mark.skipif(
    not ICD.is_file(), reason=f"no shared data (SALUS_SHARED_DATA, or {SHARED.name} beside the repository)"
)
def test_codes_and_titles_of_a_classification_mean_the_same_row() -> None:
    names, known = table("conditions"), 0
    with ICD.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            by_code = names.by_code("icd10", row["code"])
            by_name = names.by_name(row["description"]) if by_code else frozenset()
            if by_name:
                known += 1
                kin = any(names.above(x) & by_code or names.above(y) & by_name for x in by_name for y in by_code)
                assert by_code == by_name or kin, row
    assert known > 150
