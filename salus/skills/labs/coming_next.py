"""What clinicians usually do next after a result out of range. Never an order to the person."""

from __future__ import annotations

from typing import Any

from salus.knowledge.labs import LabTest, next_step
from salus.records.text import Named, T, Text
from salus.skills.labs.judging import Judged


def step_text(test: LabTest | None, found: Judged) -> Text | None:
    """One sentence, or None when the result is in range or nothing is established."""
    step = next_step(test.key, found.side) if test is not None and found.side is not None else None
    return T("{words}", words=Named(step.en, step.fr)) if step else None


def step_data(test: LabTest | None, found: Judged) -> dict[str, Any] | None:
    """The step with its source, for the finding's data."""
    step = next_step(test.key, found.side) if test is not None and found.side is not None else None
    if step is None:
        return None
    return {"en": step.en, "fr": step.fr, "source": step.source, "year": step.source_year,
            "reviewed": bool(step.reviewed_by)}  # fmt: skip
