"""The intervals that hold for an age, a pregnancy or a time of life: `bands/*.csv`, sources in `bands/sources.toml`.

Reads rows only; which one holds for a person is chosen in `choice.py`.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.knowledge.labs.limits import Interval

PER_YEAR = "*age"
_PREGNANT_FROM = "15"
"""Years; WHO counts women of 15 and over when it gives intervals for pregnancy (haemoglobin guideline, 2024)."""


@lru_cache(maxsize=1)
def bands() -> Mapping[str, tuple[Interval, ...]]:
    """The rows of every file by test key. Raises ValueError for a row whose source is not listed."""
    folder = resources.files("salus.knowledge.labs").joinpath("bands")
    sources = tomllib.loads(folder.joinpath("sources.toml").read_text("utf-8"))
    found: dict[str, list[Interval]] = defaultdict(list)
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".csv"):
            for row in csv.DictReader(file.read_text("utf-8").splitlines()):
                if row["source"] not in sources:
                    raise ValueError(f"{file.name}: the source {row['source']!r} is not in sources.toml")
                found[row["test"]].append(_interval(row, sources[row["source"]]))
    return {key: tuple(rows) for key, rows in found.items()}


def _interval(row: Mapping[str, str], source: Mapping[str, str | int]) -> Interval:
    high = row["high"]
    grows = high.endswith(PER_YEAR)
    return Interval(
        low=_decimal(row["low"]),
        high=None if grows else _decimal(high),
        unit=row["unit"],
        sex=row["sex"] or None,
        source=str(source["source"]),
        source_year=int(source["source_year"]),
        low_open=row["open"] in ("low", "both"),
        high_open=row["open"] in ("high", "both"),
        critical_low=_decimal(row.get("critical_low") or ""),
        critical_high=_decimal(row.get("critical_high") or ""),
        note_en=row["note_en"] or str(source.get("note_en", "")),
        note_fr=row["note_fr"] or str(source.get("note_fr", "")),
        age_from=row["from"] or (_PREGNANT_FROM if row["pregnancy"] else "18"),
        age_to=row["to"],
        pregnancy=row["pregnancy"],
        state=row["state"],
        high_per_year=_decimal(high.removesuffix(PER_YEAR)) if grows else None,
        verified_on=row["verified_on"] or "",
        verified_in=row["verified_in"] or "",
    )


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
