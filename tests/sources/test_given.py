"""What is given: uploads sealed piece by piece, and read back at random."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salus.sources.given import PIECE, Given, Spool


def sealed(folder: Path, content: bytes, name: str = "a.bin", step: int = 1000) -> Given:
    spool = Spool(folder / "spool", name)
    for at in range(0, len(content), step):
        spool.write(content[at : at + step])
    return spool.finish()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 17])
def test_what_is_written_is_read(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    it = sealed(tmp_path, content, step=7919)
    assert it.size() == size and it.head(10) == content[:10] and not it.is_folder()
    with it.open() as file:
        assert file.read() == content
    raw = it.path.read_bytes()
    assert size < 16 or content[:16] not in raw
    assert it.path.stat().st_mode & 0o777 == 0o600


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3 * PIECE + 50), st.integers(0, 2 * PIECE)), max_size=12))
def test_any_place_can_be_read(tmp_path_factory: pytest.TempPathFactory, reads: list[tuple[int, int]]) -> None:
    content = random.Random(1).randbytes(2 * PIECE + 99)
    it = sealed(tmp_path_factory.mktemp("spool"), content, step=50_000)
    with it.open() as file:
        for at, length in reads:
            file.seek(at)
            assert file.read(length) == content[at : at + length]
        file.seek(-5, os.SEEK_END)
        assert file.read() == content[-5:]


def test_a_changed_upload_is_an_error_and_no_crash(tmp_path: Path) -> None:
    it = sealed(tmp_path, os.urandom(2 * PIECE))
    raw = bytearray(it.path.read_bytes())
    raw[PIECE + 100] ^= 1
    it.path.write_bytes(raw)
    with it.open() as file, pytest.raises(OSError):
        file.read()
    raw[5] ^= 1
    it.path.write_bytes(raw)
    assert it.head() == b""


def test_discard_removes_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", "a.json")
    spool.write(b"x" * 100)
    spool.discard()
    spool.discard()
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_file_on_disk_is_itself(tmp_path: Path) -> None:
    (tmp_path / "A.JSON").write_bytes(b"abc")
    it = Given.at(tmp_path / "A.JSON")
    assert (it.suffix, it.size(), it.head(2)) == (".json", 3, b"ab")
    assert Given.at(tmp_path / "gone").head() == b"" and Given.at(tmp_path).is_folder()
