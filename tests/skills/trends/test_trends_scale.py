"""Units and digits: the record's own unit where it says something, half rounded up, readings with their digits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from salus.records.metrics import metric
from salus.records.units import Quantity
from salus.skills.trends.scale import in_unit, reading, rounded, scale_for


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [(72.35, 1, "72.4"), (72.25, 1, "72.3"), (-0.04, 1, "0.0"), (2.5, 0, "3"), (160.39999999999998, 1, "160.4")],
)
def test_half_goes_up(value: float, digits: int, shown: str) -> None:
    assert str(rounded(value, digits)) == shown


def test_own_unit_when_all_days_share_it() -> None:
    scale = scale_for(metric("body_weight"), ["lb", "lb"])
    assert scale is not None and scale.unit == "[lb_av]" and scale.digits == 1
    pounds = scale.quantity(scale.shown(72.5748))
    assert pounds == Quantity(Decimal("160.0"), "[lb_av]")
    assert scale.also(pounds.value) == (Quantity(Decimal("72.6"), "kg"),)


def test_canonical_unit_when_they_differ() -> None:
    scale = scale_for(metric("body_weight"), ["lb", "kg"])
    assert scale is not None and scale.unit == "kg" and not scale.also(Decimal(70))


def test_glucose_in_molar_units_gains_a_digit() -> None:
    scale = scale_for(metric("blood_glucose"), ["mmol<180.1558800000541>/L"])
    assert scale is not None and (scale.unit, scale.digits) == ("mmol/L", 1)


def test_counts_and_fractions_are_said_in_the_metrics_unit() -> None:
    assert scale_for(metric("steps"), ["count"]).unit == "{steps}"  # type: ignore[union-attr]
    assert scale_for(metric("blood_oxygen"), ["1"]).unit == "%"  # type: ignore[union-attr]


def test_unlisted_metric_in_two_units_has_no_scale() -> None:
    assert scale_for(metric("apple:HKFoo"), ["m", "s"]) is None
    assert scale_for(metric("apple:HKFoo"), ["m"]).unit == "m"  # type: ignore[union-attr]


def test_a_reading_keeps_its_digits() -> None:
    assert reading(metric("body_weight"), Decimal("71.35"), "kg") == (Quantity(Decimal("71.35"), "kg"), ())
    assert reading(metric("blood_oxygen"), Decimal("0.97"), "1")[0] == Quantity(Decimal("97"), "%")
    shown, also = reading(metric("body_weight"), Decimal("160"), "lb")
    assert shown == Quantity(Decimal("160"), "[lb_av]") and also == (Quantity(Decimal("72.6"), "kg"),)


def test_more_digits_than_people_use_are_rounded() -> None:
    assert reading(metric("heart_rate"), Decimal("61.83491"), "count/min")[0] == Quantity(Decimal("62"), "/min")


def test_a_value_without_a_unit_gets_none() -> None:
    assert reading(metric("body_weight"), Decimal("71"), "") == (Quantity(Decimal("71"), ""), ())


def test_what_does_not_convert_is_not_a_number() -> None:
    assert in_unit(metric("body_weight"), Decimal(5), "mmol/L", "kg") is None
    assert in_unit(metric("height"), Decimal("1.66"), "m", "cm") == pytest.approx(166)
