"""The reference change value: the published figures, its symmetries, and what makes it unknown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.knowledge.labs import convert, moves, rcv, spread
from salus.knowledge.labs import tests as lab_tests
from salus.records.units import Quantity

D = Decimal
VARIED = [test for test in lab_tests().values() if spread(test) is not None]
SKEWED = [test for test in VARIED if spread(test).method == "log_normal"]
EVEN = [test for test in VARIED if spread(test).method == "symmetric"]
values = st.decimals(D("0.01"), 10000, places=3)


@pytest.mark.parametrize(
    ("key", "up", "down"),
    [
        ("sodium", "2.4", "2.4"), ("potassium", "12", "12"), ("creatinine", "13", "13"), ("hba1c", "6.5", "6.5"),
        ("urea", "49", "33"), ("alt", "37", "27"), ("ggt", "41", "29"), ("ferritin", "62", "38"), ("tsh", "65", "39"),
        ("crp", "134", "57"), ("platelets", "24", "19"), ("albumin_creatinine_ratio", "194", "66"),
        ("vitamin_b12", "31.6", "31.6"), ("creatine_kinase", "50", "34"), ("ldl_cholesterol", "24.9", "24.9"),
    ],
)  # fmt: skip
def test_limits_are_the_published_ones(key, up, down):
    known = spread(lab_tests()[key])
    assert abs(known.up - D(up)) <= D("0.6")
    assert abs(known.down - D(down)) <= D("0.6")


def test_beyond_and_within():
    ferritin = lab_tests()["ferritin"]
    assert rcv(ferritin, Quantity(D(40), "ug/L"), Quantity(D(65), "ng/mL")).verdict == "changed_up"
    assert rcv(ferritin, Quantity(D(40), "ug/L"), Quantity(D(64), "ug/L")).verdict == "within_variation"
    assert rcv(ferritin, Quantity(D(40), "ug/L"), Quantity(D(24), "ug/L")).verdict == "changed_down"
    assert rcv(ferritin, Quantity(D(40), "ug/L"), Quantity(D(25), "ug/L")).verdict == "within_variation"


def test_what_cannot_be_known():
    assert rcv(lab_tests()["prolactin"], Quantity(D(4), "ug/L"), Quantity(D(9), "ug/L")).why == "variation"
    assert rcv(lab_tests()["sodium"], Quantity(D(4), "mg"), Quantity(D(9), "mmol/L")).why == "unit"
    assert rcv(lab_tests()["sodium"], Quantity(D(4), ""), Quantity(D(9), "mmol/L")).why == "unit"
    for odd in ("0", "-1", "NaN"):
        found = rcv(lab_tests()["tsh"], Quantity(D(odd), "m[iU]/L"), Quantity(D(9), "m[iU]/L"))
        assert (found.verdict, found.why) == ("unknown", "value")


@given(st.sampled_from(SKEWED), values, values)
def test_log_normal_limits_are_the_same_both_ways(test, a, b):
    there, back = (rcv(test, Quantity(x, test.unit), Quantity(y, test.unit)).verdict for x, y in ((a, b), (b, a)))
    known = spread(test)
    edge = (1 + known.up / 100) * min(a, b)
    if abs(edge - max(a, b)) > D("1e-12"):
        opposite = {"changed_up": "changed_down", "changed_down": "changed_up", "within_variation": "within_variation"}
        assert back == opposite[there]


@given(st.sampled_from(EVEN), values, st.decimals(0, D("0.9"), places=4))
def test_even_limits_are_as_far_up_as_down(test, before, share):
    up, down = (
        rcv(test, Quantity(before, test.unit), Quantity(before * (1 + sign * share), test.unit)).verdict
        for sign in (1, -1)
    )
    assert (up == "changed_up") == (down == "changed_down")
    known = rcv(test, Quantity(before, test.unit), Quantity(before, test.unit))
    assert abs((known.low + known.high) / 2 - before) < D("1e-9")


@given(st.sampled_from(VARIED), values)
def test_no_move_is_no_change(test, value):
    found = rcv(test, Quantity(value, test.unit), Quantity(value, test.unit))
    assert found.verdict == "within_variation"
    assert found.low < value < found.high
    assert found.percent == 0


@given(st.sampled_from([t for t in VARIED if len(t.units) > 1]), values, values, st.data())
def test_the_unit_changes_no_verdict(test, a, b, data):
    unit = data.draw(st.sampled_from(test.units))
    here = rcv(test, Quantity(a, test.unit), Quantity(b, test.unit))
    there = rcv(test, Quantity(a, test.unit), convert(test, Quantity(b, test.unit), unit))
    if min(abs(b - here.low), abs(b - here.high)) > D("1e-9"):
        assert here.verdict == there.verdict


def test_every_row_names_its_source_and_known_causes():
    for test in lab_tests().values():
        if (one := test.variation) is not None:
            assert (one.cvi is None) == (one.cva is None) == (not one.source)
            assert set(one.moves) <= set(moves())
            assert one.apart <= set(test.loinc)
            assert not one.reviewed_by
    assert len(VARIED) >= 45
