"""A vault of one person into which FHIR resources of a test are imported, and what a result says in English."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from salus.assistant.words import words
from salus.records.finding import Result
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
    """hold(*resources) imports a bundle of them and gives the view after it."""

    def add(*resources: Body) -> VaultView:
        if resources:
            entries = [{"resource": {"id": f"r{i}", **body}} for i, body in enumerate(resources)]
            path = tmp_path / "bundle.json"
            path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
            (outcome,) = import_paths(vault, [path])
            assert not outcome.report.rejected, outcome.report.plain()
        return vault.view(NOW)

    return add


def said(result: Result) -> str:
    say = words("en").say
    lines = [say(line) for line in result.answer]
    lines += [" ".join(say(x) for x in (u.what, u.needed) if x) for u in result.unknown]
    return " ".join(lines).replace("\u00a0", " ")
