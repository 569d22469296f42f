"""Pairs of records that the person said are two different things: merges that were undone."""

from __future__ import annotations

from datetime import UTC, datetime

from salus.errors import UsageError
from salus.records.text import T
from salus.records.times import to_ms
from salus.vault.database import Connection


def pairs(db: Connection) -> frozenset[frozenset[str]]:
    """Every pair of references that must not be told as one thing."""
    return frozenset(frozenset(row) for row in db.execute("SELECT a, b FROM apart"))


def keep(db: Connection, one: str, other: str) -> None:
    """Raises UsageError for a record and itself."""
    if one == other:
        raise UsageError(T("A record cannot be kept apart from itself."))
    a, b = sorted((one, other))
    db.execute("INSERT OR IGNORE INTO apart (a, b, at) VALUES (?, ?, ?)", (a, b, to_ms(datetime.now(UTC))))


def join(db: Connection, one: str, other: str) -> bool:
    """Takes the decision back; False when there was none."""
    a, b = sorted((one, other))
    return bool(db.execute("DELETE FROM apart WHERE a = ? AND b = ?", (a, b)).rowcount)
