"""Who is looking at the page: a random cookie, a token against forged requests and, once unlocked, an open vault.

Everything lives in memory: a restart locks every vault. Knows no HTTP.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from salus.errors import Locked
from salus.records.finding import Lang
from salus.records.text import T
from salus.vault.home import Listed
from salus.vault.vault import Vault

MOST = 500
"""Sessions kept; the one idle longest goes first."""


class Session:
    """One browser. `things` holds what its requests refer to by id (answers, imports); all dropped when it ends.

    `idle_seconds` is after how long without use its person wants it locked; None: as the server was started.
    """

    def __init__(
        self, lang: Lang, listed: Listed | None = None, vault: Vault | None = None, idle_seconds: float | None = None
    ) -> None:
        self.idle_seconds = idle_seconds
        self.id, self.csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self.lang: Lang = lang
        self.listed = listed
        self.things: OrderedDict[str, Any] = OrderedDict()
        self.used = time.monotonic()
        self._vault, self._users = vault, 0
        self._ended = False
        self._lock = threading.Lock()

    @property
    def unlocked(self) -> bool:
        return self._vault is not None and not self._ended

    @contextmanager
    def using(self) -> Iterator[Vault]:
        """The open vault, kept open until the block ends. Raises Locked when there is none (any more)."""
        with self._lock:
            if self._vault is None or self._ended:
                raise Locked(T("The vault is locked. Unlock it to go on."))
            vault = self._vault
            self._users += 1
        try:
            yield vault
        finally:
            with self._lock:
                self._users -= 1
                self.used = time.monotonic()
                last = self._ended and not self._users
            if last:
                vault.close()

    def keep(self, key: str, thing: Any, most: int = 200) -> None:
        """Keeps a thing under an id; the oldest beyond `most` are let go."""
        with self._lock:
            self.things[key] = thing
            gone = [self.things.popitem(last=False)[1] for _ in range(len(self.things) - most)]
        _discard(gone)

    def end(self) -> None:
        """Nobody can use it from now on; the vault closes as soon as what runs on it has ended."""
        with self._lock:
            vault, first = self._vault, not self._ended
            self._ended = True
            idle = not self._users
            gone = list(self.things.values())
            self.things.clear()
        _discard(gone)
        if vault is not None and first and idle:
            vault.close()

    def idle(self, now: float) -> float:
        """Seconds since the last use; 0 while something runs."""
        return 0.0 if self._users else now - self.used


def _discard(things: list[Any]) -> None:
    for thing in things:
        discard: Callable[[], None] | None = getattr(thing, "discard", None)
        if discard is not None:
            discard()


class Sessions:
    """All sessions by id. An unlocked one ends after `idle_seconds` without use."""

    def __init__(self, idle_seconds: float) -> None:
        self.idle_seconds = idle_seconds
        self._all: dict[str, Session] = {}
        self._lock = threading.Lock()

    def find(self, key: str | None, *, touch: bool) -> Session | None:
        """The live session of that id. `touch` counts as a use."""
        with self._lock:
            session = self._all.get(key or "")
        if session is None:
            return None
        now = time.monotonic()
        if session.unlocked and session.idle(now) >= self._patience(session):
            self.end(session)
            return None
        if touch:
            session.used = now
        return session

    def _patience(self, session: Session) -> float:
        return self.idle_seconds if session.idle_seconds is None else session.idle_seconds

    def start(
        self, lang: Lang, listed: Listed | None = None, vault: Vault | None = None, minutes: float | None = None
    ) -> Session:
        """A new session, with an open vault or none; `minutes` until it locks itself, None: as all."""
        session = Session(lang, listed, vault, minutes * 60 if minutes else None)
        with self._lock:
            self._all[session.id] = session
            by_use = sorted(self._all.values(), key=lambda s: (s.unlocked, s.used))
            excess = by_use[: max(0, len(self._all) - MOST)]
        for old in excess:
            self.end(old)
        return session

    def end(self, session: Session) -> None:
        with self._lock:
            self._all.pop(session.id, None)
        session.end()

    def end_all(self, listed: Listed) -> None:
        """Locks one person's vault in every browser."""
        with self._lock:
            theirs = [s for s in self._all.values() if s.listed is not None and s.listed.id == listed.id]
        for session in theirs:
            self.end(session)

    def left(self, session: Session) -> float:
        """Seconds until it locks itself."""
        return max(0.0, self._patience(session) - session.idle(time.monotonic()))

    def sweep(self) -> None:
        """Ends every unlocked session that has been idle for too long."""
        now = time.monotonic()
        with self._lock:
            idle = [s for s in self._all.values() if s.unlocked and s.idle(now) >= self._patience(s)]
        for session in idle:
            self.end(session)

    def close(self) -> None:
        with self._lock:
            everyone = list(self._all.values())
        for session in everyone:
            self.end(session)
