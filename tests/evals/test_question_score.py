"""The scorer: a right answer is right, and every way of being wrong is wrong."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.evals.questions.fact import Fact
from salus.evals.questions.score import Score, matches, same_args, score

TODAY, PARIS = date(2026, 11, 21), ZoneInfo("Europe/Paris")
CASE: dict[str, Any] = {
    "id": "x", "question": "What is my LDL?", "lang": "en", "kind": "result", "skill": "labs",
    "args": {"test": "ldl_cholesterol", "ask": "latest", "period": None}, "expect": {"facts": []},
}
FACTS = [Fact(2.21, "mmol/L", 2, day="2026-10-13")]


def finding(**changes: Any) -> dict[str, Any]:
    return {
        "id": "f1", "kind": "result", "statement": "LDL cholesterol: 2.21 mmol/L", "value": 2.21, "unit": "mmol/L",
        "code": None, "time": "2026-10-13T07:45:00+02:00", "method": "", "evidence": ["e1"], "caveats": [], "also": [],
    } | changes


def answer(**changes: Any) -> dict[str, Any]:
    return {
        "question": CASE["question"], "lang": "en", "answer": "Your LDL was 2.21 mmol/L on 13 October 2026.",
        "findings": [finding()], "evidence": [], "unknown": [], "skills": ["labs"],
        "trace": {"plans": [{"skill": "labs", "args": {"test": "ldl_cholesterol"}}]},
    } | changes


def judge(given_answer: dict[str, Any], case: dict[str, Any] = CASE, facts: list[Fact] | None = None) -> Score:
    return score(case, FACTS if facts is None else facts, given_answer, today=TODAY, zone=PARIS)


def test_a_right_answer_is_right() -> None:
    result = judge(answer())
    assert result.right, result.why
    assert (result.skill, result.args, result.facts, result.figures, result.unknown) == (True, True, True, True, None)


def test_a_wrong_figure_is_wrong_in_the_finding_and_in_the_words() -> None:
    wrong = judge(answer(findings=[finding(value=2.31)], answer="Your LDL was 2.31 mmol/L on 13 October 2026."))
    assert (wrong.facts, wrong.right) == (False, False)
    slip = judge(answer(answer="Your LDL was 2.12 mmol/L on 13 October 2026."))
    assert (slip.figures, slip.facts, slip.right) == (False, False, False)
    extra = judge(answer(answer="Your LDL was 2.21 mmol/L on 13 October 2026, your HDL 1.42 mmol/L."))
    assert (extra.facts, extra.figures, extra.right) == (True, False, False)


@given(st.decimals(min_value="0.1", max_value=20, places=2).filter(lambda v: v != Decimal("2.21")))
def test_no_other_value_passes_for_the_expected_one(value: Decimal) -> None:
    text = f"Your LDL was {value} mmol/L on 13 October 2026."
    assert not judge(answer(findings=[finding(value=float(value))], answer=text)).right


def test_a_figure_found_but_not_said_is_wrong() -> None:
    result = judge(answer(answer="Your LDL was measured on 13 October 2026."))
    assert (result.facts, result.figures) == (False, True)


def test_the_day_counts() -> None:
    assert judge(answer(findings=[finding(time="2026-10-14")])).facts is False
    assert matches(Fact(day="2025-01-24"), finding(time="2025-01-23T23:25:00Z"), PARIS)
    assert not matches(Fact(day="2025-01-23"), finding(time="2025-01-23T23:25:00Z"), PARIS)
    assert matches(Fact(day="2019"), finding(time="2019"), PARIS)
    assert not matches(Fact(day="2019"), finding(time="2019-01-01"), PARIS)


def test_a_day_that_is_asked_for_has_to_be_said() -> None:
    shot = finding(value="Flu vaccine", unit=None, time="2025-10-13")
    fact = [Fact(day="2025-10-13")]
    assert judge(answer(findings=[shot], answer="Your last flu shot was on 13 October 2025."), CASE, fact).right
    assert judge(answer(findings=[shot], answer="You had a flu shot in 2025."), CASE, fact).facts is False
    assert judge(answer(findings=[shot], answer="You had a flu shot on 13 October."), CASE, fact).facts is False
    year = finding(value="Tetanus", unit=None, time="2021")
    assert judge(answer(findings=[year], answer="Your last tetanus shot was in 2021."), CASE, [Fact(day="2021")]).right


def test_units_are_compared_by_meaning() -> None:
    assert matches(Fact(76.2, "kg", 1), finding(value=168.0, unit="[lb_av]"), PARIS)
    assert matches(Fact(479.4, "min", 0), finding(value=7.99, unit="h"), PARIS)
    assert matches(Fact(2.34, "m[IU]/L", 2), finding(value=2.34, unit="m[iU]/L"), PARIS)
    assert matches(Fact(60476, "{steps}", 0), finding(value=60476, unit="{steps}"), PARIS)
    also = [{"value": 2.21, "unit": "mmol/L"}]
    assert matches(Fact(2.21, "mmol/L", 2), finding(value=85, unit="mg/dL", also=also), PARIS)
    assert not matches(Fact(2.21, "mmol/L", 2), finding(value=2.21, unit="mg/dL"), PARIS)
    assert not matches(Fact(6.4, "%", 1), finding(value=True, unit="%"), PARIS)


def test_glucose_may_be_given_in_either_unit() -> None:
    fact = Fact(5.9, "mmol/L", 1, molar_mass=Decimal("180.156"))
    assert matches(fact, finding(value=106.3, unit="mg/dL"), PARIS)
    assert not matches(fact, finding(value=126.3, unit="mg/dL"), PARIS)


def test_the_wrong_skill_or_argument_is_wrong() -> None:
    assert judge(answer(skills=["trends"])).skill is False
    assert judge(answer(skills=["labs", "trends"])).skill is False
    assert judge(answer(skills=[])).skill is False
    other = answer(trace={"plans": [{"skill": "labs", "args": {"test": "hdl_cholesterol"}}]})
    assert (judge(other).skill, judge(other).args) == (True, False)


def test_one_of_several_ways_may_be_right() -> None:
    case = copy.deepcopy(CASE)
    case["or"] = [{"skill": "trends", "args": {"metric": "body_weight", "measure": "latest"}}]
    plan = {"skill": "trends", "args": {"metric": "body_weight", "measure": "latest"}}
    way = answer(skills=["trends"], trace={"plans": [plan]})
    assert judge(way, case).args is True
    assert judge(answer(skills=["records"]), case).skill is False


WEEK = ["2026-11-09", "2026-11-15"]
SINCE = {"kind": "medications", "ask": "since", "about": ["metformin"]}
SHOWN = {"test": "tsh", "ask": ["latest", "list"]}


@pytest.mark.parametrize(
    ("expected", "given_args", "right"),
    [
        ({"period": ["2026-11-16", "2026-11-22"]}, {"period": ["2026-11-16", "2026-11-21"]}, True),
        ({"period": WEEK}, {"period": {"first": WEEK[0], "last": WEEK[1]}}, True),
        ({"metric": "steps", "period": WEEK}, {"metric": "steps"}, False),
        ({"metric": "steps"}, {"metric": "steps", "period": WEEK}, False),
        (SHOWN, {"test": "tsh"}, True),
        (SHOWN, {"test": "tsh", "ask": "trend"}, False),
        (SINCE, {"kind": "medications", "ask": "since", "about": "la metformine"}, True),
        (SINCE, {"kind": "medications", "ask": "since", "about": "ramipril"}, False),
        (SINCE, {"kind": "medications", "ask": "since"}, False),
        ({"kind": "visits", "ask": "last"}, {"kind": "visits", "ask": "last", "about": "dentist"}, False),
        ({"all": True, "ask": "out_of_range"}, {"all": True, "ask": "out_of_range", "test": None}, True),
    ],
)
def test_arguments_are_compared_by_meaning(expected: dict[str, Any], given_args: dict[str, Any], right: bool) -> None:
    assert same_args(expected, given_args, TODAY) is right


def unanswerable(**expect: Any) -> dict[str, Any]:
    return CASE | {"expect": {"unknown": True, **expect}}


def test_the_unknown_has_to_be_said() -> None:
    said = answer(findings=[], answer="There is no such result.", unknown=["LDL in 2011"])
    assert judge(said, unanswerable(), []).right
    assert judge(said | {"unknown": []}, unanswerable(), []).unknown is False


def test_a_figure_where_there_is_none_is_wrong_unless_it_may_be_shown() -> None:
    invented = answer(unknown=["vitamin B12"])
    assert judge(invented, unanswerable(), []).unknown is False
    assert judge(invented, unanswerable(may_show=True), []).unknown is True


def test_directions_and_caveats() -> None:
    down = answer(findings=[finding(value="down", unit=None, data={"direction": "down"})], answer="It is going down.")
    assert judge(down, CASE, [Fact(direction="down")]).facts is True
    assert judge(down, CASE, [Fact(direction="up")]).facts is False
    case = CASE | {"expect": {"facts": [], "caveat": True, "not_direction": "up"}}
    silent = answer(findings=[finding(value="up", unit=None)], answer="It went up.")
    assert judge(silent, case, []).facts is False
    fair = answer(findings=[finding(value="flat", unit=None, caveats=["The watch was changed."])], answer="No change.")
    assert judge(fair, case, []).facts is True


def test_hours_and_minutes_stand_for_minutes() -> None:
    slept = finding(value=479.4, unit="min", time="2026-11-21")
    fact = [Fact(479.4167, "min", 0)]
    assert judge(answer(findings=[slept], answer="You slept 7 h 59 min."), CASE, fact).right
    assert not judge(answer(findings=[slept], answer="You slept 6 h 59 min."), CASE, fact).right


def test_words_are_found_whatever_their_accents() -> None:
    named = finding(value="Allergie à la pénicilline", unit=None)
    said = answer(findings=[named], answer="Vous êtes allergique : Allergie à la pénicilline.")
    assert judge(said, CASE, [Fact(words="allergie à la penicilline")]).facts is True
    assert judge(said, CASE, [Fact(words="latex")]).facts is False


def test_everyone_of_a_list_has_to_be_named() -> None:
    team = finding(value="Dr Nadia Ferrand, Dr Paul Okonkwo", unit=None)
    said = answer(findings=[team], answer="Dr Nadia Ferrand and Dr Paul Okonkwo.")
    assert judge(said, CASE, [Fact(words="Ferrand & Okonkwo")]).facts is True
    assert judge(said, CASE, [Fact(words="Ferrand & Nobody")]).facts is False


def test_a_method_may_be_printed_only_where_it_was_asked_for() -> None:
    told = answer(findings=[finding(method="Real beyond 7.7 %.")],
                  answer="Your LDL was 2.21 mmol/L on 13 October 2026. Real beyond 7.7 %.")  # fmt: skip
    assert judge(told).figures is False
    told["trace"]["aspect"] = "why"
    assert judge(told).figures is True


def test_a_moment_may_be_said_as_the_persons_own_day() -> None:
    late = answer(findings=[finding(time="2026-10-13T22:30:00Z")], answer="2.21 mmol/L on 14 October 2026.")
    assert judge(late, facts=[Fact(2.21, "mmol/L", 2)]).figures is True


def test_words_and_writers_are_compared_as_the_subject_of_a_record_is() -> None:
    assert same_args({"words": ["nerve"], "by": None}, {"words": "nerves"}, TODAY)
    assert same_args({"by": ["Okonkwo"]}, {"by": "Dr Paul Okonkwo"}, TODAY)
    assert not same_args({"by": ["Okonkwo"]}, {"by": "Dr Ferrand"}, TODAY)
