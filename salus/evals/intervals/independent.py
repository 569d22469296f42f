"""The judge the eval compares with: `table.csv`, written from the sources on its own, and a few lines of its own code.

Shares nothing with `salus.knowledge.labs`. Ages are years with decimals, stages are words, units are the table's.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

Row = Mapping[str, str]
_STAGES = {"1": "T1", "2": "T2", "3": "T3"}


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """The table."""
    return tuple(csv.DictReader(_text("table.csv").splitlines()))


@lru_cache(maxsize=1)
def factors() -> Mapping[tuple[str, str, str], Decimal]:
    """(LOINC, unit, other unit) to the factor between them."""
    found = {}
    for row in csv.DictReader(_text("factors.csv").splitlines()):
        found[row["loinc"], row["unit"], row["other"]] = Decimal(row["times"])
    return found


def verdict(case: Mapping[str, Any], years: Decimal | None) -> str:
    """ "low", "normal", "high", "critical" or "unknown" for a case whose test is a LOINC code."""
    value, printed = Decimal(str(case["value"])), case.get("range")
    row = _row(case, years)
    if printed:
        low, high = (None if printed.get(k) is None else Decimal(str(printed[k])) for k in ("low", "high"))
        found = _place(value, low, True, high, True)
        alarm = _alarm(value, row, case) if row and found in ("low", "high") else ""
        return alarm if alarm else found
    if row is None:
        return "unknown"
    if alarm := _alarm(value, row, case):
        return alarm
    low, high = _in_unit(row, "low", case), _in_unit(row, "high", case)
    return "unknown" if low is None and high is None else _place(value, low, row["low_in"] == "yes", high,
                                                                row["high_in"] == "yes")  # fmt: skip


def _row(case: Mapping[str, Any], years: Decimal | None) -> Row | None:
    """The one row for that sex, age and stage; None when something needed is not known."""
    if years is None:
        return None
    pregnancy = str(case.get("pregnancy") or "")
    stage = _STAGES.get(pregnancy, "after menopause" if case.get("state") == "postmenopausal" else "")
    for row in rows():
        begins, ends = Decimal(row["years_from"]), Decimal(row["years_to"] or "200")
        fits = row["loinc"] == case["test"] and row["stage"] == stage and begins <= years < ends
        if fits and row["sex"] in ("any", case.get("sex")):
            return row
    return None


def _alarm(value: Decimal, row: Row, case: Mapping[str, Any]) -> str:
    low, high = _in_unit(row, "alarm_low", case), _in_unit(row, "alarm_high", case)
    return "critical" if (low is not None and value <= low) or (high is not None and value >= high) else ""


def _in_unit(row: Row, field: str, case: Mapping[str, Any]) -> Decimal | None:
    if not row[field]:
        return None
    limit = Decimal(row[field])
    return limit if case["unit"] == row["unit"] else limit * factors()[row["loinc"], row["unit"], case["unit"]]


def _place(value: Decimal, low: Decimal | None, low_in: bool, high: Decimal | None, high_in: bool) -> str:
    if low is not None and (value < low or (value == low and not low_in)):
        return "low"
    if high is not None and (value > high or (value == high and not high_in)):
        return "high"
    return "normal"


def _text(name: str) -> str:
    return resources.files("salus.evals.intervals").joinpath(name).read_text("utf-8")
