"""A real browser on a real server: Chromium where it is found, a free port, a home of its own."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from salus.faces import sample_person
from salus.faces.web.app import create_app
from salus.vault import keys
from salus.vault.home import Home

PASSPHRASE = "five plain words in a row"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


def chromium_path() -> str | None:
    """SALUS_CHROMIUM, else the system's Chromium or Chrome; None leaves it to Playwright's own."""
    if chosen := os.environ.get("SALUS_CHROMIUM"):
        return chosen
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    return None


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key derivation that costs little, for one test at a time: what it costs in earnest is tested with the keys."""
    monkeypatch.setattr(keys, "MEMORY_KIB", 256)
    monkeypatch.setattr(keys, "PASSES", 1)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with api.sync_playwright() as playwright:
        path = chromium_path()
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except api.Error as error:
            pytest.skip(f"no Chromium could be started (set SALUS_CHROMIUM): {str(error).splitlines()[0]}")
        yield browser
        browser.close()


class Served:
    """A running page and its home."""

    def __init__(self, home: Home, **options: Any) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        app = create_app(home, sample=sample_person.ensure, port=self.port, **options)
        config = uvicorn.Config(app, port=self.port, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> Served:
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self._server.started
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests: the sample person is made once, through the page."""
    home = Home(tmp_path_factory.mktemp("browser") / "home")
    home.add("Ada", PASSPHRASE, born=date(1980, 2, 3), sex="female", zone="Europe/Paris", lang="en")
    with Served(home) as running:
        yield running


@pytest.fixture
def page(chromium: Any, served: Served) -> Iterator[Any]:
    """A fresh browser profile on the locked page; any script error or refused policy fails the test."""
    context = chromium.new_context(locale="en-GB", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900})
    yield from watched(context, served.address)


@pytest.fixture(scope="session")
def let_in(chromium: Any, served: Served) -> dict[str, Any]:
    """What a browser keeps that has opened the sample person, in English: made once, used by many pages."""
    context = chromium.new_context(locale="en-GB", timezone_id="Europe/Paris")
    made = context.new_page()
    made.goto(served.address)
    open_sample(made)
    state: dict[str, Any] = context.storage_state()
    context.close()
    return state


@pytest.fixture
def sample(chromium: Any, served: Served, let_in: dict[str, Any]) -> Iterator[Any]:
    """A fresh profile that stands inside the sample person's home page, on a desk, in English."""
    context = chromium.new_context(
        locale="en-GB", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900}, storage_state=let_in
    )
    for made in watched(context, served.address):
        made.locator("body.inside").wait_for()
        in_language(made, "en")
        yield made


def watched(context: Any, address: str) -> Iterator[Any]:
    made, troubles = context.new_page(), []
    made.set_default_timeout(15_000)
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on("console", lambda message: troubles.append(message.text) if "Content Security" in message.text else None)
    made.on("request", lambda request: None if request.url.startswith((address, "data:", "blob:")) else
            troubles.append(f"asked for {request.url}"))  # fmt: skip
    made.goto(address)
    yield made
    context.close()
    assert not troubles


def open_sample(page: Any, lang: str = "en") -> None:
    """Opens the sample person, whose page may have been left in the other language."""
    page.locator("#open-sample").click()
    page.locator("body.inside").wait_for(timeout=60_000)
    in_language(page, lang)


def in_language(page: Any, lang: str) -> None:
    if page.locator("html").get_attribute("lang") != lang:
        page.locator(f".languages [lang={lang}]:visible").first.click()
        page.locator(f"html[lang={lang}] body.inside").wait_for()


def drawn(page: Any, frames: int = 2) -> None:
    """Waits until the browser has drawn that often: what was asked for is then on the page."""
    page.evaluate(
        "n => new Promise(done => { const next = () => n-- > 0 ? requestAnimationFrame(next) : done(); next(); })",
        frames,
    )


def unlock(page: Any, passphrase: str = PASSPHRASE) -> None:
    page.locator("details.person", has_text="Ada").evaluate("element => { element.open = true }")
    field = page.locator("details.person", has_text="Ada").get_by_label("Passphrase")
    field.fill(passphrase)
    field.press("Enter")


def go(page: Any, address: str) -> None:
    """Goes to one of the pages by its address."""
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + address)


def ask(page: Any, question: str) -> Any:
    """Types a question, on a new conversation unless one is open; the finished turn."""
    if page.locator("#question").count() == 0:
        go(page, "/ask")
    page.locator("#question").fill(question)
    page.locator("#send").click()
    turn = page.locator(".turn").filter(has_text=question).last
    turn.and_(page.locator("[data-done]")).wait_for()
    return turn


def small_bundle(folder: Path) -> Path:
    path = folder / "records.json"
    path.write_text(
        '{"resourceType": "Bundle", "type": "collection", "entry": ['
        '{"resource": {"resourceType": "Patient", "id": "p1", "birthDate": "1980-02-03", "gender": "female"}},'
        '{"resource": {"resourceType": "Observation", "id": "o1", "status": "final",'
        ' "subject": {"reference": "Patient/p1"}, "effectiveDateTime": "2026-03-03",'
        ' "code": {"coding": [{"system": "http://loinc.org", "code": "13457-7"}], "text": "LDL cholesterol"},'
        ' "performer": [{"display": "Laboratory of the Harbour"}],'
        ' "valueQuantity": {"value": 2.90, "unit": "mmol/L",'
        ' "system": "http://unitsofmeasure.org", "code": "mmol/L"}}},'
        '{"resource": {"id": "nameless"}}]}',
        "utf-8",
    )
    return path


def small_export(folder: Path) -> Path:
    """A phone's export of two days of steps."""
    import zipfile

    record = '<Record type="HKQuantityTypeIdentifierStepCount" sourceName="Ada’s phone" unit="count" value="{n}" ' \
        'creationDate="{d} 10:00:00 +0100" startDate="{d} 09:00:00 +0100" endDate="{d} 09:10:00 +0100"/>'  # fmt: skip
    records = "".join(record.format(n=n, d=d) for n, d in ((1200, "2026-03-02"), (3400, "2026-03-03")))
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "apple_health_export/export.xml",
            '<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_GB">\n'
            '<ExportDate value="2026-03-04 10:00:00 +0100"/>\n'
            '<Me HKCharacteristicTypeIdentifierDateOfBirth="1980-02-03" '
            'HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale"/>\n'
            f"{records}\n</HealthData>\n",
        )
    return path
