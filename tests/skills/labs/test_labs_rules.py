"""What is never said: normal where nothing tells, a range that cannot be, the newest figure for the first."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from salus.knowledge.labs import tests as lab_tests
from salus.skills.labs.unlisted import names
from salus.vault.vault import Vault
from salus.vault.view import VaultView
from tests.skills.conftest import said
from tests.skills.labs.conftest import limits, result, run

Hold = Callable[..., VaultView]
LDL = [
    result("18262-6", value, "mg/dL", on)
    for value, on in ((120.5, "2019-02-01"), (99, "2020-03-02"), (88, "2021-04-03"))
]


def test_first_previous_and_count(hold: Hold) -> None:
    view = hold(*LDL)
    first = run(view, test="ldl_cholesterol", ask="first")
    assert first.findings[0].value == Decimal("120.5")
    assert "120.5 mg/dL on 1 February 2019. That is the first one in your records." in said(first)
    assert run(view, test="ldl_cholesterol", ask="previous").findings[0].value == 99
    assert run(view, test="ldl_cholesterol", ask="count").findings[0].value == 3
    assert run(view, test="ferritin", ask="count").unknown and not run(view, test="ferritin", ask="count").findings


def test_one_result_has_none_before_it(hold: Hold) -> None:
    found = run(hold(LDL[0]), test="ldl_cholesterol", ask="previous")
    assert "There is only one result for LDL cholesterol." in said(found)


def test_a_range_upside_down_says_nothing(hold: Hold) -> None:
    system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
    flag = [{"coding": [{"system": system, "code": "N"}]}]
    view = hold(result("4544-3", 43, "%", referenceRange=limits(46, 38, "%"), interpretation=flag, on="2026-01-10"))
    answer = said(run(view, test="hematocrit"))
    assert "46" not in answer and "below" not in answer
    assert "Your laboratory marked it as normal." in answer


def test_a_unit_that_cannot_be_right_is_doubted(hold: Hold) -> None:
    view = hold(result("2885-2", 68.9, "g/dL"), result("10834-0", 2.31, "g/L"))
    protein = run(view, test="total_protein")
    assert "The record says 68.9 g/dL, which cannot be right; 68.9 g/L would be usual." in said(protein)
    assert (protein.findings[0].value, protein.findings[0].unit) == (Decimal("68.9"), "g/dL")
    assert protein.findings[0].also == ()
    assert protein.findings[0].data["judgement"] == "unknown"
    assert "2.31 g/dL would be usual" in said(run(view, test="globulin"))
    assert not run(view, all=True, ask="out_of_range").findings


def test_a_true_alarm_is_no_doubt(hold: Hold) -> None:
    view = hold(result("2823-3", 6.9, "mmol/L"), result("1975-2", 15, "mg/dL"), result("2160-0", 5.1, "mg/dL"))
    for test in ("potassium", "bilirubin_total", "creatinine"):
        assert run(view, test=test).findings[0].data["judgement"].endswith("high"), test


def test_nothing_is_called_normal_where_nothing_tells(hold: Hold, vault: Vault) -> None:
    vault.configure(born="2016-05-12")
    found = run(hold(result("2986-8", 15.4, "ng/dL"), result("788-0", 13, "%")), all=True, ask="out_of_range")
    assert not found.findings
    assert "2 latest results have no range to compare with, so Salus cannot say if they are normal." in said(found)


def test_only_what_has_a_range_is_counted_as_checked(hold: Hold) -> None:
    found = run(hold(result("2823-3", 4.2, "mmol/L"), result("6206-7", 0.09, "kU/L")), all=True, ask="out_of_range")
    assert found.findings[0].value == 1
    assert "1 latest result has no range" in said(found)


def test_converted_limits_are_shown_as_people_write_them(hold: Hold) -> None:
    answer = said(run(hold(result("38483-4", 2.6944, "mg/dL")), test="creatinine"))
    assert "(0.509 to 0.95)" in answer
    assert "(4 to 11)" in said(run(hold(result("6690-2", 7.5, "10*3/uL")), test="white_cells"))


def test_a_close_test_is_shown_and_the_asked_one_is_unknown(hold: Hold) -> None:
    found = run(hold(result("21000-5", 44.5, "fL")), test="rdw")
    assert found.findings[0].value == Decimal("44.5")
    assert "Your records hold no result for RDW" in said(found)


def test_results_without_a_row_are_found_by_their_own_names(hold: Hold) -> None:
    view = hold(result("6206-7", 0.093, "kU/L", text="Peanut IgE Ab in Serum"), result("718-7", 14, "g/dL"))
    assert list(names(view)) == [("6206-7", "Peanut IgE Ab in Serum")]
    assert "Peanut IgE Ab in Serum: 0.093 kU/L on 10 January 2026." in said(run(view, code="6206-7"))
    assert not run(view, code="0000-0").findings


def test_what_was_asked_gets_no_range(hold: Hold) -> None:
    answer = said(run(hold(result("72166-2", "Never smoker")), test="smoking_status"))
    assert answer == "Smoking status: Never smoker on 10 January 2026."
    assert lab_tests()["phq9"].specimen == "questionnaire"
