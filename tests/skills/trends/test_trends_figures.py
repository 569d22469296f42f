"""Totals, averages, extremes, counts and newest values over a small vault, down to the sentences."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from salus.assistant.words import words
from salus.records.sample import Sample
from salus.records.times import Period
from salus.vault.view import VaultView
from tests.skills.trends.conftest import at, run, said, sample

Put = Callable[..., VaultView]
WEEK = Period(date(2026, 11, 9), date(2026, 11, 15))


def steps(amounts: dict[int, float]) -> Iterable[Sample]:
    """Steps of days of November 2026, two records a day."""
    for day, amount in amounts.items():
        on = date(2026, 11, day)
        yield sample("steps", on, amount - 100, "count", minutes=10)
        yield sample("steps", on, 100.0, "count", hour=18, minutes=10)


FULL = {day: 1000.0 * day for day in range(9, 16)}


def test_a_week_of_steps(put: Put) -> None:
    result = run(put(steps({8: 5.5e3, **FULL, 16: 9e3})), "steps", "total", WEEK)
    total, average = result.findings
    assert (total.value, total.unit) == (Decimal(84000), "{steps}")
    assert (average.kind, average.value) == ("average", Decimal(12000))
    assert said(result) == (
        "You took 84,000 steps from 9 to 15 November 2026. That is 12,000 steps a day on average."
    )
    evidence = total.evidence[0]
    assert (evidence.type, evidence.ref) == ("samples", "samples/steps/2026-11-09/2026-11-15")
    assert evidence.excerpt.startswith("7 days: 2026-11-09 9000; 2026-11-10 10000")
    assert len(evidence.excerpt) <= 200 and evidence.origin == "Ana's Watch"
    assert total.data["points"][0] == ["2026-11-09", 9000.0] and not total.caveats


def test_days_without_data_are_said_and_not_zero(put: Put) -> None:
    amounts = dict.fromkeys((*range(1, 10), 12, 13, 15), 1000.0)
    result = run(put(steps(amounts)), "steps", "average", WEEK)
    assert result.findings[0].value == Decimal(1000)
    assert "3 of 7 days have no data. They are left out, not counted as zero." in said(result)


def test_one_day_and_no_period(put: Put) -> None:
    view = put(steps(FULL))
    day = Period(date(2026, 11, 12), date(2026, 11, 12))
    assert said(run(view, "steps", "total", day)) == "You took 12,000 steps on 12 November 2026."
    assert run(view, "steps", "total", day).findings[0].time.text == "2026-11-12"  # type: ignore[union-attr]
    whole = said(run(view, "steps", "total"))
    assert "in all your records (from 9 to 15 November 2026)" in whole


def test_nothing_in_the_period_is_unknown_and_says_what_there_is(put: Put) -> None:
    result = run(put(steps(FULL)), "steps", "total", Period(date(2019, 1, 1), date(2019, 12, 31)))
    assert not result.findings and not result.answer
    assert said(result) == (
        "There is no steps data from 1 January to 31 December 2019. "
        "There is some from other days: from 9 to 15 November 2026."
    )


@pytest.mark.parametrize("measure", ["total", "average", "min", "max", "latest", "trend", "count"])
def test_never_recorded_is_unknown_whatever_is_asked(put: Put, measure: str) -> None:
    for metric in ("dietary_water", "blood_pressure", "apple:HKNeverSeen"):
        result = run(put(steps(FULL)), metric, measure)
        assert len(result.unknown) == 1 and not result.findings


def test_extreme_days(put: Put) -> None:
    view = put(steps({**FULL, 21: 150.0}))  # the 21st is today, and not over
    highest, lowest = run(view, "steps", "max"), run(view, "steps", "min")
    assert (highest.findings[0].value, highest.findings[0].time.text) == (Decimal(15000), "2026-11-15")  # type: ignore[union-attr]
    assert (lowest.findings[0].value, lowest.findings[0].time.text) == (Decimal(9000), "2026-11-09")  # type: ignore[union-attr]


def test_extreme_reading_and_its_ties(put: Put) -> None:
    pulses = [sample("heart_rate", date(2026, 11, d), v, "count/min", hour=h)
              for d, h, v in ((9, 9, 60.0), (9, 10, 141.0), (11, 9, 141.0), (12, 9, 55.0))]  # fmt: skip
    view = put(pulses)
    result = run(view, "heart_rate", "max", WEEK)
    assert (result.findings[0].value, result.findings[0].time.text) == (Decimal(141), "2026-11-11")  # type: ignore[union-attr]
    assert words("en").say(result.findings[0].caveats[0]) == "The same figure was reached on 1 other day."
    assert run(view, "heart_rate", "count", WEEK).findings[0].value == Decimal(4)
    assert run(view, "heart_rate", "average", WEEK).findings[0].value == Decimal(99)  # 397 / 4, by reading


def test_values_that_do_not_add_up_are_averaged(put: Put) -> None:
    view = put([sample("body_weight", date(2026, 11, d), v, "lb") for d, v in ((9, 160.0), (10, 161.0))])
    result = run(view, "body_weight", "total", WEEK)
    assert (result.findings[0].value, result.findings[0].unit) == (Decimal("160.5"), "[lb_av]")
    assert [(q.value, q.unit) for q in result.findings[0].also] == [(Decimal("72.8"), "kg")]
    assert "do not add up" in said(result)


def test_sleep_is_said_in_hours_by_the_day_of_waking(put: Put) -> None:
    start = at(date(2026, 11, 13), 23)
    night = Sample("sleep", start, start + 432 * 60_000, "core", "", "Ana's Watch")
    result = run(put([night]), "sleep", "latest")
    assert (result.findings[0].value, result.findings[0].unit) == (Decimal(432), "min")
    assert said(result) == "You slept 7 h 12 min in the night that ended on 14 November 2026."


def observation(id_: str, loinc: str, value: float, unit: str, when: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": id_, "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}], "text": "Body weight"},
        "effectiveDateTime": when,
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}, **more,
    }  # fmt: skip


def test_latest_is_the_newer_of_phone_and_clinic(put: Put) -> None:
    scale = sample("body_weight", date(2026, 11, 9), 71.3, "kg", origin="Scale", raw="71.30")
    old = observation("old", "29463-7", 75, "kg", "2026-10-01")
    wrong = observation("wrong", "29463-7", 7.5, "kg", "2026-11-12", status="entered-in-error")
    result = run(put([scale], [old, wrong]), "body_weight", "latest")
    assert str(result.findings[0].value) == "71.30"
    assert said(result) == "Your latest weight was 71.30 kg, on 9 November 2026, 09:00."
    newer = run(put([], [observation("new", "3141-9", 70.9, "kg", "2026-11-10T23:30:00Z")]), "body_weight", "latest")
    assert newer.findings[0].evidence[0].ref == "Observation/new"
    assert said(newer) == "Your latest weight was 70.9 kg, on 11 November 2026."  # the day it was for the person


def test_clinic_measurements_serve_where_there_are_no_samples(put: Put) -> None:
    found = [observation(str(i), "29463-7", 70 + i, "kg", f"2026-0{i}-10") for i in range(1, 5)]
    found.append(observation("vague", "29463-7", 99, "kg", "2026"))
    result = run(put([], found), "body_weight", "average")
    assert result.findings[0].value == Decimal("72.5")
    assert "medical records" in words("en").say(result.findings[0].method)
    assert {e.type for e in result.findings[0].evidence} == {"Observation"}


def test_a_higher_measurement_at_the_clinic_is_not_hidden(put: Put) -> None:
    own = [sample("systolic", date(2026, 11, d), 120.0 + d, "mmHg") for d in (9, 10)]
    clinic = observation("c", "8480-6", 165, "mm[Hg]", "2026-11-12")
    result = run(put(own, [clinic]), "systolic", "max", WEEK)
    assert [f.value for f in result.findings] == [Decimal(130), Decimal(165)]
    assert "The highest systolic blood pressure that you measured yourself from 9 to 15 November 2026" in said(result)
    assert "Your medical records hold a higher one: 165 mmHg, on 12 November 2026." in said(result)


def panel(id_: str, when: str, upper: int, lower: int) -> dict[str, Any]:
    def part(code: str, value: int) -> dict[str, Any]:
        return {
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"},
        }

    return {
        "resourceType": "Observation", "id": id_, "status": "final", "effectiveDateTime": when,
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}], "text": "Blood pressure"},
        "component": [part("8480-6", upper), part("8462-4", lower)],
    }  # fmt: skip


def test_blood_pressure_is_a_pair(put: Put) -> None:
    day = date(2026, 11, 9)
    pair = [sample("systolic", day, 128.0, "mmHg"), sample("diastolic", day, 82.0, "mmHg")]
    view = put(pair, [panel("p", "2026-11-02", 140, 90)])
    latest = run(view, "blood_pressure", "latest")
    assert [f.value for f in latest.findings] == [Decimal(128), Decimal(82)]
    assert said(latest) == "Your latest blood pressure was 128/82 mmHg, on 9 November 2026."
    assert said(run(view, "blood_pressure", "average", WEEK)).startswith("Your average blood pressure was 128/82 mmHg")
    clinic = run(view, "blood_pressure", "latest", Period(None, date(2026, 11, 5)))
    assert [f.value for f in clinic.findings] == [Decimal(140), Decimal(90)]


def test_a_pressure_without_its_lower_number_says_so(put: Put) -> None:
    result = run(put([sample("systolic", date(2026, 11, 9), 128.0, "mmHg")]), "blood_pressure", "latest")
    assert [f.value for f in result.findings] == [Decimal(128)] and len(result.unknown) == 1


def test_findings_are_the_same_every_time_and_json_ready(put: Put) -> None:
    view = put(steps(FULL))
    once = run(view, "steps", "total")
    assert once == run(view, "steps", "total")
    json.dumps([f.data for f in once.findings])


def test_a_long_chart_is_thinned(put: Put) -> None:
    first = date(2024, 1, 1)
    view = put(sample("steps", first + timedelta(days=i), 5000.0, "count", minutes=5) for i in range(900))
    chart = run(view, "steps", "average").findings[0].data
    assert len(chart["points"]) <= 400 and chart["every"] == 3 and chart["points"][0][1] == 5000.0
