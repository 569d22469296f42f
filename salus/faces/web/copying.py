"""An automatic back-up in the background after something changed; several changes in a row wait for one copy."""

from __future__ import annotations

import threading

from salus.errors import Locked
from salus.faces.copies import keep_copy
from salus.faces.web.problems import noted
from salus.faces.web.sessions import Session
from salus.faces.web.site import Site

_waiting: set[str] = set()
_lock = threading.Lock()


def copy_soon(site: Site, session: Session) -> None:
    """Makes a back-up as soon as a worker is free, unless one is already waiting for this session."""
    with _lock:
        if session.id in _waiting or session.listed is None:
            return
        _waiting.add(session.id)
    site.imports.submit(_copy, site, session)


def _copy(site: Site, session: Session) -> None:
    with _lock:
        _waiting.discard(session.id)
    try:
        with session.using() as vault:
            assert session.listed is not None
            keep_copy(site.home, session.listed, vault)
    except Locked:
        pass  # locked meanwhile: what changed is kept, the next change makes the copy
    except Exception as error:
        noted(error)
