"""The command line as a person meets it: whole commands in their own processes, exit codes, one clear sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Patient", "id": "p", "birthDate": "1980-02-03", "gender": "female"}},
        {
            "resource": {
                "resourceType": "Observation",
                "id": "o",
                "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]},
                "subject": {"reference": "Patient/p"},
                "effectiveDateTime": "2026-03-04",
                "valueQuantity": {
                    "value": 4.10,
                    "unit": "mmol/L",
                    "system": "http://unitsofmeasure.org",
                    "code": "mmol/L",
                },
                "referenceRange": [{"low": {"value": 3.5, "unit": "mmol/L"}, "high": {"value": 5.1, "unit": "mmol/L"}}],
            }
        },
    ],
}

Salus = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def salus(tmp_path: Path) -> Salus:
    secret = tmp_path / "secret"
    secret.write_text("a long passphrase\n")

    def run(*args: str, passphrase: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        if passphrase is not None:
            secret.write_text(passphrase)
        env = {
            **os.environ, "SALUS_HOME": str(tmp_path / "home"), "SALUS_PASSPHRASE_FILE": str(secret), "LANG": "C.UTF-8",
            "SALUS_PLUGINS": "", **variables,
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, "-m", "salus.faces.cli", *args], env=env, capture_output=True, text=True, timeout=60
        )

    return run


@pytest.fixture
def anna(salus: Salus) -> Salus:
    assert salus("person", "add", "Anna", "--born", "1980-02-03", "--sex", "female").returncode == 0
    return salus


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_persons(anna: Salus) -> None:
    assert anna("person", "add", "Béa").returncode == 0
    listed = json.loads(anna("person", "list", "--json").stdout)["persons"]
    assert [(p["name"], p["current"]) for p in listed] == [("Anna", True), ("Béa", False)]
    assert anna("person", "use", "Béa").returncode == 0
    assert anna("person", "delete", "Béa", "--yes").returncode == 0
    assert [p["name"] for p in json.loads(anna("person", "list", "--json").stdout)["persons"]] == ["Anna"]


def test_import_ask_undo(anna: Salus, tmp_path: Path) -> None:
    empty = json.loads(anna("check", "--json").stdout)["digest"]
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(BUNDLE))
    done = anna("import", str(file), "--json")
    assert done.returncode == 0
    (batch,) = json.loads(done.stdout)["batches"]
    assert batch["source"] == "fhir" and batch["added"] == {"Patient": 1, "Observation": 1}
    again = json.loads(anna("import", str(file), "--json").stdout)["batches"][0]
    assert again["added"] == {} and again["unchanged"] == {"Patient": 1, "Observation": 1}
    answer = json.loads(anna("ask", "What is my potassium?", "--json").stdout)
    assert answer["findings"][0]["value"] == 4.1 and "4.1" in answer["answer"]
    assert anna("imports", "undo", str(batch["id"])).returncode == 0
    assert json.loads(anna("check", "--json").stdout)["digest"] == empty
    assert json.loads(anna("ledger", "verify", "--json").stdout)["ok"]


def test_exit_codes_and_sentences(anna: Salus, tmp_path: Path) -> None:
    bad = tmp_path / "note.xyz"
    bad.write_text("nothing")
    assert anna("import", str(bad)).returncode == 1
    mixed: dict[str, Any] = {**BUNDLE, "entry": [*BUNDLE["entry"], {"resource": {"id": "x"}}]}  # type: ignore[list-item]
    file = tmp_path / "mixed.json"
    file.write_text(json.dumps(mixed))
    assert anna("import", str(file)).returncode == 3
    assert "missing.json" in one_sentence(anna("import", "missing.json"))
    assert anna("import", "missing.json").returncode == 1
    assert anna("ask", "").returncode == 2
    assert anna("frobnicate").returncode == 2
    assert anna("ask", "How is my LDL?", "--person", "Nobody").returncode == 1


def test_another_persons_record_is_refused(anna: Salus, tmp_path: Path) -> None:
    other = json.loads(json.dumps(BUNDLE))
    other["entry"][0]["resource"]["birthDate"] = "1991-01-01"
    file = tmp_path / "other.json"
    file.write_text(json.dumps(other))
    done = anna("import", str(file), "--json")
    assert done.returncode == 1
    (batch,) = json.loads(done.stdout)["batches"]
    assert len(batch["rejected"]) == 2 and "1991" in batch["rejected"][0]["why"]
    assert anna("import", str(file), "--same-person").returncode == 0


def test_wrong_passphrase_is_one_sentence(anna: Salus) -> None:
    done = anna("ask", "How is my LDL?", passphrase="another passphrase")
    assert done.returncode == 1 and "passphrase" in one_sentence(done)


def test_messages_in_french(anna: Salus) -> None:
    done = anna("import", "absent.json", SALUS_LANG="fr")
    assert "absent.json" in done.stderr and "There is" not in done.stderr


def test_plain_text_in_a_pipe(anna: Salus) -> None:
    done = anna("imports")
    assert "\x1b" not in done.stdout and "\t" in done.stdout


def test_triage_needs_no_vault(salus: Salus) -> None:
    done = salus("triage", "crushing chest pain", "--country", "US", "--json")
    said = json.loads(done.stdout)
    assert said["level"] == "emergency" and said["call"] == "911"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(salus: Salus, shell: str) -> None:
    assert "_SALUS_COMPLETE" in salus("completion", shell).stdout
