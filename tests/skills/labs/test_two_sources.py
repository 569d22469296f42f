"""A result that two or three sources tell is one result everywhere; what they disagree on is shown, never averaged."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salus.knowledge.labs import tests as lab_tests
from salus.records.finding import Finding, Result
from salus.skills.labs import LabsQuery, charts, labs
from salus.skills.labs.whom import whom
from salus.vault.vault import Vault
from salus.vault.view import VaultView
from tests.skills.conftest import said
from tests.skills.labs.conftest import limits
from tests.skills.two_sources import Body, observation, senders

LDL, POTASSIUM, HBA1C = "13457-7", "2823-3", "4548-4"
A = [
    observation(LDL, 3.4, "mmol/L", "2026-10-13T08:30:00+02:00"),
    observation(LDL, 3.1, "mmol/L", "2026-03-02T08:00:00+01:00"),
    observation(LDL, 2.9, "mmol/L", "2025-09-01"),
]
B = [  # the same three in the other unit, to the day, in another zone
    observation(LDL, 131, "mg/dL", "2026-10-13T06:30:00Z", name="LDL Cholesterol, calculated"),
    observation(LDL, 120, "mg/dL", "2026-03-02"),
    observation(LDL, 112, "mg/dL", "2025-09-01"),
]


def ask(view: VaultView, **query: Any) -> Result:
    return labs.run(view, LabsQuery(**query))


def refs(finding: Finding) -> set[str]:
    return {one.ref for one in finding.evidence}


def number(result: Result) -> Any:
    return result.findings[0].value


@pytest.fixture
def both(vault: Vault, tmp_path: Path) -> VaultView:
    return senders(vault, tmp_path, A, B)


def test_each_measurement_is_counted_and_listed_once(both: VaultView) -> None:
    assert number(ask(both, test="ldl_cholesterol", ask="count")) == 3
    assert len(ask(both, test="ldl_cholesterol", ask="list").findings) == 3


def test_the_finding_rests_on_all_its_records(both: VaultView) -> None:
    newest = ask(both, test="ldl_cholesterol").findings[0]
    assert {"Observation/s0-0", "Observation/s1-0"} <= refs(newest)
    assert "sides" not in newest.data
    first = ask(both, test="ldl_cholesterol", ask="first").findings[0]
    assert refs(first) == {"Observation/s0-2", "Observation/s1-2"}


def test_the_one_before_is_the_measurement_before_not_the_copy(both: VaultView) -> None:
    before = ask(both, test="ldl_cholesterol", ask="previous").findings[0]
    assert refs(before) == {"Observation/s0-1", "Observation/s1-1"}
    newest = ask(both, test="ldl_cholesterol", ask="since_before").findings[0]
    assert newest.data["change_since"]["before"]["time"].startswith("2026-03-02")


def test_the_mean_takes_each_once(both: VaultView) -> None:
    found = ask(both, test="ldl_cholesterol", ask="average")
    assert found.findings[0].data["n"] == 3
    assert Decimal("3.12") <= found.findings[0].value <= Decimal("3.14") or 120 <= found.findings[0].value <= 122


def test_the_chart_has_a_point_for_each(both: VaultView) -> None:
    drawn = charts.chart(both, lab_tests()["ldl_cholesterol"])
    assert drawn is not None and len(drawn["points"]) == 3
    shown = ask(both, test="ldl_cholesterol").findings[0].data["chart"]
    assert len(shown["points"]) == 3


def test_a_panel_and_the_list_of_what_is_out_of_range_rest_on_both(vault: Vault, tmp_path: Path) -> None:
    high = observation(POTASSIUM, 5.9, "mmol/L", "2026-10-13T08:30:00+02:00", referenceRange=limits(3.5, 5.1, "mmol/L"))
    view = senders(vault, tmp_path, [high], [high | {"performer": [{"display": "Other house"}]}])
    out = ask(view, all=True, ask="out_of_range")
    (one,) = [f for f in out.findings if f.data.get("test") == "potassium"]
    assert refs(one) == {"Observation/s0-0", "Observation/s1-0"}
    panel = ask(view, panel="kidney")
    assert [refs(f) for f in panel.findings] == [{"Observation/s0-0", "Observation/s1-0"}]


def test_three_sources_with_a_month_only(vault: Vault, tmp_path: Path) -> None:
    view = senders(vault, tmp_path, A[:1], B[:1], [observation(LDL, 3.4, "mmol/L", "2026-10")])
    assert number(ask(view, test="ldl_cholesterol", ask="count")) == 1
    assert len(refs(ask(view, test="ldl_cholesterol").findings[0])) == 3


def test_a_month_that_fits_two_results_stays_by_itself(vault: Vault, tmp_path: Path) -> None:
    two = [observation(LDL, 3.4, "mmol/L", f"2026-10-{day}T08:00:00Z") for day in ("03", "20")]
    view = senders(vault, tmp_path, two, [observation(LDL, 3.4, "mmol/L", "2026-10")])
    assert number(ask(view, test="ldl_cholesterol", ask="count")) == 3


def test_a_component_of_a_panel_is_the_same_as_the_test_alone(vault: Vault, tmp_path: Path) -> None:
    alone = observation(POTASSIUM, 4.2, "mmol/L", "2026-05-01T07:00:00Z")
    panel = observation("24326-1", 0, "", "2026-05-01T07:00:00Z")
    del panel["valueQuantity"]
    panel["component"] = [
        {"code": {"coding": [{"system": "http://loinc.org", "code": code}]},
         "valueQuantity": {"value": value, "unit": "mmol/L", "code": "mmol/L"}}
        for code, value in (("2951-2", 141), (POTASSIUM, 4.2))
    ]  # fmt: skip
    view = senders(vault, tmp_path, [alone], [panel])
    assert number(ask(view, test="potassium", ask="count")) == 1
    assert number(ask(view, test="sodium", ask="count")) == 1


def test_two_tubes_of_one_day_stay_two(vault: Vault, tmp_path: Path) -> None:
    rows = [observation(POTASSIUM, value, "mmol/L", at) for value, at in
            ((4.2, "2026-05-01T07:00:00Z"), (4.2, "2026-05-01T19:00:00Z"), (4.6, "2026-05-01T22:00:00Z"))]  # fmt: skip
    view = senders(vault, tmp_path, rows, [rows[0]])
    assert number(ask(view, test="potassium", ask="count")) == 3


def test_what_the_person_keeps_apart_stays_two(vault: Vault, tmp_path: Path) -> None:
    senders(vault, tmp_path, A, B)
    vault.keep_apart("Observation/s0-0", "Observation/s1-0")
    view = vault.view()
    assert number(ask(view, test="ldl_cholesterol", ask="count")) == 4
    assert len(refs(ask(view, test="ldl_cholesterol", ask="first").findings[0])) == 2
    vault.join_again("Observation/s0-0", "Observation/s1-0")
    assert number(ask(vault.view(), test="ldl_cholesterol", ask="count")) == 3


# Two values for one moment ----------------------------------------------------------------------------------------


@pytest.fixture
def clash(vault: Vault, tmp_path: Path) -> VaultView:
    one = [observation(POTASSIUM, 4.2, "mmol/L", "2026-05-01T07:00:00Z"),
           observation(POTASSIUM, 4.0, "mmol/L", "2026-01-05T07:00:00Z"),
           observation(POTASSIUM, 4.4, "mmol/L", "2025-01-05T07:00:00Z")]  # fmt: skip
    return senders(vault, tmp_path, one, [observation(POTASSIUM, 7.2, "mmol/L", "2026-05-01T07:00:00Z")])


def test_a_conflict_is_told_with_both_sides(clash: VaultView) -> None:
    found = ask(clash, test="potassium")
    (finding,) = found.findings
    assert refs(finding) >= {"Observation/s0-0", "Observation/s1-0"}
    assert {side["value"] for side in finding.data["sides"]} == {4.2, 7.2}
    assert "4.2" in said(found) and "7.2" in said(found) and "does not choose" in said(found)
    assert finding.data["judgement"] == "unknown"
    assert "doctor" in said(found)  # one of them is an alarm


def test_a_conflict_is_one_measurement_and_is_in_no_mean(clash: VaultView) -> None:
    assert number(ask(clash, test="potassium", ask="count")) == 3
    mean = ask(clash, test="potassium", ask="average")
    assert mean.findings[0].value == Decimal("4.2") and mean.findings[0].data["n"] == 2
    assert "Left out" in said(mean) and "7.2" in said(mean)


def test_a_conflict_is_listed_as_possibly_out_of_range(clash: VaultView) -> None:
    found = ask(clash, all=True, ask="out_of_range")
    assert [f.data["test"] for f in found.findings] == ["potassium"]
    assert "7.2" in said(found)


def test_a_conflict_is_in_the_chart_with_both_points(clash: VaultView) -> None:
    drawn = charts.chart(clash, lab_tests()["potassium"], who=whom(clash))
    assert drawn is not None and [point[1] for point in drawn["points"]].count(7.2) == 1 and len(drawn["points"]) == 4


def test_the_highest_may_be_a_side_and_says_so(clash: VaultView) -> None:
    found = ask(clash, test="potassium", ask="highest")
    assert number(found) == Decimal("7.2") and "4.2" in said(found)
    assert number(ask(clash, test="potassium", ask="lowest")) == Decimal("4.0")


def test_a_change_is_not_told_of_a_value_in_dispute(clash: VaultView) -> None:
    assert "disagree" in said(ask(clash, test="potassium", ask="since_before"))
    change = ask(clash, test="potassium", ask="change")
    assert change.findings[0].value == Decimal("-0.4") and "Left out" in said(change)


def test_only_a_conflict_gives_no_figure(vault: Vault, tmp_path: Path) -> None:
    at = "2026-05-01T07:00:00Z"
    view = senders(vault, tmp_path, [observation(HBA1C, 6.1, "%", at)], [observation(HBA1C, 8.4, "%", at)])
    for what in ("average", "change", "trend"):
        found = ask(view, test="hba1c", ask=what)
        assert not found.findings and found.unknown
        assert "6.1" in said(found) and "8.4" in said(found)


def test_three_sources_of_which_two_agree(vault: Vault, tmp_path: Path) -> None:
    at = "2026-05-01T07:00:00Z"
    rows: list[list[Body]] = [
        [observation(LDL, 3.4, "mmol/L", at)], [observation(LDL, 131, "mg/dL", at)], [observation(LDL, 5, "mmol/L", at)]
    ]  # fmt: skip
    view = senders(vault, tmp_path, *rows)
    (finding,) = ask(view, test="ldl_cholesterol").findings
    assert len(refs(finding)) == 3 and len(finding.data["sides"]) == 2


def test_copies_within_one_file_are_one_too(vault: Vault, tmp_path: Path) -> None:
    view = senders(vault, tmp_path, A * 19, B)
    assert number(ask(view, test="ldl_cholesterol", ask="count")) == 3
    assert len(refs(ask(view, test="ldl_cholesterol", ask="first").findings[0])) == 20
