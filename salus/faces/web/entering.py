"""Going in and out: a new session for each vault that is opened, and the cookie that carries it."""

from __future__ import annotations

from typing import Any

from fastapi.responses import Response

from salus.faces.web.gate import cookie_header
from salus.faces.web.preferences import preferences
from salus.faces.web.sessions import Session
from salus.faces.web.site import Site
from salus.records.finding import Lang
from salus.vault.home import Listed
from salus.vault.vault import Vault


def enter(site: Site, session: Session, listed: Listed, vault: Vault, then: str | None = None) -> Response:
    """Opens; the page then reloads where it is, or goes to `then`."""
    return refreshed(site, admitted(site, session, listed, vault), then)


def admitted(site: Site, session: Session, listed: Listed, vault: Vault) -> Session:
    """A new session for an opened vault: the id from before unlocking is never good after it."""
    lang: Lang = vault.person.lang
    site.sessions.end(session)
    return site.sessions.start(lang, listed, vault, lock_minutes(vault))


def lock_minutes(vault: Vault) -> float | None:
    """What the person chose, else None: as the server was started."""
    return preferences(vault).lock_minutes


def leave(site: Site, session: Session, then: str | None = None) -> Response:
    """Locks, and shows the doors: where the page is, or at `then`."""
    site.sessions.end(session)
    return refreshed(site, site.sessions.start(session.lang), then)


def refreshed(site: Site, session: Session, then: str | None = None) -> Response:
    headers: dict[str, Any] = {"Set-Cookie": cookie_header(session, site.port)}
    headers["HX-Redirect" if then else "HX-Refresh"] = then or "true"
    return Response(status_code=204, headers=headers)
