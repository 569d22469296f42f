"""Questions about the sample person in English and French: is the skill right, are the facts, is the unknown said?

The expected facts are computed from the raw files by this package's own code, never by a skill or the vault.
"""

from __future__ import annotations

from salus.evals.questions.run import run

__all__ = ["run"]
