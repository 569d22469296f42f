"""Daily roll-ups against an independent computation, second by second."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from salus.records.sample import Sample
from salus.records.times import Period, from_ms
from salus.vault.check import digest
from salus.vault.vault import Vault

ORDER = {"Ana’s Watch": 0, "Ana’s iPhone": 1, "Pedometer": 2}
KIND = {"Ana’s Watch": "watch", "Ana’s iPhone": "phone", "Pedometer": "app"}


def walked(seed: int, count: int, begin: datetime, minutes: int = 60) -> list[Sample]:
    """Overlapping whole-second spans of three devices."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        start = begin + timedelta(seconds=rng.randrange(0, 3 * 86_400))
        length = rng.choice([0, rng.randrange(1, minutes * 60), rng.randrange(1, minutes * 60)])
        ms = int((start - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1000
        origin = rng.choice(list(ORDER))
        found.append(Sample("steps", ms, ms + length * 1000, rng.randrange(1, 900), "count", origin))
    return found


def by_second(samples: Sequence[Sample], zone: ZoneInfo) -> dict[date, float]:
    """Each second belongs to the best device that covers it; a moment counts where nothing better covers it."""
    unique = {(s.start, s.end, s.origin, s.value): s for s in samples}.values()
    best: dict[int, int] = {}
    for s in unique:
        for second in range(s.start // 1000, s.end // 1000):
            best[second] = min(best.get(second, 9), ORDER[s.origin])
    points: dict[int, int] = {}
    for s in unique:
        if s.start == s.end:
            points[s.start] = min(points.get(s.start, 9), ORDER[s.origin])
    totals: dict[date, float] = defaultdict(float)
    for s in unique:
        rank = ORDER[s.origin]
        if s.start == s.end:
            if min(best.get(s.start // 1000, 9), points[s.start]) >= rank:
                totals[from_ms(s.start, zone).date()] += float(s.value)
            continue
        share = float(s.value) / ((s.end - s.start) // 1000)
        for second in range(s.start // 1000, s.end // 1000):
            if best[second] == rank:
                totals[from_ms(second * 1000, zone).date()] += share
    return dict(totals)


def totals(vault: Vault, metric: str = "steps") -> dict[date, float]:
    return {d.day: d.total or 0.0 for d in vault.view().days(metric)}


def prefer(vault: Vault) -> None:
    vault.configure(priorities="\n".join(ORDER))


def same(found: dict[date, float], expected: dict[date, float]) -> None:
    assert found.keys() == {day for day, total in expected.items() if total} | found.keys()
    for day in found.keys() | expected.keys():
        assert found.get(day, 0) == pytest.approx(expected.get(day, 0), abs=1e-6), day


@pytest.mark.parametrize("seed", range(4))
def test_steps_are_counted_once_to_the_unit(vault: Vault, bring: Callable[..., object], seed: int) -> None:
    prefer(vault)
    samples = walked(seed, 100, datetime(2026, 3, 27, 12, tzinfo=UTC))  # the clock changes on the 29th
    bring(vault, samples)
    same(totals(vault), by_second(samples, ZoneInfo("Europe/Paris")))


@pytest.mark.parametrize("seed", range(3))
def test_in_pieces_and_in_any_order_is_the_same_as_at_once(
    vault: Vault, tmp_path: Path, bring: Callable[..., object], seed: int
) -> None:
    prefer(vault)
    samples = walked(seed, 80, datetime(2026, 10, 24, tzinfo=UTC), 5 * 60)
    shuffled = samples[:]
    random.Random(seed).shuffle(shuffled)
    for at in range(0, 80, 20):
        bring(vault, shuffled[at : at + 30])
    (tmp_path / "other").mkdir()
    with Vault(tmp_path / "other", b"o" * 32) as other:
        other.configure(zone="Europe/Paris", zone_known="1")
        prefer(other)
        bring(other, samples)
        same(totals(vault), by_second(samples, ZoneInfo("Europe/Paris")))
        assert digest(other) == digest(vault)


def test_another_zone_cuts_the_days_anew(vault: Vault, bring: Callable[..., object]) -> None:
    prefer(vault)
    samples = walked(9, 60, datetime(2026, 4, 3, tzinfo=UTC))
    bring(vault, samples)
    before = digest(vault)
    for name in ("America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"):
        vault.configure(zone=name)
        same(totals(vault), by_second(samples, ZoneInfo(name)))
    vault.configure(zone="Europe/Paris")
    assert digest(vault) == before


def test_another_order_of_devices_counts_anew(vault: Vault, bring: Callable[..., object]) -> None:
    start = 1_770_000_000_000
    bring(
        vault,
        [
            Sample("steps", start, start + 600_000, 100, "count", "A"),
            Sample("steps", start, start + 1_200_000, 400, "count", "B"),
        ],
    )
    assert sum(totals(vault).values()) == 100 + 200
    vault.configure(priorities="B\nA")
    assert sum(totals(vault).values()) == 400


def test_a_watch_wins_over_a_phone_unless_told_otherwise(vault: Vault, tmp_path: Path) -> None:
    start = 1_770_000_000_000
    rows = [("Clock Watch", "watch", 50), ("A phone", "phone", 70), ("An app", "app", 90)]
    with vault.batch("apple_health", "files", "x") as batch:
        tables = batch.interning()
        metric, unit = tables.metrics.id("steps"), tables.labels.id("count")
        numbered = [(tables.origin(name, kind), value) for name, kind, value in rows]
        kinds = [(number, name, tables.kinds[name]) for number, name in tables.origins.drain()]
        batch.intern(tables.labels.drain(), tables.metrics.drain(), kinds)
        batch.add_samples(
            "Record",
            metric,
            [(start, 60_000, o, v, unit, 0, 0, 0, "") for o, v in numbered],
            (start, start + 60_000, 60_000),
        )
    assert list(totals(vault).values()) == [50]
    assert [o.kind for o in vault.view().origins()] == ["watch", "phone", "app"]


def test_points_are_averaged_in_the_canonical_unit(vault: Vault, bring: Callable[..., object]) -> None:
    at = 1_770_000_000_000
    bring(
        vault,
        [
            Sample("body_weight", at, at, 80.0, "kg", "Scale"),
            Sample("body_weight", at + 1000, at + 1000, 100.0, "[lb_av]", "Other"),
        ],
    )
    (day,) = vault.view().days("body_weight")
    assert day.n == 2 and day.unit is None
    assert day.total == pytest.approx(80 + 45.359237)
    assert (day.low, day.high) == (pytest.approx(45.359237), 80)


def test_a_unit_nobody_knows_is_kept_and_not_counted(vault: Vault, bring: Callable[..., object]) -> None:
    at = 1_770_000_000_000
    bring(
        vault,
        [Sample("body_weight", at, at, 80.0, "furlong", "Scale"), Sample("steps", at, at + 1000, 5, "furlong", "X")],
    )
    assert vault.view().days("body_weight") == []
    assert [s.unit for s in vault.view().samples("body_weight")] == ["furlong"]
    assert sum(totals(vault).values()) == 0


def test_huge_numbers_do_not_overflow_a_sum(vault: Vault, bring: Callable[..., object]) -> None:
    at = 1_770_000_000_000
    bring(
        vault,
        [Sample("apple:HKQuantityTypeIdentifierOdd", at + i, at + i, 2**53 - 1, "count", "X") for i in range(1100)],
    )
    (day,) = vault.view().days("apple:HKQuantityTypeIdentifierOdd")
    assert day.n == 1100 and day.total == pytest.approx(1100 * 2.0**53)


@pytest.mark.parametrize("seed", range(8))
def test_sleep_in_pieces_is_the_same_as_at_once(
    vault: Vault, tmp_path: Path, bring: Callable[..., object], seed: int
) -> None:
    """Also where records chain on for days, as a bed sensor left on writes them."""
    rng = random.Random(seed)
    base, hour = 1_770_000_000_000, 3_600_000
    kinds = ["deep", "rem", "core", "asleep", "awake", "in_bed"]
    samples = []
    for _ in range(80):
        start = base + rng.randrange(0, 30 * 24) * hour // 2
        length = rng.choice([hour // 2, hour, 5 * hour, 30 * hour if seed % 2 else 2 * hour])
        samples.append(Sample("sleep", start, start + length, rng.choice(kinds), "", rng.choice(["W", "P"])))
    shuffled = samples[:]
    rng.shuffle(shuffled)
    for at in range(0, 80, 7):
        bring(vault, shuffled[at : at + 7])
    (tmp_path / "other").mkdir()
    with Vault(tmp_path / "other", b"o" * 32) as other:
        other.configure(zone="Europe/Paris", zone_known="1")
        bring(other, samples)
        for part in ("sleep", "sleep_deep", "sleep_rem", "sleep_core", "sleep_awake", "sleep_in_bed"):
            assert [(d.day, d.n, d.total) for d in vault.view().days(part)] == [
                (d.day, d.n, d.total) for d in other.view().days(part)
            ], part


def test_a_night_is_the_day_one_wakes(vault: Vault, bring: Callable[..., object]) -> None:
    zone = ZoneInfo("Europe/Paris")
    start = datetime(2026, 2, 3, 23, 0, tzinfo=zone)
    ms = int(start.timestamp() * 1000)
    bring(vault, [Sample("sleep", ms, ms + 8 * 3_600_000, "core", "", "W")])
    (day,) = vault.view().days("sleep", Period(date(2026, 2, 1), date(2026, 2, 10)))
    assert (day.day, day.total) == (date(2026, 2, 4), 480)
