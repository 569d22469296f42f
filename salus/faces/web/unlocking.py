"""Opening vaults with care: one key derivation at a time (each takes 64 MiB), and a wait after wrong passphrases."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from salus.errors import Locked
from salus.vault.home import Home, Listed
from salus.vault.vault import Vault

FREE_TRIES, FIRST_WAIT, LONGEST_WAIT = 5, 2.0, 60.0

Made = TypeVar("Made")


@dataclass
class _Tries:
    wrong: int = 0
    not_before: float = 0.0


class Unlocking:
    """For one home. After five wrong passphrases for a person each further try waits twice as long, up to a minute."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._one = threading.Lock()
        self._tries: dict[str, _Tries] = {}

    def wait(self, listed: Listed) -> float:
        """Seconds until this person may be tried again; 0 now."""
        tries = self._tries.get(listed.id)
        return max(0.0, tries.not_before - time.monotonic()) if tries else 0.0

    def open(self, listed: Listed, passphrase: str) -> Vault:
        """Raises Locked for a wrong passphrase, Damaged for a harmed vault."""
        return self.attempt(listed, lambda: self._home.open(listed, passphrase))

    def attempt(self, listed: Listed, make: Callable[[], Made]) -> Made:
        """Tries a secret of this person's: a wrong one counts, a right one clears the count."""
        try:
            made = self.alone(make)
        except Locked:
            tries = self._tries.setdefault(listed.id, _Tries())
            tries.wrong += 1
            if tries.wrong >= FREE_TRIES:
                pause = min(FIRST_WAIT * 2 ** (tries.wrong - FREE_TRIES), LONGEST_WAIT)
                tries.not_before = time.monotonic() + pause
            raise
        self._tries.pop(listed.id, None)
        return made

    def alone(self, make: Callable[[], Made]) -> Made:
        """Runs what derives a key while nothing else does."""
        with self._one:
            return make()
