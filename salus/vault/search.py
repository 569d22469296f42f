"""Full-text search over documents and notes, inside the encrypted file. Accents and case do not count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from salus.records.resource import decode, when
from salus.records.times import When
from salus.vault.content import unpack
from salus.vault.database import Connection, Database
from salus.vault.searchable import carries_text, text_of

OPEN, CLOSE = "\x02", "\x03"
"""What stands around a word that was found, in a snippet."""
INDEXED = "search_indexed"
_WORD = re.compile(r"[^\W_]+", re.U)


class Hit(NamedTuple):
    """One document or note that was found. A higher `score` fits better."""

    ref: str
    type: str
    title: str
    time: When | None
    origin: str
    snippet: str
    score: float


def search(db: Connection, words: str, limit: int = 20, *, any_word: bool = False) -> list[Hit]:
    """Records in force whose text holds all the words (or, with `any_word`, at least one), best first.

    A word matches the beginning of a longer one ("cardio" finds "cardiologie"). No word, no hit.
    """
    tokens = _WORD.findall(words)[:32]
    if not tokens:
        return []
    query = (" OR " if any_word else " AND ").join(f'"{token}"*' for token in tokens)
    rows = db.execute(
        "SELECT r.type, r.fid, r.title, r.content, coalesce(l.text, ''), snippet(words, 1, char(2), char(3), '…', 28), "
        "bm25(words, 4.0, 1.0) AS rank FROM words JOIN resource r ON r.id = words.rowid "
        "LEFT JOIN term l ON l.id = r.origin WHERE words MATCH ? AND r.head = 1 ORDER BY rank, r.first DESC LIMIT ?",
        (query, limit),
    ).fetchall()
    return [
        Hit(f"{type_}/{fid}", type_, title, when(decode(unpack(content))), origin, snippet, -rank)
        for type_, fid, title, content, origin, snippet, rank in rows
    ]


def count(db: Connection) -> int:
    """How many records in force can be searched."""
    query = "SELECT count(*) FROM words JOIN resource r ON r.id = words.rowid WHERE r.head = 1"
    return int(db.execute(query).fetchone()[0])


def entry(number: int, type_: str, title: str, raw: bytes) -> tuple[int, str, str] | None:
    """The row of the index for a resource, or None when it holds no text."""
    if not carries_text(type_, raw):
        return None
    text = text_of(type_, raw)
    return (number, title, text) if text else None


def write(db: Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    db.executemany("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", rows)


def remove_batch(db: Connection, batch: int) -> None:
    db.execute("DELETE FROM words WHERE rowid IN (SELECT id FROM resource WHERE batch = ?)", (batch,))


def ensure(database: Database) -> None:
    """Indexes a vault that was written before there was a search. Does nothing otherwise."""
    db = database.connection
    if db.execute("SELECT 1 FROM setting WHERE key = ?", (INDEXED,)).fetchone() is not None:
        return
    with database.writing() as writing:
        writing.execute("DELETE FROM words")
        rows = writing.execute("SELECT id, type, title, content FROM resource").fetchall()
        found = (entry(number, type_, title, unpack(content)) for number, type_, title, content in rows)
        write(writing, (row for row in found if row is not None))
        writing.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, '1')", (INDEXED,))
