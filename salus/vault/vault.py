"""One open vault: the facts, the ledger, and the person they are about. Where everything above meets the storage."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salus.errors import NotFound
from salus.records.text import T
from salus.records.times import from_ms
from salus.vault import apart, corrections, rollups, search
from salus.vault import person as persons
from salus.vault.batch import PATIENCE_MS, Batch, open_batch, undo
from salus.vault.conversations import Conversations
from salus.vault.database import Database
from salus.vault.ledger import Ledger
from salus.vault.resources import recut
from salus.vault.view import VaultView

FACTS, LEDGER = "vault.db", "ledger.db"


@dataclass(frozen=True)
class Import:
    """One past import: its number, source, path as given, when, its report, and when it was undone if it was."""

    id: int
    source: str
    path: str
    started: datetime
    ended: datetime | None
    report: dict[str, Any]
    undone: datetime | None


class Vault:
    """Open until `close`. Reads and writes may come from several threads and processes at once."""

    def __init__(self, folder: Path, data_key: bytes) -> None:
        self.folder = folder
        self.facts = Database(folder / FACTS, data_key, "facts")
        self._ledger = Database(folder / LEDGER, data_key, "ledger")
        self.ledger = Ledger(self._ledger)
        self.conversations = Conversations(self._ledger)
        search.ensure(self.facts)

    @property
    def person(self) -> persons.Person:
        return persons.read(self.facts.connection)

    def configure(self, **settings: str) -> None:
        """Changes settings of the person; the days are cut anew when zone or priorities change."""
        with self.facts.writing() as db:
            before = persons.read(db)
            persons.write(db, **settings)
            after = persons.read(db)
            if (before.zone_name, before.priorities) != (after.zone_name, after.priorities):
                rollups.refresh_all(db, after)
            if before.zone_name != after.zone_name:
                recut(db, after.zone)
        self.ledger.write("change", settings=sorted(settings))

    def view(self, now: datetime | None = None) -> VaultView:
        """A look at the vault as of now (or a given aware moment)."""
        return VaultView(self.facts.connection, self.person, now or datetime.now(UTC))

    def batch(self, source: str, name: str, path: str) -> AbstractContextManager[Batch]:
        return open_batch(self.facts, source, name, path)

    def undo(self, batch_id: int) -> None:
        undo(self.facts, batch_id)
        self.ledger.write("undo", batch=batch_id)

    def imports(self) -> list[Import]:
        """Newest first."""
        rows = self.facts.connection.execute(
            "SELECT b.id, c.source, b.path, b.started, b.ended, b.report, b.undone FROM batch b "
            "JOIN connection c ON c.id = b.connection ORDER BY b.id DESC"
        )
        return [
            Import(
                *(id_, source, path, from_ms(started)),
                from_ms(ended) if ended is not None else None,
                json.loads(report or "{}"),
                from_ms(undone) if undone is not None else None,
            )
            for id_, source, path, started, ended, report, undone in rows
        ]

    # What the person decides ------------------------------------------------------------------------------------

    def set_aside(self, ref: str, why: str, note: str = "") -> corrections.Correction:
        """Marks a record as wrong or not theirs: from now on nothing uses it. See `corrections.set_aside`."""
        with self.facts.writing(PATIENCE_MS) as db:
            made = corrections.set_aside(db, ref, why, note)
        self.ledger.write("correct", ref=ref, why=why)
        return made

    def put_back(self, ref: str) -> None:
        """Uses a record again, exactly as before."""
        with self.facts.writing(PATIENCE_MS) as db:
            corrections.put_back(db, ref)
        self.ledger.write("correct", ref=ref, why="put back")

    def corrections(self) -> list[corrections.Correction]:
        """Newest first."""
        return corrections.corrections(self.facts.connection)

    def keep_apart(self, one: str, other: str) -> None:
        """Two records are two different things, whatever they look like."""
        with self.facts.writing(PATIENCE_MS) as db:
            apart.keep(db, one, other)
        self.ledger.write("correct", ref=one, why="kept apart", other=other)

    def join_again(self, one: str, other: str) -> None:
        """Takes `keep_apart` back. Raises NotFound when there was no such decision."""
        with self.facts.writing(PATIENCE_MS) as db:
            if not apart.join(db, one, other):
                raise NotFound(T("These two records are not kept apart."))
        self.ledger.write("correct", ref=one, why="joined again", other=other)

    def close(self) -> None:
        self.facts.close()
        self._ledger.close()

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
