"""What a skill says: findings, each resting on evidence, and the answer made of them.

Nothing here is in a language: statements are `Text`, worded later. `Unknown` is a value of its own:
a missing result is never "normal" and never false.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from salus.records.codes import Code
from salus.records.text import Text
from salus.records.times import When
from salus.records.units import Quantity

Level = Literal["none", "self_care", "routine", "urgent", "emergency"]
LEVELS: tuple[Level, ...] = ("none", "self_care", "routine", "urgent", "emergency")
Lang = Literal["en", "fr"]


def higher(a: Level, b: Level) -> Level:
    """The more urgent of two levels."""
    return a if LEVELS.index(a) >= LEVELS.index(b) else b


@dataclass(frozen=True)
class Evidence:
    """What a claim rests on.

    `type` is a FHIR resource type, "samples" (a span of samples), "document", "publication" or "policy".
    `ref` finds it again: `Observation/123`, `samples/steps/2026-11-01/2026-11-07`. `origin` says who brought it
    ("Dr House's laboratory", "Ana's Apple Watch"). `excerpt` is a short literal piece of the source.
    """

    type: str
    ref: str
    origin: str
    time: When | None
    excerpt: str


@dataclass(frozen=True)
class Finding:
    """One computed statement.

    `value` is the record's own figure (Decimal when a number) and `unit` the record's own UCUM unit;
    conversions go in `also`. `method` says how it was computed, `caveats` what limits it.
    `data` carries what a face may draw (points of a chart, the reference range), JSON-ready.
    """

    kind: str
    statement: Text
    value: Decimal | str | bool | None
    unit: str | None
    code: Code | None
    time: When | None
    method: Text
    evidence: tuple[Evidence, ...]
    caveats: tuple[Text, ...] = ()
    also: tuple[Quantity, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Unknown:
    """Something asked that the vault cannot tell, and what would be needed to know it.

    `evidence` is what was looked at (the days there are, when the one asked for is not among them).
    """

    what: Text
    needed: Text | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why a triage level was given: the rule, in words, and its source."""

    rule: str
    text: Text
    source: str


@dataclass(frozen=True)
class Triage:
    """A level with its reasons. `call` is the number to call for the person's country, if any."""

    level: Level = "none"
    reasons: tuple[Reason, ...] = ()
    call: str | None = None
    advice: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Result:
    """What one skill returns: findings and what stays unknown, in the order they should be said.

    `answer` overrides the default wording (each finding's statement, one after the other) when set.
    """

    findings: tuple[Finding, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    answer: tuple[Text, ...] = ()
