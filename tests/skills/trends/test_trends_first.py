"""The first figure, days that met a limit, and what the medical records hold where the phone holds nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salus.records.times import Period
from salus.skills.trends import TrendsQuery, trends
from salus.vault.vault import Vault
from salus.vault.view import VaultView
from tests.skills.trends.conftest import run, said, sample

Put = Callable[..., VaultView]
LOINC = "http://loinc.org"


def weight(value: float, on: str, ident: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": ident, "status": "final", "effectiveDateTime": on,
        "code": {"coding": [{"system": LOINC, "code": "29463-7"}]}, "valueQuantity": {"value": value, "unit": "kg"},
    }  # fmt: skip


def pressure(upper: int, lower: int, on: str, ident: str) -> dict[str, Any]:
    parts = [
        {"code": {"coding": [{"system": LOINC, "code": code}]}, "valueQuantity": {"value": value, "unit": "mm[Hg]"}}
        for code, value in (("8462-4", lower), ("8480-6", upper))
    ]
    return {
        "resourceType": "Observation", "id": ident, "status": "final", "effectiveDateTime": on,
        "code": {"coding": [{"system": LOINC, "code": "85354-9"}]}, "component": parts,
    }  # fmt: skip


def test_the_first_reading_is_the_earlier_of_phone_and_chart(put: Put) -> None:
    view = put([sample("body_weight", date(2026, month, 1), 83.0 - month, "kg") for month in (3, 4)])
    assert run(view, "body_weight", "first").findings[0].value == Decimal("80")
    view = put([], [weight(84.5, "2019-05-02", "w1"), weight(83, "2020-05-02", "w2")])
    assert said(run(view, "body_weight", "first")) == "Your first recorded weight was 84.5 kg, on 2 May 2019."
    assert run(view, "heart_rate", "first").unknown


def test_the_first_day_of_what_adds_up(put: Put) -> None:
    view = put([sample("steps", date(2026, 11, day), 100.0 * day, "count", minutes=5) for day in (9, 10)])
    assert said(run(view, "steps", "first")) == "Your first day with steps is 9 November 2026: 900 steps."


def test_days_that_met_a_limit(put: Put) -> None:
    view = put([sample("steps", date(2026, 11, day), 1000.0 * day, "count", minutes=5) for day in (9, 10, 11)])
    week = Period(date(2026, 11, 9), date(2026, 11, 11))
    found = trends.run(view, TrendsQuery("steps", "count", week, at_least=Decimal(10000)))
    assert found.findings[0].value == 2
    assert "2 days of 10,000 steps or more" in said(found) and "of 3 with data" in said(found)
    assert trends.run(view, TrendsQuery("steps", "count", week, under=Decimal(10000))).findings[0].value == 1


def test_both_numbers_of_a_pressure_written_in_another_zone(put: Put, vault: Vault) -> None:
    vault.configure(zone="America/New_York")
    newest, oldest = "2021-09-11T02:00:35+10:00", "2013-07-27T02:00:35+10:00"
    view = put([], [pressure(120, 86, newest, "p1"), pressure(110, 83, oldest, "p2")])
    assert said(run(view, "blood_pressure", "latest")) == (
        "Your latest blood pressure was 120/86 mmHg, on 10 September 2021."
    )
    assert said(run(view, "blood_pressure", "first")) == (
        "Your first recorded blood pressure was 110/83 mmHg, on 26 July 2013."
    )


def test_no_data_in_a_period_does_not_deny_the_chart(put: Put) -> None:
    view = put([], [weight(84.5, "2019-05-02", "w1"), weight(83, "2020-05-02", "w2")])
    answer = said(run(view, "body_weight", "average", Period(date(2026, 11, 9), date(2026, 11, 15))))
    assert "There is no weight data from 9 to 15 November 2026." in answer
    assert "There is some from other days: from 2 May 2019 to 2 May 2020." in answer


def test_the_highest_of_the_chart_keeps_its_digits(put: Put) -> None:
    body = weight(99.86, "2019-05-02", "w1")
    view = put([], [body, weight(83, "2020-05-02", "w2")])
    assert run(view, "body_weight", "max").findings[0].value == Decimal("99.86")


def test_no_clear_change_still_tells_both_ends(put: Put) -> None:
    view = put([sample("body_weight", date(2026, 10, day), 80.0 + day % 3, "kg") for day in range(1, 31)])
    answer = said(run(view, "body_weight", "trend"))
    assert "no clear change" in answer
    assert "It was 81.0 kg on 1 October 2026 and 80.0 kg on 30 October 2026." in answer


def test_no_data_in_a_period_tells_of_phone_and_chart_together(put: Put) -> None:
    view = put([sample("body_weight", date(2026, 11, 3), 81.5, "kg")], [weight(84.5, "2019-05-02", "w1")])
    result = run(view, "body_weight", "latest", Period(date(2022, 1, 1), date(2022, 12, 31)))
    assert "There is some from other days: from 2 May 2019 to 3 November 2026." in said(result)
    assert {e.type for e in result.unknown[0].evidence} == {"samples", "Observation"}
    both = run(put([], [pressure(120, 80, "2019-05-02", "p1")]), "blood_pressure", "average", Period(date(2026, 1, 1)))
    assert "There is some from other days: on 2 May 2019." in said(both)


@pytest.mark.parametrize(("written", "told"), [("2019-05", "in May 2019"), ("2019", "in 2019")])
def test_a_month_or_a_year_is_said_as_such(put: Put, written: str, told: str) -> None:
    view = put([], [weight(84.5, written, "w1"), pressure(120, 80, written, "p1")])
    assert said(run(view, "body_weight", "latest")) == f"Your latest weight was 84.5 kg, {told}."
    assert said(run(view, "body_weight", "first")) == f"Your first recorded weight was 84.5 kg, {told}."
    assert said(run(view, "blood_pressure", "latest")).endswith(f"120/80 mmHg, {told}.")
    assert said(run(view, "body_weight", "average")) == "The weight data in your records has no exact day."


def test_the_highest_of_all_readings_does_not_deny_a_higher_one_of_the_chart(put: Put) -> None:
    own = [sample("body_weight", date(2026, 11, day), 80.0 + day / 10, "kg") for day in (3, 9)]
    answer = said(run(put(own, [weight(83.1, "2019-05", "w1")]), "body_weight", "max"))
    assert answer.startswith("The highest weight that you measured yourself in all your readings (from 3 to 9 November")
    assert answer.endswith("Your medical records hold a higher one: 83.1 kg, in May 2019.")
    alone = said(run(put([sample("heart_rate", date(2026, 11, d), 60.0 + d, "count/min") for d in (3, 9)]),
                     "heart_rate", "max"))  # fmt: skip
    assert alone.startswith("Your highest heart rate in all your readings (from 3 to 9 November 2026) was 69")
