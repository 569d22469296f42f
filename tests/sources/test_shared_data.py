"""Real input nobody here wrote, when it is there: every item accounted for, nothing twice, undone without a trace."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from counting import accounted, items_of_json, items_of_xml

from salus.sources.importing import import_paths
from salus.vault.check import digest
from salus.vault.vault import Vault

SHARED = Path(os.environ.get("SALUS_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"no shared data (SALUS_SHARED_DATA, or {SHARED.name} beside the repository)"
)


def found(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in SHARED.glob(pattern))


@pytest.mark.parametrize(
    "path",
    found("synthea/bundles/*.json", "synthea/ndjson-*/*.ndjson", "consumer/shc-shl/*.json"),
    ids=lambda p: p.name,
)
def test_fhir_files(vault: Vault, make: Any, path: Path) -> None:
    before = digest(vault)
    (outcome,) = make.take_all(vault, path, same_person=True)
    if outcome.source is None:
        assert "consumer" in str(path)
        return
    assert accounted(outcome) == items_of_json(path)
    after = digest(vault)
    (again,) = make.take_all(vault, path, same_person=True)
    assert again.report.added.total() == again.report.updated.total() == 0 and digest(vault) == after
    for one in (again, outcome):
        if one.batch is not None:
            vault.undo(one.batch)
    assert digest(vault) == before


@pytest.mark.parametrize("folder", found("synthea/bundles", "synthea/ndjson-*"), ids=lambda p: p.name)
def test_folders(vault: Vault, make: Any, folder: Path) -> None:
    expected = sum(items_of_json(p) for p in folder.rglob("*") if p.suffix in (".json", ".ndjson"))
    outcomes = make.take_all(vault, folder, same_person=True)
    assert sum(accounted(o) for o in outcomes) == expected
    vault.configure(born="1931-01-01")
    refused = import_paths(vault, [folder])
    assert sum(accounted(o) for o in refused) == expected


@pytest.mark.parametrize(
    "path",
    found("consumer/apple/**/*.xml", "consumer/synthetic/apple/*.xml"),
    ids=lambda p: f"{p.parent.name}-{p.name}",
)
def test_exports(vault: Vault, make: Any, path: Path) -> None:
    before = digest(vault)
    (outcome,) = make.take_all(vault, path, same_person=True)
    assert accounted(outcome) == items_of_xml(path.read_bytes())
    vault.undo(outcome.batch)
    assert digest(vault) == before


@pytest.mark.parametrize(
    "path",
    found("ccda/**/*.xml", "consumer/fit/**/*.fit", "consumer/tcx/**/*.tcx", "icd10cm/*", "labs/*", "x12/*")[:60],
    ids=lambda p: p.name,
)
def test_files_of_other_kinds_are_a_sentence(vault: Vault, make: Any, path: Path) -> None:
    for outcome in make.take_all(vault, path, same_person=True):
        assert outcome.kept or outcome.report.rejected
