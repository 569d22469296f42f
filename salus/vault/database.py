"""One SQLCipher file: opening it with a raw key, its settings, its migrations. Knows no table.

Write-ahead logging lets a page, a terminal and a program read while one of them writes; `synchronous=FULL` makes a
committed transaction survive a power cut. Temporary tables stay in memory: nothing is spilled in the clear.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from salus.errors import Busy, Damaged, Refused, SalusError
from salus.records.text import T

Connection = Any  # sqlcipher3 has no stubs; its connection is the standard library's in all we use
DatabaseError = sqlcipher.DatabaseError
IntegrityError = sqlcipher.IntegrityError
OperationalError = sqlcipher.OperationalError

BUSY_MS = 10_000


class Database:
    """An encrypted file (plain only when `data_key` is None); one connection per thread, all closed together."""

    def __init__(self, path: Path, data_key: bytes | None, migrations: str | None) -> None:
        self.path, self._key = path, data_key
        self._local = threading.local()
        self._all: list[Connection] = []
        self._lock = threading.Lock()  # guards _all only
        if migrations is not None:  # None: an empty file, to copy another into
            self._migrate(migrations)

    @property
    def data_key(self) -> bytes:
        """The key the file is sealed with (empty for a plain one)."""
        return self._key or b""

    @property
    def connection(self) -> Connection:
        """This thread's connection."""
        existing = getattr(self._local, "connection", None)
        if existing is None:
            existing = self._local.connection = self._open()
            with self._lock:
                self._all.append(existing)
        return existing

    def _open(self) -> Connection:
        db = sqlcipher.connect(str(self.path), isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000)
        try:
            if self._key is not None:
                db.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            db.execute("PRAGMA temp_store = MEMORY")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA cache_size = -24000")
            db.execute("PRAGMA trusted_schema = OFF")
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except DatabaseError as error:
            db.close()
            raise spoken(error, self.path) from error
        return db

    def _migrate(self, migrations: str) -> None:
        """Applies the numbered SQL files not applied yet, each in one transaction."""
        db = self.connection
        folder = resources.files("salus.vault").joinpath("migrations")
        steps = sorted(f.name for f in folder.iterdir() if f.name.endswith(f"_{migrations}.sql"))
        have = db.execute("PRAGMA user_version").fetchone()[0]
        if have > len(steps):
            raise Damaged(
                T("This vault was written by a newer Salus. Update Salus to open it ({path}).", path=str(self.path))
            )
        for number, name in enumerate(steps[have:], have + 1):
            with self.writing() as transaction:
                if transaction.execute("PRAGMA user_version").fetchone()[0] >= number:
                    continue  # another process was first
                for statement in _statements(folder.joinpath(name).read_text("utf-8")):
                    transaction.execute(statement)
                transaction.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def writing(self, patience_ms: int = BUSY_MS) -> Iterator[Connection]:
        """One write transaction: committed whole, or rolled back on any exception. Busy after `patience_ms`."""
        db = self.connection
        db.execute(f"PRAGMA busy_timeout = {patience_ms}")
        try:
            db.execute("BEGIN IMMEDIATE")
        except DatabaseError as error:
            raise spoken(error, self.path) from error
        finally:
            db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException as error:
            if db.in_transaction:
                with contextlib.suppress(DatabaseError):  # a full disk may have rolled back already
                    db.execute("ROLLBACK")
            if isinstance(error, DatabaseError) and not isinstance(error, IntegrityError):
                raise spoken(error, self.path) from error
            raise

    def checkpoint(self) -> None:
        """Moves everything committed from the write-ahead file into the main file and empties it, if no one reads."""
        try:
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except DatabaseError as error:
            raise spoken(error, self.path) from error

    def close(self) -> None:
        with self._lock:
            for db in self._all:
                db.close()
            self._all.clear()
        self._local = threading.local()


def spoken(error: Exception, path: Path) -> SalusError:
    """What the database complains of, as what to do next."""
    what = str(error)
    if "locked" in what or "busy" in what:
        return Busy(T("Another import is being written. Wait for it to end, then try again."))
    if "full" in what or "disk I/O" in what:
        return Refused(T("The disk with {path} is full or cannot be written. Nothing was changed.", path=str(path)))
    if "readonly" in what or "unable to open" in what:
        return Refused(T("Salus may not write {path}. Check its owner and permissions.", path=str(path)))
    return damaged(path)


def storable(text: str) -> str:
    """The text as a database can hold it: half a character (an undecodable byte of a command line) becomes "?"."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def damaged(path: Path) -> Damaged:
    return Damaged(
        T(
            "The vault file {path} is damaged or was changed from outside. Run “salus check”, or restore a back-up.",
            path=str(path),
        )
    )


def _statements(script: str) -> Iterator[str]:
    """Splits a migration at the semicolons that end statements (triggers hold inner ones)."""
    buffer = ""
    for line in script.splitlines():
        buffer += line + "\n"
        if sqlcipher.complete_statement(buffer):
            yield buffer
            buffer = ""
