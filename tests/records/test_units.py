"""Units: parsed, converted there and back, and unknown where they are unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.records.units import Quantity, convert, decimal, normal, parse_unit, same_dimension

numbers = st.decimals(min_value="-1e9", max_value="1e9", allow_nan=False, allow_infinity=False, places=6)
MASS = ("g/dL", "mg/dL", "ug/mL", "g/L", "mg/L", "ng/mL", "ug/dL")
MOLAR = ("mol/L", "mmol/L", "umol/L", "nmol/L")
LENGTH = ("m", "km", "cm", "mm", "[mi_i]", "[ft_i]", "[in_i]")
TIME = ("s", "min", "h", "d", "wk", "ms")
HEAT = ("Cel", "[degF]", "K")


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("1", "kg", "g", "1000"),
        ("1", "[lb_av]", "kg", "0.45359237"),
        ("1", "[mi_i]", "km", "1.609344"),
        ("98.6", "[degF]", "Cel", "37"),
        ("-40", "[degF]", "Cel", "-40"),
        ("0", "Cel", "K", "273.15"),
        ("1", "mm[Hg]", "kPa", "0.133322"),
        ("2", "kcal", "kJ", "8.368"),
        ("1", "mmol/L", "umol/mL", "1"),
        ("60", "/min", "Hz", "1"),
        ("5", "10*9/L", "10*3/uL", "5"),
        ("50", "%", "1", "0.5"),
        ("1", "m2", "cm2", "10000"),
        ("1", "mL/min", "L/h", "0.06"),
    ],
)
def test_known_conversions(value: str, source: str, target: str, expected: str) -> None:
    found = convert(Decimal(value), source, target)
    assert found is not None
    assert abs(found - Decimal(expected)) <= abs(Decimal(expected)) * Decimal("1e-9") + Decimal("1e-20")


@pytest.mark.parametrize(
    "unit", ["", "furlong", "mg/dL/", "m[", "mg/(dL", ")", "()", "10*", "mg//dL", "🦄", "mmHgg", "1e5"]
)
def test_an_unknown_unit_converts_into_nothing_but_itself(unit: str) -> None:
    assert convert(Decimal(3), unit, unit) == 3
    assert convert(Decimal(3), unit, "kg") is None
    assert convert(Decimal(3), "kg", unit) is None


def test_unlike_things_do_not_convert() -> None:
    assert convert(Decimal(1), "kg", "m") is None
    assert convert(Decimal(1), "mg/dL", "mmol/L") is None
    assert convert(Decimal(1), "mL/min", "mL/min/{1.73_m2}") is None
    assert convert(Decimal(1), "[iU]/L", "U/L") is None
    assert not same_dimension("mg/dL", "mmol/L")


def test_mass_and_molar_need_the_analytes_own_mass() -> None:
    cholesterol, glucose = Decimal("386.65"), Decimal("180.156")
    found = convert(Decimal("5.2"), "mmol/L", "mg/dL", cholesterol)
    assert found is not None and round(found) == 201
    found = convert(Decimal("5.2"), "mmol/L", "mg/dL", glucose)
    assert found is not None and round(found, 1) == Decimal("93.7")
    assert convert(Decimal(1), "mmol/L", "mg/dL", Decimal(0)) is None


def test_the_phones_own_spelling_of_a_molar_unit() -> None:
    assert normal("mmol<180.1558800000541>/L") == "mmol/L"
    assert Quantity(Decimal("5.2"), "mmol<180.1558800000541>/L").to("umol/L") == Quantity(Decimal("5200.0"), "umol/L")


@pytest.mark.parametrize("family", [MASS, MOLAR, LENGTH, TIME, HEAT])
@given(data=st.data())
def test_there_and_back_is_the_same(family: tuple[str, ...], data: st.DataObject) -> None:
    value = data.draw(numbers)
    a, b = data.draw(st.sampled_from(family)), data.draw(st.sampled_from(family))
    there = convert(value, a, b)
    assert there is not None
    back = convert(there, b, a)
    assert back is not None
    assert abs(back - value) <= abs(value) * Decimal("1e-25") + Decimal("1e-20")


@given(numbers, st.sampled_from(MASS), st.sampled_from(MOLAR), st.decimals("0.1", "1000000", places=3))
def test_there_and_back_through_a_molar_mass(value: Decimal, a: str, b: str, molar: Decimal) -> None:
    there = convert(value, a, b, molar)
    assert there is not None
    back = convert(there, b, a, molar)
    assert back is not None and abs(back - value) <= abs(value) * Decimal("1e-25") + Decimal("1e-20")


@given(st.text(max_size=40))
def test_any_text_is_a_unit_or_none(text: str) -> None:
    parse_unit(text)
    assert convert(Decimal(1), text, text) == 1


@given(st.text(alphabet="mgkLdu/.*[](){}%0123456789^-", max_size=14))
def test_nearly_units_never_raise(text: str) -> None:
    convert(Decimal("1.5"), text, "kg")
    convert(Decimal("1.5"), "mg/dL", text, Decimal(100))


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-inf", "", "abc", "1,5", None, [], "1e400x"])
def test_no_number_is_no_decimal(text: object) -> None:
    assert decimal(text) is None  # type: ignore[arg-type]


def test_a_decimal_keeps_its_digits() -> None:
    assert str(decimal("3.10")) == "3.10"
    assert str(decimal(3.1)) == "3.1"
    assert decimal(float("nan")) is None
