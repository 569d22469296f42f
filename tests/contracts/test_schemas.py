"""The contracts themselves: valid schemas that really refuse what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.contracts.conftest import SCHEMAS, complaints, schema_names

ASK: dict[str, Any] = {
    "question": "", "lang": "en", "answer": "", "triage": {"level": "none", "reasons": [], "call": None},
    "findings": [{"id": "f1", "kind": "result", "statement": "", "value": 5.2, "unit": "mmol/L", "code": None,
                  "time": None, "method": "", "evidence": ["e1"], "caveats": [],
                  "also": [{"value": 200.0, "unit": "mg/dL"}]}],
    "evidence": [{"id": "e1", "type": "Observation", "ref": "Observation/1", "origin": "", "time": "", "excerpt": ""}],
    "unknown": [], "skills": ["labs"], "model": None, "left_machine": False,
}  # fmt: skip


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_is_valid(name: str) -> None:
    Draft202012Validator.check_schema(json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")))


def test_all_six_are_here() -> None:
    assert schema_names() == ["ask", "eval", "eval-triage-case", "import", "search", "triage"]


def test_the_example_holds() -> None:
    assert complaints("ask", ASK) == []


@pytest.mark.parametrize("key", sorted(ASK))
def test_a_missing_part_is_named(key: str) -> None:
    assert any(key in line for line in complaints("ask", {k: v for k, v in ASK.items() if k != key}))


def test_a_finding_without_evidence_breaks_the_contract() -> None:
    assert complaints("ask", {**ASK, "findings": [{**ASK["findings"][0], "evidence": []}]})


SHARED = Path(__file__).parents[3] / "shared" / "contracts"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the contracts these are copies of are not beside the project")
@pytest.mark.parametrize("name", schema_names())
def test_a_copy_has_not_drifted(name: str) -> None:
    """A program written against the original must meet these."""
    copy, original = (folder / f"{name}.schema.json" for folder in (SCHEMAS, SHARED))
    assert json.loads(copy.read_text("utf-8")) == json.loads(original.read_text("utf-8"))
