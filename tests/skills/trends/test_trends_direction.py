"""Trends, and the devices behind them: a new watch is never a change of the body."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from salus.assistant.words import words
from salus.records.sample import Sample
from salus.records.times import Period
from salus.vault.view import VaultView
from tests.skills.trends.conftest import run, said, sample

Put = Callable[..., VaultView]
LAST = date(2026, 11, 20)


def pulse(count: int, value: Callable[[int], float], hardware: Callable[[int], str], **more: str) -> Iterable[Sample]:
    """Resting heart rate on `count` days up to the last; index 0 is the oldest."""
    rng = random.Random(4)
    for index in range(count):
        day = LAST - timedelta(days=count - 1 - index)
        device = json.dumps({"version": "11.0", "hardware": hardware(index)})
        yield sample(
            "resting_heart_rate", day, round(value(index) + rng.gauss(0, 0.8), 2), "count/min", device=device, **more
        )


def test_a_fall_is_said_with_its_interval(put: Put) -> None:
    view = put(pulse(90, lambda i: 66 - i * 2 / 30.4375, lambda i: "Watch7,11"))
    result = run(view, "resting_heart_rate", "trend")
    finding = result.findings[0]
    assert finding.data["direction"] == "down" and finding.unit == "/min/mo"
    assert finding.data["low"] < -2 < finding.data["high"] < 0
    assert abs(finding.value - Decimal(-2)) < Decimal("0.3")  # type: ignore[operator]
    assert "went down by about" in said(result) and "likely between" in said(result)


def test_noise_is_no_clear_change(put: Put) -> None:
    view = put(pulse(90, lambda i: 60.0, lambda i: "Watch7,11"))
    result = run(view, "resting_heart_rate", "trend")
    assert result.findings[0].data["direction"] == "flat"
    assert said(result).startswith("There is no clear change in your resting heart rate from ")


def test_a_new_watch_is_not_a_change_of_the_body(put: Put) -> None:
    view = put(pulse(120, lambda i: 60.0 if i < 60 else 66.0, lambda i: "Watch6,2" if i < 60 else "Watch7,11"))
    changes = view.device_changes("resting_heart_rate")
    day = LAST - timedelta(days=59)
    assert [(c.day, c.before, c.after) for c in changes] == [(day, "Watch6,2", "Watch7,11")]
    result = run(view, "resting_heart_rate", "trend", Period(LAST - timedelta(days=119), LAST))
    finding = result.findings[0]
    assert finding.data["direction"] == "flat" and finding.data["recorded"][0] == day.isoformat()
    assert finding.data["marks"] == [{"day": day.isoformat(), "label": "Ana's Watch (Watch7,11)"}]
    assert "The device changed on 22 September 2026, so only the days since then are compared" in said(result)


def test_a_watch_too_new_leaves_the_days_before_it(put: Put) -> None:
    view = put(pulse(90, lambda i: 60.0 if i < 80 else 66.0, lambda i: "Watch6,2" if i < 80 else "Watch7,11"))
    finding = run(view, "resting_heart_rate", "trend").findings[0]
    assert finding.data["direction"] == "flat"
    assert finding.data["recorded"][1] == (LAST - timedelta(days=10)).isoformat()


def test_a_new_app_under_another_name_is_a_change_too(put: Put) -> None:
    old = [s for s in pulse(60, lambda i: 60.0, lambda i: "A", origin="Old band") if s.start < _ms(30)]
    new = [s for s in pulse(60, lambda i: 65.0, lambda i: "B", origin="New band") if s.start >= _ms(30)]
    finding = run(put([*old, *new]), "resting_heart_rate", "trend").findings[0]
    assert finding.data["direction"] == "flat" and finding.data["marks"][0]["label"] == "New band"
    average = run(put(), "resting_heart_rate", "average")
    assert "The device changed on" in said(average)


def _ms(days_before_the_end: int) -> int:
    return sample("x", LAST - timedelta(days=days_before_the_end), 0.0, "").start


def test_software_updates_are_no_change_of_device(put: Put) -> None:
    samples = [
        s._replace(device=json.dumps({"version": f"11.{i // 20}", "hardware": "Watch7,11"}))
        for i, s in enumerate(pulse(90, lambda i: 60.0, lambda i: ""))
    ]
    view = put(samples)
    assert view.device_changes("resting_heart_rate") == []
    assert run(view, "resting_heart_rate", "trend").findings[0].data["marks"] == []


def test_a_day_by_the_phone_is_an_interruption(put: Put) -> None:
    days = [LAST - timedelta(days=i) for i in range(60, -1, -1)]
    who = ["Ana's Phone" if i in (20, 40) else "Ana's Watch" for i in range(61)]
    samples = [
        sample("steps", d, 8000.0 + d.day, "count", minutes=30, origin=o) for d, o in zip(days, who, strict=True)
    ]
    finding = run(put(samples), "steps", "trend").findings[0]
    assert finding.data["marks"] == [] and finding.data["days"] == 59
    assert any("one device" in words("en").say(c) for c in finding.caveats)


def test_today_is_left_out_of_a_trend_of_amounts(put: Put) -> None:
    days = [date(2026, 11, 21) - timedelta(days=i) for i in range(40)]
    view = put(
        sample("steps", d, 100.0 if d.day == 21 and d.month == 11 else 9000.0 + d.day, "count", minutes=9) for d in days
    )
    assert run(view, "steps", "trend").findings[0].data["recorded"][1] == "2026-11-20"


def test_too_little_data_has_no_direction(put: Put) -> None:
    result = run(put(pulse(4, lambda i: 60.0 + i, lambda i: "W")), "resting_heart_rate", "trend")
    assert not result.findings and "too little" in said(result)


def test_trend_without_a_period_is_of_the_last_ninety_days_with_data(put: Put) -> None:
    view = put(pulse(200, lambda i: 60.0, lambda i: "W"))
    assert run(view, "resting_heart_rate", "trend").findings[0].data["days"] == 90


def test_a_slope_of_a_share_is_in_percentage_points(put: Put) -> None:
    days = [LAST - timedelta(days=59 - i) for i in range(60)]
    rng = random.Random(2)
    view = put(
        sample("blood_oxygen", day, round(90 + i * 0.1 + rng.gauss(0, 0.1), 2), "%")
        for i, day in enumerate(days)
    )
    result = run(view, "blood_oxygen", "trend")
    assert result.findings[0].unit == "%{points}/mo"
    first, *rest = said(result).split(". ")[0].split(" (")
    assert "percentage points" in first and "percentage points" in rest[0]
    assert words("fr").say(result.answer[0]).count("de pourcentage") == 3
    assert "about 90" in said(result) and "% to about 9" in said(result)
