"""A vault of one person into which results of a test are imported, and a short way to make them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from salus.assistant.words import words
from salus.records.finding import Result
from salus.skills.labs import LabsQuery, labs
from salus.sources.importing import import_paths
from salus.vault.keys import new_data_key
from salus.vault.vault import Vault
from salus.vault.view import VaultView

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Body = dict[str, Any]
Hold = Callable[..., VaultView]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    folder = tmp_path / "vault"
    folder.mkdir()
    with Vault(folder, new_data_key()) as opened:
        opened.configure(name="Ana", born="1974-05-12", sex="female", zone="Europe/Paris", zone_known="1", lang="en")
        yield opened


@pytest.fixture
def hold(vault: Vault, tmp_path: Path) -> Hold:
    """hold(*results) imports them and gives the view after it."""

    def add(*results: Body) -> VaultView:
        entries = [{"resource": {"id": f"r{i}", **body}} for i, body in enumerate(results)]
        path = tmp_path / "bundle.json"
        path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
        (outcome,) = import_paths(vault, [path])
        assert not outcome.report.rejected, outcome.report.plain()
        return vault.view(NOW)

    return add


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


def said(result: Result) -> str:
    say = words("en").say
    lines = [say(line) for line in result.answer]
    lines += [" ".join(say(x) for x in (u.what, u.needed) if x) for u in result.unknown]
    return " ".join(lines).replace("\u00a0", " ")
