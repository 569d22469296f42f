"""Evals are found by folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import salus.evals
from salus.evals import load, names


def test_the_questions_eval_is_found_with_what_it_measures() -> None:
    assert "questions" in names()
    found = load("questions")
    assert found is not None
    assert found.about.endswith("?")
    assert callable(found.run)


def test_an_unknown_name_is_none() -> None:
    assert load("nothing_like_this") is None


def test_a_new_folder_is_a_new_eval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "toy_eval"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A toy."""\n\ndef run(cases_path):\n    return {"eval": "toy_eval"}\n')
    monkeypatch.setattr(salus.evals, "__path__", [*salus.evals.__path__, str(tmp_path)])
    try:
        assert "toy_eval" in names()
        found = load("toy_eval")
        assert found is not None
        assert (found.about, found.run(None)) == ("A toy.", {"eval": "toy_eval"})
    finally:
        sys.modules.pop("salus.evals.toy_eval", None)
