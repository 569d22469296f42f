"""Results in other units, intervals in the record's unit, and where a value stands."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.knowledge.labs import convert, critical, interval, judge
from salus.knowledge.labs import tests as lab_tests
from salus.records.units import Quantity

D = Decimal


@pytest.mark.parametrize(
    ("key", "value", "source", "target", "expected"),
    [
        ("total_cholesterol", "5.2", "mmol/L", "mg/dL", "201.06"),
        ("glucose", "5.5", "mmol/L", "mg/dL", "99.09"),
        ("creatinine", "1.0", "mg/dL", "umol/L", "88.40"),
        ("triglycerides", "150", "mg/dL", "mmol/L", "1.69"),
        ("urea_nitrogen", "14", "mg/dL", "mmol/L", "5.00"),
        ("urea", "5", "mmol/L", "mg/dL", "30.03"),
        ("hemoglobin", "8.7", "mmol/L", "g/dL", "14.02"),
        ("calcium", "5", "meq/L", "mg/dL", "10.02"),
        ("sodium", "140", "mEq/L", "mmol/L", "140.00"),
        ("tsh", "2.5", "mU/L", "u[iU]/mL", "2.50"),
        ("egfr", "72", "mL/min", "mL/min/{1.73_m2}", "72.00"),
        ("hba1c", "7", "%", "mmol/mol", "53.01"),
        ("hba1c", "48", "mmol/mol", "%", "6.54"),
        ("albumin_creatinine_ratio", "3", "mg/mmol", "mg/g", "26.52"),
        ("albumin_creatinine_ratio", "30", "mg/g", "mg/mmol", "3.39"),
        ("body_temperature", "98.6", "[degF]", "Cel", "37.00"),
        ("platelets", "250", "10*3/uL", "10*9/L", "250.00"),
        ("hematocrit", "0.42", "L/L", "%", "42.00"),
    ],
)
def test_conversions_with_known_answers(key, value, source, target, expected):
    made = convert(lab_tests()[key], Quantity(D(value), source), target)
    assert made.unit == target
    assert made.value.quantize(D("0.01")) == D(expected)


@pytest.mark.parametrize(
    ("key", "source", "target"),
    [
        ("glucose", "mg/dL", "U/L"),
        ("prolactin", "ng/mL", "mmol/L"),
        ("hba1c", "%", "mg/dL"),
        ("sodium", "made-up", "mmol/L"),
        ("albumin_creatinine_ratio", "mg/g", "mg/L"),
    ],
)
def test_what_cannot_be_known_is_none(key, source, target):
    assert convert(lab_tests()[key], Quantity(D(1), source), target) is None


def test_an_interval_by_sex_is_not_guessed():
    haemoglobin = lab_tests()["hemoglobin"]
    assert interval(haemoglobin, sex=None, age=40, unit="g/dL") is None
    assert interval(haemoglobin, sex="other", age=40, unit="g/dL") is None
    assert interval(haemoglobin, sex="female", age=40, unit="g/L").low == 120
    assert interval(haemoglobin, sex="male", age=40, unit="g/L").low == 130
    assert critical(haemoglobin, "g/L") == (D(70), D(200))


def test_an_interval_that_is_the_same_for_all_needs_no_sex():
    one = interval(lab_tests()["sodium"], sex=None, age=40, unit="meq/L")
    assert (one.low, one.high, one.unit) == (135, 145, "meq/L")
    assert one.source
    assert one.source_year


def test_a_unit_of_another_kind_has_no_interval():
    assert interval(lab_tests()["sodium"], sex=None, age=40, unit="mg") is None
    assert interval(lab_tests()["lipase"], sex=None, age=40, unit="U/L") is None


def test_the_row_of_the_unit_wins_over_conversion():
    one = interval(lab_tests()["hba1c"], sex=None, age=40, unit="mmol/mol")
    assert (one.high, one.high_open) == (39, True)
    assert one.judge(D(38)) == "normal"
    assert one.judge(D(39)) == "high"
    percent = interval(lab_tests()["hba1c"], sex=None, age=40, unit="%")
    assert (percent.judge(D("5.6")), percent.judge(D("5.7"))) == ("normal", "high")


def test_critical_values_follow_the_unit():
    one = interval(lab_tests()["glucose"], sex=None, age=40, unit="mmol/L")
    assert one.judge(D("2.9")) == "critical_low"
    assert one.judge(D("3.5")) == "low"
    assert one.judge(D("5.0")) == "normal"
    assert one.judge(D("20.0")) == "critical_high"


@pytest.mark.parametrize(
    ("value", "limits", "expected"),
    [
        ("5", (None, None), "unknown"),
        ("NaN", (D(1), D(2)), "unknown"),
        ("1", (D(1), D(2)), "normal"),
        ("2", (D(1), D(2)), "normal"),
        ("0.99", (D(1), D(2)), "low"),
        ("2.01", (D(1), D(2)), "high"),
        ("9", (None, D(10), None, D(20)), "normal"),
        ("20", (None, D(10), None, D(20)), "critical_high"),
        ("3", (None, None, D(3), None), "critical_low"),
        ("4", (None, None, D(3), None), "unknown"),
    ],
)
def test_judging(value, limits, expected):
    assert judge(D(value), *limits) == expected


def test_open_limits_are_outside():
    assert judge(D(10), D(10), D(20), low_open=True) == "low"
    assert judge(D(20), D(10), D(20), high_open=True) == "high"


@given(
    st.decimals(0, 10000, places=3), st.sampled_from([t for t in lab_tests().values() if len(t.units) > 1]), st.data()
)
def test_a_judgement_does_not_change_with_the_unit(value, test, data):
    sex = data.draw(st.sampled_from(["male", "female"]))
    home = interval(test, sex=sex, age=40, unit=test.unit)
    unit = data.draw(st.sampled_from(test.units))
    away = interval(test, sex=sex, age=40, unit=unit)
    own_rows = {one.unit for one in test.intervals}
    if home is None or unit in own_rows:
        return
    edges = [e for e in (home.low, home.high, home.critical_low, home.critical_high) if e is not None]
    if any(abs(value - e) < D("1e-9") for e in edges):
        return
    assert away.judge(convert(test, Quantity(value, test.unit), unit).value) == home.judge(value)
