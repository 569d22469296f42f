"""Settings: what may be chosen and nothing else; back-up, export and deletion through the page."""

from __future__ import annotations

import io
import zipfile

import pytest
from starlette.testclient import TestClient

from salus.errors import UsageError
from salus.faces.web.preferences import CHOICES, checked, number, preferences
from salus.vault.home import Home, Listed

from .conftest import MARKER, NAME, PASSPHRASE, Browser, bundle


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_is_kept_and_an_unknown_one_refused(
    open_browser: Browser, home: Home, person: Listed, name: str
) -> None:
    value = CHOICES[name][-1]
    assert open_browser.post("/settings", {"name": name, "value": value}).text.strip() == "<p>Saved.</p>"
    assert open_browser.post("/settings", {"name": name, "value": "nonsense"}).status_code == 400
    with home.open(person, PASSPHRASE) as vault:
        assert getattr(preferences(vault), name) == value


@pytest.mark.parametrize("name", ["name", "born", "priorities", "units_nothing", "", "lang"])
def test_other_settings_are_not_set_this_way(open_browser: Browser, name: str) -> None:
    assert open_browser.post("/settings", {"name": name, "value": "kg"}).status_code == 400


def test_country_and_zone(open_browser: Browser, home: Home, person: Listed) -> None:
    open_browser.post("/settings", {"name": "country", "value": "FR"})
    open_browser.post("/settings", {"name": "zone", "value": "America/New_York"})
    assert open_browser.post("/settings", {"name": "zone", "value": "Mars/Base"}).status_code == 400
    with home.open(person, PASSPHRASE) as vault:
        assert (vault.person.country, vault.person.zone_name) == ("FR", "America/New_York")


def test_the_time_to_lock_counts_at_once_and_after_unlocking(open_browser: Browser, person: Listed) -> None:
    left = open_browser.client.get("/session").json()["seconds"]
    assert left <= 15 * 60
    open_browser.post("/settings", {"name": "lock_minutes", "value": "60"})
    assert open_browser.client.get("/session").json()["seconds"] > 59 * 60
    open_browser.post("/lock")
    open_browser.reload()
    open_browser.unlock(person)
    assert open_browser.client.get("/session").json()["seconds"] > 59 * 60


def test_the_passphrase_is_changed(open_browser: Browser, home: Home, person: Listed) -> None:
    fresh = "another six plain words in a row"
    wrong = {"old": "wrong wrong wrong", "passphrase": fresh, "again": fresh}
    assert open_browser.post("/settings/passphrase", wrong).status_code == 401
    assert "changed" in open_browser.post("/settings/passphrase", {**wrong, "old": PASSPHRASE}).text
    home.open(person, fresh).close()


def test_a_back_up_is_fetched_once_and_restored_on_the_page(
    open_browser: Browser, home: Home, tmp_path, person: Listed  # type: ignore[no-untyped-def]
) -> None:
    from salus.faces.web.app import create_app

    open_browser.events(open_browser.send("records.json", bundle()))
    made = open_browser.post("/backup")
    assert made.status_code == 201
    fetched = open_browser.client.get(made.json()["file"])
    disposition = fetched.headers["content-disposition"]
    assert "attachment" in disposition and ".salus-backup" in disposition
    assert fetched.headers["cache-control"] == "no-store"
    assert open_browser.client.get(made.json()["file"]).status_code == 404
    assert not list((home.folder / "spool").glob("*"))
    assert MARKER.encode() not in fetched.content  # the label is not secret, what is inside is

    elsewhere = Home(tmp_path / "elsewhere")
    with TestClient(create_app(elsewhere), base_url="http://127.0.0.1:8470") as client:
        other = Browser(client)
        sent = client.post("/restore", content=fetched.content, headers={"X-CSRF-Token": other.token})
        held = sent.json()["held"]
        assert other.post(f"/restore/{held}", {"secret": "wrong wrong wrong"}).status_code == 401
        assert not elsewhere.persons()
        assert other.post(f"/restore/{held}", {"secret": PASSPHRASE}).headers["hx-redirect"] == "/"
        assert [listed.label for listed in elsewhere.persons()] == [NAME]
        assert "Laboratory of the Harbour" in client.get("/evidence/Observation/ldl-1").text
        assert not list((elsewhere.folder / "spool").glob("*"))


