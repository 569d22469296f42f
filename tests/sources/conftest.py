"""A vault without a passphrase, and files made on the spot."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from salus.sources.importing import Outcome, import_paths
from salus.vault.check import check
from salus.vault.vault import Vault

sys.path.insert(0, str(Path(__file__).parent))  # for `counting`, which the tests here share

KEY = bytes(range(32))
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
ROOT = Path(__file__).parents[2]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    folder = tmp_path / "vault"
    folder.mkdir()
    with Vault(folder, KEY) as opened:
        opened.configure(zone="Europe/Paris", zone_known="1", born="1980-05-02", sex="female")
        yield opened
        found = check(opened)  # after every test
        assert found.ok, [p.plain() for p in found.problems]


@pytest.fixture
def take(vault: Vault) -> Callable[..., Outcome]:
    """take(path, …) imports one path that must give one outcome; no mistake of Salus's own may be in it."""

    def run(path: Path, **more: Any) -> Outcome:
        (outcome,) = take_all(vault, path, **more)
        return outcome

    return run


def take_all(vault: Vault, path: Path, **more: Any) -> list[Outcome]:
    outcomes = import_paths(vault, [path], **more)
    for outcome in outcomes:
        assert outcome.seconds < 10
        for item, why in outcome.report.rejected:
            assert item and why.plain() and "made a mistake" not in why.plain(), why.plain()
            assert "half-way" not in why.plain(), why.plain()
    return outcomes


@pytest.fixture
def whys(take: Callable[..., Outcome]) -> Callable[[Outcome], str]:
    """All reasons of an outcome in one text."""
    return lambda outcome: "\n".join(f"{item}: {why.plain()}" for item, why in outcome.report.rejected)


def record(
    type_: str = "HeartRate",
    value: object = 60,
    unit: str | None = "count/min",
    start: str = "2026-03-01 10:00:00 +0100",
    end: str | None = None,
    source: str = "Ana’s Apple Watch",
    more: str = "",
    inside: str = "",
) -> str:
    """One <Record> as the phone writes it."""
    full = type_ if type_.startswith("HK") else f"HKQuantityTypeIdentifier{type_}"
    of_unit = f' unit="{unit}"' if unit is not None else ""
    tail = f">{inside}</Record>" if inside else "/>"
    return (
        f' <Record type="{full}" sourceName="{source}" sourceVersion="26.1"{more}{of_unit} '
        f'creationDate="{start}" startDate="{start}" endDate="{end or start}" value="{value}"{tail}\n'
    )


def export_xml(*lines: str, head: str = HEAD, me: str = "", dtd: str = "") -> str:
    return f'{head}{dtd}<HealthData locale="en_GB">\n <ExportDate value="2026-03-05 10:00:00 +0100"/>\n{me}{"".join(lines)}</HealthData>\n'  # noqa: E501


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """export(*lines, name=…, files={…}) writes an export.xml, or a zip when the name ends so."""

    def write(
        *lines: str,
        name: str = "export.xml",
        files: Mapping[str, bytes] | None = None,
        xml: str = "export.xml",
        **more: Any,
    ) -> Path:
        path = tmp_path / name
        text = export_xml(*lines, **more).encode("utf-8", "surrogateescape")
        if path.suffix != ".zip":
            path.write_bytes(text)
            return path
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"apple_health_export/{xml}", text)
            for inside, raw in (files or {}).items():
                archive.writestr(f"apple_health_export/{inside}", raw)
        return path

    return write


def observation(fid: str = "o1", subject: str | None = None, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "resourceType": "Observation",
        "id": fid,
        "status": "final",
        "effectiveDateTime": "2024-03-01T10:00:00+01:00",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2093-3", "display": "Cholesterol"}]},
        "valueQuantity": {"value": 5.2, "unit": "mmol/L"},
    }
    if subject:
        body["subject"] = {"reference": subject}
    return {**body, **more}


def patient(fid: str = "p1", born: str | None = "1980-05-02", sex: str | None = "female") -> dict[str, Any]:
    body = {"resourceType": "Patient", "id": fid, "birthDate": born, "gender": sex}
    return {k: v for k, v in body.items() if v is not None}


def bundle(*resources: dict[str, Any], type_: str = "collection", urls: bool = False) -> dict[str, Any]:
    entries = [{"fullUrl": f"urn:uuid:{r.get('id')}", "resource": r} if urls else {"resource": r} for r in resources]
    return {"resourceType": "Bundle", "type": type_, "entry": entries}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """write("a.json", content): bytes and text as they are, a dict as JSON, a list as NDJSON."""

    def run(name: str, content: bytes | str | dict[str, Any] | list[Any]) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in content)
        if isinstance(content, dict):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return run


@pytest.fixture
def make() -> Any:
    """The builders above, for tests that read better with them at hand."""

    class Make:
        record, export_xml, observation, patient, bundle = map(
            staticmethod, (record, export_xml, observation, patient, bundle)
        )
        take_all = staticmethod(take_all)

    return Make


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Callable[..., Vault]]:
    """empty(born=…) makes another vault without anything in it."""
    opened: list[Vault] = []

    def make(**settings: str) -> Vault:
        folder = tmp_path / f"other{len(opened)}"
        folder.mkdir()
        opened.append(Vault(folder, KEY))
        if settings:
            opened[-1].configure(**settings)
        return opened[-1]

    yield make
    for vault in opened:
        vault.close()
