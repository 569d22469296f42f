"""The independent readers: small files whose facts are plain to see."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

import pytest

from salus.evals.questions import chart_facts, document_facts, phone_facts
from salus.evals.questions.chart_facts import Records
from salus.evals.questions.fact import Fact
from salus.evals.questions.phone_facts import Phone

WATCH, PHONE, APP = "My Apple Watch", "My iPhone", "Other"


def record(kind: str, source: str, start: str, end: str, value: str, unit: str = "count") -> str:
    return (
        f'<Record type="{kind}" sourceName="{source}" unit="{unit}" startDate="{start} +0100" endDate="{end} +0100"'
        f' value="{value}"/>'
    )


def phone(*records: str) -> Phone:
    return Phone(f"<HealthData>{''.join(records)}</HealthData>".encode())


def steps(source: str, start: str, end: str, value: int) -> str:
    return record("HKQuantityTypeIdentifierStepCount", source, f"2026-11-{start}", f"2026-11-{end}", str(value))


def total(read: Phone, day: str) -> float | None:
    facts = phone_facts.metric(read, {"metric": "steps", "measure": "total", "period": [day, day]})
    return facts[0].value if facts else None


def test_the_watch_wins_and_the_phone_keeps_what_the_watch_did_not_cover() -> None:
    read = phone(
        steps(WATCH, "09 10:00:00", "09 10:10:00", 1000),
        steps(PHONE, "09 10:05:00", "09 10:15:00", 900),
        steps(PHONE, "09 12:00:00", "09 12:10:00", 300),
    )
    assert total(read, "2026-11-09") == 1000 + 450 + 300


def test_a_repeated_record_counts_once() -> None:
    one = steps(WATCH, "09 10:00:00", "09 10:10:00", 1000)
    assert total(phone(one, one), "2026-11-09") == 1000


def test_a_span_past_midnight_is_shared_by_time() -> None:
    read = phone(steps(PHONE, "09 23:50:00", "10 00:10:00", 200))
    assert (total(read, "2026-11-09"), total(read, "2026-11-10")) == (100, 100)


def test_days_are_those_of_paris_and_not_of_the_text() -> None:
    summer = record(
        "HKQuantityTypeIdentifierStepCount", PHONE, "2026-07-01 23:20:00", "2026-07-01 23:30:00", "70"
    )
    read = phone(summer)
    assert total(read, "2026-07-02") == 70
    assert total(read, "2026-07-01") is None


def test_nested_records_are_not_counted_again() -> None:
    at = ("2026-11-09 07:00:00", "2026-11-09 07:00:00")
    one = record("HKQuantityTypeIdentifierBloodPressureSystolic", "Cuff", *at, "120")
    read = phone(one, f'<Correlation type="x" sourceName="Cuff">{one}</Correlation>')
    assert len(read.rows["HKQuantityTypeIdentifierBloodPressureSystolic"]) == 1


def test_pounds_and_fractions_are_read_as_kilograms_and_per_cent() -> None:
    at = ("2026-11-09 07:00:00", "2026-11-09 07:00:00")
    read = phone(
        record("HKQuantityTypeIdentifierBodyMass", APP, *at, "200", "lb"),
        record("HKQuantityTypeIdentifierOxygenSaturation", WATCH, *at, "0.97", "%"),
    )
    weight = phone_facts.metric(read, {"metric": "body_weight", "measure": "latest"})[0]
    oxygen = phone_facts.metric(read, {"metric": "blood_oxygen", "measure": "latest"})[0]
    assert (weight.unit, weight.day) == ("kg", "2026-11-09")
    assert weight.value == pytest.approx(90.718474)
    assert oxygen.value == pytest.approx(97)


def sleep(source: str, start: str, end: str, value: str) -> str:
    kind = "HKCategoryTypeIdentifierSleepAnalysis"
    return record(kind, source, f"2026-11-{start}", f"2026-11-{end}", f"HKCategoryValueSleepAnalysis{value}", "")


def test_a_night_is_the_watchs_stages_and_belongs_to_the_morning() -> None:
    read = phone(
        sleep(PHONE, "08 22:30:00", "09 07:00:00", "InBed"),
        sleep(APP, "08 22:40:00", "09 06:50:00", "AsleepUnspecified"),
        sleep(WATCH, "08 23:00:00", "09 02:00:00", "AsleepCore"),
        sleep(WATCH, "09 02:00:00", "09 02:10:00", "Awake"),
        sleep(WATCH, "09 02:10:00", "09 03:10:00", "AsleepDeep"),
        sleep(APP, "09 23:00:00", "10 06:00:00", "AsleepUnspecified"),
    )
    assert phone_facts.by_day(read, "sleep") == {date(2026, 11, 9): 240, date(2026, 11, 10): 420}
    assert phone_facts.by_day(read, "sleep_deep") == {date(2026, 11, 9): 60}


def test_a_nap_is_added_to_its_day() -> None:
    read = phone(
        sleep(WATCH, "08 23:00:00", "09 02:00:00", "AsleepCore"),
        sleep(APP, "09 14:00:00", "09 14:30:00", "AsleepUnspecified"),
    )
    assert phone_facts.by_day(read, "sleep") == {date(2026, 11, 9): 210}


def test_average_is_over_the_days_that_have_data() -> None:
    read = phone(steps(PHONE, "09 10:00:00", "09 10:10:00", 100), steps(PHONE, "11 10:00:00", "11 10:10:00", 300))
    query = {"metric": "steps", "measure": "average", "period": ["2026-11-09", "2026-11-15"]}
    assert phone_facts.metric(read, query) == [Fact(200.0, "{steps}", 0)]


def test_the_highest_day_is_named_unless_shared() -> None:
    read = phone(steps(PHONE, "09 10:00:00", "09 10:10:00", 100), steps(PHONE, "11 10:00:00", "11 10:10:00", 300))
    assert phone_facts.metric(read, {"metric": "steps", "measure": "max"})[0].day == "2026-11-11"
    tie = phone(steps(PHONE, "09 10:00:00", "09 10:10:00", 300), steps(PHONE, "11 10:00:00", "11 10:10:00", 300))
    assert phone_facts.metric(tie, {"metric": "steps", "measure": "max"})[0].day == ""


def observation(day: str, value: float, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": f"{day}-{value}", "status": "final", "effectiveDateTime": day,
        "code": {"coding": [{"code": "4548-4"}]}, "valueQuantity": {"value": value, "unit": "%"}, **more,
    }


def records(*resources: dict[str, Any], clinical: list[bytes] | None = None) -> Records:
    return Records(json.dumps({"entry": [{"resource": r} for r in resources]}).encode(), clinical or [])


def test_the_latest_valid_result_is_chosen() -> None:
    read = records(
        observation("2026-03-01", 6.9), observation("2026-10-01", 6.4), observation("2025-01-01", 6.0),
        observation("2026-11-01", 9.9, status="entered-in-error"),
    )
    assert chart_facts.result(read, {"test": "hba1c"}) == [Fact(6.4, "%", 1, day="2026-10-01")]
    assert [f.value for f in chart_facts.change(read, {"test": "hba1c"})] == [6.0, 6.4]
    assert chart_facts.result(read, {"test": "hba1c", "period": ["2011-01-01", "2011-12-31"]}) == []
    assert chart_facts.direction(read, {"test": "hba1c"}) == [Fact(direction="up")]


def test_out_of_range_is_by_the_laboratorys_own_range() -> None:
    limits = [{"low": {"value": 4.0}, "high": {"value": 6.0}}]
    high = records(observation("2026-10-01", 6.4, referenceRange=limits))
    fine = records(observation("2026-10-01", 5.4, referenceRange=limits))
    assert [f.value for f in chart_facts.abnormal(high, {})] == [6.4]
    assert chart_facts.abnormal(fine, {}) == []
    assert chart_facts.abnormal(records(observation("2026-10-01", 6.4)), {}) == []


def test_an_instant_belongs_to_the_day_in_paris_and_a_year_stays_a_year() -> None:
    assert chart_facts.day_of("2025-01-23T23:25:00Z") == "2025-01-24"
    assert chart_facts.day_of("2019") == "2019"


def test_the_phones_clinical_files_add_what_the_bundle_does_not_have() -> None:
    vaccine = {
        "resourceType": "Immunization", "id": "v1", "status": "completed", "occurrenceDateTime": "2025-10-20",
        "vaccineCode": {"text": "COVID-19 vaccine"},
    }
    query = {"type": "Immunization", "match": ["covid"], "pick": "last", "give": ["day", "name"]}
    read = records(clinical=[json.dumps(vaccine).encode()])
    assert chart_facts.resource(read, query) == [Fact(day="2025-10-20"), Fact(words="COVID-19 vaccine")]
    both = records(vaccine, clinical=[json.dumps(vaccine).encode()])
    assert chart_facts.resource(both, query | {"pick": "count"}) == [Fact(1.0)]


def test_documents_are_found_by_words_as_written_and_by_who_wrote_them() -> None:
    data = base64.b64encode(b"No sign of eye or nerve trouble.").decode()
    letter = {
        "resourceType": "DocumentReference", "id": "d", "status": "current", "description": "A letter",
        "date": "2026-08-24", "author": [{"display": "Dr Roy"}], "content": [{"attachment": {"data": data}}],
    }
    read = records(letter)
    assert document_facts.document(read, {"words": ["nerve", "eye"]}) == [Fact(words="A letter & nerve & eye")]
    assert document_facts.document(read, {"by": "roy"}) == [Fact(words="A letter")]
    assert document_facts.document(read, {"words": ["nerf"]}) == []
    assert document_facts.document(read, {"by": "lind"}) == []
