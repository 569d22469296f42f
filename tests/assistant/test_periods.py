"""Periods in words, both languages, against dates worked out by hand. Today is Saturday 21 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.assistant.periods import find

TODAY = date(2026, 11, 21)

CASES = [
    ("How many steps last week?", "2026-11-09", "2026-11-15"),
    ("this week", "2026-11-16", "2026-11-21"),
    ("since March", "2026-03-01", "2026-11-21"),
    ("since December", "2025-12-01", "2026-11-21"),
    ("in 2025", "2025-01-01", "2025-12-31"),
    ("over the last 6 weeks", "2026-10-11", "2026-11-21"),
    ("in the past three months", "2026-08-24", "2026-11-21"),
    ("yesterday", "2026-11-20", "2026-11-20"),
    ("the day before yesterday", "2026-11-19", "2026-11-19"),
    ("last night", "2026-11-21", "2026-11-21"),
    ("last month", "2026-10-01", "2026-10-31"),
    ("over the last month", "2026-10-23", "2026-11-21"),
    ("last year", "2025-01-01", "2025-12-31"),
    ("this year", "2026-01-01", "2026-11-21"),
    ("on March 3, 2026", "2026-03-03", "2026-03-03"),
    ("on the 25th of October", "2026-10-25", "2026-10-25"),
    ("on 24 December", "2025-12-24", "2025-12-24"),
    ("between March and May 2025", "2025-03-01", "2025-05-31"),
    ("from November to January 2026", "2025-11-01", "2026-01-31"),
    ("before 2024", None, "2023-12-31"),
    ("after June 2025", "2025-07-01", "2026-11-21"),
    ("last summer", "2026-06-01", "2026-08-31"),
    ("two summers ago", "2025-06-01", "2025-08-31"),
    ("il y a 2 étés", "2025-06-01", "2025-08-31"),
    ("the week of 5 October", "2026-10-05", "2026-10-11"),
    ("the week of 8 January", "2026-01-05", "2026-01-11"),
    ("la semaine du 5 octobre", "2026-10-05", "2026-10-11"),
    ("the first week of January 2005", "2005-01-01", "2005-01-07"),
    ("in the last week of october", "2026-10-25", "2026-10-31"),
    ("from 1 to 7 november", "2026-11-01", "2026-11-07"),
    ("du 1er au 7 novembre", "2026-11-01", "2026-11-07"),
    ("nov 1-7, 2025", "2025-11-01", "2025-11-07"),
    ("1-7 december", "2025-12-01", "2025-12-07"),
    ("last weekend", "2026-11-14", "2026-11-15"),
    ("this weekend", "2026-11-21", "2026-11-22"),
    ("le week-end dernier", "2026-11-14", "2026-11-15"),
    ("the first half of 2026", "2026-01-01", "2026-06-30"),
    ("3e trimestre 2025", "2025-07-01", "2025-09-30"),
    ("ytd steps", "2026-01-01", "2026-11-21"),
    ("30 day average", "2026-10-23", "2026-11-21"),
    ("the night before last", "2026-11-20", "2026-11-20"),
    ("a year ago", "2025-11-01", "2025-11-30"),
    ("y a un an", "2025-11-01", "2025-11-30"),
    ("on the 3rd", "2026-11-03", "2026-11-03"),
    ("on the 25th", "2026-10-25", "2026-10-25"),
    ("pas le 3", "2026-11-03", "2026-11-03"),
    ("hemoglobin 2012", "2012-01-01", "2012-12-31"),
    ("novembre", "2026-11-01", "2026-11-30"),
    ("on 3/11", "2026-11-03", "2026-11-03"),
    ("on Monday", "2026-11-16", "2026-11-16"),
    ("2 weeks ago", "2026-11-02", "2026-11-08"),
    ("2025-03-04", "2025-03-04", "2025-03-04"),
    ("Q1 2025", "2025-01-01", "2025-03-31"),
    ("since the beginning of the year", "2026-01-01", "2026-11-21"),
    ("la semaine dernière", "2026-11-09", "2026-11-15"),
    ("depuis mars", "2026-03-01", "2026-11-21"),
    ("depuis le 3 mars 2025", "2025-03-03", "2026-11-21"),
    ("depuis 3 mois", "2026-08-24", "2026-11-21"),
    ("l'an dernier", "2025-01-01", "2025-12-31"),
    ("l’année dernière", "2025-01-01", "2025-12-31"),
    ("le mois dernier", "2026-10-01", "2026-10-31"),
    ("ces 7 derniers jours", "2026-11-15", "2026-11-21"),
    ("au cours des six dernières semaines", "2026-10-11", "2026-11-21"),
    ("hier", "2026-11-20", "2026-11-20"),
    ("avant-hier", "2026-11-19", "2026-11-19"),
    ("la nuit dernière", "2026-11-21", "2026-11-21"),
    ("en août 2023", "2023-08-01", "2023-08-31"),
    ("au mois d'octobre", "2026-10-01", "2026-10-31"),
    ("du 3 mars au 5 avril", "2026-03-03", "2026-04-05"),
    ("entre janvier et mars", "2026-01-01", "2026-03-31"),
    ("il y a 2 jours", "2026-11-19", "2026-11-19"),
    ("le 1er novembre", "2026-11-01", "2026-11-01"),
    ("cet été", "2026-06-01", "2026-08-31"),
    ("avant 2024", None, "2023-12-31"),
    ("depuis lundi", "2026-11-16", "2026-11-21"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "first", "last"), CASES, ids=[c[0] for c in CASES])
def test_period(text: str, first: str | None, last: str | None) -> None:
    found = find(text, TODAY)
    assert found is not None
    assert (found.period.first and found.period.first.isoformat()) == first
    assert (found.period.last and found.period.last.isoformat()) == last
    assert text[found.start : found.end].strip() == found.period.words


@pytest.mark.parametrize(
    "text",
    [
        "What may I do?",
        "How is my cholesterol?",
        "J'ai été vaccinée contre la grippe",
        "mon taux de fer",
        "a march",
        "I fall",
    ],
)
def test_no_period(text: str) -> None:
    assert find(text, TODAY) is None


@given(st.text(max_size=80), st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_never_raises_and_never_turns_round(text: str, today: date) -> None:
    found = find(text, today)
    if found and found.period.first and found.period.last:
        assert found.period.first <= found.period.last


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), st.dates(date(1991, 1, 1), date(2089, 1, 1)))
def test_iso_dates_are_themselves(day: date, today: date) -> None:
    found = find(f"on {day.isoformat()}?", today)
    assert found is not None and (found.period.first, found.period.last) == (day, day)


@pytest.mark.parametrize("words", ["I walked 2000 steps", "a dose of 2000 IU", "120/80", "may I take it", "in 2999 km"])
def test_an_amount_is_no_period(words: str) -> None:
    assert find(words, TODAY) is None


def test_the_month_comes_first_in_the_united_states() -> None:
    for words, month_first, day in (
        ("3/4/2019", True, date(2019, 3, 4)), ("3/4/2019", False, date(2019, 4, 3)),
        ("25/12/2019", True, date(2019, 12, 25)), ("12/25/2019", False, date(2019, 12, 25)),
    ):  # fmt: skip
        found = find(words, TODAY, month_first=month_first)
        assert found is not None and found.period.first == found.period.last == day
