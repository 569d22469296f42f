"""Conversations are kept, reopened with their evidence, gone on with, and deleted; a temporary one is not kept."""

from __future__ import annotations

import re

from salus.vault.home import Home, Listed

from .conftest import PASSPHRASE, Browser, Script, bundle, emergency


def ask(browser: Browser, question: str, **more: str) -> dict[str, str]:
    answer = browser.post("/ask", {"question": question, **more}, Accept="application/json")
    assert answer.status_code == 202, answer.text
    made: dict[str, str] = answer.json()
    browser.events(made["stream"])
    return made


def test_a_conversation_is_reopened_with_its_evidence(open_browser: Browser, script: Script) -> None:
    open_browser.events(open_browser.send("records.json", bundle()))
    script.triage = emergency()
    made = ask(open_browser, "How is my cholesterol?")
    page = open_browser.client.get(f"/ask/{made['conversation']}").text
    assert "How is my cholesterol?" in page and "Call 112 now." in page and "5.20\u00a0mmol/L" in page
    assert "above the" in page and ">3.00</button>" in page
    address = re.search(r'data-evidence="(/answers/kept-[^"]+)"', page)
    assert address
    shown = open_browser.client.get(address[1])
    assert shown.status_code == 200 and "Laboratory of the Harbour" in shown.text


def test_a_follow_up_goes_on_with_the_conversation(open_browser: Browser, script: Script) -> None:
    made = ask(open_browser, "How is my cholesterol?")
    assert script.past == []
    again = ask(open_browser, "And before that?", conversation=made["conversation"])
    assert again["conversation"] == made["conversation"]
    assert [past.question for past in script.past] == ["How is my cholesterol?"]
    other = ask(open_browser, "How did I sleep?")
    assert other["conversation"] != made["conversation"] and script.past == []


def test_a_temporary_chat_remembers_and_is_not_kept(
    open_browser: Browser, script: Script, home: Home, person: Listed
) -> None:
    made = ask(open_browser, "A private question", temporary="1")
    ask(open_browser, "And then?", temporary="1", conversation=made["conversation"])
    assert [past.question for past in script.past] == ["A private question"]
    assert "A private question" not in open_browser.client.get("/ask").text
    open_browser.post("/lock")
    with home.open(person, PASSPHRASE) as vault:
        assert vault.conversations.list() == []
    for path in home.folder.rglob("*.db*"):
        assert b"private question" not in path.read_bytes()


def test_one_or_all_are_deleted(open_browser: Browser, script: Script) -> None:
    first, second = ask(open_browser, "First question?"), ask(open_browser, "Second question?")
    ask(open_browser, "Third question?")
    assert open_browser.post(f"/ask/{first['conversation']}/delete").headers["hx-redirect"] == "/ask"
    listed = open_browser.client.get("/ask/past").text
    assert "First question?" not in listed and "Second question?" in listed
    assert open_browser.client.get(f"/ask/{first['conversation']}").status_code == 404
    gone = open_browser.post("/ask", {"question": "More?", "conversation": first["conversation"]})
    assert gone.status_code == 404  # not quietly opened anew
    open_browser.post("/ask/delete-all")
    assert "question?" not in open_browser.client.get("/ask/past").text
    assert open_browser.client.get(f"/ask/{second['conversation']}").status_code == 404


def test_what_is_stopped_is_not_kept(open_browser: Browser, script: Script) -> None:
    script.seconds = 0.6
    made = open_browser.post("/ask", {"question": "A long one?"}, Accept="application/json").json()
    assert open_browser.post(f"{made['stream']}/stop").status_code == 204
    events = open_browser.events(made["stream"])
    assert events[-1] == ("done", '{"stopped": true}')
    assert "A long one?" not in open_browser.client.get("/ask/past").text


def test_a_question_that_failed_leaves_no_conversation(open_browser: Browser, script: Script) -> None:
    script.error = RuntimeError("boom")
    made = open_browser.post("/ask", {"question": "It fails?"}, Accept="application/json").json()
    assert open_browser.events(made["stream"])[-1][0] == "failed"
    assert "It fails?" not in open_browser.client.get("/ask/past").text


def test_an_answer_kept_by_another_face_is_shown_too(
    open_browser: Browser, script: Script, home: Home, person: Listed
) -> None:
    plain = {"lang": "fr", "answer": "**Appelez le 15.**\n\nVotre LDL était de 5,20\u00a0mmol/L.\n\nInconnu.",
             "triage": {"level": "emergency", "reasons": [], "call": "15"}, "findings": [], "evidence": [],
             "unknown": ["Inconnu."]}  # fmt: skip
    with home.open(person, PASSPHRASE) as vault:
        number = vault.conversations.start("Mon LDL ?")
        vault.conversations.add(number, "Mon LDL ?", plain)
    page = open_browser.client.get(f"/ask/{number}").text
    assert "Appelez le 15." in page and "**" not in page and page.count("Inconnu.") == 1
    assert "5,20" in page and 'lang="fr"' in page


def test_nobody_elses_conversation_is_found(open_browser: Browser) -> None:
    assert open_browser.client.get("/ask/999").status_code == 404
    assert open_browser.client.get("/answers/kept-9-9/evidence/f1").status_code == 404


def test_questions_are_suggested_from_what_there_is(open_browser: Browser) -> None:
    assert "nothing to ask about yet" in open_browser.client.get("/ask").text
    open_browser.events(open_browser.send("records.json", bundle()))
    page = open_browser.client.get("/ask").text
    assert "data-ask" in page and "What was my last LDL" in page and "How many steps" not in page
