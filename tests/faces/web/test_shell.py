"""Every page has its address, title, one heading and its place in the navigation; locked, each shows the doors."""

from __future__ import annotations

import re
import sys
from types import ModuleType

import pytest
from fastapi import APIRouter
from starlette.testclient import TestClient

from salus.faces.web import shell
from salus.faces.web.app import create_app
from salus.faces.web.shell import Page, pages, routers
from salus.records.text import T
from salus.vault.home import Home, Listed

from .conftest import NAME, Browser

NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none", "Accept": "text/html"}


def test_addresses_keys_orders_and_letters_are_each_used_once() -> None:
    for field in ("key", "path", "order"):
        values = [getattr(page, field) for page in pages()]
        assert len(values) == len(set(values)), field
    letters = [page.go for page in pages() if page.go]
    assert len(letters) == len(set(letters))
    assert len([page for page in pages() if page.bar]) <= 5
    assert [page.order for page in pages()] == sorted(page.order for page in pages())


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.key)
def test_a_page_has_its_title_one_heading_and_its_mark(open_browser: Browser, page: Page) -> None:
    answer = open_browser.client.get(page.path)
    assert answer.status_code == 200
    assert len(re.findall(r"<h1\b", answer.text)) == 1
    assert re.search(r"<title>[^<]+ · Salus</title>", answer.text)
    assert 'id="main"' in answer.text and 'class="skip" href="#main"' in answer.text
    if page.key != "more":
        assert re.search(rf'<a href="{page.path}"[^>]* aria-current="page"', answer.text)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.key)
def test_locked_every_address_shows_the_doors_and_nothing_else(client: TestClient, person: Listed, page: Page) -> None:
    answer = client.get(page.path, headers=NAVIGATION)
    assert answer.status_code == (200 if page.path == "/" else 401)
    assert "Open a vault" in answer.text and NAME in answer.text
    assert "1980" not in answer.text
    assert answer.headers["set-cookie"]  # a session whose token can unlock


def test_a_script_without_a_session_gets_none(client: TestClient) -> None:
    by_script = {"Accept": "text/html", "HX-Request": "true"}
    for headers in ({}, {"Sec-Fetch-Mode": "cors", "Accept": "text/html"}, by_script):
        answer = client.get("/settings", headers=headers)
        assert answer.status_code == 401 and "set-cookie" not in answer.headers


def test_an_unknown_address_is_a_page_for_a_person(open_browser: Browser) -> None:
    answer = open_browser.client.get("/nowhere", headers=NAVIGATION)
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text and 'href="/"' in answer.text and "<html" in answer.text


def test_adding_a_page_is_adding_a_module(home: Home, person: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("salus.faces.web.pages.toy")
    module.PAGE = Page("toy", "/toy", T("Toy"), "note", 55, go="y")  # type: ignore[attr-defined]
    module.router = APIRouter()  # type: ignore[attr-defined]
    module.router.add_api_route("/toy", lambda: {"toy": True})  # type: ignore[attr-defined]
    found = list(shell._modules())
    monkeypatch.setattr(shell, "_modules", lambda: iter([*found, module]))
    pages.cache_clear()
    try:
        assert module.router in routers()  # type: ignore[attr-defined]
        with TestClient(create_app(home), base_url="http://127.0.0.1:8470") as client:
            browser = Browser(client)
            browser.unlock(person)
            assert '<a href="/toy" data-go="y">' in browser.html
            assert client.get("/toy").json() == {"toy": True}
    finally:
        pages.cache_clear()
    assert "salus.faces.web.pages.toy" not in sys.modules


def test_the_keyboard_map_names_every_letter(open_browser: Browser) -> None:
    for page in pages():
        if page.go:
            assert f"<kbd>{page.go}</kbd>" in open_browser.html
    assert 'data-shortcuts="on"' in open_browser.html
    open_browser.post("/settings", {"name": "shortcuts", "value": "off"})
    assert 'data-shortcuts="off"' in open_browser.reload()
