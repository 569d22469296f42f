"""What tells one server's ids from another's."""

from __future__ import annotations

from typing import Any

import pytest

from salus.vault.servers import differ, joined, of_patient, of_url


@pytest.mark.parametrize(
    ("url", "mark"),
    [
        ("https://a.example/fhir/Observation/1", "url:a.example/fhir"),
        ("HTTP://A.example/fhir/Observation/1/_history/2", "url:a.example/fhir"),
        ("urn:uuid:0f3c", ""),
        ("Observation/1", ""),
        ("https://a.example/Patient/1", ""),
        (None, ""),
    ],
)
def test_the_base_of_a_full_url_is_a_server(url: str | None, mark: str) -> None:
    assert of_url(url, "Observation") == mark


def patient(*identifiers: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Patient", "identifier": list(identifiers)}


def test_numbers_of_a_state_tell_nothing_and_record_numbers_go_first() -> None:
    state = {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999"}
    card = {"system": "urn:cards", "value": "5", "type": {"coding": [{"code": "DL"}]}}
    own = {"system": "urn:a", "value": "1"}
    record = {"system": "urn:mrn", "value": "2", "type": {"coding": [{"code": "MR"}]}}
    assert of_patient(patient(state, card)) == frozenset()
    assert of_patient(patient(state, own)) == {"id:urn:a|1"}
    assert of_patient(patient(own, record)) == {"id:urn:mrn|2"}
    assert of_patient({"identifier": "x"}) == frozenset() == of_patient({})


def test_two_servers_differ_only_when_both_are_known_and_share_nothing() -> None:
    a, b = joined(["url:a", "id:1|1"]), joined(["url:b", "id:1|1"])
    assert differ(a, b) and differ(b, a)
    assert not differ(a, "") and not differ("", "") and not differ(a, a)
    assert not differ("id:1|1", "url:b") and not differ("id:1|1\nid:2|2", "id:2|2\nid:3|3")
