"""What was asked before in a conversation, as its answer keeps it; and the typed query read back from that."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from salus.assistant.route.steps import Plan, skills
from salus.records.times import Period

MOST_BACK = 6
"""Turns that are looked back on."""
MOST_SAID = 12


@dataclass(frozen=True)
class Past:
    """One earlier question, and the `trace` of its answer: what was understood and what was told."""

    question: str
    trace: Mapping[str, Any]

    @staticmethod
    def of(question: str, answer: Mapping[str, Any]) -> Past:
        """From a turn of a conversation: `answer` is `Answer.plain()` as it was kept. Never raises."""
        trace = answer.get("trace")
        return Past(question, trace if isinstance(trace, Mapping) else {})


@dataclass(frozen=True)
class Before:
    """The turn that a question may lean on: its plans, what was told, and the language it was in."""

    question: str
    plans: tuple[Plan, ...]
    said: tuple[Mapping[str, Any], ...]
    lang: str | None

    @property
    def query(self) -> Any:
        return self.plans[0].query

    @property
    def skill(self) -> str:
        return self.plans[0].skill.name

    def dates(self) -> list[date]:
        """The days of what was told, in the order told; months and years by their first day."""
        found = []
        for one in self.said:
            text = str(one.get("time") or "")[:10]
            try:
                found.append(date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) in (4, 7) else text))
            except ValueError:
                continue
        return found

    def names(self) -> list[str]:
        """The things of the record that were told, each once."""
        return list(dict.fromkeys(str(one["name"]) for one in self.said if one.get("name")))


def before(past: Sequence[Past]) -> Before | None:
    """The newest turn whose answer came from a skill, or None; a search that found nothing is looked past."""
    found = _turns(past)
    return next((one for one in found if one.said or one.skill != "search"), found[0] if found else None)


def _turns(past: Sequence[Past]) -> list[Before]:
    found = []
    for one in reversed(list(past)[-MOST_BACK:]):
        plans = tuple(plan for plan in map(_plan, _listed(one.trace.get("plans"))) if plan is not None)
        if plans:
            said = tuple(row for row in _listed(one.trace.get("said")) if isinstance(row, Mapping))
            lang = one.trace.get("lang")
            found.append(Before(one.question, plans, said, lang if lang in ("en", "fr") else None))
    return found


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _plan(row: Any) -> Plan | None:
    """A plan read back from its trace; None where its skill is not there or its arguments make no query."""
    if not isinstance(row, Mapping) or row.get("skill") not in skills():
        return None
    skill = skills()[row["skill"]]
    args = row.get("args")
    try:
        return Plan(skill, _query(skill.query, args if isinstance(args, Mapping) else {}))
    except (TypeError, ValueError, ArithmeticError):
        return None


def _query(kind: Any, args: Mapping[str, Any]) -> Any:
    """`salus.skills.contract.arguments` undone."""
    hints = _hints(kind)
    known = {field.name for field in dataclasses.fields(kind)}
    return kind(**{key: _value(value, hints[key]) for key, value in args.items() if key in known})


@lru_cache(maxsize=64)
def _hints(kind: Hashable) -> dict[str, frozenset[Any]]:
    hints = typing.get_type_hints(kind)  # a class
    return {key: frozenset((hint, *typing.get_args(hint))) for key, hint in hints.items()}


def _value(value: Any, hint: frozenset[Any]) -> Any:
    if Period in hint:
        first, last = (date.fromisoformat(day) if day else None for day in value)
        return Period(first, last)
    if date in hint:
        return date.fromisoformat(value)
    if Decimal in hint:
        return Decimal(str(value))
    choices = [choice for one in hint for choice in typing.get_args(one) or (one,) if isinstance(choice, str)]
    if choices and value not in choices:
        raise ValueError(value)
    return tuple(value) if isinstance(value, list) else value
