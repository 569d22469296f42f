"""The ledger: append-only, chained, and tampering shows even when the guards are taken away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from salus.vault.database import Database, IntegrityError
from salus.vault.ledger import Ledger
from salus.vault.vault import Vault


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(Database(tmp_path / "ledger.db", b"l" * 32, "ledger"))
    for i in range(6):
        made.write("ask", question=i)
    return made


def test_entries_are_newest_first_and_the_chain_holds(ledger: Ledger) -> None:
    assert [e.what["question"] for e in ledger.entries()] == [5, 4, 3, 2, 1, 0]
    assert [e.seq for e in ledger.entries(2)] == [6, 5]
    assert ledger.verified() == (6, None)


@pytest.mark.parametrize(
    "statement", ["UPDATE entry SET what = '{}'", "DELETE FROM entry", "DELETE FROM entry WHERE seq = 6"]
)
def test_nothing_is_changed_or_removed(ledger: Ledger, statement: str) -> None:
    with pytest.raises(IntegrityError), ledger.database.writing() as db:
        db.execute(statement)
    assert len(ledger.entries()) == 6


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE entry SET what = '{\"question\": 99}' WHERE seq = 3", 3),
        ("UPDATE entry SET at = at + 1 WHERE seq = 2", 2),
        ("UPDATE entry SET kind = 'out' WHERE seq = 6", 6),
        ("DELETE FROM entry WHERE seq = 4", 4),
        ("DELETE FROM entry WHERE seq = 1", 1),
        ("UPDATE entry SET hash = zeroblob(32) WHERE seq = 5", 5),
        ("UPDATE entry SET prev = zeroblob(32) WHERE seq = 5", 5),
    ],
)
def test_tampering_shows_with_the_triggers_gone(ledger: Ledger, statement: str, broken: int) -> None:
    db = ledger.database.connection
    db.execute("DROP TRIGGER entry_no_update")
    db.execute("DROP TRIGGER entry_no_delete")
    db.execute(statement)
    assert ledger.verify() == broken


def test_many_writers_make_one_chain(vault: Vault) -> None:
    before = len(vault.ledger.entries())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: vault.ledger.write("ask", i=i), range(60)))
    assert vault.ledger.verified() == (before + 60, None)


def test_a_look_is_written_while_an_import_holds_the_facts(vault: Vault) -> None:
    with vault.batch("a", "b", "c"):
        vault.ledger.write("ask", question="during")
    assert vault.ledger.verify() is None
