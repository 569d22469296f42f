"""The main path: what is said, in what order, and what never is."""

from __future__ import annotations

import json

import pytest

from salus.assistant.ask import ask, stream
from salus.assistant.language import detect
from salus.vault.view import VaultView


def test_every_cited_evidence_is_there(view: VaultView) -> None:
    answer = ask(view, "Which of my results are out of range?").plain()
    known = {e["id"] for e in answer["evidence"]}
    assert answer["findings"]
    for finding in answer["findings"]:
        assert finding["evidence"] and set(finding["evidence"]) <= known


def test_the_asked_figure_is_said(view: VaultView) -> None:
    answer = ask(view, "What is my LDL?")
    assert len(answer.findings) == 1
    assert str(answer.findings[0]["value"]) in answer.text


def test_triage_is_streamed_first_and_the_answer_last(view: VaultView) -> None:
    kinds = [event.kind for event in stream(view, "How many steps did I take last week?")]
    assert kinds[0] == "triage" and kinds[-1] == "done"
    assert kinds.index("finding") < kinds.index("sentence")


@pytest.mark.parametrize(
    "words",
    [
        "I have crushing chest pain",
        "j'ai une douleur qui serre la poitrine",
        "Is my LDL fine? my face droops on one side",
    ],
)
def test_an_emergency_comes_first(view: VaultView, words: str) -> None:
    answer = ask(view, words)
    assert answer.triage["level"] == "emergency" and answer.triage["call"] == "15"
    assert answer.text.startswith("**")


def test_fifty_times_the_same(view: VaultView) -> None:
    def findings() -> bytes:
        return json.dumps(ask(view, "How is my cholesterol?").plain()["findings"], sort_keys=True).encode()

    first = findings()
    assert all(findings() == first for _ in range(50))


def test_unknown_is_said_and_nothing_is_invented(view: VaultView) -> None:
    answer = ask(view, "What is my vitamin B12?")
    assert answer.findings == () and len(answer.unknown) == 1


@pytest.mark.parametrize(
    ("text", "lang"),
    [("How is my cholesterol?", "en"), ("Comment va mon cholestérol ?", "fr"), ("LDL", "fr"), ("mes pas hier", "fr")],
)
def test_language(text: str, lang: str) -> None:
    assert detect(text, "fr") == lang
