"""The timeline: columns that say every event, lines on demand, and what is set aside gone at once."""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from typing import Any

from salus.vault.home import Home, Listed
from salus.vault.timeline import KINDS

from .conftest import Browser
from .records import NASTY, condition, letter, plain, put, result, vault_of


def columns(browser: Browser) -> dict[str, Any]:
    answer = browser.client.get("/timeline/events", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    made: dict[str, Any] = answer.json()
    return made


def told(made: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(day, kind, title, precision) of every event."""
    found, day = [], 0
    for i, step in enumerate(made["day"]):
        day += step
        found.append((
            (date(1970, 1, 1) + timedelta(days=day)).isoformat(), made["kinds"][made["kind"][i]],
            made["titles"][made["title"][i]], made["precision"][i],
        ))  # fmt: skip
    return found


def test_columns_say_every_event_newest_first(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, result("a", 30.0, "2026-02-03"), condition("b", "Asthma", onset="2019-03"),
            condition("c", "Eczema", onset="2008", code="43116000"),
            letter("d", "Hello"),
            {"resourceType": "CarePlan", "id": "e", "period": {"start": "2025-01-02"}})  # fmt: skip
    made = columns(open_browser)
    assert made["kinds"] == list(KINDS)
    assert told(made) == [
        ("2026-05-06", "document", "Letter", "i"), ("2026-02-03", "result", "Ferritin", "d"),
        ("2025-01-02", "plan", "Care plan", "d"), ("2019-03-01", "problem", "Asthma", "m"),
        ("2008-01-01", "problem", "Eczema", "y"),
    ]  # fmt: skip


def test_lines_carry_reference_figure_and_clock(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, result("a", 30.5, "2026-02-03T08:05:00+01:00"), condition("b", "Asthma"))
    stamp = columns(open_browser)["stamp"]
    lines = json.loads(plain(open_browser.client.get(f"/timeline/lines/{stamp}?at=0,1,7,-3,x").text))
    assert lines == {"0": ["Observation/a", "30.5 µg/L", "08:05"], "1": ["Condition/b", "", ""]}
    assert open_browser.client.get("/timeline/lines/0123456789abcdef?at=0").status_code == 409


def test_an_event_set_aside_is_gone_and_its_lines_are_stale(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, result("a", 30.5, "2026-02-03"), condition("b", "Asthma"))
    before = columns(open_browser)
    assert open_browser.post("/correct", {"ref": "Observation/a", "why": "wrong"}).status_code == 200
    after = columns(open_browser)
    assert [title for _, _, title, _ in told(after)] == ["Asthma"]
    assert open_browser.client.get(f"/timeline/lines/{before['stamp']}?at=0").status_code == 409
    open_browser.post("/put-back", {"ref": "Observation/a"})
    assert columns(open_browser) == before


def test_the_page_filters_by_the_kinds_there_are(open_browser: Browser, home: Home, person: Listed) -> None:
    assert "Nothing has a date yet" in open_browser.client.get("/timeline").text
    with vault_of(home, person) as vault:
        put(vault, condition("b", "Asthma"))
    html = open_browser.client.get("/timeline").text
    assert 'data-kind="problem"' in html and 'data-kind="result"' not in html


def test_titles_come_as_data_and_never_as_markup(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, condition("b", NASTY))
    answer = open_browser.client.get("/timeline/events")
    assert answer.headers["content-type"] == "application/json"
    assert NASTY in answer.json()["titles"]
    assert NASTY not in open_browser.client.get("/timeline").text


def test_ten_thousand_events_weigh_little(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        first = date(1990, 1, 1)
        put(vault, *(
            result(f"o{n}", n % 97 + 0.5, (first + timedelta(days=n)).isoformat(), name=f"Test {n % 400}", code=None)
            for n in range(10_000)))  # fmt: skip
    request = open_browser.client.build_request("GET", "/timeline/events", headers={"Accept-Encoding": "gzip"})
    answer = open_browser.client.send(request, stream=True)
    body = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(body))["kind"]) == 10_000
    assert len(body) < 60_000


def test_nothing_is_told_when_locked(browser: Browser) -> None:
    for path in ("/timeline", "/timeline/events", "/timeline/lines/x?at=0"):
        assert browser.client.get(path).status_code == 401


def test_readings_by_hand_are_named_in_the_language(open_browser: Browser) -> None:
    open_browser.post("/add/blood_pressure", {"upper": "128", "lower": "82"})
    open_browser.post("/add/body_weight", {"value": "70.5", "unit": "kg"})
    open_browser.post("/language", {"lang": "fr"})
    made = columns(open_browser)
    assert "Poids" in {title for _, _, title, _ in told(made)}
    lines = json.loads(plain(open_browser.client.get(f"/timeline/lines/{made['stamp']}?at=0,1").text))
    assert "70,5 kg" in {line[1] for line in lines.values()}


def test_what_came_twice_is_one_line_and_what_disagrees_stays_two(
    open_browser: Browser, home: Home, person: Listed
) -> None:
    with vault_of(home, person) as vault:
        put(vault, result("a", 30.0, "2026-02-03"), result("c", 41.0, "2026-03-04"))
        put(vault, result("b", 30.0, "2026-02-03"), result("d", 44.0, "2026-03-04"), connection="other")
    made = columns(open_browser)
    assert [day for day, *_ in told(made)] == ["2026-03-04", "2026-03-04", "2026-02-03"]
    lines = json.loads(plain(open_browser.client.get(f"/timeline/lines/{made['stamp']}?at=0,1").text))
    assert {line[1] for line in lines.values()} == {"41.0 µg/L", "44.0 µg/L"}
