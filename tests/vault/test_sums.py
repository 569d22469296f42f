"""Day totals against the plain sweep, over random spans of three origins, points and midnights among them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from salus.vault.days import DAY_MS, Calendar
from salus.vault.overlap import by_day, clusters, counted
from salus.vault.sums import day_sums

BASE = 1_711_800_000_000  # some hours before a clock change in Paris
ORDER = {7: 0, 3: 1, 5: 2}
CALENDAR = Calendar(ZoneInfo("Europe/Paris"), BASE - DAY_MS, BASE + 5 * DAY_MS)

spans = st.tuples(
    st.integers(BASE, BASE + 2 * DAY_MS) | st.integers(BASE, BASE + 600_000),
    st.sampled_from([0, 0, 1, 60_000, 600_000, 3_600_000, DAY_MS]),
    st.sampled_from(list(ORDER)),
    st.integers(0, 900),
    st.just(1),
)


@given(st.lists(spans, max_size=30))
def test_the_loop_is_the_sweep(rows: list[tuple[int, int, int, int, int]]) -> None:
    rows = sorted(rows)
    expected: dict[int, float] = {}
    plain = [(start, start + span, ORDER[origin], float(value)) for start, span, origin, value, _ in rows]
    for group in clusters(plain):  # type: ignore[arg-type]
        for day, _, amount in by_day(counted(group), CALENDAR.day_of):
            expected[day] = expected.get(day, 0.0) + amount
    found = {day.day: day.total for day in day_sums(rows, CALENDAR, ORDER, {1: 1.0})}
    for day in expected.keys() | found.keys():
        assert abs(expected.get(day, 0.0) - found.get(day, 0.0)) < 1e-6


def test_the_watch_counts_before_the_phone_and_a_part_is_shared_by_time() -> None:
    watch, phone = 7, 3
    rows = [(BASE, 600_000, watch, 1000, 1), (BASE + 300_000, 600_000, phone, 900, 1)]
    (day,) = day_sums(rows, CALENDAR, ORDER, {1: 1.0})
    assert (day.n, day.total, day.origin, day.unit) == (2, 1450.0, watch, 1)
