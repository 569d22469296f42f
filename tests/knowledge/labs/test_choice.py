"""Which interval holds: by sex, exact age, pregnancy and time of life; never the adult one for want of knowing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.knowledge.labs import Age, choose, convert, critical, interval
from salus.knowledge.labs import tests as lab_tests
from salus.records.units import Quantity

D = Decimal
ALL = list(lab_tests().values())
RANGED = [test for test in ALL if test.intervals]
SEXES = [None, "male", "female"]
PREGNANCIES = [None, "no", "1", "2", "3", "any"]
STATES = ["", "postmenopausal", "follicular", "ovulation", "luteal"]
ages = st.builds(lambda d: Age(int(d / 30.4375), d), st.integers(0, 110 * 366))


def limits(key, unit, **who):
    one = interval(lab_tests()[key], unit=unit, **{"sex": None, "age": None, "pregnancy": None, **who})
    return None if one is None else (one.low, one.high)


@pytest.mark.parametrize(
    ("key", "unit", "who", "expected"),
    [
        ("hemoglobin", "g/L", {"age": Age.read("8mo")}, (105, 141)),
        ("hemoglobin", "g/dL", {"age": 4}, (11, 14)),
        ("hemoglobin", "g/dL", {"age": 30, "sex": "female"}, (12, 15)),
        ("hemoglobin", "g/dL", {"age": 30, "sex": "female", "pregnancy": "2"}, (D("10.5"), D("14.8"))),
        ("hemoglobin", "g/dL", {"age": 30, "sex": "female", "pregnancy": "no"}, (12, 15)),
        ("hemoglobin", "g/dL", {"age": 30, "sex": "female", "pregnancy": "any"}, None),
        ("hemoglobin", "g/dL", {"age": 13}, None),
        ("heart_rate", "/min", {"age": Age.read("10d")}, (100, 205)),
        ("d_dimer", "mg/L", {"age": 72}, (None, D("0.72"))),
        ("d_dimer", "ug/L", {"age": 50}, (None, 500)),
        ("psa", "ug/L", {"age": 63, "sex": "male"}, (None, D("4.5"))),
        ("psa", "ug/L", {"age": 63, "sex": "female"}, None),
        ("testosterone", "ng/dL", {"age": 15, "sex": "male"}, None),
        ("sodium", "mmol/L", {}, None),
        ("bmi", "kg/m2", {"age": 10}, None),
        ("systolic", "mm[Hg]", {"age": 12}, None),
        ("systolic", "mm[Hg]", {"age": 13}, (90, 130)),
        ("fsh", "[iU]/L", {"age": 60, "sex": "female"}, None),
        ("fsh", "[iU]/L", {"age": 60, "sex": "female", "state": "postmenopausal"}, (D("25.8"), D("134.8"))),
        ("zinc", "ug/dL", {"age": 30, "pregnancy": "2"}, (66, 110)),
        ("egfr", "mL/min/{1.73_m2}", {"age": 30, "pregnancy": "2"}, None),
    ],
)
def test_selection(key, unit, who, expected):
    assert limits(key, unit, **who) == expected


@pytest.mark.parametrize(
    ("key", "unit", "who", "why"),
    [
        ("hemoglobin", "g/dL", {"age": 40}, "sex"),
        ("hemoglobin", "g/dL", {"sex": "female"}, "age"),
        ("testosterone", "ng/dL", {"age": 9, "sex": "male"}, "child"),
        ("hemoglobin", "g/dL", {"age": 30, "sex": "female", "pregnancy": "any"}, "trimester"),
        ("egfr", "mL/min/{1.73_m2}", {"age": 30, "pregnancy": "1"}, "pregnancy"),
        ("bilirubin_total", "umol/L", {"age": Age.read("3d")}, "noted"),
        ("sodium", "mg", {"age": 40}, "unit"),
        ("troponin_i", "ng/L", {"age": 40}, "none"),
    ],
)
def test_the_reason_is_told(key, unit, who, why):
    found = choose(lab_tests()[key], unit=unit, **{"sex": None, "age": None, **who})
    assert (found.interval, found.why) == (None, why)
    assert bool(found.note_en) == (why == "noted") == bool(found.note_fr)


def test_without_a_row_of_pregnancy_the_adult_one_says_so():
    found = choose(lab_tests()["zinc"], sex="female", age=30, unit="ug/dL", pregnancy="1")
    assert found.adult_in_pregnancy
    assert not choose(lab_tests()["zinc"], sex="female", age=30, unit="ug/dL").adult_in_pregnancy


def test_alarms_of_adults_are_not_those_of_babies():
    pulse, potassium = lab_tests()["heart_rate"], lab_tests()["potassium"]
    assert critical(pulse, "/min", Age.read("2mo")) == (None, None)
    assert critical(pulse, "/min", 40) == (40, 131)
    assert critical(potassium, "mmol/L", 4) == (D("2.8"), 6)
    assert interval(lab_tests()["systolic"], sex="female", age=30, unit="mm[Hg]", pregnancy="2").critical_high == 160


@pytest.mark.parametrize("test", RANGED, ids=lambda t: t.key)
def test_rows_of_one_test_never_overlap(test):
    """At every edge of its age bands, the day before and the day of: one row per unit for the same person."""
    for edge in sorted({edge for one in test.intervals for edge in (one.age_from, one.age_to) if edge}):
        limit = Age.read(edge)
        for age in (limit, Age(max(limit.months - 1, 0), max(limit.days - 1, 0))):
            for sex in ("male", "female"):
                for pregnancy in ("", "1", "2", "3"):
                    for state in STATES:
                        fitting = [
                            one.unit for one in test.intervals
                            if age.within(one.age_from, one.age_to) and one.sex in (None, sex) and one.state == state
                            and (one.pregnancy in ("any", pregnancy) if pregnancy else not one.pregnancy)
                        ]  # fmt: skip
                        assert len(fitting) == len(set(fitting)), (edge, sex, pregnancy, state)


@given(st.sampled_from(RANGED), ages, st.sampled_from(["male", "female"]), st.sampled_from(["1", "2", "3", None]))
def test_at_every_age_at_most_one_interval_per_unit(test, age, sex, pregnancy):
    rows = [
        one for one in test.intervals
        if age.within(one.age_from, one.age_to) and one.sex in (None, sex) and not one.state
        and (one.pregnancy in ("any", pregnancy) if pregnancy else not one.pregnancy)
    ]  # fmt: skip
    assert len({one.unit for one in rows}) == len(rows)
    found = choose(test, sex=sex, age=age, unit=test.unit, pregnancy=pregnancy)
    assert (found.interval is None) == bool(found.why)


@given(st.sampled_from(RANGED), ages, st.sampled_from(SEXES), st.sampled_from(PREGNANCIES), st.sampled_from(STATES))
def test_a_child_never_gets_the_adult_interval(test, age, sex, pregnancy, state):
    one = interval(test, sex=sex, age=age, unit=test.unit, pregnancy=pregnancy, state=state)
    if one is not None and not age.adult:
        assert one.age_from != "18"
        assert age.within(one.age_from, one.age_to)


@given(st.sampled_from(RANGED), st.sampled_from(SEXES), st.sampled_from(PREGNANCIES))
def test_an_unknown_age_gets_none_unless_all_ages_share_it(test, sex, pregnancy):
    one = interval(test, sex=sex, age=None, unit=test.unit, pregnancy=pregnancy)
    assert one is None or (one.age_from == "0" and not one.age_to)


@given(
    st.decimals(0, 5000, places=3), st.sampled_from([t for t in RANGED if len(t.units) > 1]), ages,
    st.sampled_from(["male", "female"]), st.sampled_from([None, "1", "2", "3"]), st.data(),
)  # fmt: skip
def test_the_verdict_is_the_same_in_any_unit(value, test, age, sex, pregnancy, data):
    unit = data.draw(st.sampled_from(test.units))
    home = interval(test, sex=sex, age=age, unit=test.unit, pregnancy=pregnancy)
    away = interval(test, sex=sex, age=age, unit=unit, pregnancy=pregnancy)
    assert (home is None) == (away is None)
    written = {one.unit for one in test.intervals}
    if home is None or (unit in written and test.unit in written and unit != test.unit):
        return  # a source that gives both units rounds each by itself
    edges = [e for e in (home.low, home.high, home.critical_low, home.critical_high) if e is not None]
    if any(abs(value - e) < D("1e-9") for e in edges):
        return
    assert away.judge(convert(test, Quantity(value, test.unit), unit).value) == home.judge(value)


@pytest.mark.parametrize("test", RANGED, ids=lambda t: t.key)
def test_alarms_lie_outside_every_interval(test):
    for one in test.intervals:
        found = interval(
            test, sex=one.sex, age=max(Age.read(one.age_from), Age.read("1d")), unit=one.unit,
            pregnancy=one.pregnancy or None, state=one.state,
        )  # fmt: skip
        if found is not None:
            edges = [e for e in (found.critical_low, found.low, found.high, found.critical_high) if e is not None]
            assert edges == sorted(set(edges)), (one.age_from, one.pregnancy)
