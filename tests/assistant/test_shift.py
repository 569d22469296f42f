"""Days relative to those spoken of before, against dates worked out by hand. Today is Saturday 21 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.assistant.follow_up.shift import moved, said
from salus.assistant.route.days import plain
from salus.records.times import Period

TODAY = date(2026, 11, 21)
WEEK, OCTOBER, SO_FAR = ("2026-11-09", "2026-11-15"), ("2026-10-01", "2026-10-31"), ("2026-11-16", "2026-11-21")

CASES = [
    ("and the week before?", WEEK, "2026-11-02", "2026-11-08"),
    ("et la semaine d'avant ?", WEEK, "2026-11-02", "2026-11-08"),
    ("and before that?", OCTOBER, "2026-09-01", "2026-09-30"),
    ("le mois précédent", OCTOBER, "2026-09-01", "2026-09-30"),
    ("the previous week", SO_FAR, "2026-11-09", "2026-11-15"),
    ("and before that?", ("2026-10-11", "2026-11-21"), "2026-08-30", "2026-10-10"),
    ("the day before", ("2026-11-20", "2026-11-20"), "2026-11-19", "2026-11-19"),
    ("la veille", ("2026-11-20", "2026-11-20"), "2026-11-19", "2026-11-19"),
    ("the month before", WEEK, "2026-10-01", "2026-10-31"),
    ("et l'année d'avant", ("2026-10-13", "2026-10-13"), "2025-01-01", "2025-12-31"),
    ("the following month", ("2026-06-01", "2026-06-30"), "2026-07-01", "2026-07-31"),
    ("same period last year", OCTOBER, "2025-10-01", "2025-10-31"),
    ("à la même période l'an dernier", OCTOBER, "2025-10-01", "2025-10-31"),
    ("since then", OCTOBER, "2026-10-01", "2026-11-21"),
    ("the whole week", ("2026-11-12", "2026-11-12"), "2026-11-09", "2026-11-15"),
]


@pytest.mark.parametrize(("text", "anchor", "first", "last"), CASES, ids=[c[0] for c in CASES])
def test_the_days_meant(text: str, anchor: tuple[str, str], first: str, last: str) -> None:
    shift = said(plain(text))
    assert shift is not None
    period = moved(Period(*map(date.fromisoformat, anchor)), shift, TODAY)
    assert period is not None and period.first is not None and period.last is not None
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["the week before last", "last week", "avant-hier", "in 2019", "what is my LDL?"])
def test_what_is_no_shift(text: str) -> None:
    assert said(plain(text)) is None


@given(st.dates(date(2000, 1, 1), date(2026, 11, 21)), st.integers(0, 400),
       st.sampled_from(["and before that?", "the day before", "the week before", "the month before", "a year before"]))
def test_before_ends_where_the_days_begin(first: date, days: int, text: str) -> None:
    last = min(date.fromordinal(first.toordinal() + days), TODAY)
    shift = said(plain(text))
    assert shift is not None
    found = moved(Period(first, last), shift, TODAY)
    assert found is not None and found.first is not None and found.last is not None
    assert found.first <= found.last < first
