"""What no table holds: other people, results by the records' own names, slips of the pen, words of a kind."""

from __future__ import annotations

import pytest

from salus.assistant.language import detect
from salus.assistant.route import plan
from salus.assistant.route.spelling import mended
from salus.records.finding import Triage
from salus.skills.contract import arguments
from salus.vault.view import VaultView


def _first(view: VaultView, question: str, lang: str = "en") -> tuple[str, dict[str, object]]:
    one = plan(question, view, lang, Triage())[0]
    return one.skill.name, arguments(one.query)


@pytest.mark.parametrize(
    "question", ["What is Harry's LDL?", "John’s cholesterol", "le cholestérol de Paul",
                 "my boyfriend's blood pressure", "what is the average LDL for men", "my dog’s weight"],
)  # fmt: skip
def test_nobody_else_is_answered_for(view: VaultView, question: str) -> None:
    assert _first(view, question) == ("none", {"why": "others"})


@pytest.mark.parametrize("question", ["What's my LDL?", "yesterday's steps", "today’s weight", "taux de Ferritine"])
def test_a_capital_is_not_yet_a_person(view: VaultView, question: str) -> None:
    assert _first(view, question)[0] in ("labs", "trends")


@pytest.mark.parametrize(
    ("question", "why"),
    [("covid test result", "no_result"), ("is my radon too low", "no_result"), ("genetic test results", "no_result"),
     ("how do i lower my ldl", "advice"), ("puis-je manger des cacahuètes", "advice"),
     ("why do i take metformin", "explain"), ("am i healthy", "overall"), ("when do i see my doctor next", "future")],
)  # fmt: skip
def test_another_question_is_not_answered_instead(view: VaultView, question: str, why: str) -> None:
    assert _first(view, question)[1] == {"why": why}


@pytest.mark.parametrize(
    ("question", "ask"),
    [("What was my first LDL?", "first"), ("mon tout premier LDL", "first"), ("second to last LDL", "previous"),
     ("mon avant-dernier LDL", "previous"), ("how many LDL results do I have", "count"), ("my last 3 LDL", "list"),
     ("was my LDL ever over 4", "highest"), ("worst LDL", "list"),
     ("difference between my first and last LDL", "change"), ("avg LDL", "average"), ("did my ldl improve", "trend")],
)  # fmt: skip
def test_which_result_is_asked_for(view: VaultView, question: str, ask: str) -> None:
    assert _first(view, question) == ("labs", {"test": "ldl_cholesterol", "ask": ask})


@pytest.mark.parametrize(
    ("question", "kind", "ask", "about"),
    [("statin", "medications", "list", "statin"), ("am i on a statin?", "medications", "is", "statin"),
     ("tetanus", "immunizations", "list", "tetanus"), ("diabetes", "problems", "list", "diabetes"),
     ("last flu shot", "immunizations", "last", "flu"), ("first flu shot", "immunizations", "first", "flu"),
     ("longest run", "workouts", "longest", "run"), ("was I ever hospitalized", "visits", "list", "hospitalized"),
     ("when was I last in the ER", "visits", "last", "in the ER"),
     ("stopped medicines", "medications", "list", "stopped"),
     ("surgeries", "procedures", "list", "surgeries"), ("do I have covid", "problems", "is", "covid"),
     ("medical history", "problems", "list", "history"), ("do i take aspirin", "medications", "is", "aspirin"),
     ("when did I have my stroke", "problems", "last", "stroke")],
)  # fmt: skip
def test_words_that_name_their_kind(view: VaultView, question: str, kind: str, ask: str, about: str) -> None:
    assert _first(view, question) == ("records", {"kind": kind, "ask": ask, "about": about})


def test_slips_are_mended_only_where_one_name_is_near() -> None:
    assert mended("whats my hemaglobin") == "whats my hemoglobin"
    assert mended("creatinnine please") == "creatinine please"
    assert mended("what is the capital of France") is None
    assert mended("asdfghjkl") is None


@pytest.mark.parametrize(
    ("question", "lang"),
    [("a1c", "en"), ("write me a poem", "en"), ("vitamin d level", "en"), ("vaccins", "fr"), ("hemoglobine ?", "fr"),
     ("natrémie", "fr"), ("tabac", "fr"), ("what's my LDL", "en"), ("l'hémoglobine", "fr"), ("objectifs", "fr")],
)  # fmt: skip
def test_the_language_of_a_few_words(question: str, lang: str) -> None:
    other = "fr" if lang == "en" else "en"
    assert detect(question, "en") == lang or detect(question, other) == lang
    assert detect(question, lang) == lang  # type: ignore[arg-type]
