"""Red flags said in words: what was said, which rules it sets off, how urgent that is, whom to call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salus.knowledge.contract import Entry
from salus.knowledge.red_flags.reading import Heard, read
from salus.knowledge.red_flags.rules import Rule, rules
from salus.knowledge.red_flags.triage import triage

__all__ = ["Heard", "Rule", "read", "register", "rules", "triage"]


def register(add: Callable[[Any], None]) -> None:
    """The door of `salus.hooks.register_references`."""
    add(Entry("red_flags", {"en": "Warning signs that need care now", "fr": "Signes d'alerte qui demandent des soins"}))