def test_an_import_is_followed_by_a_back_up_unless_none_is_wanted(
    open_browser: Browser, home: Home, person: Listed
) -> None:
    from salus.vault import backup

    open_browser.post("/settings", {"name": "backups", "value": "0"})
    open_browser.events(open_browser.send("records.json", bundle()))
    assert backup.automatic(home, person) == []
    open_browser.post("/settings", {"name": "backups", "value": "3"})
    open_browser.events(open_browser.send("again.json", bundle(bad=True)))
    assert len(backup.automatic(home, person)) == 1
    assert "There is none yet." not in open_browser.client.get("/settings").text


def test_automatic_back_ups_are_listed_and_limited(open_browser: Browser, home: Home, person: Listed) -> None:
    from salus.vault import backup

    open_browser.post("/settings", {"name": "backups", "value": "3"})
    for _ in range(4):
        shown = open_browser.post("/backup/keep")
    assert shown.text.count("<li") == 3 == len(backup.automatic(home, person))


@pytest.mark.parametrize("format_", ["", "fhir", "csv"])
def test_an_export_is_a_zip_in_open_formats(open_browser: Browser, home: Home, format_: str) -> None:
    open_browser.events(open_browser.send("records.json", bundle()))
    made = open_browser.post("/export", {"format": format_})
    waiting = [path.read_bytes() for path in (home.folder / "spool").glob("*")]
    assert waiting and not any(b"PK\x03\x04" in held or b"resourceType" in held for held in waiting)
    fetched = open_browser.client.get(made.json()["file"])
    names = zipfile.ZipFile(io.BytesIO(fetched.content)).namelist()
    assert any(name.endswith(".csv") for name in names) == (format_ != "fhir")
    assert not list((home.folder / "spool").glob("*"))
    assert open_browser.post("/export", {"format": "exe"}).status_code == 400


def test_a_file_made_is_gone_with_the_lock(open_browser: Browser, home: Home, person: Listed) -> None:
    made = open_browser.post("/export").json()["file"]
    assert list((home.folder / "spool").glob("*"))
    open_browser.post("/lock")
    assert not list((home.folder / "spool").glob("*"))
    open_browser.reload()
    open_browser.unlock(person)
    assert open_browser.client.get(made).status_code == 404


def test_deleting_needs_the_name_and_locks_everywhere(open_browser: Browser, home: Home, person: Listed) -> None:
    assert open_browser.post("/person/delete", {"name": "someone"}).status_code == 400
    assert home.persons()
    assert open_browser.post("/person/delete", {"name": f" {NAME.upper()} "}).status_code == 204
    assert not home.persons()
    assert open_browser.client.get("/session").status_code == 401


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [("1,5", "fr", "1.5"), ("1,5", "en", "1.5"), ("1,500", "en", "1500"), ("1 500,25", "fr", "1500.25"),
     ("5.20", "en", "5.20"),
     ("−3", "en", "-3"), ("1,234,567", "en", "1234567"), ("5.2", "fr", "5.2")],
)  # fmt: skip
def test_numbers_as_people_type_them(text: str, lang: str, value: str) -> None:
    assert str(number(text, lang)) == value


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "NaN", "Infinity", "12kg"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        number(text, "en")


def test_only_known_choices_pass() -> None:
    assert checked("lock_minutes", "30") == "30" and checked("backups", "0") == "0"
    for name, value in (("lock_minutes", "31"), ("backups", "-1"), ("shortcuts", ""), ("zone", "UTC")):
        with pytest.raises(UsageError):
            checked(name, value)
