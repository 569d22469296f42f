"""How much a healthy person's result moves by itself, and what else can move it: `variation.csv`, `moves.toml`.

CVI is the spread within one person, CVA the laboratory's own, CVG the spread between people; all in per cent.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

import tomli as tomllib

_NO_SOURCE: Mapping[str, Any] = {"source": "", "source_year": 0}
Shape = Literal["", "symmetric", "skewed"]


@dataclass(frozen=True)
class Variation:
    """One test's variation and its source. `shape` is set where the published limits are of one kind whatever the
    size. `moves` are keys of `moves.toml`. `apart` are LOINC codes of another specimen than the test's usual one.
    `verified_in` is where the CVI was looked up on `verified_on`; the CVA is never under that of the study read there.
    """

    cvi: Decimal | None
    cva: Decimal | None
    cvg: Decimal | None
    shape: Shape
    source: str
    year: int
    note_en: str
    note_fr: str
    moves: tuple[str, ...]
    apart: frozenset[str]
    verified_on: str = ""
    verified_in: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True)
class Move:
    """Something other than health that moves a result, in one sentence."""

    key: str
    en: str
    fr: str
    source: str
    source_year: int
    reviewed_by: str = ""
    reviewed_on: str = ""


@lru_cache(maxsize=1)
def variations() -> Mapping[str, Variation]:
    """The variation of each test that has a row, by the test's key."""
    folder = resources.files("salus.knowledge.labs")
    sources = tomllib.loads(folder.joinpath("bands", "sources.toml").read_text("utf-8"))
    rows = csv.DictReader(folder.joinpath("variation.csv").read_text("utf-8").splitlines())
    return {row["test"]: _variation(row, sources) for row in rows}


def _variation(row: Mapping[str, str], sources: Mapping[str, Mapping[str, Any]]) -> Variation:
    source = sources[row["source"]] if row["source"] else _NO_SOURCE
    return Variation(
        cvi=_decimal(row["cvi"]), cva=_decimal(row["cva"]), cvg=_decimal(row["cvg"]),
        shape=row["shape"],  # type: ignore[arg-type]
        source=str(source["source"]), year=int(source["source_year"]), note_en=row["note_en"], note_fr=row["note_fr"],
        moves=tuple(row["moves"].split()), apart=frozenset(row["apart"].split()),
        verified_on=row["verified_on"] or "", verified_in=row["verified_in"] or "",
    )  # fmt: skip


@lru_cache(maxsize=1)
def moves() -> Mapping[str, Move]:
    """What else moves results, by key."""
    text = resources.files("salus.knowledge.labs").joinpath("moves.toml").read_text("utf-8")
    return {key: Move(key=key, **row) for key, row in tomllib.loads(text).items()}


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
