"""A change is told only beyond the usual variation, and only between results that can be compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from salus.assistant.words import words
from salus.vault.view import VaultView
from tests.skills.conftest import said
from tests.skills.labs.conftest import result, run

Hold = Callable[..., VaultView]


def pair(hold: Hold, code: str, unit: str, before: Any, after: Any, **more: Any) -> VaultView:
    return hold(result(code, before, unit, "2025-01-10"), result(code, after, unit, "2026-01-10", **more))


def verdict(view: VaultView, test: str) -> str:
    found: str = run(view, test=test).findings[0].data["change_since"]["verdict"]
    return found


def test_the_latest_result_says_a_real_change_and_how_it_is_told(hold: Hold) -> None:
    found = run(pair(hold, "2276-4", "ug/L", 90, 40), test="ferritin")
    assert "It has really changed: it fell from 90 µg/L on 10 January 2025" in said(found)
    method = words("en").say(found.findings[0].method)
    assert "16.9 % within a healthy person and 5 % in the laboratory" in method and "ferritin in healthy" in method
    assert len(found.findings[0].evidence) == 2


def test_within_the_variation_the_latest_result_says_nothing_of_it(hold: Hold) -> None:
    view = pair(hold, "2276-4", "ug/L", 90, 80)
    assert "90" not in said(run(view, test="ferritin"))
    assert verdict(view, "ferritin") == "within_variation"
    assert "within the usual variation, so not a real change" in said(run(view, test="ferritin", ask="since_before"))


def test_where_the_variation_is_not_known_it_is_said(hold: Hold) -> None:
    found = run(pair(hold, "2842-3", "ug/L", 10, 20), test="prolactin", ask="since_before")
    assert "It rose from 10 µg/L to 20 µg/L. Salus does not know how much" in said(found)
    assert found.unknown
    assert "really changed" not in said(run(pair(hold, "2842-3", "ug/L", 10, 20), test="prolactin"))


def test_one_result_has_nothing_to_compare_with(hold: Hold) -> None:
    found = run(hold(result("2276-4", 40, "ug/L")), test="ferritin", ask="since_before")
    assert found.unknown
    assert "change_since" not in found.findings[0].data


@pytest.mark.parametrize(("before", "after"), [("<5", 30), (30, "<5"), ("trace", 30)])
def test_a_bound_or_a_word_is_never_a_change(hold: Hold, before: Any, after: Any) -> None:
    view = pair(hold, "1988-5", "mg/L", before, after)
    assert verdict(view, "crp") == "unknown"


def test_units_are_brought_together_first(hold: Hold) -> None:
    view = hold(result("2345-7", 5.0, "mmol/L", "2025-01-10"), result("2345-7", 91, "mg/dL", "2026-01-10"))
    assert verdict(view, "glucose") == "within_variation"
    lost = hold(result("2951-2", 140, "mg/L", "2025-01-10"), result("2951-2", 120, "mmol/L", "2026-01-10"))
    assert verdict(lost, "sodium") == "unknown"


def test_another_specimen_is_not_compared(hold: Hold) -> None:
    finger = hold(result("2345-7", 90, "mg/dL", "2025-01-10"), result("41653-7", 180, "mg/dL", "2026-01-10"))
    assert verdict(finger, "glucose") == "unknown"
    assert "another kind of sample" in said(run(finger, test="glucose", ask="since_before"))
    kinds = hold(result("2276-4", 90, "ug/L", "2025-01-10", specimen={"display": "Serum"}),
                 result("2276-4", 20, "ug/L", "2026-01-10", specimen={"display": "Plasma"}))  # fmt: skip
    assert verdict(kinds, "ferritin") == "unknown"


def test_another_laboratory_is_a_caveat(hold: Hold) -> None:
    one, other = ([{"display": name}] for name in ("Lab North", "Lab South"))
    view = hold(result("3016-3", 1.0, "m[iU]/L", "2025-01-10", performer=one),
                result("3016-3", 3.0, "m[iU]/L", "2026-01-10", performer=other))  # fmt: skip
    assert "Another laboratory or another method" in said(run(view, test="tsh", ask="since_before"))
    assert "Biotin" in said(run(view, test="tsh", ask="since_before"))
    assert run(view, test="tsh").findings[0].data["change_since"]["elsewhere"] is True


def test_over_a_period_the_first_and_the_newest_are_compared(hold: Hold) -> None:
    view = hold(*(result("4548-4", v, "%", f"202{y}-01-10") for y, v in ((4, 5.5), (5, 5.6), (6, 6.4))))
    found = run(view, test="hba1c", ask="change")
    assert found.findings[0].data["change_since"]["verdict"] == "changed_up"
    assert found.findings[0].data["change_since"]["before"]["value"] == 5.5


def test_a_chart_has_points_the_laboratory_s_ranges_and_the_band(hold: Hold) -> None:
    printed = [{"low": {"value": 20, "unit": "ug/L"}, "high": {"value": 200, "unit": "ug/L"}}]
    view = hold(result("2276-4", 90, "ng/mL", "2025-01-10", referenceRange=printed),
                result("2276-4", 40, "ug/L", "2026-01-10"))  # fmt: skip
    chart = run(view, test="ferritin").findings[0].data["chart"]
    assert (chart["unit"], chart["units"]) == ("ug/L", ["ug/L", "ng/mL"])
    assert [point[:2] for point in chart["points"]] == [["2025-01-10", 90.0], ["2026-01-10", 40.0]]
    assert chart["points"][0][3:6] == [20.0, 200.0, "normal"]
    assert chart["points"][1][3:6] == [None, None, "normal"]
    assert (chart["band"]["low"], chart["band"]["high"], chart["band"]["of"]) == (15.0, 150.0, "adults")


def test_a_chart_in_another_unit(hold: Hold) -> None:
    from salus.knowledge.labs import tests as lab_tests
    from salus.skills.labs.charts import chart

    view = pair(hold, "2345-7", "mg/dL", 90, 99)
    found = chart(view, lab_tests()["glucose"], unit="mmol/L")
    assert found is not None
    assert [point[1] for point in found["points"]] == [5.0, 5.5]
    assert chart(view, lab_tests()["glucose"], unit="U/L") is None
