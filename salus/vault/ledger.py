"""The ledger: append-only and hash-chained. Who looked, what was changed, what left and how many bytes.

Each entry's hash covers the one before, so a removed or altered entry shows. What leaves is written here first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from salus.records.times import from_ms, to_ms
from salus.vault.database import Database

Kind = Literal[
    "unlock", "ask", "import", "undo", "change", "out", "refused", "check", "correct", "add", "export", "backup",
    "restore", "recovery", "delete", "earlier",
]
START = b"\0" * 32


@dataclass(frozen=True)
class Entry:
    """One line. `what` says it in data; `hash` is hexadecimal."""

    seq: int
    at: datetime
    kind: str
    what: dict[str, Any]
    hash: str


def _hash(prev: bytes, seq: int, at: int, kind: str, what: str) -> bytes:
    return hashlib.sha256(prev + json.dumps([seq, at, kind, what], ensure_ascii=False).encode()).digest()


class Ledger:
    def __init__(self, database: Database) -> None:
        self.database = database

    def write(self, kind: Kind, **what: Any) -> Entry:
        """Appends one entry, committed on return."""
        return self.write_all(kind, [what])[0]

    def write_all(self, kind: Kind, whats: Sequence[Mapping[str, Any]]) -> list[Entry]:
        """Appends several entries of one kind, all committed on return or none."""
        made = []
        with self.database.writing() as db:
            last = db.execute("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
            seq, prev = last or (0, START)
            for what in whats:
                text = json.dumps(what, sort_keys=True, ensure_ascii=False, default=str)
                at = to_ms(datetime.now(UTC))
                seq, before = seq + 1, prev
                prev = _hash(before, seq, at, kind, text)
                db.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", (seq, at, kind, text, before, prev))
                made.append(Entry(seq, from_ms(at), kind, dict(what), prev.hex()))
        return made

    def entries(self, limit: int | None = None) -> list[Entry]:
        """Newest first."""
        rows = self.database.connection.execute(
            "SELECT seq, at, kind, what, hash FROM entry ORDER BY seq DESC LIMIT ?", (-1 if limit is None else limit,)
        )
        return [Entry(seq, from_ms(at), kind, json.loads(what), mark.hex()) for seq, at, kind, what, mark in rows]

    def verify(self) -> int | None:
        """None when the chain is whole, else the number of the first entry that does not fit."""
        return self.verified()[1]

    def verified(self) -> tuple[int, int | None]:
        """(how many entries fit, the number of the first that does not)."""
        prev, expected = START, 1
        rows = self.database.connection.execute("SELECT seq, at, kind, what, prev, hash FROM entry ORDER BY seq")
        for seq, at, kind, what, before, mark in rows:
            if seq != expected or before != prev or mark != _hash(prev, seq, at, kind, what):
                return expected - 1, int(expected)
            prev, expected = mark, expected + 1
        return expected - 1, None
