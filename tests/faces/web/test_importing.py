"""Files sent by the page: sealed on the way, imported, reported, undone."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from pathlib import Path

import pytest

from salus.faces.web.jobs import SAID_HERE, Job, said, same_person_may_help
from salus.faces.web.kinds import brief, counted
from salus.faces.web.pages import bring as imports
from salus.records.text import T
from salus.sources import given, identity
from salus.vault import backup
from salus.vault.home import Home

from .conftest import MARKER, NAME, Browser, bundle


def report(browser: Browser, name: str, content: bytes) -> str:
    events = browser.events(browser.send(name, content))
    assert [kind for kind, _ in events] == ["report", "done"], events
    return events[0][1]


def test_a_bundle_is_imported_and_told_in_words(open_browser: Browser) -> None:
    told = report(open_browser, "records.json", bundle())
    assert "Added: 2 results and measurements and 1 personal detail record." in told
    assert "Undo" in told and "left out" not in told
    assert "records.json" in open_browser.client.get("/imports").text


def test_what_is_rejected_is_told_with_its_reason(open_browser: Browser) -> None:
    told = report(open_browser, "records.json", bundle(bad=True))
    assert "Added: 2 results" in told
    assert "1 item was left out:" in told
    assert re.search(r"<li><b>[^<]+</b> [^<]{10,}</li>", told)


@pytest.mark.parametrize("content", [b"", b"just some words", b"{not json", b"PK\x03\x04broken"])
def test_a_file_that_cannot_be_read_is_a_report_not_a_crash(open_browser: Browser, content: bytes) -> None:
    told = report(open_browser, "odd <b>name</b>.json", content)
    assert "Nothing was imported from this file." in told
    assert "1 item was left out:" in told
    assert "<b>name" not in told


def test_again_adds_nothing(open_browser: Browser) -> None:
    report(open_browser, "records.json", bundle())
    told = report(open_browser, "records.json", bundle())
    assert "Already there: 2 results" in told and "Added" not in told


def test_undo(open_browser: Browser) -> None:
    told = report(open_browser, "records.json", bundle())
    address = re.search(r'hx-post="(/imports/\d+/undo)"', told)
    assert address
    assert "Undone on" in open_browser.post(address[1]).text
    assert open_browser.client.get("/evidence/Observation/ldl-1").status_code == 404
    assert open_browser.post(address[1]).status_code == 409
    missing = open_browser.post("/imports/999/undo")
    assert missing.status_code == 404 and "salus imports" not in missing.text


def test_another_persons_record_is_asked_about(open_browser: Browser, home: Home) -> None:
    told = report(open_browser, "records.json", bundle(born="1955-05-05"))
    assert "Nothing was imported" in told and "Whose record is it?" in told
    assert "--same-person" not in told
    assert "born 5\u00a0May 1955; this vault's person was born 3\u00a0February 1980." in told.replace("&#39;", "'")
    assert list((home.folder / "spool").glob("*.sealed"))
    address = re.search(r'data-same-person="([^"]+)"', told)
    assert address
    stream = open_browser.post(address[1]).json()["stream"]
    (kind, told), *_ = open_browser.events(stream)
    assert kind == "report" and "Added: 2 results" in told
    assert open_browser.post(address[1]).status_code == 409
    assert not list((home.folder / "spool").glob("*.sealed"))


def test_another_persons_record_left_out_is_gone(open_browser: Browser, home: Home) -> None:
    told = report(open_browser, "records.json", bundle(born="1955-05-05"))
    address = re.search(r'data-discard="([^"]+)"', told)
    assert address
    assert open_browser.post(address[1]).status_code == 204
    assert not list((home.folder / "spool").glob("*.sealed"))


def test_locking_lets_go_of_what_waits(open_browser: Browser, home: Home) -> None:
    report(open_browser, "records.json", bundle(born="1955-05-05"))
    open_browser.post("/lock")
    assert not list((home.folder / "spool").glob("*.sealed"))


def test_every_refusal_that_names_the_switch_has_words_for_the_page() -> None:
    """The command line's switch is never named on the page."""
    folder = Path(identity.__file__).parent
    named = [p for p in folder.rglob("*.py") if "--same-person" in p.read_text("utf-8")]
    assert {p.name for p in named} == {"identity.py", "subjects.py"}
    for english in SAID_HERE:
        assert same_person_may_help(T(english))
        assert "--same-person" not in said(T(english)).template
    source = "".join(p.read_text("utf-8") for p in named)
    whole = re.sub(r'"\s*\n\s*"', "", source)
    for english in re.findall(r'"([^"]*--same-person[^"]*)"', whole):
        assert english in SAID_HERE


