"""The common laboratory tests and vital signs: codes, names, units, intervals by sex, age and pregnancy, variation,
what high and low can mean and what usually comes next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salus.knowledge.contract import Entry
from salus.knowledge.labs.age import Age
from salus.knowledge.labs.change import Change, Spread, rcv, spread
from salus.knowledge.labs.choice import Choice, choose, critical, interval
from salus.knowledge.labs.conversion import convert
from salus.knowledge.labs.limits import Interval, Judgement, Pregnancy, State, judge
from salus.knowledge.labs.next_steps import NextStep, next_step, next_steps
from salus.knowledge.labs.recognise import Spot, recognise
from salus.knowledge.labs.table import LabTest, Panel, by_loinc, panels, tests
from salus.knowledge.labs.variation import Move, Variation, moves

__all__ = [
    "Age",
    "Change",
    "Choice",
    "Interval",
    "Judgement",
    "LabTest",
    "Move",
    "NextStep",
    "Panel",
    "Pregnancy",
    "Spot",
    "Spread",
    "State",
    "Variation",
    "by_loinc",
    "choose",
    "convert",
    "critical",
    "interval",
    "judge",
    "moves",
    "next_step",
    "next_steps",
    "panels",
    "rcv",
    "recognise",
    "register",
    "spread",
    "tests",
]


def register(add: Callable[[Any], None]) -> None:
    """The door of `salus.hooks.register_references`."""
    add(Entry("labs", {"en": "Laboratory tests and vital signs", "fr": "Examens de laboratoire et signes vitaux"}))
