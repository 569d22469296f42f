"""FHIR R4 resources stay plain dicts; here are the few paths into them that everything shares.

Decimals are read as `Decimal` with the digits received (3.10 stays 3.10); the received bytes are kept beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec

from salus.records.codes import Code
from salus.records.times import When
from salus.records.units import Quantity, normal

Body = dict[str, Any]

_decoder = msgspec.json.Decoder(float_hook=Decimal)

# Where each type says when it happened, best first (FHIR R4 search parameter `date` and its kin).
TIME_PATHS: dict[str, tuple[str, ...]] = {
    "Observation": (
        "effectiveDateTime",
        "effectivePeriod.start",
        "effectiveInstant",
        "effectiveTiming.event",
        "issued",
    ),
    "Condition": ("onsetDateTime", "onsetPeriod.start", "recordedDate"),
    "MedicationRequest": ("authoredOn",),
    "MedicationStatement": ("effectiveDateTime", "effectivePeriod.start", "dateAsserted"),
    "MedicationAdministration": ("effectiveDateTime", "effectivePeriod.start"),
    "MedicationDispense": ("whenHandedOver", "whenPrepared"),
    "AllergyIntolerance": ("onsetDateTime", "recordedDate", "lastOccurrence"),
    "Immunization": ("occurrenceDateTime", "recorded"),
    "Procedure": ("performedDateTime", "performedPeriod.start"),
    "Encounter": ("period.start",),
    "DiagnosticReport": ("effectiveDateTime", "effectivePeriod.start", "issued"),
    "DocumentReference": ("date", "context.period.start"),
    "CarePlan": ("period.start", "created"),
    "CareTeam": ("period.start",),
    "Goal": ("startDate", "statusDate"),
    "Appointment": ("start",),
    "ServiceRequest": ("occurrenceDateTime", "authoredOn"),
    "Claim": ("billablePeriod.start", "created"),
    "ExplanationOfBenefit": ("billablePeriod.start", "created"),
    "Coverage": ("period.start",),
    "ImagingStudy": ("started",),
    "Device": ("manufactureDate",),
    "Patient": ("birthDate",),
    "Composition": ("date",),
    "QuestionnaireResponse": ("authored",),
    "Media": ("createdDateTime", "createdPeriod.start", "issued"),
    "Specimen": ("receivedTime", "collection.collectedDateTime"),
    "SupplyDelivery": ("occurrenceDateTime", "occurrencePeriod.start"),
    "FamilyMemberHistory": ("date",),
    "ClinicalImpression": ("effectiveDateTime", "date"),
    "Provenance": ("occurredDateTime", "recorded"),
    # Salus's own, made of what phones export (not FHIR types).
    "Workout": ("start",),
    "WorkoutRoute": ("start",),
    "Electrocardiogram": ("recorded",),
    "ActivitySummary": ("date",),
    "Correlation": ("start",),
}

END_PATHS: dict[str, tuple[str, ...]] = {
    "Condition": ("abatementDateTime", "abatementPeriod.end"),
    "Encounter": ("period.end",),
    "Procedure": ("performedPeriod.end",),
    "MedicationStatement": ("effectivePeriod.end",),
    "CarePlan": ("period.end",),
    "Observation": ("effectivePeriod.end",),
    "Workout": ("end",),
}

LARGEST_EXPONENT = 60
"""A figure beyond is no measurement (and would fill a page when written out)."""

_CODE_FIELDS = ("code", "vaccineCode", "medicationCodeableConcept", "type")


def decode(raw: bytes) -> Any:
    """JSON to Python with exact decimals. Raises `msgspec.DecodeError` (a ValueError) on bad JSON."""
    return _decoder.decode(raw)


@dataclass(frozen=True)
class Resource:
    """One stored resource: `raw` as received; `origin` is who wrote it in words, `connection` what brought it."""

    type: str
    id: str
    raw: bytes
    time: When | None
    origin: str
    connection: str
    batch: int

    @property
    def ref(self) -> str:
        return f"{self.type}/{self.id}"

    @cached_property
    def body(self) -> Body:
        body: Body = decode(self.raw)
        return body


def first(body: Any, path: str) -> Any:
    """The first value at a dotted path ("code.coding.display"), stepping into lists; None when absent."""
    for step in path.split("."):
        if isinstance(body, list):
            body = next((x for x in body if isinstance(x, dict) and step in x), None)
        if not isinstance(body, dict):
            return None
        body = body.get(step)
    if isinstance(body, list):
        return body[0] if body else None
    return body


def each(body: Any, path: str) -> Iterator[Any]:
    """Every value at a dotted path, in order, through all lists."""
    if isinstance(body, list):
        for item in body:
            yield from each(item, path)
        return
    step, _, rest = path.partition(".")
    if not step:
        if body is not None:
            yield body
    elif isinstance(body, dict):
        yield from each(body.get(step), rest)


def codings(concept: Any) -> list[Code]:
    """The codes of a CodeableConcept, those with a system and a code only."""
    if not isinstance(concept, dict):
        return []
    found = concept.get("coding")
    return [
        Code(str(c["system"]), str(c["code"]), str(c.get("display") or ""))
        for c in (found if isinstance(found, list) else [])
        if isinstance(c, dict) and c.get("system") and c.get("code")
    ]


def concept_text(concept: Any) -> str:
    """What a CodeableConcept calls itself: its text, else its first display, else its first code, else ''."""
    if not isinstance(concept, dict):
        return ""
    return str(concept.get("text") or first(concept, "coding.display") or first(concept, "coding.code") or "")


def main_concept(body: Body) -> Any:
    """The concept that says what a resource is about (code, vaccine, medication, type), or None."""
    for name in _CODE_FIELDS:
        value = body.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            return value
    return None


def title(body: Body) -> str:
    """What a resource is about, in its own words ('' when it does not say)."""
    named = concept_text(main_concept(body)) or str(first(body, "medicationReference.display") or "")
    said = body.get("description")
    return named or (concept_text(said) if isinstance(said, dict) else str(said or ""))


def all_codes(body: Body) -> list[Code]:
    """Every code a resource can be asked for by: its main concept and, for panels, its components."""
    found: list[Code] = []
    for name in _CODE_FIELDS:
        values = body.get(name)
        if values is not None:
            for value in values if isinstance(values, list) else [values]:
                found += codings(value)
    components = body.get("component")
    if isinstance(components, list):
        for component in components:
            if isinstance(component, dict):
                found += codings(component.get("code"))
    return list(dict.fromkeys(found)) if len(found) > 1 else found


def when(body: Body) -> When | None:
    """When it happened, at the precision recorded; None when it does not say."""
    return _when(body, TIME_PATHS)


def ended(body: Body) -> When | None:
    """When it ended, if it says so."""
    return _when(body, END_PATHS)


def _when(body: Body, paths: dict[str, tuple[str, ...]]) -> When | None:
    for path in paths.get(str(body.get("resourceType")), ()):
        value = first(body, path) if "." in path else body.get(path)
        if isinstance(value, str) and (parsed := When.parse(value)):
            return parsed
    return None


def quantity(value: Any) -> Quantity | None:
    """A FHIR Quantity as a Quantity: the UCUM code first, else the unit as written. None without a number."""
    if not isinstance(value, dict) or isinstance(value.get("value"), bool):
        return None
    if not isinstance(value.get("value"), (int, Decimal)):
        return None
    ucum = str(value.get("system", "")).endswith("unitsofmeasure.org")
    unit = value.get("code") if ucum else None
    number = Decimal(value["value"])
    if number and abs(number.adjusted()) > LARGEST_EXPONENT:
        return None
    return Quantity(number, normal(str(unit or value.get("unit") or value.get("code") or "")))


def subject_ref(body: Body) -> str | None:
    """The reference to whom it is about (subject, patient, beneficiary …), as written."""
    for name in ("subject", "patient", "beneficiary", "for", "individual"):
        value = body.get(name)
        if isinstance(value, dict) and isinstance(value.get("reference"), str):
            return str(value["reference"])
    return None
