"""Ages exact enough for newborns."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.knowledge.labs import Age


@pytest.mark.parametrize(
    ("born", "day", "months", "days", "years"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), 0, 0, 0),
        (date(2026, 1, 31), date(2026, 2, 28), 0, 28, 0),
        (date(2026, 1, 15), date(2026, 7, 15), 6, 181, 0),
        (date(2008, 6, 2), date(2026, 6, 1), 215, 6573, 17),
        (date(2008, 6, 1), date(2026, 6, 1), 216, 6574, 18),
        (date(2008, 2, 29), date(2026, 2, 28), 215, 6574, 17),
    ],
)
def test_months_days_and_years(born, day, months, days, years):
    age = Age.on(born, day)
    assert (age.months, age.days, age.years) == (months, days, years)
    assert age.adult == (years >= 18)


def test_before_birth_there_is_no_age():
    assert Age.on(date(2026, 1, 2), date(2026, 1, 1)) is None


@pytest.mark.parametrize("text", ["", "old", "-3", "3 w", "1.5"])
def test_what_is_no_age(text):
    with pytest.raises(ValueError):
        Age.read(text)


def test_limits_are_reached_on_the_day_itself():
    born = date(2026, 1, 10)
    assert not Age.on(born, date(2026, 1, 23)).reached("14d")
    assert Age.on(born, date(2026, 1, 24)).reached("14d")
    assert Age.on(born, date(2026, 1, 24)).reached("2wk")
    assert not Age.on(born, date(2026, 7, 9)).reached("6mo")
    assert Age.on(born, date(2026, 7, 10)).reached("6mo")
    assert Age.on(born, date(2028, 1, 10)).within("2", "5")
    assert not Age.on(born, date(2031, 1, 10)).within("2", "5")


@given(st.dates(date(1920, 1, 1), date(2020, 1, 1)), st.integers(0, 40000), st.integers(0, 400))
def test_growing_older_never_loses_a_limit(born, first, more):
    young, old = Age.on(born, born + timedelta(first)), Age.on(born, born + timedelta(first + more))
    for limit in ("14d", "9wk", "1mo", "6mo", "1", "12", "18", "75"):
        assert not young.reached(limit) or old.reached(limit)
