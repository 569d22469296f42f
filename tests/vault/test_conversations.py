"""Conversations: kept while an import runs, given back as they were, and really gone when deleted."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from salus.errors import NotFound
from salus.vault.conversations import TITLE
from salus.vault.vault import Vault
from tests.vault.conftest import KEY

PAGE, RESERVED = 4096, 80


def test_kept_and_given_back(vault: Vault) -> None:
    talks = vault.conversations
    first, second = talks.start("  What is my LDL?  "), talks.start("x" * 500)
    answer = {"answer": "2.6 mmol/L", "findings": [{"value": 2.60}], "é": None}
    time.sleep(0.002)
    turn = talks.add(first, "What is my LDL?", answer)
    talks.add(first, "And \ud800?", {})
    assert [(c.id, c.title, c.turns) for c in talks.list()] == [(first, "What is my LDL?", 2), (second, "x" * TITLE, 0)]
    found = talks.turns(first)
    assert (found[0].id, found[0].question, found[0].answer) == (turn, "What is my LDL?", answer)
    assert found[0].at <= found[1].at <= datetime.now(UTC) and talks.turns(second) == []
    talks.delete(first)
    for missing in (first, 99, -1):
        with pytest.raises(NotFound):
            talks.turns(missing)
        with pytest.raises(NotFound):
            talks.add(missing, "q", {})
        with pytest.raises(NotFound):
            talks.delete(missing)
    assert [c.id for c in talks.list()] == [second] and talks.start("new") > second
    talks.delete_all()
    assert list(talks.list()) == [] and vault.ledger.verify() is None


def test_put_is_once_and_only_what_is_new(vault: Vault) -> None:
    talks, at = vault.conversations, datetime(2026, 1, 1, tzinfo=UTC)
    turns = [(at, "one?", {"a": 1}), (at, "two?", {"a": 2})]
    number = talks.put("t", at, turns)
    assert number is not None and talks.put("t", at, turns) is None and talks.put("t", at, turns[:1]) is None
    assert talks.put("t", at, [*turns, (datetime(2026, 1, 2, tzinfo=UTC), "three?", {})]) == number
    assert [t.question for t in talks.turns(number)] == ["one?", "two?", "three?"]
    assert talks.list()[0].last == datetime(2026, 1, 2, tzinfo=UTC)
    assert talks.put("empty", at, []) is not None


def test_a_question_during_an_import_is_kept_at_once(vault: Vault) -> None:
    with vault.batch("test", "files", "x"):
        done: list[float] = []

        def ask() -> None:
            began = time.perf_counter()
            vault.conversations.add(vault.conversations.start("now"), "q", {})
            done.append(time.perf_counter() - began)

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(5)
        assert done and done[0] < 1


def decrypted(vault: Vault) -> bytes:
    """Every page of the ledger's file as the database wrote it: SQLCipher 4, AES-256-CBC under the raw key."""
    raw = vault.ledger.database.path.read_bytes()
    pages = []
    for at in range(0, len(raw), PAGE):
        page = raw[at : at + PAGE]
        salt = 16 if at == 0 else 0
        iv = page[-RESERVED : -RESERVED + 16]
        cipher = Cipher(algorithms.AES(KEY), modes.CBC(iv)).decryptor()
        pages.append(cipher.update(page[salt:-RESERVED]) + cipher.finalize())
    return b"".join(pages)


@pytest.mark.parametrize("everything", [False, True])
def test_what_was_deleted_is_not_in_the_pages(vault: Vault, everything: bool) -> None:
    talks = vault.conversations
    number = talks.start("UNMISTAKABLE title")
    for n in range(40):
        talks.add(number, f"UNMISTAKABLE question {n} " + "padding " * 200, {"answer": "UNMISTAKABLE answer " * 300})
    vault.ledger.database.checkpoint()
    assert b"UNMISTAKABLE question" in decrypted(vault)  # the search itself finds what is there
    if everything:
        talks.delete_all()
    else:
        talks.delete(number)
    assert b"UNMISTAKABLE" not in decrypted(vault)
    beside = vault.ledger.database.path.with_name("ledger.db-wal")
    assert not beside.exists() or beside.stat().st_size == 0
