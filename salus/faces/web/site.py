"""What all routes share: the home, the sessions, the workers; and how a route finds its session and its form fields."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Annotated, Any, cast
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from salus.errors import Locked, UsageError
from salus.faces.web.sessions import Session, Sessions
from salus.faces.web.unlocking import Unlocking
from salus.records.finding import Lang
from salus.records.text import T
from salus.vault.home import Home

MOST_FORM_BYTES = 64 * 1024

Ensure = Callable[..., Any]
"""`salus.faces.sample_person.ensure`: makes the sample person when missing."""


@dataclass
class Site:
    """`asks` and `imports` are few fixed threads: a vault keeps one connection open per thread that used it."""

    home: Home
    sessions: Sessions
    unlocking: Unlocking
    sample: Ensure | None
    port: int
    asks: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, "salus-ask"))
    imports: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "salus-import"))
    making: threading.Lock = field(default_factory=threading.Lock)
    stopping: threading.Event = field(default_factory=threading.Event)


def _site(request: Request) -> Site:
    return cast(Site, request.app.state.site)


def _session(request: Request) -> Session:
    """The session of the cookie, locked or not. Raises Locked when there is none."""
    session: Session | None = request.state.session
    if session is None:
        raise Locked(T("The vault is locked. Unlock it to go on."))
    return session


def _unlocked(request: Request) -> Session:
    session = _session(request)
    if not session.unlocked:
        raise Locked(T("The vault is locked. Unlock it to go on."))
    return session


async def _fields(request: Request) -> dict[str, str]:
    """A small urlencoded form. Raises UsageError for a large or broken one."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM_BYTES:
            raise UsageError(T("That is too long."))
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise UsageError(T("The form could not be read. Reload the page and try again.")) from None
    return dict(pairs)


OurSite = Annotated[Site, Depends(_site)]
AnySession = Annotated[Session, Depends(_session)]
Unlocked = Annotated[Session, Depends(_unlocked)]
Fields = Annotated[dict[str, str], Depends(_fields)]


def lang_of(fields: dict[str, str]) -> Lang:
    return "fr" if fields.get("lang") == "fr" else "en"


def twice(fields: dict[str, str]) -> str:
    """A new passphrase, typed twice alike. Raises UsageError when it was not."""
    passphrase = fields.get("passphrase", "")
    if passphrase != fields.get("again", ""):
        raise UsageError(T("The two passphrases differ. Type the same one twice."))
    return passphrase
