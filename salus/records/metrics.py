"""The metrics Salus knows by name: rows of `metrics.toml`. Adding a metric is adding a row.

A metric not listed is kept under its own key ("apple:…") as a `sample` with its own unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

import tomli as tomllib

Kind = Literal["sum", "sample", "duration", "sleep"]
"""sum: amounts over spans that add up (steps). sample: values at a moment (heart rate).
duration: how long something lasted (mindful minutes). sleep: staged sleep, by night."""


@dataclass(frozen=True)
class Metric:
    """One row: key, kind, canonical UCUM unit, digits to show, names and synonyms in each language."""

    key: str
    kind: Kind
    unit: str
    digits: int = 0
    loinc: str | None = None
    en: str = ""
    fr: str = ""
    words_en: tuple[str, ...] = ()
    words_fr: tuple[str, ...] = ()
    apple: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    """Units that sources write for it and that mean the canonical one (a body mass index as a "count")."""
    molar_mass: float | None = None
    """g/mol, where readings come in mass and in molar units."""
    low: float | None = None
    """Below this a value in the canonical unit is not physically possible (refused on import)."""
    high: float | None = None

    def ucum(self, unit: str) -> str:
        """The unit a source wrote, as the unit it means for this metric."""
        return self.unit if unit in self.written else unit

    def name(self, lang: str) -> str:
        return self.fr if lang == "fr" else self.en


@lru_cache(maxsize=1)
def metrics() -> Mapping[str, Metric]:
    """Every listed metric by key."""
    data = tomllib.loads(resources.files("salus.records").joinpath("metrics.toml").read_text("utf-8"))
    table = {}
    for key, row in data.items():
        lists: dict[str, Any] = {k: tuple(row.pop(k, ())) for k in ("words_en", "words_fr", "apple", "written")}
        table[key] = Metric(key=key, **row, **lists)
    return table


def metric(key: str) -> Metric:
    """The metric of that key; an unlisted one is a plain sample with no canonical unit."""
    return metrics().get(key) or Metric(key=key, kind="sample", unit="", digits=1, en=plain(key), fr=plain(key))


def plain(key: str) -> str:
    """A readable name for an unlisted metric: 'apple:HKQuantityTypeIdentifierFooBar' is 'Foo Bar'."""
    tail = key.rsplit(":", 1)[-1].removeprefix("HKQuantityTypeIdentifier").removeprefix("HKCategoryTypeIdentifier")
    return "".join(f" {c}" if c.isupper() and i else c for i, c in enumerate(tail))
