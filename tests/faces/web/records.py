"""Records for the pages' tests: observations, conditions, documents of a made person, put into the vault directly."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from salus.sources.fhir.receive import receive
from salus.vault.home import Home, Listed
from salus.vault.vault import Vault

from .conftest import PASSPHRASE

NASTY = "<script>alert('x')</script>"


@contextmanager
def vault_of(home: Home, person: Listed) -> Iterator[Vault]:
    with home.open(person, PASSPHRASE) as vault:
        yield vault


def put(vault: Vault, *bodies: dict[str, Any], connection: str = "files") -> int:
    """One batch of a connection; its number."""
    with vault.batch("fhir", connection, f"{connection}.json") as batch:
        for body in bodies:
            batch.add(receive(json.dumps(body).encode()))
        return batch.id


def result(
    id_: str, value: float | str, day: str, *, code: str | None = "2276-4", name: str = "Ferritin", unit: str = "ug/L",
    low: float | None = None, high: float | None = None,
) -> dict[str, Any]:
    """A laboratory result; without `code` it has only its name."""
    concept: dict[str, Any] = {"text": name}
    if code:
        concept["coding"] = [{"system": "http://loinc.org", "code": code, "display": name}]
    made: dict[str, Any] = {
        "resourceType": "Observation", "id": id_, "status": "final", "code": concept, "effectiveDateTime": day,
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                  "code": "laboratory"}]}],
        "performer": [{"display": "Laboratory of the Harbour"}],
    }  # fmt: skip
    ucum = {"unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    if isinstance(value, str):
        made["valueString"] = value
    else:
        made["valueQuantity"] = {"value": value, **ucum}
    limits = {k: {"value": v, **ucum} for k, v in (("low", low), ("high", high)) if v is not None}
    if limits:
        made["referenceRange"] = [limits]
    return made


def condition(id_: str, name: str, *, onset: str = "2019-03-01", code: str = "44054006", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition", "id": id_, "onsetDateTime": onset,
        "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                                       "code": "active"}]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": code, "display": name}], "text": name},
        **more,
    }  # fmt: skip


def letter(id_: str, text: str, *, title: str = "Letter", kind: str = "text/plain", name: str = "") -> dict[str, Any]:
    attachment = {"contentType": kind, "data": base64.b64encode(text.encode()).decode()}
    if name:
        attachment["title"] = name
    return {
        "resourceType": "DocumentReference", "id": id_, "status": "current", "type": {"text": title},
        "date": "2026-05-06T10:00:00+02:00", "author": [{"display": "Dr Ferrand"}],
        "content": [{"attachment": attachment}],
    }  # fmt: skip


def plain(text: str) -> str:
    """No-break spaces as plain ones."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
