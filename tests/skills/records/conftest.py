"""A vault of one person into which FHIR resources of a test are imported, and short ways to make some."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from salus.assistant.words import words
from salus.records.finding import Result
from salus.records.times import Period
from salus.skills.records import RecordsQuery, records
from salus.sources.importing import import_paths
from salus.vault.keys import new_data_key
from salus.vault.vault import Vault
from salus.vault.view import VaultView

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SNOMED, RXNORM, CVX = (
    "http://snomed.info/sct",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://hl7.org/fhir/sid/cvx",
)
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


def ask(
    view: VaultView, kind: Any, question: Any = "list", about: str | None = None, period: Period | None = None
) -> Result:
    return records.run(view, RecordsQuery(kind, question, about, period))


def said(result: Result) -> str:
    say = words("en").say
    lines = [say(line) for line in result.answer]
    lines += [" ".join(say(x) for x in (u.what, u.needed) if x) for u in result.unknown]
    return " ".join(lines).replace("\u00a0", " ")


def values(result: Result) -> list[Any]:
    return [finding.value for finding in result.findings]


def concept(text: str, code: str = "", system: str = SNOMED, display: str = "") -> Body:
    coding = [{"system": system, "code": code, "display": display or text}] if code else []
    return {"text": text, **({"coding": coding} if coding else {})}


def status(code: str) -> Body:
    return {"coding": [{"code": code}]}


def condition(text: str, code: str = "", clinical: str = "active", **more: Any) -> Body:
    return {
        "resourceType": "Condition", "clinicalStatus": status(clinical), "verificationStatus": status("confirmed"),
        "code": concept(text, code), **more,
    }  # fmt: skip


def request(text: str, state: str = "active", on: str = "2026-01-10", code: str = "", **more: Any) -> Body:
    return {
        "resourceType": "MedicationRequest", "status": state, "intent": "order", "authoredOn": on,
        "medicationCodeableConcept": concept(text, code, RXNORM), **more,
    }  # fmt: skip


def allergy(text: str, code: str = "", **more: Any) -> Body:
    base = {"clinicalStatus": status("active"), "verificationStatus": status("confirmed"), "recordedDate": "2020-05-01"}
    return {"resourceType": "AllergyIntolerance", **base, "code": concept(text, code), **more}


def vaccine(text: str, on: str, state: str = "completed", code: str = "", display: str = "") -> Body:
    return {
        "resourceType": "Immunization", "status": state, "occurrenceDateTime": on,
        "vaccineCode": concept(text, code, CVX, display),
    }  # fmt: skip


def visit(text: str, on: str, who: str = "", **more: Any) -> Body:
    people = [{"individual": {"display": who}}] if who else []
    return {
        "resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "type": [concept(text)],
        "period": {"start": on}, "participant": people, **more,
    }  # fmt: skip


TODAY = date(2026, 11, 21)
