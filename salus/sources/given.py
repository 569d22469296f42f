"""What a person gives to be read: a file or folder on their disk, or an upload sealed in a spool.

An upload never touches the disk in the clear: it is written to the spool in pieces of AES-256-GCM under a key that
lives in memory only, and read back at random (a zip keeps its directory at its end).
"""

from __future__ import annotations

import errno
import io
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE = 1 << 16
_SEALED = PIECE + 16


@dataclass(frozen=True)
class Given:
    """`name` is shown to the person; `key` is set for a sealed upload."""

    path: Path
    name: str
    key: bytes | None = None

    @classmethod
    def at(cls, path: Path) -> Given:
        return cls(path, str(path))

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()

    def is_folder(self) -> bool:
        return self.key is None and self.path.is_dir()

    def open(self) -> BinaryIO:
        """Opens for reading; the caller closes. Raises OSError."""
        if self.key is None:
            return open(self.path, "rb")
        return io.BufferedReader(_Unsealed(self.path, self.key), PIECE)

    def head(self, size: int = 65536) -> bytes:
        """The first bytes; empty for a folder or what cannot be opened."""
        try:
            with self.open() as file:
                return file.read(size)
        except OSError:
            return b""

    def size(self) -> int:
        """Bytes of content."""
        raw = self.path.stat().st_size
        if self.key is None:
            return raw
        whole, rest = divmod(raw, _SEALED)
        return whole * PIECE + max(0, rest - 16)


class Spool:
    """Writes an upload sealed. `finish` gives what can be read; `discard` removes it."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.key = secrets.token_bytes(32)
        self._name, self._path = name, folder / f"{secrets.token_hex(8)}.sealed"
        self._file = open(self._path, "wb", opener=lambda p, f: os.open(p, f, 0o600))
        self._seal, self._count, self._held = AESGCM(self.key), 0, bytearray()

    def write(self, data: bytes) -> None:
        self._held += data
        while len(self._held) >= PIECE:
            self._put(bytes(self._held[:PIECE]))
            del self._held[:PIECE]

    def _put(self, piece: bytes) -> None:
        self._file.write(self._seal.encrypt(_nonce(self._count), piece, None))
        self._count += 1

    def finish(self) -> Given:
        if self._held or not self._count:
            self._put(bytes(self._held))
            self._held.clear()
        self._file.close()
        return Given(self._path, self._name, self.key)

    def discard(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


def _nonce(index: int) -> bytes:
    return index.to_bytes(12, "big")  # the key serves one file only, so a counter never repeats


class _Unsealed(io.RawIOBase):
    def __init__(self, path: Path, key: bytes) -> None:
        self._file, self._seal = open(path, "rb"), AESGCM(key)
        self._size = Given(path, "", key).size()
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._at >= self._size or not len(view):
            return 0
        index, skip = divmod(self._at, PIECE)
        self._file.seek(index * _SEALED)
        try:
            whole = self._seal.decrypt(_nonce(index), self._file.read(_SEALED), None)
        except InvalidTag:
            raise OSError(errno.EIO, "the upload was changed on the disk") from None
        piece = whole[skip : skip + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()
