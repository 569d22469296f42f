"""A rule: its name, what it says of two records, how sure, and its words. The rules themselves are in `rules/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from salus.records.text import Text

Says = Literal["same", "different"]
CERTAIN, EXACT, FIRM, MONTH, YEAR = 5, 4, 3, 2, 1
"""How sure a rule is. Up to MONTH a join may be one of several possible: it is made only where there is no other."""


@dataclass(frozen=True)
class Rule:
    """`text` says in words when it applies."""

    name: str
    says: Says
    text: Text
    level: int = FIRM


def at(rule: Rule, level: int) -> Rule:
    """The same rule, less sure."""
    return rule if level == rule.level else Rule(rule.name, rule.says, rule.text, level)