def test_nothing_is_on_disk_in_the_clear_while_and_after(open_browser: Browser, home: Home, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    seen: list[Path] = []
    whole = bundle() + b" " * given.PIECE  # more than one sealed piece
    finish = given.Spool.finish

    def looked(self: given.Spool) -> given.Given:
        made = finish(self)
        seen.extend(home.folder.rglob("*.sealed"))
        _no_plaintext(home.folder)
        return made

    before = set(Path(tempfile.gettempdir()).iterdir())
    monkeypatch.setattr(given.Spool, "finish", looked)
    report(open_browser, "records.json", whole)
    assert seen
    _no_plaintext(home.folder)
    for path in set(Path(tempfile.gettempdir()).iterdir()) - before:
        if path.is_file():
            assert MARKER.encode() not in path.read_bytes()
    assert not list(home.folder.rglob("*.sealed"))


def _no_plaintext(folder: Path) -> None:
    files = [p for p in folder.rglob("*") if p.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert MARKER.encode() not in content, path
        assert b"resourceType" not in content, path
        labelled = path.name == "keys.json" or path.suffix == backup.SUFFIX  # the label is shown before unlocking
        assert NAME.encode() not in content or labelled, path


def test_a_file_too_large_is_refused_and_leaves_nothing(open_browser: Browser, home: Home, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(imports, "MOST_BYTES", 1000)
    headers = {"X-CSRF-Token": open_browser.token, "X-Filename": "big.json"}
    assert open_browser.client.post("/imports", content=b"x" * 1001, headers=headers).status_code == 413
    chunked = open_browser.client.post("/imports", content=iter([b"x" * 600] * 3), headers=headers)
    assert chunked.status_code == 413
    assert not list(home.folder.rglob("*.sealed"))


def test_a_file_without_a_name_is_refused(open_browser: Browser) -> None:
    answer = open_browser.client.post("/imports", content=b"x", headers={"X-CSRF-Token": open_browser.token})
    assert answer.status_code == 400


def test_an_import_outlives_the_lock(open_browser: Browser, home: Home) -> None:
    from .conftest import PASSPHRASE

    open_browser.send("records.json", bundle())
    open_browser.post("/lock")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with home.open(home.find(NAME), PASSPHRASE) as vault:
            if vault.imports() and vault.imports()[0].ended:
                break
        time.sleep(0.1)
    with home.open(home.find(NAME), PASSPHRASE) as vault:
        assert len(vault.imports()) in (0, 1)  # whole or not at all
        assert vault.view().counts() in ({}, {"Observation": 2, "Patient": 1})


def test_counts_in_words_lose_nothing() -> None:
    counts = {"Observation": 9, "MedicationRequest": 2, "MedicationStatement": 3, "Claim": 1, "Odd": 4, "Workout": 1}
    for told in (counted(counts), brief(counts)):
        assert sum(int(text.args["n"]) for text in told) == sum(counts.values())
    assert len(brief(counts)) == 4


def test_the_end_of_reading_is_never_left_unsaid() -> None:
    """Progress is thinned out, but not its last word: the page then says that the days are added up."""
    job = Job(None, None, "en")  # type: ignore[arg-type]
    progress = job._progress(threading.Event())
    for done in (0.1, 0.2, 0.9994):
        progress(done, "export.xml")
    assert job.channel._passing[1:] == ("progress", "1")


def test_the_page_has_words_for_the_days_being_added_up(open_browser: Browser) -> None:
    assert 'data-adding="Adding up the days …"' in open_browser.client.get("/import").text
