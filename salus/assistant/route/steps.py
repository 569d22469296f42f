"""What a question becomes: steps, each one skill with its typed query; and the skills there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from salus.hooks import register_skills
from salus.records.finding import Result, Unknown
from salus.skills.contract import Skill


@dataclass(frozen=True)
class Plan:
    """One skill to run with its typed query."""

    skill: Skill[Any]
    query: Any


@dataclass(frozen=True)
class Nothing:
    """The query of a question no skill answers: why, and what would help."""

    why: str


@lru_cache(maxsize=1)
def skills() -> dict[str, Skill[Any]]:
    return {found.name: found for found in register_skills()}


def unknown(why: str, missing: Unknown) -> Plan:
    """A plan that says one thing: what is not known."""
    return Plan(Skill("none", {}, Nothing, (), lambda view, query: Result(unknown=(missing,))), Nothing(why))
