"""Unlocking, wrong passphrases, creating a person, locking by hand and by time."""

from __future__ import annotations

import time

import pytest
from starlette.testclient import TestClient

from salus.errors import Locked
from salus.faces.web import unlocking
from salus.faces.web.app import create_app
from salus.faces.web.sessions import Session, Sessions
from salus.faces.web.unlocking import Unlocking
from salus.vault.home import Home, Listed

from .conftest import NAME, PASSPHRASE, Browser


def test_locked_shows_labels_only(browser: Browser) -> None:
    assert NAME in browser.html  # the label
    assert "1980" not in browser.html
    assert browser.client.get("/session").status_code == 401


@pytest.mark.parametrize(
    "path", ["/imports", "/records/Observation/x", "/evidence/Observation/x", "/answers/x", "/imports/jobs/x"]
)
def test_nothing_personal_before_unlocking(browser: Browser, path: str) -> None:
    assert browser.client.get(path).status_code == 401


def test_a_wrong_passphrase_is_one_clear_sentence(browser: Browser, person: Listed) -> None:
    answer = browser.post("/unlock", {"person": person.id, "passphrase": "not the passphrase"})
    assert answer.status_code == 401
    assert answer.text.count("<p") == 1
    assert "That passphrase does not open this vault." in answer.text
    assert "Hello" not in browser.reload()


def test_the_right_one_opens(open_browser: Browser) -> None:
    assert "Hello Zephyrine" in open_browser.html
    assert PASSPHRASE not in open_browser.html


def test_several_wrong_passphrases_make_one_wait(browser: Browser, person: Listed, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(unlocking, "FREE_TRIES", 2)
    monkeypatch.setattr(unlocking, "FIRST_WAIT", 30.0)
    for _ in range(2):
        assert browser.post("/unlock", {"person": person.id, "passphrase": "wrong wrong"}).status_code == 401
    answer = browser.post("/unlock", {"person": person.id, "passphrase": PASSPHRASE})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 30


def test_the_wait_grows_and_ends_with_the_right_passphrase(home: Home, person: Listed, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(unlocking, "FREE_TRIES", 1)
    door, waits = Unlocking(home), []
    for _ in range(2):
        with pytest.raises(Locked):
            door.open(person, "wrong wrong")
        waits.append(door.wait(person))
    assert waits[1] > waits[0] > 0
    door.open(person, PASSPHRASE).close()
    assert door.wait(person) == 0


def test_creating_a_person_opens_it(client: TestClient, home: Home) -> None:
    browser = Browser(client)
    fields = {
        "name": "Ada", "born": "1990-12-01", "sex": "unsaid", "zone": "America/New_York", "lang": "fr", "country": "FR",
        "passphrase": PASSPHRASE, "again": PASSPHRASE,
    }  # fmt: skip
    assert browser.post("/persons", fields).status_code == 204
    with home.open(home.find("Ada"), PASSPHRASE) as vault:
        person = vault.person
    assert (person.name, str(person.born), person.sex, person.zone_name, person.lang, person.country) == (
        "Ada", "1990-12-01", None, "America/New_York", "fr", "FR")  # fmt: skip
    assert client.get("/session").status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [({"again": "another passphrase"}, "differ"), ({"born": "3000-01-01"}, "past"), ({"born": "soon"}, "birth date"),
     ({"passphrase": "short", "again": "short"}, "too short"), ({"zone": "Mars/Base"}, "time zone"),
     ({"name": " "}, "name"), ({"name": NAME}, "already")],
)  # fmt: skip
def test_what_is_wrong_with_a_new_person_is_said(browser: Browser, home: Home, change, said: str) -> None:  # type: ignore[no-untyped-def]
    fields = {"name": "Ada", "born": "1990-12-01", "sex": "female", "passphrase": PASSPHRASE, "again": PASSPHRASE}
    answer = browser.post("/persons", {**fields, **change})
    assert answer.status_code in (400, 409)
    assert said in answer.text
    assert len(home.persons()) == 1


def test_locking_by_hand_closes_the_vault(open_browser: Browser) -> None:
    cookie = open_browser.client.cookies.get("salus_8470")
    assert open_browser.post("/lock").status_code == 204
    assert "Unlock" in open_browser.reload()
    open_browser.client.cookies.set("salus_8470", cookie or "")
    assert open_browser.client.get("/session").status_code == 401


def test_locking_by_time(home: Home, person: Listed) -> None:
    with TestClient(create_app(home, idle_minutes=0.5 / 60), base_url="http://127.0.0.1:8470") as client:
        browser = Browser(client)
        browser.unlock(person)
        for _ in range(4):  # asking whether it is locked keeps nothing open
            time.sleep(0.15)
            client.get("/session")
        assert client.get("/session").status_code == 401
        assert client.get("/imports").status_code == 401


def test_use_keeps_it_open(home: Home, person: Listed) -> None:
    with TestClient(create_app(home, idle_minutes=0.8 / 60), base_url="http://127.0.0.1:8470") as client:
        browser = Browser(client)
        browser.unlock(person)
        for _ in range(6):
            time.sleep(0.2)
            assert client.get("/imports").status_code == 200


class Kept:
    def __init__(self) -> None:
        self.closed = self.discarded = False

    def close(self) -> None:
        self.closed = True

    def discard(self) -> None:
        self.discarded = True


def test_a_vault_in_use_closes_when_its_last_use_ends() -> None:
    vault, upload = Kept(), Kept()
    session = Session("en", None, vault)  # type: ignore[arg-type]
    session.keep("upload", upload)
    with session.using():
        session.end()
        assert not vault.closed
        assert upload.discarded
        with pytest.raises(Locked), session.using():
            pass
    assert vault.closed


def test_the_sweeper_ends_what_is_idle_and_leaves_what_runs() -> None:
    sessions = Sessions(idle_seconds=0.05)
    idle, busy = Kept(), Kept()
    sessions.start("en", None, idle)  # type: ignore[arg-type]
    running = sessions.start("en", None, busy)  # type: ignore[arg-type]
    with running.using():
        time.sleep(0.1)
        sessions.sweep()
        assert idle.closed and not busy.closed


def test_the_language_stays_with_the_person(open_browser: Browser, home: Home, person: Listed) -> None:
    assert open_browser.post("/language", {"lang": "fr"}).headers["hx-refresh"] == "true"
    with home.open(person, PASSPHRASE) as vault:
        assert vault.person.lang == "fr"
