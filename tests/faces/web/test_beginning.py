"""The first start: a person, a recovery code typed back, and both ways in afterwards."""

from __future__ import annotations

import html
import re

from starlette.testclient import TestClient

from salus.faces.web.strength import strength
from salus.vault.home import Home, Listed

from .conftest import PASSPHRASE, Browser

FIELDS = {"name": "Ada", "born": "1990-12-01", "sex": "female", "passphrase": PASSPHRASE, "again": PASSPHRASE}


def begun(client: TestClient) -> tuple[Browser, str, tuple[int, int]]:
    browser = Browser(client)
    answer = browser.post("/persons", FIELDS)
    assert answer.headers["hx-redirect"] == "/recovery"
    browser.reload()
    page = client.get("/recovery").text
    code = re.search(r'data-code="([^"]+)"', page)
    asked = re.search(r"type groups (\d) and (\d)", html.unescape(page))
    assert code and asked
    return browser, code[1], (int(asked[1]), int(asked[2]))


def test_the_code_is_shown_until_typed_back_and_then_never_again(client: TestClient, home: Home) -> None:
    browser, code, asked = begun(client)
    listed = home.find("Ada")
    assert home.recovery(listed) == "unchecked"
    assert "/recovery" in browser.html and "written down" in browser.html  # home reminds
    groups = code.split("-")
    wrong = browser.post("/recovery/check", {f"group{n}": groups[n % 5] for n in asked})
    assert wrong.status_code == 400 and home.recovery(listed) == "unchecked"
    right = browser.post("/recovery/check", {f"group{n}": groups[n - 1].lower() for n in asked})
    assert right.headers["hx-redirect"] == "/"
    assert home.recovery(listed) == "checked"
    assert code not in client.get("/recovery").text
    assert "written down" not in browser.reload()
    for path in home.folder.rglob("*"):
        if path.is_file():
            assert code.encode() not in path.read_bytes() and code.replace("-", "").encode() not in path.read_bytes()


def test_a_forgotten_passphrase_is_replaced_by_the_code(client: TestClient, home: Home) -> None:
    browser, code, _ = begun(client)
    browser.post("/lock")
    browser.reload()
    listed = home.find("Ada")
    address, fresh = f"/forgotten/{listed.id}", "another six plain words in a row"
    assert "Recovery code" in client.get(address).text
    slip = code[:-1] + ("2" if code[-1] != "2" else "3")
    wrong = browser.post(address, {"code": slip, "passphrase": fresh, "again": fresh})
    assert wrong.status_code == 401
    differ = browser.post(address, {"code": code, "passphrase": fresh, "again": PASSPHRASE})
    assert differ.status_code == 400
    assert browser.post(address, {"code": code.lower(), "passphrase": fresh, "again": fresh}).status_code == 204
    assert client.get("/session").status_code == 200
    browser.reload()
    browser.post("/lock")
    browser.reload()
    assert browser.post("/unlock", {"person": listed.id, "passphrase": PASSPHRASE}).status_code == 401
    assert browser.post("/unlock", {"person": listed.id, "passphrase": fresh}).status_code == 204


def test_without_a_code_it_is_said_that_there_is_no_way_in(client: TestClient, person: Listed) -> None:
    Browser(client)
    page = client.get(f"/forgotten/{person.id}").text
    assert "has no recovery code" in page and "<input" not in page.partition("<main")[2]


def test_wrong_codes_make_one_wait_like_wrong_passphrases(client: TestClient, person: Listed, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from salus.faces.web import unlocking

    monkeypatch.setattr(unlocking, "FREE_TRIES", 2)
    monkeypatch.setattr(unlocking, "FIRST_WAIT", 30.0)
    browser = Browser(client)
    fields = {"code": "00000-00000-00000-00000-00000", "passphrase": PASSPHRASE, "again": PASSPHRASE}
    answers = [browser.post(f"/forgotten/{person.id}", fields).status_code for _ in range(3)]
    assert answers == [401, 401, 429]


def test_a_new_code_needs_the_passphrase_and_ends_the_old_one(client: TestClient, home: Home) -> None:
    browser, code, _ = begun(client)
    assert browser.post("/recovery/new", {"passphrase": "wrong wrong wrong"}).status_code == 401
    assert browser.post("/recovery/new", {"passphrase": PASSPHRASE}).headers["hx-redirect"] == "/recovery"
    found = re.search(r'data-code="([^"]+)"', client.get("/recovery").text)
    assert found and found[1] != code
    home.open_with_code(home.find("Ada"), found[1]).close()


def test_what_is_lost_is_said_before_it_can_be(client: TestClient) -> None:
    Browser(client)
    page = client.get("/new").text
    assert page.index("lost for good") < page.index("Create and open")


def test_how_hard_a_passphrase_is_to_guess() -> None:
    def score(text: str, *known: str) -> int:
        return strength(text, known).score

    assert score("short") == 0
    assert score("P@ssw0rd2024!") <= 1
    assert score("passwordpassword") == 0 and score("aaaaaaaaaaaaaaaa") == 0 and score("qwertyuiop123456") == 0
    assert score("Solene1988") <= 1
    assert score("lantern river copper violin") >= 2
    assert score("lantern river copper violin orbit saddle") == 4
    assert score("x7#Lp2!vQz9@Rk4$") >= 3
    assert strength("lantern river copper violin", ("Violin",)).bits < strength("lantern river copper violin").bits
    assert strength("lantern lantern lantern lantern").bits < strength("lantern river").bits


def test_the_hint_is_worded_and_keeps_nothing(client: TestClient) -> None:
    browser = Browser(client)
    found = browser.post("/strength", {"passphrase": "lantern river copper violin orbit", "name": "Ada"}).json()
    assert found["score"] >= 3 and found["advice"]
    assert "lantern" not in browser.reload()
