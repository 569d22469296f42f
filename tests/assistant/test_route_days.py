"""Days that were not understood are not answered for others; limits, ages and compared periods are read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from salus.assistant.ask import ask
from salus.assistant.route import plan
from salus.assistant.route.days import limit, not_understood
from salus.records.finding import Triage
from salus.skills.contract import arguments
from salus.vault.view import VaultView

UNCLEAR = [
    "average sleep on weekends", "steps in the morning yesterday", "heart rate during my last workout",
    "has my resting heart rate improved since I started running?", "steps after the new watch",
    "ldl on 31 February 2026", "ldl on 2026-13-45", "my LDL in 1850", "LDL the year I got bronchitis",
    "LDL on my 40th birthday", "mes pas le matin", "mon poids depuis que je cours", "glycémie avant le repas",
    "TSH in 2024 and 2025",
]  # fmt: skip


@pytest.mark.parametrize("question", UNCLEAR)
def test_days_not_understood_get_no_figure(view: VaultView, question: str) -> None:
    answer = ask(view, question)
    assert answer.trace["plans"][0]["args"] == {"why": "unclear_days"}
    assert not answer.findings and not answer.sentences
    assert len(answer.unknown) == 1


@pytest.mark.parametrize(
    "question",
    ["How far did I cycle in June?", "ldl since March", "my last LDL", "Since when do I take metformin?",
     "how many steps a day this week", "sleep last night", "Depuis quand ai-je du diabète ?", "LDL before 2025"],
)  # fmt: skip
def test_what_is_understood_is_not_called_unclear(view: VaultView, question: str) -> None:
    assert ask(view, question).trace["plans"][0]["args"].get("why") != "unclear_days"


@pytest.mark.parametrize(
    ("words", "value", "unit", "above"),
    [("hit 10,000 steps", "10000", "{steps}", True), ("over 10k steps", "10000", "{steps}", True),
     ("plus de 8 000 pas", "8000", "{steps}", True), ("less than 6 hours", "6", "h", False),
     ("moins de 7,5 heures", "7.5", "h", False), ("at least 5 km", "5", "km", True)],
)  # fmt: skip
def test_limits(words: str, value: str, unit: str, above: bool) -> None:
    found = limit(words)
    assert found is not None
    assert found[0] == (Decimal(value), unit, above)


@pytest.mark.parametrize("words", ["trend over 3 months", "over 40 years", "plus de 2 semaines", "my LDL and HDL"])
def test_a_span_of_time_is_no_limit(words: str) -> None:
    assert limit(words) is None


def test_results_of_a_day_are_that_day_s(view: VaultView) -> None:
    (found,) = _plans(view, "blood test results of 13 October 2026")
    assert found == {"all": True, "ask": "latest", "period": ["2026-10-13", "2026-10-13"]}
    (judged,) = _plans(view, "were my results of 13 October 2026 normal?")
    assert judged["ask"] == "out_of_range"


def test_a_limit_of_another_kind_is_not_one_of_the_metric() -> None:
    found = limit("more than 5 km")
    assert found is not None
    assert found[0].of("steps") is None
    assert found[0].of("distance_walking_running") == 5


def test_only_words_about_time_are_unclear() -> None:
    assert not_understood("my LDL and my weight", whole_days=True) is None
    assert not_understood("sleep on weekends", whole_days=False) is None
    assert not_understood("sleep on weekends", whole_days=True) == "on weekends"


def _plans(view: VaultView, question: str, lang: str = "en") -> list[dict[str, object]]:
    return [arguments(one.query) for one in plan(question, view, lang, Triage())]


def test_two_periods_are_compared(view: VaultView) -> None:
    month, before = _plans(view, "steps this month vs last month")
    assert (month["measure"], month["period"]) == ("average", ["2026-11-01", "2026-11-21"])
    assert (before["measure"], before["period"]) == ("average", ["2026-10-01", "2026-10-31"])
    (test,) = _plans(view, "compare my ldl 2023 vs 2026")
    assert (test["ask"], test["period"]) == ("change", ["2023-01-01", "2026-12-31"])


def test_an_age_is_a_year(view: VaultView) -> None:
    born = view.person.born
    assert born is not None
    (found,) = _plans(view, "my weight when I was 40")
    assert found["period"] == [born.replace(year=born.year + 40).isoformat(),
                               (born.replace(year=born.year + 41, day=born.day - 1)).isoformat()]  # fmt: skip


def test_since_my_last_visit_is_the_newest_visit(view: VaultView) -> None:
    newest = max(r.time.day_in(view.person.zone) for r in view.resources("Encounter") if r.time)
    (found,) = _plans(view, "how has my weight changed since my last visit?")
    assert found["period"] == [newest.isoformat(), view.today.isoformat()]


def test_days_that_met_a_limit_are_counted(view: VaultView) -> None:
    answer = ask(view, "how many days with more than 8000 steps in October?")
    days = [day for day in view.days("steps") if day.day.isoformat().startswith("2026-10")]
    wanted = sum((day.total or 0) >= 8000 for day in days)
    assert answer.findings[0]["value"] == wanted
    assert str(wanted) in answer.sentences[0] and "8,000 steps or more" in answer.sentences[0].replace("\u00a0", " ")
