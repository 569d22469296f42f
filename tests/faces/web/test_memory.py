"""The memory: one thing with all its records, both sides of a conflict, merges undone, what was set aside put back."""

from __future__ import annotations

import re

from salus.vault.home import Home, Listed

from .conftest import Browser
from .records import NASTY, condition, plain, put, vault_of


def two_sources(home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, condition("a", "Type 2 diabetes mellitus", recorder={"display": "Dr Ferrand"}))
        other = condition("b", "Type 2 diabetes mellitus", recorder={"display": "Harbour Hospital"})
        put(vault, other, connection="other")


def section(html: str, kind: str) -> str:
    found = re.search(rf'aria-labelledby="kind-{kind}".*?</section>', html, re.S)
    return found[0] if found else ""


def test_one_thing_stands_once_with_both_records(open_browser: Browser, home: Home, person: Listed) -> None:
    two_sources(home, person)
    problems = section(plain(open_browser.client.get("/memory").text), "problems")
    assert problems.count('<details class="known"') == 1
    assert "2 sources" in problems and "Why are these one?" in problems
    for ref in ("Condition/a", "Condition/b"):
        assert f'data-evidence="/records/{ref}"' in problems and f'/records/{ref}?correct=1"' in problems


def test_two_different_things_and_back(open_browser: Browser, home: Home, person: Listed) -> None:
    two_sources(home, person)
    pair = {"one": "Condition/a", "other": "Condition/b"}
    answer = open_browser.post("/keep-apart", pair)
    assert answer.json()["undo"] == "/join-again" and answer.json()["fields"] == pair
    html = open_browser.client.get("/memory").text
    assert section(html, "problems").count('<details class="known"') == 2
    assert "They are the same after all" in html
    assert open_browser.post("/join-again", pair).status_code == 200
    assert section(open_browser.client.get("/memory").text, "problems").count('<details class="known"') == 1
    assert open_browser.post("/join-again", pair).status_code == 404


def test_only_records_of_the_vault_can_be_kept_apart(open_browser: Browser, home: Home, person: Listed) -> None:
    two_sources(home, person)
    assert open_browser.post("/keep-apart", {"one": "Condition/a", "other": "Condition/x"}).status_code == 404
    assert open_browser.post("/keep-apart", {"one": "Condition/a", "other": "Condition/a"}).status_code == 400


def test_a_conflict_shows_both_sides(open_browser: Browser, home: Home, person: Listed) -> None:
    resolved = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "resolved"}]}
    with vault_of(home, person) as vault:
        put(vault, condition("a", "Type 2 diabetes mellitus"))
        put(vault, condition("b", "Type 2 diabetes mellitus", clinicalStatus=resolved), connection="other")
    html = open_browser.client.get("/memory").text
    assert "Where your records disagree" in html
    clash = re.search(r'<div class="warning clash">.*?</div>', html, re.S)
    assert clash and "/records/Condition/a" in clash[0] and "/records/Condition/b" in clash[0]


def test_set_aside_is_listed_and_put_back(open_browser: Browser, home: Home, person: Listed) -> None:
    two_sources(home, person)
    made = open_browser.post("/correct", {"ref": "Condition/b", "why": "wrong", "note": "never <b>had</b> it"}).json()
    assert made["undo"] == "/put-back" and made["fields"] == {"ref": "Condition/b"}
    html = open_browser.client.get("/memory").text
    assert "2 sources" not in section(html, "problems")
    assert "never &lt;b&gt;had&lt;/b&gt; it" in html and 'data-act="/put-back" data-ref="Condition/b"' in html
    open_browser.post("/put-back", {"ref": "Condition/b"})
    assert "2 sources" in section(open_browser.client.get("/memory").text, "problems")


def test_kinds_pages_and_finding(open_browser: Browser, home: Home, person: Listed) -> None:
    assert "Nothing is known yet" in open_browser.client.get("/memory").text
    with vault_of(home, person) as vault:
        many = [condition(f"c{n}", f"Ailment {n:03d}", code=f"{4000000 + n}", onset=f"{1950 + n}") for n in range(60)]
        put(vault, *many)
    html = open_browser.client.get("/memory?kind=problems").text
    assert html.count('<details class="known"') == 50 and "Older" in html
    assert open_browser.client.get("/memory?kind=problems&page=1").text.count('<details class="known"') == 10
    assert open_browser.client.get("/memory?q=ailment 007").text.count('<details class="known"') == 1
    assert "Nothing here is called" in open_browser.client.get("/memory?q=zzz").text
    assert "none. That does not mean" in open_browser.client.get("/memory?kind=allergies").text
    assert open_browser.client.get("/memory?kind=nonsense").status_code == 200


def test_every_kind_has_its_page_in_both_languages(open_browser: Browser, home: Home, person: Listed) -> None:
    two_sources(home, person)
    for lang in ("en", "fr"):
        open_browser.post("/language", {"lang": lang})
        html = open_browser.client.get("/memory").text
        for kind in re.findall(r"/memory\?kind=(\w+)", html):
            assert open_browser.client.get(f"/memory?kind={kind}").status_code == 200


def test_titles_are_escaped(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, condition("a", NASTY, recorder={"display": NASTY}))
    html = open_browser.client.get("/memory").text + open_browser.client.get(f"/memory?q={NASTY}").text
    assert NASTY not in html and "&lt;script&gt;" in html


def test_nothing_is_told_when_locked(browser: Browser) -> None:
    assert browser.client.get("/memory").status_code == 401


def test_why_things_are_one_is_escaped_once_and_names_the_files(
    open_browser: Browser, home: Home, person: Listed
) -> None:
    with vault_of(home, person) as vault:
        put(vault, condition("a", "Asthma", recorder={"display": NASTY}), connection="harbour")
        put(vault, condition("b", "Asthma"), connection="hill")
    html = open_browser.client.get("/memory").text
    assert NASTY not in html and "&lt;script&gt;" in html and "&amp;lt;" not in html
    assert "hill.json" in html  # nobody is named as its writer: the file is
