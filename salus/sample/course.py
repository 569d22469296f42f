"""How the invented body changes over the years: the one course that clinic, laboratory and home devices all measure.

Each function takes days before the end (0 is the last day) and returns the true value, before any device's error.
"""

from __future__ import annotations

from bisect import bisect_right

Points = tuple[tuple[int, float], ...]

# (days before the end, value), oldest first. Weight rises until diabetes is found, then falls.
_WEIGHT: Points = ((1500, 79.4), (900, 81.6), (540, 82.7), (240, 80.1), (90, 77.9), (0, 76.4))
_SYSTOLIC: Points = ((1500, 151), (1310, 139), (880, 135), (540, 136), (240, 130), (0, 126))
_DIASTOLIC: Points = ((1500, 94), (1310, 87), (880, 84), (540, 85), (240, 81), (0, 79))
_GLUCOSE: Points = ((1500, 5.8), (880, 6.4), (540, 7.4), (240, 7.0), (30, 6.3), (0, 6.2))
_RESTING_HEART: Points = ((1500, 69), (540, 68), (240, 65), (0, 62))
_FITNESS: Points = ((1500, 28.4), (540, 27.6), (240, 29.0), (0, 31.2))
_ACTIVITY: Points = ((1500, 0.80), (540, 0.80), (400, 0.90), (120, 1.02), (0, 1.10))


def _at(points: Points, ago: float) -> float:
    """Straight lines between the points; flat before the first and after the last."""
    if ago >= points[0][0]:
        return points[0][1]
    if ago <= points[-1][0]:
        return points[-1][1]
    right = bisect_right([-p[0] for p in points], -ago)
    (a, x), (b, y) = points[right - 1], points[right]
    return x + (y - x) * (a - ago) / (a - b)


def weight(ago: float) -> float:
    """Body weight in kg."""
    return _at(_WEIGHT, ago)


def pressure(ago: float) -> tuple[float, float]:
    """Systolic and diastolic blood pressure at rest, in mm[Hg]."""
    return _at(_SYSTOLIC, ago), _at(_DIASTOLIC, ago)


def glucose(ago: float) -> float:
    """Fasting blood glucose in mmol/L."""
    return _at(_GLUCOSE, ago)


def resting_heart(ago: float) -> float:
    """Heart rate at rest, per minute."""
    return _at(_RESTING_HEART, ago)


def fitness(ago: float) -> float:
    """VO2 max in mL/kg/min."""
    return _at(_FITNESS, ago)


def activity(ago: float) -> float:
    """How much the person moves, relative to the average of the last year."""
    return _at(_ACTIVITY, ago)
