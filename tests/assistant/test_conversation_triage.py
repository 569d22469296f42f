"""Red flags over a conversation: they can only raise, and are not said again to another question."""

from __future__ import annotations

import pytest

from salus.assistant import guard
from salus.assistant.ask import Past, ask
from salus.vault.view import VaultView


def level(view: VaultView, *told: str) -> str:
    past = [Past(words, {}) for words in told[:-1]]
    return guard.before(told[-1], view, "en", past).level


@pytest.mark.parametrize(
    "told",
    [
        ("I have crushing chest pain", "it still hurts"),
        ("I have crushing chest pain", "what is my LDL?", "it's getting worse"),
        ("j'ai mal à la poitrine", "ça descend dans le bras gauche"),
        ("j'ai mal à la poitrine", "ça continue"),
    ],
)
def test_what_goes_on_is_said_again(view: VaultView, told: tuple[str, ...]) -> None:
    assert level(view, *told) == "emergency"


@pytest.mark.parametrize("question", ["What is my LDL?", "and last year?", "Quels médicaments est-ce que je prends ?"])
def test_another_question_is_not_answered_with_the_emergency_before(view: VaultView, question: str) -> None:
    assert level(view, "I have crushing chest pain", question) == "none"


def test_together_they_weigh_more_than_each_alone(view: VaultView) -> None:
    alone = [level(view, "I have a fever"), level(view, "and my neck is stiff")]
    together = level(view, "I have a fever", "and my neck is stiff")
    assert together == "emergency"
    assert "emergency" not in alone


def test_a_question_about_the_record_is_no_complaint_later(view: VaultView) -> None:
    assert level(view, "When was my heart attack?", "and my LDL?") == "none"


def test_the_past_never_lowers(view: VaultView) -> None:
    assert level(view, "What is my LDL?", "I have crushing chest pain") == "emergency"


def test_the_answer_carries_it(view: VaultView) -> None:
    past = [Past("I have crushing chest pain", {})]
    answer = ask(view, "it still hurts", past=past)
    assert answer.triage["level"] == "emergency" and answer.text.startswith("**")
