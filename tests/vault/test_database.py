"""One encrypted file: migrations, waiting for another writer, and errors in words."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from salus.errors import Busy, Damaged, SalusError
from salus.vault import database as module
from salus.vault.database import Database, DatabaseError, spoken
from salus.vault.vault import Vault

KEY = b"k" * 32


def test_the_wrong_key_is_damage(tmp_path: Path) -> None:
    Database(tmp_path / "x.db", KEY, "facts").close()
    with pytest.raises(Damaged):
        Database(tmp_path / "x.db", b"j" * 32, "facts")


@pytest.mark.parametrize("content", [b"not a database at all" * 999, b"SQLite format 3\0" + bytes(8192)])
def test_another_file_in_its_place_is_damage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.db").write_bytes(content)
    with pytest.raises(Damaged):
        Database(tmp_path / "x.db", KEY, "facts")


def test_a_newer_vault_is_not_touched(tmp_path: Path) -> None:
    with_db = Database(tmp_path / "x.db", KEY, "facts")
    with_db.connection.execute("PRAGMA user_version = 99")
    with_db.close()
    with pytest.raises(Damaged, match="newer"):
        Database(tmp_path / "x.db", KEY, "facts")


def test_migrations_run_once_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "package" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_toy.sql").write_text("CREATE TABLE a (x);\nINSERT INTO a VALUES (1);\n")
    monkeypatch.setattr(module.resources, "files", lambda _: tmp_path / "package")
    Database(tmp_path / "x.db", KEY, "toy").close()
    (folder / "0002_toy.sql").write_text(
        "CREATE TABLE b (y);\nCREATE TRIGGER t AFTER INSERT ON b BEGIN INSERT INTO a VALUES (2); SELECT 1; END;\n"
        "INSERT INTO b VALUES (7);\n"
    )
    for _ in range(2):
        db = Database(tmp_path / "x.db", KEY, "toy")
        assert db.connection.execute("SELECT x FROM a ORDER BY x").fetchall() == [(1,), (2,)]
        db.close()
    (folder / "0003_toy.sql").write_text("CREATE TABLE c (z);\nINSERT INTO nowhere VALUES (1);\n")
    with pytest.raises((SalusError, DatabaseError)):
        Database(tmp_path / "x.db", KEY, "toy")
    (folder / "0003_toy.sql").unlink()
    db = Database(tmp_path / "x.db", KEY, "toy")
    assert db.connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'c'").fetchone() == (0,)
    db.close()


def test_a_second_writer_waits_then_says_busy(tmp_path: Path) -> None:
    first, second = Database(tmp_path / "x.db", KEY, "facts"), Database(tmp_path / "x.db", KEY, "facts")
    with first.writing(), pytest.raises(Busy), second.writing(patience_ms=50):
        pass
    entered = threading.Event()

    def write() -> None:
        with first.writing() as db:
            db.execute("INSERT INTO setting VALUES ('a', '1')")
            entered.set()
            threading.Event().wait(0.2)

    thread = threading.Thread(target=write)
    thread.start()
    entered.wait()
    with second.writing(patience_ms=5000) as db:
        assert db.execute("SELECT value FROM setting WHERE key = 'a'").fetchone() == ("1",)
    thread.join()


def test_readers_go_on_while_one_writes(vault: Vault) -> None:
    with vault.facts.writing() as db:
        db.execute("INSERT INTO setting VALUES ('half', 'done')")
        seen: list[object] = []
        thread = threading.Thread(
            target=lambda: seen.append(
                vault.facts.connection.execute("SELECT 1 FROM setting WHERE key='half'").fetchone()
            )
        )
        thread.start()
        thread.join()
        assert seen == [None]


def test_an_import_ends_with_an_empty_write_ahead_file(vault: Vault) -> None:
    with vault.batch("a", "b", "c"):
        pass
    wal = vault.folder / "vault.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("database is locked", "busy"),
        ("database or disk is full", "refused"),
        ("attempt to write a readonly database", "refused"),
        ("file is not a database", "damaged"),
    ],
)
def test_every_complaint_is_a_sentence(what: str, code: str) -> None:
    error = spoken(DatabaseError(what), Path("vault.db"))
    assert error.code == code and error.text.plain().endswith(".")


def test_a_full_disk_leaves_the_vault_as_it_was(vault: Vault) -> None:
    pages = vault.facts.connection.execute("PRAGMA page_count").fetchone()[0]
    with pytest.raises(SalusError, match="full"), vault.facts.writing() as db:
        db.execute(f"PRAGMA max_page_count = {pages + 3}")
        db.executemany("INSERT INTO label (text) VALUES (?)", [(f"{i}" * 500,) for i in range(500)])
    vault.facts.connection.execute("PRAGMA max_page_count = 1000000")
    assert vault.facts.connection.execute("SELECT count(*) FROM label").fetchone() == (0,)
