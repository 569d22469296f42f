"""The codes that say pregnancy, its dates and menopause (`pregnancy.toml`), and the trimester of a day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Literal

import tomli as tomllib

TERM_DAYS = 280
"""From the last period to the due date (ACOG committee opinion 700, 2017)."""
LONGEST_DAYS = 294
"""42 weeks; a pregnancy is taken to be over then where no record says when it ended (ACOG, post-term, 2014)."""
_SECOND, _THIRD = 14, 28
"""Weeks: the trimesters begin at 14 weeks 0 days and 28 weeks 0 days (ACOG, 2017)."""


@dataclass(frozen=True)
class Codes:
    """LOINC codes of observations, and SNOMED CT and ICD-10 codes of answers and conditions."""

    status: frozenset[str]
    pregnant: frozenset[str]
    not_pregnant: frozenset[str]
    gestational_age: frozenset[str]
    due_date: frozenset[str]
    last_period: frozenset[str]
    delivered: frozenset[str]
    conditions_snomed: frozenset[str]
    conditions_icd10: frozenset[str]
    menopause_snomed: frozenset[str]
    menopause_icd10: frozenset[str]


@lru_cache(maxsize=1)
def codes() -> Codes:
    """The codes of the file."""
    made = tomllib.loads(resources.files("salus.knowledge.labs").joinpath("pregnancy.toml").read_text("utf-8"))["codes"]
    return Codes(**{key: frozenset(made[key]) for key in Codes.__dataclass_fields__})


def trimester(began: date, day: date) -> Literal["1", "2", "3"] | None:
    """The trimester of a day, counted from the first day of the last period; None outside 0 to 42 weeks."""
    gone = (day - began).days
    if not 0 <= gone <= LONGEST_DAYS:
        return None
    weeks = gone // 7
    return "1" if weeks < _SECOND else "2" if weeks < _THIRD else "3"


def began_by_due_date(due: date) -> date:
    """The first day of the last period for a due date."""
    return due - timedelta(days=TERM_DAYS)
