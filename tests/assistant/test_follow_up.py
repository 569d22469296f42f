"""Questions of a conversation: what leans on the one before is completed with it, what stands alone never is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from salus.assistant.ask import Answer, Past, ask
from salus.assistant.follow_up.past import before
from salus.skills.contract import arguments
from salus.vault.view import VaultView

Args = dict[str, Any]
LDL: Args = {"test": "ldl_cholesterol", "ask": "latest"}


def conversation(view: VaultView, *questions: str) -> Answer:
    """The answer to the last question; each is kept as a conversation keeps it, through JSON."""
    past: list[Past] = []
    for question in questions[:-1]:
        kept = json.loads(json.dumps(ask(view, question, past=past).plain(), default=str))
        past.append(Past.of(question, kept))
    return ask(view, questions[-1], past=past)


def plan(answer: Answer) -> tuple[str, Args]:
    (only,) = answer.trace["plans"]
    return only["skill"], only["args"]


FOLLOWED: list[tuple[list[str], str, Args]] = [
    (["How is my HbA1c?", "and my LDL?"], "labs", LDL),
    (["How is my HbA1c?", "same for potassium"], "labs", {"test": "potassium", "ask": "latest"}),
    (["How has my HbA1c changed since March?", "and my LDL?"], "labs",
     {"test": "ldl_cholesterol", "ask": "change", "period": ["2026-03-01", "2026-11-21"]}),
    (["What is my LDL?", "and last year?"], "labs", {**LDL, "period": ["2025-01-01", "2025-12-31"]}),
    (["What was my LDL in 2023?", "2024?", "and now?"], "labs", LDL),
    (["What is my LDL?", "the one before?"], "labs", {"test": "ldl_cholesterol", "ask": "previous"}),
    (["What is my LDL?", "is that normal?"], "labs", LDL),
    (["What is my LDL?", "show me all of them"], "labs", {"test": "ldl_cholesterol", "ask": "list"}),
    (["What is my LDL?", "how many are there?"], "labs", {"test": "ldl_cholesterol", "ask": "count"}),
    (["What was my LDL in 2023?", "what was the highest ever?"], "labs", {"test": "ldl_cholesterol", "ask": "highest"}),
    (["What is my LDL?", "what does it mean?"], "labs", {"test": "ldl_cholesterol", "ask": "meaning"}),
    (["What is my LDL?", "compare with 2023"], "labs",
     {"test": "ldl_cholesterol", "ask": "change", "period": ["2023-01-01", "2026-11-21"]}),
    (["How many steps did I take last week?", "and the week before?"], "trends",
     {"metric": "steps", "measure": "total", "period": ["2026-11-02", "2026-11-08"]}),
    (["How many steps did I take last week?", "on average?"], "trends",
     {"metric": "steps", "measure": "average", "period": ["2026-11-09", "2026-11-15"]}),
    (["How many steps did I take last week?", "and my sleep?"], "trends",
     {"metric": "sleep", "measure": "average", "period": ["2026-11-09", "2026-11-15"]}),
    (["Steps on 12 November?", "yesterday?"], "trends",
     {"metric": "steps", "measure": "total", "period": ["2026-11-20", "2026-11-20"]}),
    (["What's my weight?", "is it going down?"], "trends", {"metric": "body_weight", "measure": "trend"}),
    (["how many days over 10000 steps in October?", "and 12000?"], "trends",
     {"metric": "steps", "measure": "count", "period": ["2026-10-01", "2026-10-31"], "at_least": 12000}),
    (["my heart rate yesterday", "at rest?"], "trends",
     {"metric": "resting_heart_rate", "measure": "average", "period": ["2026-11-20", "2026-11-20"]}),
    (["Do I take metformin?", "since when?"], "records",
     {"kind": "medications", "ask": "since", "about": "metformin"}),
    (["Since when do I take ramipril?", "who prescribed it?"], "records",
     {"kind": "medications", "ask": "who", "about": "ramipril"}),
    (["Since when do I take ramipril?", "and metformin?"], "records",
     {"kind": "medications", "ask": "since", "about": "metformin"}),
    (["Am I allergic to latex?", "and peanuts?"], "records", {"kind": "allergies", "ask": "is", "about": "peanuts"}),
    (["How many visits did I have in 2025?", "and in 2024?"], "records",
     {"kind": "visits", "ask": "count", "period": ["2024-01-01", "2024-12-31"]}),
    (["When did I last see a doctor?", "and before that?"], "records",
     {"kind": "visits", "ask": "last", "period": [None, "2026-10-19"]}),
    (["What are my health problems?", "which ones are over?"], "records",
     {"kind": "problems", "ask": "list", "about": "past"}),
    (["search my notes for eye", "and nerves?"], "search", {"words": "nerves"}),
    (["Quel est mon LDL ?", "et l'an dernier ?"], "labs", {**LDL, "period": ["2025-01-01", "2025-12-31"]}),
    (["Quel est mon LDL ?", "il était à combien avant ?"], "labs", {"test": "ldl_cholesterol", "ask": "previous"}),
    (["Quel est mon LDL ?", "c'est normal ?"], "labs", LDL),
    (["Quel est mon poids ?", "le plus bas ?"], "trends", {"metric": "body_weight", "measure": "min"}),
    (["Combien de pas hier ?", "et avant-hier ?"], "trends",
     {"metric": "steps", "measure": "total", "period": ["2026-11-19", "2026-11-19"]}),
    (["Est-ce que je prends de la metformine ?", "qui l'a prescrite ?"], "records",
     {"kind": "medications", "ask": "who", "about": "metformine"}),
    (["Ai-je du diabète ?", "depuis quand ?"], "records", {"kind": "problems", "ask": "since", "about": "diabète"}),
]  # fmt: skip


@pytest.mark.parametrize(("questions", "skill", "args"), FOLLOWED, ids=[" / ".join(q) for q, _, _ in FOLLOWED])
def test_a_follow_up_is_completed(view: VaultView, questions: list[str], skill: str, args: Args) -> None:
    answer = conversation(view, *questions)
    assert plan(answer) == (skill, args)
    assert answer.trace["follows"] is True
    assert answer.trace["after"] in questions


ALONE = [
    "What is my weight?", "How is my HbA1c?", "Which of my results are out of range?", "What am I allergic to?",
    "When was my last flu vaccine?", "How many steps did I take last week?", "Quels médicaments est-ce que je prends ?",
    "Quel est mon taux de potassium ?", "what did Dr Okonkwo write?", "ldl 2024", "temp",
]  # fmt: skip


@pytest.mark.parametrize("question", ALONE)
@pytest.mark.parametrize("first", ["What was my LDL in 2023?", "Do I take metformin?", "My steps yesterday?"])
def test_what_stands_alone_never_inherits(view: VaultView, question: str, first: str) -> None:
    alone, after = ask(view, question), conversation(view, first, question)
    assert after.trace["plans"] == alone.trace["plans"]
    assert "follows" not in after.trace
    assert after.findings == alone.findings


@pytest.mark.parametrize(
    "question", ["why?", "and before that?", "et l'an dernier ?", "qui l'a prescrit ?", "in mmol/L?"]
)
def test_without_a_question_before_nothing_is_guessed(view: VaultView, question: str) -> None:
    answer = ask(view, question)
    assert not answer.findings
    assert len(answer.unknown) == 1


def test_what_was_told_together_is_asked_of_each(view: VaultView) -> None:
    answer = conversation(view, "What medicines am I taking?", "who prescribed them?")
    assert {p["args"]["ask"] for p in answer.trace["plans"]} == {"who"}
    assert len({p["args"]["about"] for p in answer.trace["plans"]}) == 4


def test_one_of_several_is_picked_by_its_place(view: VaultView) -> None:
    listed = ask(view, "What medicines am I taking?")
    answer = conversation(view, "What medicines am I taking?", "the second one?")
    assert plan(answer)[1]["about"] == listed.findings[1]["data"]["name"]


def test_why_gives_method_and_evidence_and_no_cause(view: VaultView) -> None:
    first = ask(view, "What is my LDL?")
    answer = conversation(view, "What is my LDL?", "why?")
    assert answer.findings == first.findings
    assert answer.trace["aspect"] == "why"
    assert first.findings[0]["method"] in answer.text
    assert "not why" in " ".join(answer.unknown)
    how = conversation(view, "What is my LDL?", "how was it worked out?")
    assert how.trace["aspect"] == "how" and not how.unknown


def test_why_after_a_refusal_says_the_reason_again(view: VaultView) -> None:
    refused = ask(view, "Should I stop my statin?")
    assert conversation(view, "What is my LDL?", "Should I stop my statin?", "why?").unknown == refused.unknown


def test_where_it_comes_from(view: VaultView) -> None:
    answer = conversation(view, "What is my LDL?", "where does it come from?")
    assert "Biolane Laboratory" in answer.text


def test_another_unit_is_a_figure_of_the_finding(view: VaultView) -> None:
    answer = conversation(view, "What's my weight?", "in pounds?")
    (pounds,) = (q["value"] for q in answer.findings[0]["also"] if q["unit"] == "[lb_av]")
    assert pounds == pytest.approx(answer.findings[0]["value"] / 0.45359237, rel=0.005)
    assert f"{pounds}\u00a0lb" in answer.text
    cannot = conversation(view, "What's my weight?", "in mmol/L?")
    assert "mmol/L" in cannot.unknown[0]


def test_a_change_of_language_is_followed(view: VaultView) -> None:
    answer = conversation(view, "Quel est mon LDL ?", "and in 2024?", "pourquoi ?")
    assert answer.lang == "fr"
    assert plan(answer) == ("labs", {**LDL, "period": ["2024-01-01", "2024-12-31"]})


def test_a_question_of_neither_language_goes_on_in_the_last_one(view: VaultView) -> None:
    assert conversation(view, "Comment va mon foie ?", "LDL ?").lang == "fr"


@pytest.mark.parametrize(
    "question", ["and my husband's?", "will it go down?", "should I stop it?", "et celui de ma mère ?"]
)
def test_what_is_refused_alone_is_refused_in_a_conversation(view: VaultView, question: str) -> None:
    answer = conversation(view, "What is my LDL?", question)
    assert answer.skills == ("none",) and not answer.findings


def test_same_question_same_past_same_facts(view: VaultView) -> None:
    seen = {json.dumps(conversation(view, "What is my LDL?", "and in 2024?", "why?").plain()) for _ in range(5)}
    assert len(seen) == 1


def test_days_nobody_understands_are_said(view: VaultView) -> None:
    answer = conversation(view, "What is my resting heart rate?", "and in the mornings?")
    assert plan(answer)[0] == "none" and not answer.findings


def test_a_month_alone_is_of_the_year_spoken_of(view: VaultView) -> None:
    assert plan(conversation(view, "my weight in June 2025", "and July?"))[1]["period"] == ["2025-07-01", "2025-07-31"]


BROKEN: list[Any] = [
    {}, {"trace": None}, {"trace": []}, {"trace": {"plans": None}}, {"trace": {"plans": [3]}},
    {"trace": {"plans": [{"skill": "nowhere", "args": {}}]}}, {"trace": {"plans": [{"skill": "labs", "args": 7}]}},
    {"trace": {"plans": [{"skill": "labs", "args": {"ask": "guess"}}]}},
    {"trace": {"plans": [{"skill": "trends", "args": {"metric": "steps", "period": ["x", "y"]}}]}},
    {"trace": {"plans": [{"skill": "trends", "args": {}}]}},
]  # fmt: skip


@pytest.mark.parametrize("answer", BROKEN)
def test_a_turn_that_was_kept_badly_is_no_past(view: VaultView, answer: Any) -> None:
    ask(view, "and last year?", past=[Past.of("What?", answer)])  # never raises


def test_a_query_is_read_back_as_it_was(view: VaultView) -> None:
    for questions, _, _ in FOLLOWED:
        answer = conversation(view, *questions)
        found = before([Past.of(questions[-1], json.loads(json.dumps(answer.plain(), default=str)))])
        assert found is not None
        assert [arguments(plan.query) for plan in found.plans] == [p["args"] for p in answer.trace["plans"]]
