"""What every request must pass: Host, Origin, token, session; and the headers every answer carries."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from salus.faces.web.app import create_app
from salus.faces.web.static_files import asset
from salus.vault.home import Home, Listed

from .conftest import Browser

WRITES = [
    "/unlock", "/persons", "/sample", "/language", "/lock", "/ask", "/imports", "/imports/1/undo",
    "/imports/jobs/x/same-person", "/imports/jobs/x/discard", "/forgotten/x", "/restore", "/restore/x", "/strength",
    "/recovery/check", "/recovery/new", "/answers/x/stop", "/ask/1/delete", "/ask/delete-all", "/settings",
    "/settings/passphrase", "/settings/devices/1/up", "/backup", "/backup/keep", "/export", "/person/delete",
    "/correct", "/put-back", "/keep-apart", "/join-again", "/add/triage", "/add/undo", "/add/note", "/connections/undo",
]  # fmt: skip
NAMED = {
    "{batch}": "1", "{job_id}": "x", "{person}": "x", "{held}": "x", "{answer}": "x", "{conversation}": "1",
    "{origin}": "1", "{way}": "up", "{what}": "note",
}  # fmt: skip


def test_every_writing_route_is_in_the_list(client: TestClient) -> None:
    found = {
        route.path
        for routes in (client.app.routes,)  # type: ignore[attr-defined]
        for route in _flat(routes)
        if getattr(route, "methods", None) and route.methods - {"GET", "HEAD"}
    }
    assert {_plain(path) for path in found} == set(WRITES)


def _plain(path: str) -> str:
    for name, value in NAMED.items():
        path = path.replace(name, value)
    return path


def _flat(routes: list) -> list:  # type: ignore[type-arg]
    found = []
    for route in routes:
        inner = getattr(route, "original_router", None)
        found += _flat(inner.routes) if inner is not None else [route]
    return found


def test_a_write_without_or_with_a_wrong_token_is_refused(open_browser: Browser) -> None:
    for path in WRITES:
        assert open_browser.client.post(path).status_code == 403
        assert open_browser.post(path, X_CSRF_Token="x" * 43).status_code == 403
    assert open_browser.client.get("/session").status_code == 200  # nothing happened: still unlocked


def test_a_write_without_a_session_is_refused(client: TestClient) -> None:
    for path in WRITES:
        assert client.post(path, headers={"X-CSRF-Token": "x"}).status_code == 401


def test_a_token_from_before_unlocking_is_not_good_after(browser: Browser, person: Listed) -> None:
    before, cookie = browser.token, browser.client.cookies.get("salus_8470")
    browser.unlock(person)
    assert browser.token != before
    assert browser.client.cookies.get("salus_8470") != cookie
    assert browser.post("/lock", X_CSRF_Token=before).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8470", "127.0.0.1:8471", "127.0.0.1", "", "localhost"])
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1:8470", "localhost:8470", "[::1]:8470", "LOCALHOST:8470"])
def test_our_own_names_are_served(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(("host", "status"), [("192.0.2.7:80", 200), ("192.0.2.7", 200), ("rebound.example", 421)])
def test_an_open_server_takes_addresses_but_no_foreign_names(home: Home, host: str, status: int) -> None:
    client = TestClient(create_app(home, host="0.0.0.0", port=80), base_url="http://192.0.2.7")
    assert client.get("/", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:9999"},
     {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
def test_a_write_from_another_page_is_refused(open_browser: Browser, headers: dict[str, str]) -> None:
    answer = open_browser.client.post("/lock", headers={"X-CSRF-Token": open_browser.token, **headers})
    assert answer.status_code == 403
    assert open_browser.client.get("/session").status_code == 200


def test_the_headers(open_browser: Browser) -> None:
    for path in ("/", "/session", "/imports", "/connections/ledger", "/nowhere", asset("style.css")):
        headers = open_browser.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "camera=()" in headers["permissions-policy"]
        kept = "public, max-age=31536000, immutable" if "static" in path else "no-store"
        assert headers["cache-control"] == kept


def test_the_cookie(client: TestClient) -> None:
    cookie = client.get("/").headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert len(cookie.split("=")[1].split(";")[0]) >= 43  # 256 bits


def test_problems_are_json_for_scripts_and_a_fragment_for_the_page(client: TestClient) -> None:
    as_json = client.get("/session", headers={"Accept": "application/json"})
    assert as_json.status_code == 401
    assert as_json.headers["content-type"] == "application/problem+json"
    assert as_json.json()["detail"] == "The vault is locked. Unlock it to go on."
    as_html = client.get("/session")
    assert as_html.headers["content-type"].startswith("text/html")
    assert 'role="alert"' in as_html.text


def test_an_unexpected_error_says_nothing_of_the_record(open_browser, monkeypatch, caplog) -> None:  # type: ignore[no-untyped-def]
    from salus.vault.vault import Vault

    def boom(self: Vault) -> None:
        raise ValueError("secret diagnosis")

    monkeypatch.setattr(Vault, "imports", boom)
    answer = open_browser.client.get("/imports")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "content-security-policy" in answer.headers
    assert "secret diagnosis" not in answer.text + caplog.text
    assert "ValueError" in caplog.text


def test_no_interface_description_is_served(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/static/../app.py", "/static/"):
        assert client.get(path).status_code in (404, 405)
