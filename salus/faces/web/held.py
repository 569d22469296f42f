"""A file made for a person to take away: held until it is fetched once, or until the vault is locked.

A back-up is encrypted by itself. An export is not: here it is held sealed, under a key that lives in memory only.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from salus.sources.given import Given, Spool

CHUNK = 1 << 18


class HeldFile:
    """`name` is what it is called where it is saved. The file here is removed as soon as it was sent."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.id, self.name = secrets.token_urlsafe(16), name
        self.path = folder / f"{secrets.token_hex(8)}.sealed"  # the next start sweeps up what is left of these

    @property
    def there(self) -> bool:
        return self.path.exists()

    def read_pieces(self) -> Iterator[bytes]:
        """Its content, piece by piece, and then it is gone."""
        try:
            with open(self.path, "rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        finally:
            self.discard()

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)


class SealedFile(io.RawIOBase):
    """The same for what is not encrypted by itself: written once, front to back, then read once."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__()
        self.id, self.name = secrets.token_urlsafe(16), name
        self._spool = Spool(folder, name)
        self._given: Given | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._spool.write(bytes(data))
        return len(data)

    def finish(self) -> None:
        self._given = self._spool.finish()

    @property
    def there(self) -> bool:
        return self._given is not None and self._given.path.exists()

    def read_pieces(self) -> Iterator[bytes]:
        """Its content, piece by piece, and then it is gone."""
        assert self._given is not None
        try:
            with self._given.open() as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        finally:
            self.discard()

    def discard(self) -> None:
        self._spool.discard()
