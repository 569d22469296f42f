"""The timeline: what is told of each record, in which order, and how fast."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from salus.records.times import Period, When, day_end_ms, day_start_ms, to_ms
from salus.sources.fhir.receive import receive
from salus.vault import timeline
from salus.vault.timeline import events
from salus.vault.vault import Vault
from tests.vault.conftest import KEY, sample

PARIS = ZoneInfo("Europe/Paris")
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"


def put(vault: Vault, *bodies: dict[str, Any]) -> int:
    with vault.batch("fhir", "files", "x") as batch:
        for number, body in enumerate(bodies):
            batch.add(receive(json.dumps({"id": f"i{number}", **body}).encode()))
        return batch.id


def observation(category: str, on: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
        "code": {"text": category},
        "effectiveDateTime": on,
        **more,
    }


def test_kinds_order_and_times(vault: Vault) -> None:
    batch = put(
        vault,
        observation("laboratory", "2024-03-02"),
        observation("vital-signs", "2024-03-02T10:00:00+01:00"),
        observation("survey", "2023"),
        observation("social-history", "2024-01"),
        {"resourceType": "Condition", "code": {"text": "Asthma"}, "onsetDateTime": "2020-05"},
        {"resourceType": "Immunization", "vaccineCode": {"text": "Flu"}, "occurrenceDateTime": "2024-10-01"},
        {"resourceType": "Patient", "birthDate": "1980-01-01"},
        {"resourceType": "Condition", "code": {"text": "undated"}},
    )
    found = events(vault.view())
    assert [(e.kind, e.title, e.time.text) for e in found] == [
        ("immunization", "Flu", "2024-10-01"),
        ("vital", "vital-signs", "2024-03-02T10:00:00+01:00"),
        ("result", "laboratory", "2024-03-02"),
        ("other", "social-history", "2024-01"),
        ("symptom", "survey", "2023"),
        ("problem", "Asthma", "2020-05"),
    ]
    assert {e.kind for e in found} <= set(timeline.KINDS) and all(e.source == "fhir" for e in found)
    assert [e.kind for e in events(vault.view(), ["vital", "result"])] == ["vital", "result"]
    assert [e.kind for e in events(vault.view(), None, Period(date(2024, 3, 1), date(2024, 3, 31)))] == [
        "vital",
        "result",
    ]
    assert [e.kind for e in events(vault.view(), None, Period(date(2023, 6, 1), date(2023, 6, 2)))] == [
        "symptom"
    ]  # may touch it
    vault.set_aside("Condition/i4", "wrong")
    assert "problem" not in {e.kind for e in events(vault.view())}
    vault.put_back("Condition/i4")
    vault.undo(batch)
    assert events(vault.view()) == [] and vault.facts.connection.execute(
        "SELECT count(*) FROM observed"
    ).fetchone() == (0,)


def test_an_older_vault_knows_its_vital_signs(vault: Vault) -> None:
    put(vault, observation("vital-signs", "2024-03-02"))
    with vault.facts.writing() as db:
        db.execute("DELETE FROM observed")
        db.execute("UPDATE setting SET value = '1' WHERE key = 'search_indexed'")
    with Vault(vault.folder, KEY) as again:
        assert [e.kind for e in events(again.view())] == ["vital"]


def test_one_event_a_thing_a_day(vault: Vault) -> None:
    put(
        vault,
        observation("laboratory", "2024-03-02", id="a"),
        observation("laboratory", "2024-03-02", id="b"),
        observation("laboratory", "2024-04-02", id="c"),
    )
    doubles = {f"Observation/{x}": "thing" for x in "abc"}
    assert len(events(vault.view(), doubles=doubles)) == 2
    assert len(events(vault.view())) == 3


def test_readings_by_hand(vault: Vault) -> None:
    at = datetime(2024, 3, 5, 8, tzinfo=UTC)
    with vault.batch("by_hand", "hand", "weight") as batch:
        from salus.sources.plain_samples import write_samples

        write_samples(batch, [sample("body_weight", at, 0, 80.0, "kg", "By hand")])
    with vault.batch("apple_health", "files", "x") as batch:
        write_samples(batch, [sample("body_weight", at, 0, 81.0, "kg", "Scale")])
    (event,) = events(vault.view())
    assert (event.kind, event.source, event.first_ms) == ("reading", "by_hand", to_ms(at))
    assert vault.view().sample_at(event.ref) is not None
    assert events(vault.view(), ["result"]) == []
    vault.set_aside(event.ref, "wrong")
    assert events(vault.view()) == []


@pytest.mark.parametrize(
    "text",
    ["2024-03-02T10:00:00+01:00", "2024-03-02", "2024-03", "2024", "2024-03-31", "2024-10-27", "2023-02", "1950"],
)
def test_times_are_as_precise_as_recorded(text: str) -> None:
    found = When.parse(text)
    assert found is not None
    assert timeline.when(*found.span_ms(PARIS), PARIS).text == text
    day = date(2024, 3, 2)
    assert timeline.when(day_start_ms(day, PARIS), day_end_ms(day, PARIS), ZoneInfo("Asia/Tokyo")).text == "2024-03-02"


def test_thousands_of_events_come_in_a_moment(vault: Vault) -> None:
    start = datetime(2000, 1, 1, tzinfo=UTC)
    put(
        vault,
        *(
            observation(
                "vital-signs" if n % 3 else "laboratory",
                (start + timedelta(days=n)).isoformat(),
                id=f"n{n}",
                note=[{"text": "x" * 200}],
            )
            for n in range(5000)
        ),
    )
    view = vault.view()
    best = 9.0
    for _ in range(5):
        began = time.perf_counter()
        assert len(events(view)) == 5000
        best = min(best, time.perf_counter() - began)
    assert best < 0.15
