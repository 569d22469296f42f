"""Made results of made people: is each judged low, normal, high, critical or unknown as an independent table says?

The judging code under test is the one answers use (records to readings to verdict); the table shares nothing with it.
"""

from __future__ import annotations

from salus.evals.intervals.run import run

__all__ = ["run"]
