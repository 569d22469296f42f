"""The key file: a wrong passphrase costs what a right one does, and no byte of the file may change."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from salus.errors import Damaged, Locked, UsageError
from salus.vault import keys
from salus.vault.keys import KeyFile, new_data_key, unwrap, wrap


def test_a_wrong_passphrase_is_locked_after_the_same_work() -> None:
    data_key = new_data_key()
    wrapped = wrap(data_key, "correct horse battery")

    def spent(passphrase: str) -> float:
        began = time.process_time()
        try:
            assert unwrap(wrapped, passphrase) == data_key
        except Locked:
            assert passphrase != "correct horse battery"
        return time.process_time() - began

    right = min(spent("correct horse battery") for _ in range(3))
    wrong = min(spent(p) for p in ("correct horse batterz", "", "x" * 5000))
    assert 0.5 < wrong / right < 2
    assert wrapped["m"] >= 65536 and wrapped["t"] >= 3


@pytest.mark.usefixtures("quick_argon2")
def test_spelling_of_accents_does_not_matter_but_length_does() -> None:
    data_key = new_data_key()
    assert unwrap(wrap(data_key, "caf\u00e9 au lait"), "cafe\u0301 au lait") == data_key
    assert unwrap(wrap(data_key, "bytes \udce9 of a terminal"), "bytes \udce9 of a terminal") == data_key
    with pytest.raises(UsageError):
        wrap(data_key, "short")


@pytest.mark.usefixtures("quick_argon2")
def test_two_wraps_share_nothing() -> None:
    one, two = wrap(bytes(32), "the same words"), wrap(bytes(32), "the same words")
    assert one["salt"] != two["salt"] and one["nonce"] != two["nonce"] and one["key"] != two["key"]


@pytest.mark.usefixtures("quick_argon2")
@pytest.mark.parametrize(
    "change", [{"m": 1 << 40}, {"t": 1 << 20}, {"salt": "!"}, {"kdf": "none"}, {"key": None}, {"p": 0}, {"m": "x"}]
)
def test_a_wrap_that_is_not_ours_is_damaged(change: dict[str, object]) -> None:
    with pytest.raises((Damaged, Locked)):
        unwrap({**wrap(bytes(32), "some passphrase"), **change}, "some passphrase")
    with pytest.raises(Damaged):
        unwrap({}, "some passphrase")


@pytest.mark.usefixtures("quick_argon2")
def test_no_byte_of_the_key_file_may_change(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    KeyFile("Zoë", {"passphrase": wrap(bytes(32), "some passphrase")}).write(path)
    raw = path.read_bytes()
    assert KeyFile.read(path).label == "Zoë" and path.stat().st_mode & 0o777 == 0o600
    for at in range(len(raw)):
        for flip in (0x01, 0x20, 0x80, 0x29):
            path.write_bytes(raw[:at] + bytes([raw[at] ^ flip]) + raw[at + 1 :])
            with pytest.raises(Damaged):
                KeyFile.read(path)
    for other in (b"", raw[:-1], raw + b" ", b"[]", b"null", b"[" * 100_000):
        path.write_bytes(other)
        with pytest.raises(Damaged):
            KeyFile.read(path)


def test_the_cost_is_the_recommended_one() -> None:
    assert (keys.MEMORY_KIB, keys.PASSES, keys.LANES) == (65536, 3, 4)  # RFC 9106, second recommended option
