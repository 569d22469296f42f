"""Results: Observations that are no vital sign and no fact about how someone lives."""

from __future__ import annotations

from salus.records.resource import Resource
from salus.vault.memory.entry import Kind
from salus.vault.memory.facts import Context
from salus.vault.memory.observing import Observed, SameTest, is_social, is_vital, observe
from salus.vault.memory.rules.observations import RULES, compare, say

KIND: Kind = "results"
TYPES = ("Observation",)


def read(ctx: Context, resource: Resource, same_test: SameTest | None = None) -> Observed | None:
    if is_vital(resource.body) or is_social(resource.body):
        return None
    return observe(ctx, resource, same_test)


__all__ = ["KIND", "RULES", "TYPES", "compare", "read", "say"]
