"""The slope of a series with its uncertainty. Pure arithmetic; knows no metric and no person.

Theil-Sen: the median of the slopes of all pairs, with Sen's confidence interval (P. K. Sen, "Estimates of the
regression coefficient based on Kendall's tau", J. Am. Stat. Assoc. 63, 1968). Days that resemble their neighbours
carry less than they seem: where the residuals' lag-one correlation r is clear, the variance of Kendall's S is widened
by (1 + r) / (1 - r) (Bayley and Hammersley 1946; Yue and Wang, Water Resour. Manag. 18, 2004).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

FEWEST = 6
"""With fewer points no 95 % interval exists."""
MOST_PAIRS = 20_000
Z95 = 1.959964
MOST_ALIKE = 0.8


@dataclass(frozen=True)
class Fit:
    """Change per day with its 95 % interval, and the fitted values at the first and last day."""

    slope: float
    low: float
    high: float
    begins: float
    ends: float
    n: int

    @property
    def direction(self) -> str:
        """ "up", "down", or "flat" when the interval includes no change."""
        return "up" if self.low > 0 else "down" if self.high < 0 else "flat"


def fit(days: Sequence[int], values: Sequence[float]) -> Fit | None:
    """`days` strictly rising. None when the points are too few, or too alike, for an interval."""
    n = len(days)
    if n < FEWEST:
        return None
    pairs = n * (n - 1) // 2
    step = -(-pairs // MOST_PAIRS)  # above 200 points every step-th pair stands for the rest
    slopes = sorted(
        (values[j] - values[i]) / (days[j] - days[i]) for i in range(n) for j in range(i + 1 + i % step, n, step)
    )
    slope = median(slopes)
    level = median(value - slope * day for day, value in zip(days, values, strict=True))
    spread = math.sqrt(n * (n - 1) * (2 * n + 5) / 18 * _widening(days, values, slope, level))
    reach = Z95 * spread * len(slopes) / pairs
    low, high = math.floor((len(slopes) - reach) / 2), math.ceil((len(slopes) + reach) / 2)
    if low < 1:
        return None
    return Fit(
        slope, slopes[low - 1], slopes[min(high, len(slopes) - 1)], level + slope * days[0], level + slope * days[-1], n
    )


def _widening(days: Sequence[int], values: Sequence[float], slope: float, level: float) -> float:
    """How many times the variance is larger than for independent days; 1 when they look independent."""
    rest = [value - slope * day - level for day, value in zip(days, values, strict=True)]
    mean = math.fsum(rest) / len(rest)
    rest = [value - mean for value in rest]
    usual = 2 * median(b - a for a, b in pairwise(days))
    near = [a * b for (a, b), (p, q) in zip(pairwise(rest), pairwise(days), strict=True) if q - p <= usual]
    variance = math.fsum(value * value for value in rest) / len(rest)
    noise = 1e-9 * max(abs(value) for value in values)
    if not near or variance <= noise * noise:
        return 1.0
    alike = math.fsum(near) / len(near) / variance
    if alike <= 1.645 / math.sqrt(len(near)):
        return 1.0
    alike = min(alike, MOST_ALIKE)
    return (1 + alike) / (1 - alike)
