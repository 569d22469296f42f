"""The reconciliation eval: enough cases of every kind, judged by what they say, refused when they are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from salus.errors import Unreadable
from salus.evals import load
from salus.evals.reconciliation.run import cases, judged, run
from salus.vault.memory import KINDS


def case(expect: str, *texts: str, **more: object) -> dict[str, object]:
    bodies = [{"resourceType": "Condition", "code": {"text": text}} for text in texts]
    return {
        "id": "x",
        "kind": "problems",
        "expect": expect,
        "sources": dict(zip("ABC", ([b] for b in bodies), strict=False)),
        **more,
    }


def test_there_are_enough_cases_of_every_kind() -> None:
    every = cases()
    assert len(every) >= 880
    assert len({c["id"] for c in every}) == len(every)
    assert {c["kind"] for c in every} == set(KINDS)
    assert {c["expect"] for c in every} == {"same", "different", "conflict"}
    assert any(len(c["sources"]) == 3 for c in every)


def test_what_differs_is_kept_apart_and_conflicts_are_shown() -> None:
    summary = run()["summary"]
    assert summary["different_kept_apart"] == 1
    assert summary["same_joined"] >= 0.97
    assert summary["conflicts_shown"] == 1


@pytest.mark.parametrize(
    ("made", "right"),
    [
        (case("same", "Asthma", "Asthme"), True),
        (case("different", "Asthma", "Asthme"), False),
        (case("same", "Asthma", "Psoriasis"), False),
        (case("different", "Asthma", "Psoriasis"), True),
        (case("conflict", "Asthma", "Asthme"), False),
        (case("different", "Asthma", "Psoriasis", "Asthme", groups=[["A0", "C0"], ["B0"]]), True),
        (case("different", "Asthma", "Psoriasis", "Asthme", groups=[["A0"], ["B0"], ["C0"]]), False),
    ],
)
def test_a_case_can_be_wrong(made: dict[str, object], right: bool) -> None:
    row = judged(made)
    assert row["right"] is right
    assert right or row["why"]


def test_cases_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(case("same", "Asthma", "Asthme")) + "\n")
    report = run(path)
    assert report["eval"] == "reconciliation" and report["summary"]["cases"] == 1 and report["model"] is None
    for wrong in (
        '{"id": 1}',
        "nothing",
        json.dumps(case("perhaps", "Asthma")),
        json.dumps(case("same") | {"kind": "x"}),
    ):
        path.write_text(wrong)
        with pytest.raises(Unreadable, match="Line 1 is not a case"):
            run(path)


def test_it_is_found_by_its_folder() -> None:
    found = load("reconciliation")
    assert found is not None and "apart" in found.about
