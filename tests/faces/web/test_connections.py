"""Connections and the ledger: what each source brought, undoing, devices in order, and a chain that is checked."""

from __future__ import annotations

from salus.vault.home import Home, Listed

from .conftest import Browser
from .records import NASTY, condition, plain, put, result, vault_of


def test_each_source_tells_what_it_brought(open_browser: Browser, home: Home, person: Listed) -> None:
    assert "Nothing was brought in yet" in open_browser.client.get("/connections").text
    with vault_of(home, person) as vault:
        put(vault, condition("a", "Asthma"), result("b", 30.0, "2026-02-03"), connection=NASTY)
    open_browser.post("/add/body_weight", {"value": "70", "unit": "kg"})
    html = plain(open_browser.client.get("/connections").text)
    assert "1 health problem" in html and "1 result or measurement" in html
    assert "1 March 2019 to 3 February 2026" in html
    assert "Written by hand" in html and "By hand" in html
    assert NASTY not in html


def test_an_import_is_undone_and_says_so(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        number = put(vault, condition("a", "Asthma"))
    assert open_browser.post("/connections/undo", {"batch": str(number)}).status_code == 200
    html = open_browser.client.get("/connections").text
    assert "undone on" in html and f'data-batch="{number}"' not in html
    for batch in (str(number), "99", "x", ""):
        assert open_browser.post("/connections/undo", {"batch": batch}).status_code == 404


def test_the_ledger_tells_in_plain_words(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, condition("a", "Asthma"))
    open_browser.post("/correct", {"ref": "Condition/a", "why": "not_mine"})
    open_browser.post("/add/note", {"text": "x"})
    html = open_browser.client.get("/connections/ledger").text
    for said in ("The vault was opened", "A record was set aside as not mine", "A note was written by hand",
                 "The chain is whole", "Nothing has left this machine."):  # fmt: skip
        assert said in html
    assert 'data-evidence="/records/Condition/a"' in html
    changes = open_browser.client.get("/connections/ledger?show=changes").text
    assert "The vault was opened" not in changes and "A note was written by hand" in changes
    assert "Salus sent nothing anywhere" in open_browser.client.get("/connections/ledger?show=left").text
    assert open_browser.client.get("/connections/ledger?show=nonsense&page=-3").status_code == 200


def test_what_left_is_told_with_its_host(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        vault.ledger.write("out", to="https://host.example", method="GET", path="/", what="x", why=NASTY, bytes=1234)
    html = plain(open_browser.client.get("/connections/ledger?show=left").text)
    assert "Something left this machine 1 time." in html
    assert "to https://host.example: 1,234 bytes." in html and NASTY not in html


def test_an_altered_ledger_shows(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        vault.ledger.write("ask", face="web")
        vault.ledger.write("ask", face="web")
        with vault.ledger.database.writing() as db:
            db.execute("DROP TRIGGER entry_no_update")
            db.execute("UPDATE entry SET what = '{}' WHERE seq = 2")
    html = open_browser.client.get("/connections/ledger").text
    assert "The ledger was altered from outside: entry 2" in html and "The chain is whole" not in html


def test_pages_of_the_ledger(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        vault.ledger.write_all("ask", [{"n": n} for n in range(130)])
    assert open_browser.client.get("/connections/ledger?page=2").text.count("A question was answered") == 10
    assert open_browser.client.get("/connections/ledger?page=9").status_code == 200


def test_nothing_is_told_when_locked(browser: Browser) -> None:
    for path in ("/connections", "/connections/ledger"):
        assert browser.client.get(path).status_code == 401
