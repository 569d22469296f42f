"""One open vault: the facts, the ledger, and the person they are about. Where everything above meets the storage."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salus.records.times import from_ms
from salus.vault import person as persons
from salus.vault import rollups
from salus.vault.batch import Batch, open_batch, undo
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

    def close(self) -> None:
        self.facts.close()
        self._ledger.close()

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
