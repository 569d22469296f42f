"""Conversations of one person: questions with the answers given, as they were given. A deleted one is overwritten.

Kept in the ledger's file: a question asked during a long import is kept at once. Knows nothing of how answers are made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from salus.errors import NotFound
from salus.records.text import T
from salus.records.times import from_ms, to_ms
from salus.vault.database import Database, storable

TITLE = 120
Said = tuple[datetime, str, dict[str, Any]]
"""When, the question, and its answer."""


@dataclass(frozen=True)
class Conversation:
    """One conversation: its title is its first question; `turns` is how many questions it holds."""

    id: int
    title: str
    started: datetime
    last: datetime
    turns: int


@dataclass(frozen=True)
class Turn:
    """One question and its answer, in the shape of the `ask` contract."""

    id: int
    at: datetime
    question: str
    answer: dict[str, Any]


class Conversations:
    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, title: str) -> int:
        """Opens a conversation and returns its number."""
        now = to_ms(datetime.now(UTC))
        with self._database.writing() as db:
            made = db.execute(
                "INSERT INTO conversation (title, started, last) VALUES (?, ?, ?)",
                (storable(title).strip()[:TITLE], now, now),
            )
            return int(made.lastrowid)

    def add(self, conversation: int, question: str, answer: dict[str, Any]) -> int:
        """Adds a turn and returns its number. Raises NotFound for a conversation that is not there."""
        now = to_ms(datetime.now(UTC))
        question, text = storable(question), storable(json.dumps(answer, ensure_ascii=False, default=str))
        with self._database.writing() as db:
            if not db.execute("UPDATE conversation SET last = ? WHERE id = ?", (now, conversation)).rowcount:
                raise _missing(conversation)
            made = db.execute(
                "INSERT INTO turn (conversation, at, question, answer) VALUES (?, ?, ?, ?)",
                (conversation, now, question, text),
            )
            return int(made.lastrowid)

    def list(self) -> Sequence[Conversation]:
        """Newest first."""
        rows = self._database.connection.execute(
            "SELECT c.id, c.title, c.started, c.last, count(t.id) FROM conversation c "
            "LEFT JOIN turn t ON t.conversation = c.id GROUP BY c.id ORDER BY c.last DESC, c.id DESC"
        )
        return [Conversation(id_, title, from_ms(a), from_ms(b), n) for id_, title, a, b, n in rows]

    def turns(self, conversation: int) -> Sequence[Turn]:
        """Oldest first. Raises NotFound for a conversation that is not there."""
        db = self._database.connection
        if db.execute("SELECT 1 FROM conversation WHERE id = ?", (conversation,)).fetchone() is None:
            raise _missing(conversation)
        rows = db.execute(
            "SELECT id, at, question, answer FROM turn WHERE conversation = ? ORDER BY id", (conversation,)
        )
        return [Turn(id_, from_ms(at), question, json.loads(answer)) for id_, at, question, answer in rows]

    def delete(self, conversation: int) -> None:
        """Raises NotFound for a conversation that is not there."""
        self._database.connection.execute("PRAGMA secure_delete = ON")
        with self._database.writing() as db:
            db.execute("DELETE FROM turn WHERE conversation = ?", (conversation,))
            if not db.execute("DELETE FROM conversation WHERE id = ?", (conversation,)).rowcount:
                raise _missing(conversation)
        self._database.checkpoint()

    def delete_all(self) -> None:
        self._database.connection.execute("PRAGMA secure_delete = ON")
        with self._database.writing() as db:
            db.execute("DELETE FROM turn")
            db.execute("DELETE FROM conversation")
        self._database.checkpoint()

    def put(self, title: str, started: datetime, turns: Sequence[Said]) -> int | None:
        """A whole conversation as it was elsewhere (an export), or the turns of it that are not here yet. None when
        all of it is.
        """
        with self._database.writing() as db:
            begun = to_ms(started)
            last = max((to_ms(at) for at, _, _ in turns), default=begun)
            query = "SELECT id FROM conversation WHERE title = ? AND started = ?"
            there = db.execute(query, (title, begun)).fetchone()
            made = there[0] if there else db.execute(
                "INSERT INTO conversation (title, started, last) VALUES (?, ?, ?)", (title, begun, last)
            ).lastrowid  # fmt: skip
            known = set(db.execute("SELECT at, question FROM turn WHERE conversation = ?", (made,)))
            fresh = [
                (made, to_ms(at), question, json.dumps(answer, ensure_ascii=False, default=str))
                for at, question, answer in turns if (to_ms(at), question) not in known
            ]  # fmt: skip
            db.executemany("INSERT INTO turn (conversation, at, question, answer) VALUES (?, ?, ?, ?)", fresh)
            if there and fresh:
                db.execute("UPDATE conversation SET last = max(last, ?) WHERE id = ?", (last, made))
            return int(made) if fresh or not there else None


def _missing(conversation: int) -> NotFound:
    return NotFound(T("There is no conversation number {id}. It may have been deleted.", id=conversation))
