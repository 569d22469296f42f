"""The sample person: made once through the usual import, never in the clear, opened by one button."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from salus.faces import sample_person
from salus.faces.web.app import create_app
from salus.sample import BORN, NAME, Spec
from salus.vault.home import Home

from .conftest import Browser


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month of readings instead of a year."""
    monkeypatch.setattr(sample_person, "Spec", lambda **given: Spec(**{**given, "days": 30}))


def test_it_is_made_once(home: Home) -> None:
    told: list[float] = []
    listed, passphrase = sample_person.ensure(home, lambda done, what: told.append(done))
    assert told == sorted(told) and told[-1] == 1.0
    assert (listed.label, passphrase) == (f"Sample: {NAME}", "sample person")
    for path in home.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"HealthData" not in content and b"resourceType" not in content, path
    with home.open(listed, passphrase) as vault:
        before = vault.imports()
        assert {i.source for i in before} == {"fhir", "apple_health"}
        assert (vault.person.name, vault.person.born) == (NAME, BORN)
        assert vault.view().metric_span("steps") and vault.view().counts()["Observation"] > 50
    again, _ = sample_person.ensure(home)
    assert again.id == listed.id and len(home.persons()) == 1
    with home.open(listed, passphrase) as vault:
        assert vault.imports() == before


def test_what_was_cut_short_is_finished(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(spec: Spec) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sample_person, "export_zip", broken)
        with pytest.raises(KeyboardInterrupt):
            sample_person.ensure(home)
    listed = sample_person.find(home)
    assert listed
    with home.open(listed, sample_person.PASSPHRASE) as vault:
        assert not sample_person.complete(vault)
    sample_person.ensure(home)
    with home.open(listed, sample_person.PASSPHRASE) as vault:
        assert sample_person.complete(vault) and len(vault.imports()) == 2


def test_the_button_makes_it_then_opens_it(home: Home) -> None:
    app = create_app(home, sample=sample_person.ensure)
    with TestClient(app, base_url="http://127.0.0.1:8470") as client:
        browser = Browser(client)
        assert "Open the sample person" in browser.html and "sample person" in browser.html
        making = browser.post("/sample")
        assert making.status_code == 202
        assert browser.events(making.json()["stream"]) == [("done", "")]
        assert browser.post("/sample").status_code == 204
        assert NAME in browser.reload() and "How it goes" in browser.html


def test_without_a_sample_there_is_no_button(client: TestClient) -> None:
    browser = Browser(client)
    assert "open-sample" not in browser.html
    assert browser.post("/sample").status_code == 400


def test_a_failure_is_one_sentence(home: Home) -> None:
    def failing(*given: Any, **named: Any) -> None:
        raise RuntimeError("secret diagnosis")

    with TestClient(create_app(home, sample=failing), base_url="http://127.0.0.1:8470") as client:
        browser = Browser(client)
        (kind, said), *_ = browser.events(browser.post("/sample").json()["stream"])
        assert kind == "failed" and "secret" not in said


def test_the_last_whole_day_is_yesterday(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    ends: list[date] = []
    real = sample_person.Spec
    monkeypatch.setattr(sample_person, "Spec", lambda **given: ends.append(given["end"]) or real(**given))
    sample_person.ensure(home)
    assert (date.today() - ends[0]).days == 1
