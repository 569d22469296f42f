"""The sample person's vault, imported once for all tests of the assistant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from salus.sample import BORN, COUNTRY, SEX, ZONE, write
from salus.sources.importing import import_paths
from salus.vault.home import Home
from salus.vault.vault import Vault
from salus.vault.view import VaultView

NOW = datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture(scope="session")
def sample_vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    folder: Path = tmp_path_factory.mktemp("sample")
    files = write(folder / "files", end=date(2026, 11, 20), days=120)
    home = Home(folder / "home")
    born = BORN if isinstance(BORN, date) else date.fromisoformat(BORN)
    listed = home.add("Sample", "sample person", born=born, sex=SEX, zone=ZONE, country=COUNTRY)
    with home.open(listed, "sample person") as vault:
        import_paths(vault, [files.fhir_bundle, files.export_zip])
        yield vault


@pytest.fixture(scope="session")
def view(sample_vault: Vault) -> VaultView:
    return sample_vault.view(NOW)
