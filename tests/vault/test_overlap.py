"""The interval sweep against a brute-force count over elementary intervals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from salus.vault.overlap import Span, by_day, clusters, counted


def brute(spans: Sequence[Span]) -> dict[int, float]:
    """Amount by rank: over each elementary interval only the best rank that covers it counts."""
    by_rank: dict[int, float] = {}
    for s in spans:
        beaten = any(o.rank < s.rank and (o.start <= s.start < o.end or o.start == o.end == s.start) for o in spans)
        if s.start == s.end and not beaten:
            by_rank[s.rank] = by_rank.get(s.rank, 0) + s.value
    edges = sorted({e for s in spans for e in (s.start, s.end)})
    for a, b in pairwise(edges):
        active = [s for s in spans if s.start <= a and s.end >= b and s.end > s.start]
        best = min((s.rank for s in active), default=None)
        for s in active:
            if s.rank == best:
                by_rank[s.rank] = by_rank.get(s.rank, 0) + s.value * (b - a) / (s.end - s.start)
    return by_rank


span = st.builds(
    lambda start, length, rank, value: Span(start, start + length, rank, value),
    st.integers(0, 30),
    st.sampled_from([0, 0, 1, 3, 5, 10]),
    st.integers(0, 3),
    st.integers(1, 9),
)
many = st.lists(span, min_size=1, max_size=9).map(lambda spans: sorted(spans, key=lambda s: (s.start, s.end)))


@given(many)
def test_the_sweep_counts_what_brute_force_counts(spans: list[Span]) -> None:
    found: dict[int, float] = {}
    for group in clusters(spans):
        for _, _, rank, value in counted(group):
            found[rank] = found.get(rank, 0) + value
    expected = brute(spans)
    for rank in found.keys() | expected.keys():
        assert abs(found.get(rank, 0) - expected.get(rank, 0)) < 1e-6


@given(many, st.integers(3, 11))
def test_cutting_into_days_loses_nothing(spans: list[Span], length: int) -> None:
    def day_of(ms: int) -> tuple[int, int]:
        return ms // length, (ms // length + 1) * length

    parts = [part for group in clusters(spans) for part in counted(group)]
    by_number: dict[int, float] = {}
    for day, _, amount in by_day(parts, day_of):
        by_number[day] = by_number.get(day, 0) + amount
    assert abs(sum(by_number.values()) - sum(p[3] for p in parts)) < 1e-6
    for day, amount in by_number.items():
        inside = sum(
            value * (max(0, min(end, (day + 1) * length) - max(start, day * length)) / (end - start))
            if end > start
            else value * (start // length == day)
            for start, end, _, value in parts
        )
        assert abs(amount - inside) < 1e-6


def test_the_example_of_the_published_rule() -> None:
    """A over T1-T2, B over T1-T3, C over T2-T4, A before B before C (AOSP MergeDataHelper)."""
    a, b, c = Span(0, 10, 0, 100), Span(0, 30, 1, 300), Span(10, 60, 2, 500)
    found = dict.fromkeys(range(3), 0.0)
    for group in clusters([a, b, c]):
        for _, _, rank, value in counted(group):
            found[rank] += value
    assert found == {0: 100, 1: 300 * 20 / 30, 2: 500 * 30 / 50}
