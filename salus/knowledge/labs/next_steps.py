"""What usually comes next after a result out of range: `next.toml`. What clinicians usually do, never an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import tomli as tomllib


@dataclass(frozen=True)
class NextStep:
    """One sentence in both languages, and where it comes from. `verified_in` is where it was looked up on
    `verified_on`; `reviewed_by` is empty until a clinician has read it."""

    en: str
    fr: str
    source: str
    source_year: int
    verified_on: str = ""
    verified_in: str = ""
    reviewed_by: str = ""
    reviewed_on: str = ""


@lru_cache(maxsize=1)
def next_steps() -> Mapping[tuple[str, str], NextStep]:
    """Every step by (test key, "high" or "low")."""
    text = resources.files("salus.knowledge.labs").joinpath("next.toml").read_text("utf-8")
    found: dict[tuple[str, str], NextStep] = {}
    for key, rows in tomllib.loads(text).items():
        for row in rows:
            side = row.pop("side")
            found[key, side] = NextStep(**row)
    return found


def next_step(test: str, direction: Literal["low", "high"]) -> NextStep | None:
    """What usually comes next, or None where nothing is established."""
    return next_steps().get((test, direction))
