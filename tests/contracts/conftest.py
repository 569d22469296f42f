"""The stable shapes of `--json` output, and `salus` run as another program would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parent / "schemas"
PASSPHRASE = "correct horse battery staple"


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as one JSON document; fails when there is anything else."""
        return json.loads(self.out)


Salus = Callable[..., Ran]


def schema_names() -> list[str]:
    return sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))


def complaints(name: str, data: Any) -> list[str]:
    """What of `data` is not as the schema says, by place."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    errors = Draft202012Validator(schema).iter_errors(data)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in errors]


@pytest.fixture(scope="session")
def holds() -> Callable[[str, Any], None]:
    """`holds("ask", document)` fails, naming each place, when a document breaks its contract."""

    def check(name: str, data: Any) -> None:
        assert complaints(name, data) == []

    return check


def runner(home: Path) -> Salus:
    """Runs `salus` with this home: a process of its own, no terminal."""
    key = home.parent / "passphrase"
    key.write_text(PASSPHRASE, "utf-8")
    environment = {
        **os.environ, "SALUS_HOME": str(home), "SALUS_PASSPHRASE_FILE": str(key), "SALUS_LANG": "en",
        "SALUS_PLUGINS": "",
    }  # fmt: skip

    def run(*arguments: str | Path, **more: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "salus.faces.cli", *map(str, arguments)],
            env={**environment, **more}, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Salus:
    """`salus` where there is no person yet."""
    return runner(tmp_path_factory.mktemp("empty") / "home")


@pytest.fixture(scope="module")
def salus(tmp_path_factory: pytest.TempPathFactory, bundle: Path) -> Salus:
    """`salus` with one person, whose few records are imported."""
    run = runner(tmp_path_factory.mktemp("salus") / "home")
    own = ("--born", "1980-02-03", "--sex", "female", "--zone", "Europe/Paris", "--country", "FR")
    added = run("person", "add", "Ada", *own)
    assert added.code == 0, added.err
    imported = run("import", bundle)
    assert imported.code == 3, imported.err
    return run


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A patient, two LDL results, a medication, and one entry that is no resource."""
    subject = {"reference": "Patient/p1"}
    entries: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": "p1", "birthDate": "1980-02-03", "gender": "female"},
        *(
            {
                "resourceType": "Observation", "id": f"ldl-{day}", "status": "final", "subject": subject,
                "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                          "code": "laboratory"}]}],
                "code": {"coding": [{"system": "http://loinc.org", "code": "13457-7", "display": "LDL cholesterol"}]},
                "effectiveDateTime": day, "valueQuantity": {"value": value, "unit": "mmol/L", "code": "mmol/L",
                                                            "system": "http://unitsofmeasure.org"},
                "referenceRange": [{"high": {"value": 3.0, "unit": "mmol/L"}}],
            }
            for day, value in (("2025-05-06", 3.9), ("2026-05-07", 2.6))
        ),
        {"resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "subject": subject,
         "medicationCodeableConcept": {"text": "Metformin 500 mg"}, "authoredOn": "2024-01-02"},
        {"id": "no-type"},
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("files") / "records.json"
    whole = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": e} for e in entries]}
    path.write_text(json.dumps(whole), "utf-8")
    return path
