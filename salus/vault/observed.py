"""What an observation is: a result, a vital sign, a symptom, a fact of life. Read once, when it comes."""

from __future__ import annotations

from collections.abc import Iterable

from salus.vault.database import Connection

TYPE, RESULT = "Observation", "result"
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b'"vital-signs"', "vital"), (b'"75325-1"', "symptom"), (b'"survey"', "symptom"), (b'"social-history"', "other"),
)  # fmt: skip
"""Codes of its category, or of a symptom as such (LOINC 75325-1); the first that stands in it tells."""


def kind_of(raw: bytes) -> str:
    return next((kind for mark, kind in _MARKS if mark in raw), RESULT)


def entry(number: int, type_: str, raw: bytes) -> tuple[int, str] | None:
    """The row for a resource; None for a result and for what is no observation."""
    kind = kind_of(raw) if type_ == TYPE else RESULT
    return None if kind == RESULT else (number, kind)


def write(db: Connection, rows: Iterable[tuple[int, str]]) -> None:
    db.executemany("INSERT OR REPLACE INTO observed (resource, kind) VALUES (?, ?)", rows)


def remove_batch(db: Connection, batch: int) -> None:
    db.execute("DELETE FROM observed WHERE resource IN (SELECT id FROM resource WHERE batch = ?)", (batch,))
