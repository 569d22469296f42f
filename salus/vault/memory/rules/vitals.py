"""Vital signs: blood pressure (whole or in halves), weight, height, pulse, temperature and their kin."""

from __future__ import annotations

from salus.records.resource import Resource
from salus.vault.memory.entry import Kind
from salus.vault.memory.facts import Context
from salus.vault.memory.observing import Observed, SameTest, is_vital, observe
from salus.vault.memory.rules.observations import RULES, compare, say

KIND: Kind = "vitals"
TYPES = ("Observation",)


def read(ctx: Context, resource: Resource, same_test: SameTest | None = None) -> Observed | None:
    return observe(ctx, resource, same_test) if is_vital(resource.body) else None


__all__ = ["KIND", "RULES", "TYPES", "compare", "read", "say"]
