"""The slope and its interval: right on lines, honest on noise, not fooled by days that resemble their neighbours."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.skills.trends.slope import FEWEST, fit


@given(
    st.floats(-50, 50), st.floats(-1000, 1000),
    st.lists(st.integers(0, 5000), min_size=FEWEST, max_size=60, unique=True).map(sorted),
)  # fmt: skip
def test_a_line_gives_back_its_own_slope(slope: float, level: float, days: list[int]) -> None:
    found = fit(days, [level + slope * day for day in days])
    assert found is not None
    assert found.slope == pytest.approx(slope, abs=1e-6)
    assert found.low <= found.slope <= found.high
    assert found.begins == pytest.approx(level + slope * days[0], abs=1e-3)


def test_too_few_points_have_no_slope() -> None:
    assert fit(range(FEWEST - 1), [1.0] * (FEWEST - 1)) is None


def test_one_wild_day_does_not_move_it() -> None:
    values = [70 - 0.01 * day for day in range(90)]
    values[40] = 700.0
    found = fit(range(90), values)
    assert found is not None and found.slope == pytest.approx(-0.01, abs=1e-3) and found.direction == "down"


def _noise(rng: random.Random, n: int, alike: float) -> list[float]:
    values, now = [], rng.gauss(0, 1)
    for _ in range(n):
        values.append(now)
        now = alike * now + rng.gauss(0, (1 - alike**2) ** 0.5)
    return values


@pytest.mark.parametrize(("alike", "most"), [(0.0, 0.10), (0.6, 0.16)])
def test_noise_is_seldom_called_a_direction(alike: float, most: float) -> None:
    rng = random.Random(11)
    told = [fit(range(60), _noise(rng, 60, alike)) for _ in range(150)]
    wrong = sum(found is not None and found.direction != "flat" for found in told) / len(told)
    assert wrong <= most


def test_the_interval_holds_the_true_slope() -> None:
    rng = random.Random(5)
    held = 0
    for _ in range(150):
        found = fit(range(60), [0.02 * day + value for day, value in enumerate(_noise(rng, 60, 0.0))])
        held += found is not None and found.low <= 0.02 <= found.high
    assert 0.89 <= held / 150 <= 1.0


def test_many_points_are_thinned_the_same_way_each_time_and_agree_with_all() -> None:
    rng = random.Random(3)
    values = [0.01 * day + rng.gauss(0, 2) for day in range(1800)]
    once, again = fit(range(1800), values), fit(range(1800), values)
    assert once == again and once is not None
    assert once.slope == pytest.approx(0.01, abs=5e-4) and once.direction == "up"
