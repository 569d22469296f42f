"""Made records of two or three sources: is the same thing joined, what differs kept apart, each disagreement shown?

Each case names what must come out; the memory of the vault is asked through its own code, over records held by hand.
"""

from __future__ import annotations

from salus.evals.reconciliation.run import run

__all__ = ["run"]
