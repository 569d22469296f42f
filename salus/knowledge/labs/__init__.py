"""The common laboratory tests and vital signs: codes, names, units, adult intervals, what high and low can mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salus.knowledge.contract import Entry
from salus.knowledge.labs.ranges import convert, critical, interval
from salus.knowledge.labs.recognise import Spot, recognise
from salus.knowledge.labs.table import Interval, Judgement, LabTest, Panel, by_loinc, judge, panels, tests

__all__ = [
    "Interval",
    "Judgement",
    "LabTest",
    "Panel",
    "Spot",
    "by_loinc",
    "convert",
    "critical",
    "interval",
    "judge",
    "panels",
    "recognise",
    "register",
    "tests",
]


def register(add: Callable[[Any], None]) -> None:
    """The door of `salus.hooks.register_references`."""
    add(Entry("labs", {"en": "Laboratory tests and vital signs", "fr": "Examens de laboratoire et signes vitaux"}))
