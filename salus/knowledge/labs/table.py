"""The rows of `rows/*.toml` and `panels.toml`: what each common test looks at, its names, codes, units and ranges.

Intervals in the rows are those of adults; those of other ages and of pregnancy are in `bands.py`.
A range printed by the laboratory always wins over these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

import tomli as tomllib

from salus.knowledge.labs.bands import bands
from salus.knowledge.labs.limits import Interval
from salus.knowledge.labs.variation import Variation, variations

Direction = Literal["low", "high"]


@dataclass(frozen=True)
class LabTest:
    """One test or vital sign: LOINC codes that are the same test in practice, names, units, adult intervals.

    `units[0]` is canonical; critical values are in it, and so are the `possible` ones, beyond which no living person's
    figure lies (so that a wrong unit is found out). `molar_mass` (g/mol) and `valence` (charge) serve conversion;
    `reads_as` mends units that this test's reports write loosely; `kin` are tests that answer the same question in
    another form (urea and urea nitrogen); `metric` is the key of `records/metrics.toml` when a device measures it too.
    `critical_from` is the age from which the critical values hold; `in_pregnancy` is False where the adult interval
    must not be used in pregnancy. `verified_in` is the public page or file in which the adult intervals were looked up
    on `verified_on`; the critical values and the codes have their own. `reviewed_by` is empty until a clinician has
    read the row.
    """

    key: str
    en: str
    fr: str
    loinc: tuple[str, ...]
    specimen: str
    units: tuple[str, ...]
    digits: int
    about_en: str
    about_fr: str
    high_en: str
    high_fr: str
    low_en: str
    low_fr: str
    source: str
    source_year: int
    as_of: str
    words: tuple[str, ...] = ()
    words_en: tuple[str, ...] = ()
    words_fr: tuple[str, ...] = ()
    intervals: tuple[Interval, ...] = ()
    critical_low: Decimal | None = None
    critical_high: Decimal | None = None
    critical_source: str = ""
    possible_low: Decimal | None = None
    possible_high: Decimal | None = None
    molar_mass: Decimal | None = None
    valence: int | None = None
    critical_from: str = "18"
    in_pregnancy: bool = True
    variation: Variation | None = None
    reads_as: Mapping[str, str] | None = None
    special: Literal["", "hba1c", "per_creatinine"] = ""
    kin: tuple[str, ...] = ()
    metric: str | None = None
    note: str = ""
    verified_on: str = ""
    verified_in: str = ""
    critical_verified_on: str = ""
    critical_verified_in: str = ""
    codes_verified_on: str = ""
    codes_verified_in: str = ""
    reviewed_by: str = ""
    reviewed_on: str = ""

    @property
    def unit(self) -> str:
        """The canonical UCUM unit."""
        return self.units[0]

    @property
    def reviewed(self) -> bool:
        """True when a clinician has read the row."""
        return bool(self.reviewed_by)

    def name(self, lang: str) -> str:
        return self.fr if lang == "fr" else self.en

    def about(self, lang: str) -> str:
        """What the test looks at, in one sentence."""
        return self.about_fr if lang == "fr" else self.about_en

    def meaning(self, direction: Direction, lang: str) -> str:
        """What a high or low result can mean, never a diagnosis; empty when it means nothing by itself."""
        if direction == "high":
            return self.high_fr if lang == "fr" else self.high_en
        return self.low_fr if lang == "fr" else self.low_en


@dataclass(frozen=True)
class Panel:
    """Tests that are asked about together, in the order they are read out."""

    key: str
    en: str
    fr: str
    tests: tuple[str, ...]
    words: tuple[str, ...] = ()
    words_en: tuple[str, ...] = ()
    words_fr: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()

    def name(self, lang: str) -> str:
        return self.fr if lang == "fr" else self.en


_DECIMALS = ("low", "high", "critical_low", "critical_high", "possible_low", "possible_high", "molar_mass")
_LISTS = ("loinc", "units", "words", "words_en", "words_fr", "kin", "tests")


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    made = dict(row)
    for field in _DECIMALS:
        if field in made:
            made[field] = Decimal(made[field])
    for field in _LISTS:
        if field in made:
            made[field] = tuple(made[field])
    return made


def _test(key: str, row: dict[str, Any]) -> LabTest:
    made = _typed(row)
    critical: dict[str, Any] = {k: made.get(k) for k in ("critical_low", "critical_high")}
    intervals = []
    for one in made.pop("intervals", ()):
        own = {"low": None, "high": None, "sex": None, "unit": made["units"][0]} | _typed(one)
        own.setdefault("source", made["source"])
        own.setdefault("source_year", made["source_year"])
        for field in ("verified_on", "verified_in"):
            own.setdefault(field, made.get(field, ""))
        intervals.append(Interval(**(own | critical if own["unit"] == made["units"][0] else own)))
    every = _without_replaced(tuple(intervals), bands().get(key, ()))
    return LabTest(key=key, intervals=every, variation=variations().get(key), **made)


def _without_replaced(own: tuple[Interval, ...], more: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """A row's own adult interval gives way where the bands divide adults by age themselves."""
    divided = {one.sex for one in more if one.age_from == "18" and not one.pregnancy and not one.state}
    return tuple(one for one in own if one.sex not in divided) + more


@lru_cache(maxsize=1)
def tests() -> Mapping[str, LabTest]:
    """Every test by key, in the order of the files."""
    table: dict[str, LabTest] = {}
    folder = resources.files("salus.knowledge.labs").joinpath("rows")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            for key, row in tomllib.loads(file.read_text("utf-8")).items():
                if key in table:
                    raise ValueError(f"{file.name}: the test {key} is written twice")
                table[key] = _test(key, row)
    return table


@lru_cache(maxsize=1)
def panels() -> Mapping[str, Panel]:
    """Every panel by key."""
    text = resources.files("salus.knowledge.labs").joinpath("panels.toml").read_text("utf-8")
    return {key: Panel(key=key, **_typed(row)) for key, row in tomllib.loads(text).items()}


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, LabTest]:
    return {code: test for test in tests().values() for code in test.loinc}


def by_loinc(code: str) -> LabTest | None:
    """The test a LOINC code belongs to, or None: an unlisted code is unknown, not an error."""
    return _codes().get(code)
