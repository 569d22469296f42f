"""A question, its stream, and the evidence its figures open."""

from __future__ import annotations

import re

import pytest

from salus.errors import NotFound
from salus.records.text import T
from salus.vault.home import Home, Listed

from .conftest import MARKER, PASSPHRASE, Browser, Script, bundle, emergency


def asked(browser: Browser, question: str) -> str:
    answer = browser.post("/ask", {"question": question}, Accept="application/json")
    assert answer.status_code == 202, answer.text
    return str(answer.json()["stream"])


def test_the_answer_streams_in_order(open_browser: Browser, script: Script) -> None:
    script.triage = emergency()
    events = open_browser.events(asked(open_browser, "How is my cholesterol?"))
    assert [kind for kind, _ in events] == ["triage", "finding", "sentence", "unknown", "done"]
    triage, finding, sentence, unknown, _ = (data for _, data in events)
    assert 'role="alert"' in triage and 'href="tel:112"' in triage and "Call 112 now." in triage
    assert "An open guideline, 2023" in triage
    assert "5.20\u00a0mmol/L" in finding and "3\u00a0March 2026" in finding and "201.1\u00a0mg/dL" in finding
    assert "One result only." in finding and "The newest result." in finding
    assert re.search(r'<button[^>]*data-evidence="/answers/[\w-]+/evidence/f1">5\.20\u00a0mmol/L</button>', sentence)
    assert "&lt;b&gt;1978&lt;/b&gt;" in unknown


def test_no_banner_when_there_is_nothing_to_warn_of(open_browser: Browser, script: Script) -> None:
    events = open_browser.events(asked(open_browser, "How is my cholesterol?"))
    assert [kind for kind, _ in events] == ["finding", "sentence", "unknown", "done"]


def test_reading_a_stream_twice_or_from_the_middle_gives_the_same(open_browser: Browser, script: Script) -> None:
    stream = asked(open_browser, "How is my cholesterol?")
    once, twice = open_browser.events(stream), open_browser.events(stream)
    assert once == twice
    assert open_browser.events(stream, **{"Last-Event-ID": "2"}) == once[2:]
    assert len(script.asked) == 1


def test_the_question_decides_the_language(open_browser: Browser, script: Script) -> None:
    open_browser.events(asked(open_browser, "How is my cholesterol?"))
    assert [lang for _, lang in script.asked] == ["en"]


def test_a_figure_opens_the_record_it_rests_on(open_browser: Browser, script: Script) -> None:
    open_browser.events(open_browser.send("records.json", bundle()))
    stream = asked(open_browser, "How is my cholesterol?")
    address = re.search(r'data-evidence="([^"]+)"', dict(open_browser.events(stream))["sentence"])
    assert address
    shown = open_browser.client.get(address[1])
    assert shown.status_code == 200
    assert "Laboratory of the Harbour" in shown.text and "3\u00a0March 2026" in shown.text
    assert f"LDL cholesterol {MARKER}" in shown.text
    assert "&#34;value&#34;: 5.20" in shown.text  # the digits received
    assert "Observation/ldl-1" in shown.text


def test_evidence_by_reference(open_browser: Browser) -> None:
    open_browser.events(open_browser.send("records.json", bundle()))
    assert "Laboratory of the Harbour" in open_browser.client.get("/evidence/Observation/ldl-1").text
    assert open_browser.client.get("/evidence/Observation/none").status_code == 404
    assert open_browser.client.get("/evidence/samples/steps/2026-01-01/2026-01-02").status_code == 404
    assert open_browser.client.get("/evidence/samples/steps/x").status_code == 404


def test_errors_end_the_stream_with_their_sentence(open_browser: Browser, script: Script, caplog) -> None:  # type: ignore[no-untyped-def]
    script.error = NotFound(T("There is no such record."))
    assert open_browser.events(asked(open_browser, "How is my cholesterol?"))[-1] == (
        "failed", "There is no such record.")  # fmt: skip
    script.error = RuntimeError("secret diagnosis")
    kind, said = open_browser.events(asked(open_browser, "How is my cholesterol?"))[-1]
    assert kind == "failed" and "Something went wrong" in said
    assert "secret diagnosis" not in said + caplog.text


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001])
def test_no_question_and_a_very_long_one_are_refused(open_browser: Browser, script: Script, question: str) -> None:
    assert open_browser.post("/ask", {"question": question}).status_code == 400
    assert not script.asked


def test_another_browser_cannot_read_the_answer(open_browser: Browser, script: Script, person: Listed) -> None:
    stream = asked(open_browser, "How is my cholesterol?")
    open_browser.events(stream)
    open_browser.client.cookies.clear()
    assert open_browser.client.get(stream).status_code == 401
    other = Browser(open_browser.client)
    other.unlock(person)
    assert other.client.get(stream).status_code == 404


def test_the_ledger_tells_of_a_question_but_not_which(
    open_browser: Browser, script: Script, home: Home, person: Listed
) -> None:
    open_browser.events(asked(open_browser, "How is my cholesterol?"))
    open_browser.post("/lock")
    with home.open(person, PASSPHRASE) as vault:
        entries = [e for e in vault.ledger.entries() if e.kind == "ask"]
    assert len(entries) == 1
    assert "cholesterol" not in str(entries[0].what)
