"""An automatic back-up in the background after something changed; several changes in a row wait for one copy."""

from __future__ import annotations

import threading

from salus.errors import Locked
from salus.faces.copies import keep_copy
from salus.faces.web.problems import noted
from salus.faces.web.sessions import Session
from salus.faces.web.site import Site

_waiting: dict[str, bool] = {}
"""The sessions for which a copy waits, and whether all that changed was small."""
_lock = threading.Lock()


def copy_soon(site: Site, session: Session, *, small: bool = False) -> None:
    """Makes a back-up as soon as a worker is free, unless one is already waiting for this session.

    `small`: an entry or a correction, which must not push older copies out (see `keep_copy`).
    """
    if session.listed is None:
        return
    with _lock:
        waiting = session.id in _waiting
        _waiting[session.id] = small and _waiting.get(session.id, True)
    if not waiting:
        site.imports.submit(_copy, site, session)


def _copy(site: Site, session: Session) -> None:
    with _lock:
        small = _waiting.pop(session.id, False)
    try:
        with session.using() as vault:
            assert session.listed is not None
            keep_copy(site.home, session.listed, vault, small=small)
    except Locked:
        pass  # locked meanwhile: what changed is kept, the next change makes the copy
    except Exception as error:
        noted(error)
