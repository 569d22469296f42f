"""A file made for a person to take away: held until it is fetched once, or until the vault is locked."""

from __future__ import annotations

import secrets
from pathlib import Path


class HeldFile:
    """`name` is what it is called where it is saved. The file here is removed as soon as it was sent."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.id, self.name = secrets.token_urlsafe(16), name
        self.path = folder / f"{secrets.token_hex(8)}.sealed"  # the next start sweeps up what is left of these

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
