"""The table of tests holds together: every row complete, every code in one place, every unit known and convertible."""

from decimal import Decimal

import pytest

from salus.knowledge.labs import Age, by_loinc, convert, panels
from salus.knowledge.labs import tests as lab_tests
from salus.records.metrics import metrics
from salus.records.units import Quantity, parse_unit

ALL = list(lab_tests().values())

# Every laboratory code and vital sign that Synthea and the US Core examples write and that a person would ask about.
MET = {
    "1742-6": "alt", "1751-7": "albumin", "18262-6": "ldl_cholesterol", "1920-8": "ast", "1975-2": "bilirubin_total",
    "20565-8": "bicarbonate", "20570-8": "hematocrit", "2069-3": "chloride", "2085-9": "hdl_cholesterol",
    "2093-3": "total_cholesterol", "21000-5": "rdw_sd", "2339-0": "glucose", "2571-8": "triglycerides",
    "2885-2": "total_protein", "2947-0": "sodium", "32207-3": "pdw", "32623-1": "mpv", "33914-3": "egfr",
    "38483-4": "creatinine", "4544-3": "hematocrit", "4548-4": "hba1c", "49765-1": "calcium", "6298-4": "potassium",
    "6299-2": "urea_nitrogen", "6690-2": "white_cells", "6768-6": "alp", "718-7": "hemoglobin", "777-3": "platelets",
    "785-6": "mch", "786-4": "mchc", "787-2": "mcv", "789-8": "red_cells", "10834-0": "globulin",
    "14959-1": "albumin_creatinine_ratio", "2075-0": "chloride", "2028-9": "bicarbonate", "2160-0": "creatinine",
    "2951-2": "sodium", "17861-6": "calcium", "2345-7": "glucose", "3094-0": "urea_nitrogen", "2823-3": "potassium",
    "29463-7": "body_weight", "8302-2": "body_height", "39156-5": "bmi", "8480-6": "systolic", "8462-4": "diastolic",
    "8867-4": "heart_rate", "9279-1": "respiratory_rate", "8310-5": "body_temperature", "8331-1": "body_temperature",
    "2708-6": "oxygen_saturation", "59408-5": "oxygen_saturation", "72514-3": "pain_score",
    "9843-4": "head_circumference",
}  # fmt: skip


@pytest.mark.parametrize("code", MET)
def test_codes_met_in_records_resolve(code):
    assert by_loinc(code).key == MET[code]


def test_an_unlisted_code_is_unknown():
    assert by_loinc("6206-7") is None


def test_there_are_at_least_a_hundred_and_twenty_five_without_questionnaires():
    assert len([test for test in ALL if test.specimen != "questionnaire"]) >= 125


def test_a_code_belongs_to_one_test():
    codes = [code for test in ALL for code in test.loinc]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("test", ALL, ids=lambda t: t.key)
def test_a_row_is_complete(test):
    for text in (test.en, test.fr, test.about_en, test.about_fr, test.source, test.as_of, test.specimen):
        assert text
    assert test.loinc
    assert bool(test.high_en) == bool(test.high_fr)
    assert bool(test.low_en) == bool(test.low_fr)
    assert 1990 < test.source_year <= 2026
    assert not (test.reviewed_by or test.reviewed_on)
    assert bool(test.critical_source) == (test.critical_low is not None or test.critical_high is not None)
    assert set(test.kin) <= set(lab_tests())
    assert test.metric is None or test.metric in metrics()


@pytest.mark.parametrize("test", ALL, ids=lambda t: t.key)
def test_units_are_known_and_lead_into_each_other_and_back(test):
    for unit in test.units:
        assert parse_unit(unit) is not None, unit
        there = convert(test, Quantity(Decimal(100), test.unit), unit)
        assert there is not None, unit
        back = convert(test, there, test.unit)
        assert abs(back.value - 100) < Decimal("1e-20")
    for loose, meant in (test.reads_as or {}).items():
        assert convert(test, Quantity(Decimal(1), loose), meant).value == 1
        assert convert(test, Quantity(Decimal(1), loose), test.unit) is not None


@pytest.mark.parametrize("test", [t for t in ALL if t.intervals], ids=lambda t: t.key)
def test_intervals_are_in_order(test):
    for one in test.intervals:
        alarms = (one.critical_low, one.critical_high) if one.adult else (None, None)
        edges = [e for e in (alarms[0], one.low, one.high, alarms[1]) if e is not None]
        assert edges == sorted(edges)
        assert len(edges) == len(set(edges))
        assert one.sex in (None, "male", "female")
        assert convert(test, Quantity(Decimal(1), one.unit), test.unit) is not None
        assert bool(one.note_en) == bool(one.note_fr)
        assert one.source and 1990 < one.source_year <= 2026
        assert not one.limitless or one.note_en
        assert one.pregnancy in ("", "1", "2", "3", "any")
        assert Age.read(one.age_from) < Age.read(one.age_to or "120")


def test_panels_hold_known_tests_once():
    for panel in panels().values():
        assert panel.tests
        assert len(set(panel.tests)) == len(panel.tests)
        assert set(panel.tests) <= set(lab_tests())


def test_names_and_meanings_follow_the_language():
    ldl = lab_tests()["ldl_cholesterol"]
    assert (ldl.name("en"), ldl.name("fr")) == ("LDL cholesterol", "cholestérol LDL")
    assert ldl.meaning("high", "en") == ldl.high_en != ldl.meaning("high", "fr") == ldl.high_fr
    assert ldl.meaning("low", "fr") == ldl.low_fr
    assert ldl.about("fr") == ldl.about_fr
    assert not ldl.reviewed
