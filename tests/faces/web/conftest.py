"""A page over a temporary home, a browser-like client, one small FHIR bundle, and a scripted assistant."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from starlette.testclient import TestClient

import salus.assistant
from salus.assistant.answer import Answer, Numbering, triage_plain
from salus.assistant.words import words
from salus.faces.web.app import create_app
from salus.records.codes import Code
from salus.records.finding import Evidence, Finding, Reason, Triage
from salus.records.text import T
from salus.records.times import When
from salus.records.units import Quantity
from salus.vault import keys
from salus.vault.home import Home, Listed

PASSPHRASE = "five plain words in a row"
NAME = "Zephyrine Quillfeather"
MARKER = "PLAINTEXTMARKER"


def observation(n: int, value: str = "5.20") -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": f"ldl-{n}", "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "2089-1"}], "text": f"LDL cholesterol {MARKER}"},
        "effectiveDateTime": "2026-03-03", "performer": [{"display": "Laboratory of the Harbour"}],
        "valueQuantity": {"value": Decimal(value), "unit": "mmol/L", "system": "http://unitsofmeasure.org",
                          "code": "mmol/L"},
    }  # fmt: skip


def bundle(*, born: str = "1980-02-03", bad: bool = False) -> bytes:
    patient = {"resourceType": "Patient", "id": "p1", "birthDate": born, "gender": "female"}
    entries: list[dict[str, Any]] = [{"resource": patient}, {"resource": observation(1)}, {"resource": observation(2)}]
    if bad:
        entries.append({"resource": {"id": "nameless"}})
    text = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}, default=lambda d: f"~{d}~")
    return re.sub(r'"~([\d.]+)~"', r"\1", text).encode()


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key derivation that costs little: what it costs in earnest is tested with the keys."""
    monkeypatch.setattr(keys, "MEMORY_KIB", 256)
    monkeypatch.setattr(keys, "PASSES", 1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def person(home: Home) -> Listed:
    return home.add(NAME, PASSPHRASE, born=date(1980, 2, 3), sex="female", zone="Europe/Paris", lang="en")


class Browser:
    """What the page's scripts do: keep the cookie, send the token."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.reload()

    def reload(self) -> str:
        self.html = self.client.get("/").text
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.html)
        assert found
        self.token = found[1]
        return self.html

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Any:
        named = {"X-CSRF-Token": self.token, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.client.post(path, data=fields or {}, headers=named)

    def send(self, name: str, content: bytes) -> str:
        """Uploads a file; the address of its events."""
        answer = self.client.post("/imports", content=content, headers={
            "X-CSRF-Token": self.token, "X-Filename": name, "Accept": "application/json"})  # fmt: skip
        assert answer.status_code == 202, answer.text
        return str(answer.json()["stream"])

    def unlock(self, listed: Listed, passphrase: str = PASSPHRASE) -> None:
        assert self.post("/unlock", {"person": listed.id, "passphrase": passphrase}).status_code == 204
        self.reload()

    def events(self, path: str, **headers: str) -> list[tuple[str, str]]:
        """A whole stream of server-sent events as (kind, data), progress left out."""
        found = []
        text = self.client.get(path, headers=headers).text
        for block in text.split("\n\n"):
            kind = re.search(r"^event: (.*)$", block, re.M)
            if kind and kind[1] != "progress":
                found.append((kind[1], "\n".join(re.findall(r"^data: ?(.*)$", block, re.M))))
        return found


@pytest.fixture
def client(home: Home) -> Iterator[TestClient]:
    with TestClient(create_app(home), base_url="http://127.0.0.1:8470") as made:
        yield made


@pytest.fixture
def browser(client: TestClient, person: Listed) -> Browser:
    return Browser(client)


@pytest.fixture
def open_browser(browser: Browser, person: Listed) -> Browser:
    browser.unlock(person)
    return browser


class Script:
    """What the scripted assistant will say."""

    def __init__(self) -> None:
        self.triage = Triage()
        self.findings: list[Finding] = [ldl()]
        self.error: Exception | None = None
        self.asked: list[tuple[str, str | None]] = []
        self.seconds = 0.0
        self.past: list[Any] = []

    def stream(self, view: Any, question: str, *, lang: Any = None, past: Any = ()) -> Iterator[tuple[str, Any]]:
        self.asked.append((question, lang))
        self.past = list(past)
        said = words(lang)
        time.sleep(self.seconds)
        yield "triage", {**triage_plain(self.triage, said), "advice": [said.say(a) for a in self.triage.advice]}
        if self.error:
            raise self.error
        numbering = Numbering(said)
        for finding in self.findings:
            yield "finding", numbering.add(finding)
        sentences = [said.say(f.statement) for f in self.findings]
        for sentence in sentences:
            yield "sentence", sentence
        yield "unknown", "Nothing is known of <b>1978</b>."
        yield "done", Answer(
            question, lang, tuple(sentences), triage_plain(self.triage, said),
            tuple(said.say(a) for a in self.triage.advice), tuple(numbering.findings),
            tuple(numbering.evidence), (), ("labs",),
        )  # fmt: skip


def ldl() -> Finding:
    day = When.of_day(date(2026, 3, 3))
    return Finding(
        kind="result",
        statement=T(
            "Your LDL cholesterol was {value} on {day}, above the 3.00 wanted.",
            value=Quantity(Decimal("5.20"), "mmol/L"), day=day,
        ),
        value=Decimal("5.20"), unit="mmol/L", code=Code("http://loinc.org", "2089-1", ""), time=day,
        method=T("The newest result."), caveats=(T("One result only."),),
        evidence=(Evidence("Observation", "Observation/ldl-1", "Laboratory of the Harbour", day, "5.20 mmol/L"),),
        also=(Quantity(Decimal("201.1"), "mg/dL"),), data={"range": {"high": "3.00"}},
    )  # fmt: skip


def emergency() -> Triage:
    reason = Reason("chest-pain", T("Chest pain can be a heart attack."), "An open guideline, 2023")
    return Triage("emergency", (reason,), "112", (T("Call 112 now."),))


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Replaces the assistant: these tests are about the page."""
    made, module = Script(), ModuleType("salus.assistant.ask")
    module.stream = made.stream  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "salus.assistant.ask", module)
    monkeypatch.setattr(salus.assistant, "ask", module, raising=False)
    return made
