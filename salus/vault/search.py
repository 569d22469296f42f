"""Full-text search over documents and notes, inside the encrypted file. Accents and case do not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from salus.records.resource import decode, when
from salus.records.times import When
from salus.vault import observed
from salus.vault.content import unpack
from salus.vault.database import Connection, Database, storable
from salus.vault.searchable import carries_text, text_of

OPEN, CLOSE = "\x02", "\x03"
"""What stands around a word that was found, in a snippet."""
INDEXED = "search_indexed"
VERSION = "2"
LOT = 2000
"""Records read at once when an older vault is indexed."""
MOST_WORDS = 32
MOST_RANKED = 600
"""Where more records fit, the last to come are told first, unscored: a word that is everywhere ranks nothing, and a
score reads all that fits twice."""
_WORD = re.compile(r"[^\W_]+")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.I)
_LETTERS = (("oe", "œ"), ("ae", "æ"))
"""One letter or two, as people write it."""


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
    query = match(words, any_word=any_word)
    if query is None or limit < 1:
        return []
    whole = match(words, any_word=any_word, whole=True) or query
    for one in (whole, query):
        fitting = db.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (one, MOST_RANKED + 1)).fetchall()
        if len(fitting) > MOST_RANKED:
            rows = db.execute(f"{_FOUND} AND r.head = 1 ORDER BY words.rowid DESC LIMIT ?", (one, limit))
            return [_hit(row, 0.0) for row in rows]
    scored = db.execute(
        "SELECT -bm25(words, 4.0, 1.0), coalesce(r.first, 0), r.id FROM words JOIN resource r ON r.id = words.rowid "
        "WHERE words MATCH ? AND r.head = 1",
        (query,),
    ).fetchall()
    best = sorted(scored, reverse=True)[:limit]
    by_number = f"{_FOUND} AND words.rowid = ?"
    return [
        _hit(next(filter(None, (db.execute(by_number, (one, number)).fetchone() for one in (whole, query)))), score)
        for score, _, number in best
    ]


_FOUND = (
    "SELECT r.type, r.fid, r.title, r.content, coalesce(l.text, ''), snippet(words, 1, char(2), char(3), '…', 28) "
    "FROM words JOIN resource r ON r.id = words.rowid LEFT JOIN term l ON l.id = r.origin WHERE words MATCH ?"
)


def match(words: str, *, any_word: bool = False, whole: bool = False) -> str | None:
    """What a person typed, as a query of the index: only words count, no sign means anything. None without a word.

    With `whole` a word does not match the beginning of a longer one.
    """
    plain = _ELIDED.sub(" ", unicodedata.normalize("NFC", storable(words)))
    tokens = dict.fromkeys(_WORD.findall(plain)[:MOST_WORDS])
    return (" OR " if any_word else " AND ").join(_spelled(token, whole) for token in tokens) or None


def _spelled(token: str, whole: bool) -> str:
    spellings = [token.lower()]
    for two, one in _LETTERS:
        spellings += [token.lower().replace(one, two), token.lower().replace(two, one)]
    told = [f'"{s}"' + "*" * (len(s) > 1 and not whole) for s in dict.fromkeys(spellings)]
    return told[0] if len(told) == 1 else f"({' OR '.join(told)})"


def _hit(row: tuple[str, str, str, bytes, str, str], score: float) -> Hit:
    type_, fid, title, content, origin, snippet = row
    return Hit(f"{type_}/{fid}", type_, title, when(decode(unpack(content))), origin, snippet, score)


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
    """Indexes a vault that was written before there was a search (or this one). Does nothing otherwise."""
    done_so = "SELECT 1 FROM setting WHERE key = ? AND value = ?"
    if database.connection.execute(done_so, (INDEXED, VERSION)).fetchone() is not None:
        return
    with database.writing() as writing:
        if writing.execute(done_so, (INDEXED, VERSION)).fetchone() is not None:
            return  # another process was first
        writing.execute("DELETE FROM words")
        done = -1
        while rows := writing.execute(
            "SELECT id, type, title, content FROM resource WHERE id > ? ORDER BY id LIMIT ?", (done, LOT)
        ).fetchall():
            found = (entry(number, type_, title, unpack(content)) for number, type_, title, content in rows)
            write(writing, (row for row in found if row is not None))
            seen = (observed.entry(number, type_, unpack(content)) for number, type_, _, content in rows)
            observed.write(writing, (row for row in seen if row is not None))
            done = rows[-1][0]
        writing.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (INDEXED, VERSION))
