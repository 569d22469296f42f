"""The calendar against the standard library's civil days, clock changes included."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.records.times import from_ms, to_ms
from salus.vault.days import DAY_MS, Calendar, number, of

NAMES = (
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Asia/Beirut",
)
moments = st.integers(to_ms(datetime(1995, 1, 1, tzinfo=UTC)), to_ms(datetime(2037, 1, 1, tzinfo=UTC)))


@given(st.sampled_from(NAMES), moments, st.lists(st.integers(0, 200 * DAY_MS), min_size=1, max_size=20))
def test_every_moment_lies_in_its_civil_day(name: str, first: int, later: list[int]) -> None:
    zone = ZoneInfo(name)
    calendar = Calendar(zone, first, first + max(later))
    for offset in [0, *later]:
        ms = first + offset
        day, until = calendar.day_of(ms)
        assert of(day) == from_ms(ms, zone).date()
        assert from_ms(until, zone).date() > of(day)
        assert from_ms(until - 1, zone).date() == of(day)


@given(st.sampled_from(NAMES), moments, st.integers(0, 400 * DAY_MS), st.lists(st.floats(0, 1), max_size=20))
def test_stretches_cut_like_days(name: str, first: int, length: int, at: list[float]) -> None:
    zone = ZoneInfo(name)
    calendar = Calendar(zone, first, first + length)
    stretches = list(calendar.stretches())
    assert stretches[0].start == calendar.starts[0] and stretches[-1].end == calendar.starts[-1]
    for before, after in pairwise(stretches):
        assert before.end == after.start
    points = [first + int(length * a) for a in at] + calendar.starts[:-1] + [s - 1 for s in calendar.starts[1:]]
    for ms in points[:80]:
        (stretch,) = [s for s in stretches if s.start <= ms < s.end]
        day = stretch.day if stretch.day is not None else (ms + stretch.offset) // DAY_MS
        assert of(day) == from_ms(ms, zone).date()


@pytest.mark.parametrize(
    ("name", "text", "hours"),
    [
        ("Europe/Paris", "2026-03-29", 23),
        ("Europe/Paris", "2026-10-25", 25),
        ("America/New_York", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Asia/Kathmandu", "2026-04-05", 24),
    ],
)
def test_days_on_which_the_clock_changes(name: str, text: str, hours: float) -> None:
    zone = ZoneInfo(name)
    noon = to_ms(datetime.fromisoformat(f"{text}T12:00:00").replace(tzinfo=zone))
    calendar = Calendar(zone, noon, noon)
    assert (calendar.starts[1] - calendar.starts[0]) / 3_600_000 == hours
    assert number(of(calendar.first)) == calendar.first
