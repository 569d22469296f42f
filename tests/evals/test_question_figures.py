"""Reading figures out of English and French text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.evals.questions.figures import Printed, known, numbers, printed


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("Your LDL was 2.21 mmol/L.", "en", ["2.21"]),
        ("Votre LDL était de 2,21 mmol/L.", "fr", ["2.21"]),
        ("You took 60,476 steps.", "en", ["60476"]),
        ("Vous avez fait 60 476 pas.", "fr", ["60476"]),
        ("Vous avez fait 60\u202f476 pas.", "fr", ["60476"]),
        ("HbA1c, B12 and COVID-19", "en", ["19"]),
        ("7 h 59 min", "en", ["7", "59"]),
        ("7h59", "fr", ["7", "59"]),
        ("13 October 2026", "en", ["13", "2026"]),
        ("nothing to read", "en", []),
    ],
)
def test_numbers_are_read_as_printed(text: str, lang: str, expected: list[str]) -> None:
    assert [figure.value for figure in printed(text, lang)] == [Decimal(value) for value in expected]


def test_the_digits_printed_are_kept() -> None:
    assert list(printed("6.40 and 6", "en")) == [Printed(Decimal("6.40"), 2), Printed(Decimal(6), 0)]


@given(st.decimals(min_value=0, max_value=10**6, places=4, allow_nan=False), st.integers(0, 3))
def test_a_rounded_number_is_known_and_one_step_off_is_not(value: Decimal, digits: int) -> None:
    step = Decimal(1).scaleb(-digits)
    rounded = value.quantize(step)
    assert known(Printed(rounded, digits), [value])
    assert not known(Printed(rounded + step * 2, digits), [value])


def test_numbers_hide_in_texts_lists_and_objects() -> None:
    found = set(numbers({"a": 2.5, "b": ["2026-10-13", {"c": "40 mg"}], "d": True, "e": None}))
    assert {Decimal("2.5"), Decimal(2026), Decimal(10), Decimal(13), Decimal(40)} <= found
    assert Decimal(1) not in found
