"""The intervals eval: enough cases, each worked out again by the independent table, and a wrong one is found wrong."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salus.errors import Unreadable
from salus.evals.intervals import independent, records, run
from salus.evals.intervals.run import cases, row, verdict
from salus.knowledge.labs import by_loinc
from salus.skills.labs.judging import judged
from salus.skills.labs.readings import newest
from salus.skills.labs.whom import whom
from salus.sources.importing import import_paths
from salus.vault.keys import new_data_key
from salus.vault.vault import Vault

CASES = cases()


def years(case: dict[str, object]) -> Decimal | None:
    born, day = records.born_of(case), records.day_of(case)
    if born is None:
        return None
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    return Decimal(months) / 12 if months else Decimal((day - born).days) / 365


def test_there_are_enough_of_every_kind() -> None:
    assert len(CASES) >= 200
    kinds = {case["kind"] for case in CASES}
    assert {"adult", "age", "edge_of_age", "pregnancy", "unit", "own_range", "sex_unknown", "age_unknown"} <= kinds
    assert {case["expect"] for case in CASES} == {"low", "normal", "high", "critical", "unknown"}
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert len({case["test"] for case in CASES}) >= 40


@pytest.mark.parametrize("case", [c for c in CASES if c["kind"] != "hand"], ids=lambda c: c["id"])
def test_what_is_expected_is_what_the_independent_table_says(case: dict[str, object]) -> None:
    assert independent.verdict(case, years(case)) == case["expect"]


def test_all_are_judged_alike() -> None:
    report = run(None)
    assert report["eval"] == "intervals"
    assert [one for one in report["cases"] if not one["right"]] == []
    assert report["summary"]["cases"] == len(CASES)


def test_a_wrong_expectation_is_found_wrong(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    same = {"value": 5.6, "unit": "mmol/L", "age": 40}
    made = [{"id": "a", "test": "potassium", "expect": "normal"}, {"id": "b", "test": "2823-3", "expect": "high"}]
    path.write_text("".join(json.dumps(one | same) + "\n" for one in made))
    report = run(path)
    assert [one["right"] for one in report["cases"]] == [False, True]
    assert report["summary"]["accuracy"] == 0.5


@pytest.mark.parametrize("line", ["{", '{"id": "x"}', '{"id": "x", "test": "a", "value": 1, "expect": "fine"}'])
def test_a_line_that_is_no_case_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(Unreadable):
        run(path)


def test_a_test_that_is_not_known_is_unknown() -> None:
    assert verdict({"id": "x", "test": "moon dust", "value": 1, "unit": "g/L", "expect": "unknown"})[0] == "unknown"


def test_a_critical_value_is_also_on_its_side() -> None:
    case = {"id": "x", "test": "2823-3", "value": 6.9, "unit": "mmol/L", "age": 40}
    assert [row({**case, "expect": e})["right"] for e in ("critical", "critical_high", "high", "low", "normal")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_a_vault_judges_as_the_made_records_do(tmp_path: Path) -> None:
    """Some cases of every kind again through a real vault: imported, read back and judged."""
    wanted = {kind: next(c for c in CASES if c["kind"] == kind) for kind in ("age", "pregnancy", "menopause", "unit")}
    for kind, case in wanted.items():
        folder = tmp_path / kind
        folder.mkdir()
        with Vault(folder, new_data_key()) as vault:
            settings = {"sex": case["sex"], "born": str(records.born_of(case)), "zone": "UTC", "zone_known": "1"}
            vault.configure(name="A", lang="en", **settings)
            person = records.whom(case)
            held = [records.observation(case), *person._view.held]  # type: ignore[union-attr]
            path = tmp_path / f"{kind}.json"
            entries = [{"resource": json.loads(resource.raw)} for resource in held]
            path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
            import_paths(vault, [path])
            view = vault.view()
            test = by_loinc(case["test"])
            assert test is not None
            reading = newest(view, test)
            assert reading is not None
            assert judged(reading, test, whom(view)).where.partition("_")[0] == case["expect"], kind
            assert isinstance(view.today, date)
