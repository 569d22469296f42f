"""Short ways to make results and to ask the skill."""

from __future__ import annotations

from typing import Any

from salus.records.finding import Result
from salus.skills.labs import LabsQuery, labs
from salus.vault.view import VaultView
from tests.skills.conftest import Body


def result(code: str, value: Any, unit: str = "", on: str = "2026-01-10", text: str = "A test", **more: Any) -> Body:
    figure = (
        {"valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}}
        if isinstance(value, int | float) else {"valueCodeableConcept": {"text": value}}
    )  # fmt: skip
    return {
        "resourceType": "Observation", "status": "final", "effectiveDateTime": on,
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"text": text, "coding": [{"system": "http://loinc.org", "code": code, "display": text}]},
        **figure, **more,
    }  # fmt: skip


def limits(low: float, high: float, unit: str) -> list[Body]:
    return [{"low": {"value": low, "unit": unit}, "high": {"value": high, "unit": unit}}]


def run(view: VaultView, **query: Any) -> Result:
    return labs.run(view, LabsQuery(**query))
