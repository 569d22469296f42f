"""Samples as FHIR R4 Observations, for programs that read nothing else."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from salus.records.codes import LOINC, METRIC, UCUM
from salus.records.metrics import Metric
from salus.vault.export.rows import Row
from salus.vault.view import exact_figure

CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
VITAL = frozenset({
    "heart_rate", "resting_heart_rate", "blood_oxygen", "respiratory_rate", "body_temperature", "body_weight", "height",
    "bmi", "systolic", "diastolic",
})  # fmt: skip


def observation(row: Row, metric: Metric) -> dict[str, Any]:
    """One sample. Its id is made of what it is, so the same sample always has the same one."""
    key = f"{metric.key}|{row.start}|{row.end}|{row.value!r}|{row.unit}|{row.origin}|{row.source}"
    coding = [{"system": METRIC, "code": metric.key, "display": metric.en}]
    if metric.loinc:
        coding.insert(0, {"system": LOINC, "code": metric.loinc, "display": metric.en})
    made: dict[str, Any] = {
        "resourceType": "Observation",
        "id": hashlib.sha256(key.encode()).hexdigest()[:32],
        "status": "final",
        "category": [
            {"coding": [{"system": CATEGORY, "code": "vital-signs" if metric.key in VITAL else "activity"}]}
        ],
        "code": {"coding": coding, "text": metric.en},
    }
    if row.start == row.end:
        made["effectiveDateTime"] = iso(row.start)
    else:
        made["effectivePeriod"] = {"start": iso(row.start), "end": iso(row.end)}
    if isinstance(row.value, str):
        made["valueString"] = row.value
    else:
        value = exact_figure(row.value, row.raw)
        unit = metric.ucum(row.unit)
        made["valueQuantity"] = {"value": value, "unit": row.unit, "system": UCUM, "code": unit}
    made["device"] = {"display": row.origin}
    return made


def iso(ms: int) -> str:
    """An instant as FHIR writes it."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds" if ms % 1000 else "seconds")
