"""The cases: enough of each kind, every expected fact exists in the raw files, and the report has its shape."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pytest

from salus.assistant.follow_up import Past
from salus.errors import Unreadable
from salus.evals.questions.facts import SPEC, Raw, expected, raw
from salus.evals.questions.run import cases, judged, part, run, summary
from salus.knowledge import labs
from salus.records.metrics import metrics
from salus.sample import Spec
from salus.skills.labs import LabsQuery
from salus.vault.view import VaultView


@pytest.fixture(scope="module")
def files() -> Raw:
    return raw()


def test_there_are_enough_cases_of_each_kind() -> None:
    found = cases()
    assert len({case["id"] for case in found}) == len(found) >= 300
    assert len({(*case["past"], case["question"]) for case in found}) == len(found)
    langs = Counter(case["lang"] for case in found)
    assert langs["en"] >= 150
    assert langs["fr"] >= 130
    parts = Counter(part(case) for case in found)
    assert parts["unanswerable"] >= 50
    assert parts["follow_up"] >= 40
    answerable = {case["kind"] for case in found if not case["expect"].get("unknown")}
    assert len(answerable) >= 15


def test_every_argument_names_something_salus_knows() -> None:
    kinds = {
        "medications", "allergies", "problems", "immunizations", "visits", "procedures", "documents", "care_team",
        "goals", "coverage", "devices", "symptoms", "notes", "diary",
    }
    asks = frozenset(get_args(get_type_hints(LabsQuery)["ask"]))
    for case in cases():
        for way in [case, *case.get("or", [])]:
            args = way["args"]
            assert args.get("test") is None or args["test"] in labs.tests(), case["id"]
            if way["skill"] == "labs":
                wanted = args["ask"] if isinstance(args["ask"], list) else [args["ask"]]
                assert asks.issuperset(wanted), case["id"]
            assert args.get("panel") is None or args["panel"] in labs.panels(), case["id"]
            if way["skill"] == "trends":
                assert args["metric"] in metrics() or args["metric"] == "blood_pressure", case["id"]
            if way["skill"] == "records":
                wanted = args["kind"] if isinstance(args["kind"], list) else [args["kind"]]
                assert kinds.issuperset(wanted), case["id"]


def test_every_expected_fact_exists_in_the_files(files: Raw) -> None:
    for case in cases():
        unknown = case["expect"].get("unknown", False)
        queries = case["expect"].get("facts", [])
        assert bool(queries or case["expect"].get("caveat")) != unknown, case["id"]
        for query in queries:
            assert expected(files, query), case["id"]


def test_a_query_without_facts_is_refused(files: Raw) -> None:
    with pytest.raises(ValueError, match="no facts"):
        expected(files, {"q": "result", "test": "ldl_cholesterol", "period": ["2011-01-01", "2011-12-31"]})
    with pytest.raises(ValueError, match="unknown query"):
        expected(files, {"q": "guess"})


def test_a_row_of_the_report_says_what_was_right(files: Raw) -> None:
    case = next(case for case in cases() if case["question"] == "What is my LDL?")
    fact = expected(files, case["expect"]["facts"][0])[0]
    answer: dict[str, Any] = {
        "question": case["question"], "lang": "en", "answer": f"Your LDL was {fact.value} mmol/L.", "unknown": [],
        "findings": [{"value": fact.value, "unit": "mmol/L", "time": fact.day, "statement": "", "caveats": []}],
        "skills": ["labs"], "trace": {"plans": [{"skill": "labs", "args": case["args"]}]},
    }
    row = judged(case, files, answer)
    assert row["right"], row["why"]
    assert not judged(case, files, answer | {"skills": ["trends"]})["right"]


def test_the_summary_counts_by_kind_language_and_mark() -> None:
    marks = {"skill": True, "args": True, "facts": True, "figures": True, "unknown": None}
    rows = [
        {"kind": "result", "lang": "en", "right": True, **marks},
        {"kind": "result", "lang": "fr", "right": False, **marks, "args": False},
        {"kind": "unknown_test", "lang": "fr", "right": True, **marks, "skill": None, "args": None, "facts": None,
         "unknown": True},
    ]
    found = summary(rows)
    assert (found["cases"], found["right"], found["accuracy"]) == (3, 2, 0.6667)
    assert found["skill_and_args"] == {"cases": 2, "right": 1, "accuracy": 0.5}
    assert found["by_kind"]["result"]["accuracy"] == 0.5
    assert found["by_lang"]["fr"] == {"cases": 2, "right": 1, "accuracy": 0.5}
    assert found["unknown"] == {"cases": 1, "right": 1, "accuracy": 1.0}
    assert found["by_part"] == {"plain": {"cases": 3, "right": 2, "accuracy": 0.6667, "skill_and_args": 0.5}}
    assert summary([])["accuracy"] is None


def test_the_summary_tells_follow_ups_and_what_cannot_be_answered_apart() -> None:
    cases_of = [{"past": ["a"], "expect": {"unknown": True}}, {"past": [], "expect": {"unknown": True}},
                {"expect": {"facts": []}}]  # fmt: skip
    assert [part(case) for case in cases_of] == ["follow_up", "unanswerable", "plain"]


class Silent:
    """An answer that says nothing."""

    def plain(self) -> dict[str, Any]:
        return {"question": "", "lang": "en", "answer": "", "findings": [], "unknown": [], "skills": [], "trace": {}}


def test_a_run_imports_asks_and_reports_in_the_shape_of_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    turns: list[int] = []

    def ask(view: VaultView, question: str, *, lang: str | None = None, past: Sequence[Past] = ()) -> Silent:
        assert view.counts()["Patient"] == 1
        if lang is None:
            turns.append(len(past))
        else:
            asked.append((question, lang))
            turns.append(-len(past))
        return Silent()

    stand_in = ModuleType("salus.assistant.ask")
    stand_in.ask = ask  # type: ignore[attr-defined]
    stand_in.Past = Past  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "salus.assistant.ask", stand_in)
    monkeypatch.setattr(sys.modules["salus.evals.questions.run"], "raw", lambda: raw(Spec(end=SPEC.end, days=3)))
    path = tmp_path / "cases.jsonl"
    wanted = [case for case in cases() if case["id"] in ("en-001", "fr-001")]
    wanted[0]["past"] = ["What is my HbA1c?", "and in 2024?"]
    path.write_text("".join(json.dumps(case) + "\n" for case in wanted))
    report = run(path)
    assert (report["eval"], report["model"]) == ("questions", None)
    assert asked == [(case["question"], case["lang"]) for case in wanted]
    assert turns == [0, 1, -2, 0]
    assert [row["id"] for row in report["cases"]] == ["en-001", "fr-001"]
    assert [row["part"] for row in report["cases"]] == ["follow_up", "plain"]
    assert (report["summary"]["cases"], report["summary"]["right"]) == (2, 0)
    assert json.loads(json.dumps(report)) == report


def test_a_bad_case_file_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({"id": "a"}) + "\n")
    with pytest.raises(Unreadable, match="Line 1"):
        cases(path)
    good = {"id": "a", "question": "?", "lang": "en", "kind": "x", "expect": {}}
    path.write_text(json.dumps(good | {"past": "What?"}) + "\n")
    with pytest.raises(Unreadable, match="past"):
        cases(path)
