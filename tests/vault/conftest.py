"""Vaults for tests: without a passphrase (so without Argon2) unless the test is about one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from salus.records.codes import LOINC
from salus.records.sample import Sample
from salus.records.times import to_ms
from salus.sources.fhir.receive import body_of, indexed
from salus.sources.given import Given
from salus.sources.importing import Outcome, import_given
from salus.vault.home import Home
from salus.vault.resources import Received
from salus.vault.vault import Vault

KEY = bytes(range(32))


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    folder = tmp_path / "vault"
    folder.mkdir()
    with Vault(folder, KEY) as opened:
        opened.configure(zone="Europe/Paris", zone_known="1")
        yield opened


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def quick_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with little memory, for tests that are not about its cost."""
    from salus.vault import keys

    monkeypatch.setattr(keys, "MEMORY_KIB", 64)
    monkeypatch.setattr(keys, "PASSES", 1)


class Bringing:
    """A source that brings what it was given, as `import_given` takes it."""

    title = {"en": "Test", "fr": "Essai"}
    kinds = frozenset({"samples", "resources"})

    def __init__(self, items: Iterable[Any], name: str = "test") -> None:
        self.items, self.name = items, name

    def recognises(self, given: Given) -> bool:
        return True

    def read(self, given: Given, context: Any) -> Iterator[Any]:
        return iter(self.items)


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Outcome]:
    """bring(vault, items, name="test") imports them as one batch of the connection `name`."""
    path = tmp_path / "given"
    path.write_bytes(b"x")

    def run(vault: Vault, items: Iterable[Any], name: str = "test") -> Outcome:
        return import_given(vault, Given.at(path), Bringing(items, name))

    return run


def sample(
    metric: str, start: datetime, minutes: float, value: float | str, unit: str, origin: str, **more: Any
) -> Sample:
    ms = to_ms(start)
    return Sample(metric, ms, ms + int(minutes * 60_000), value, unit, origin, **more)


@pytest.fixture
def observation() -> Callable[..., Received]:
    """observation("o1", value="3.10", day="2024-03-01", stamp=ms)."""

    def make(
        fid: str, value: str = "3.10", day: str = "2024-03-01", code: str = "2093-3", stamp: int | None = None
    ) -> Received:
        raw = (
            f'{{"resourceType":"Observation","id":"{fid}","status":"final","code":{{"coding":[{{"system":"{LOINC}",'
            f'"code":"{code}","display":"Test"}}]}},"effectiveDateTime":"{day}","valueQuantity":{{"value":{value},'
            f'"unit":"mmol/L"}}}}'
        ).encode()
        return indexed(raw, body_of(raw))._replace(stamp=stamp)

    return make


@pytest.fixture
def make_sample() -> Callable[..., Sample]:
    return sample
