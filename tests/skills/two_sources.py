"""Records of one thing from several senders, each imported by itself, for the tests of every skill."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salus.sources.importing import import_paths
from salus.vault.vault import Vault
from salus.vault.view import VaultView

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Body = dict[str, Any]


def observation(code: str, value: float | str, unit: str, at: str | None, *, name: str = "", vital: bool = False,
                **more: Any) -> Body:  # fmt: skip
    """An Observation of one LOINC code; `at` None leaves it undated."""
    category = "vital-signs" if vital else "laboratory"
    body: Body = {
        "resourceType": "Observation", "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                  "code": category}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name or code}]},
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }  # fmt: skip
    return body | ({"effectiveDateTime": at} if at else {}) | more


def senders(vault: Vault, folder: Path, *bundles: list[Body]) -> VaultView:
    """Each bundle is another hospital's file: its own ids, its own import. The view after all of them."""
    for number, bundle in enumerate(bundles):
        entries = [{"resource": {"id": f"s{number}-{i}", **body}} for i, body in enumerate(bundle)]
        path = folder / f"sender{number}-{len(list(folder.iterdir()))}.json"
        path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
        (outcome,) = import_paths(vault, [path])
        assert not outcome.report.rejected, outcome.report.plain()
    return vault.view(NOW)
