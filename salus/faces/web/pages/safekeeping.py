"""Routes: back-ups and exports to take away, automatic back-ups, and deleting a person."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Literal, cast

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from salus.errors import NotFound, UsageError
from salus.faces.web.entering import leave
from salus.faces.web.held import HeldFile, SealedFile
from salus.faces.web.sessions import Session
from salus.faces.web.shell import fragment
from salus.faces.web.site import Fields, OurSite, Site, Unlocked
from salus.records.text import T
from salus.vault import backup, export
from salus.vault.home import Listed

router = APIRouter()

FORMATS = {"": None, "fhir": "fhir", "csv": "csv"}


def _listed(session: Session) -> Listed:
    if session.listed is None:
        raise NotFound(T("There is nothing at this address."))
    return session.listed


def _held(site: Site, session: Session, name: str) -> HeldFile:
    made = HeldFile(site.home.folder / "spool", name)
    session.keep(made.id, made)
    return made


@router.post("/backup")
def back_up(site: OurSite, session: Unlocked) -> JSONResponse:
    """One encrypted file of everything; 201 with the address it is fetched from, once."""
    listed = _listed(session)
    held = _held(site, session, f"salus-{date.today():%Y-%m-%d}{backup.SUFFIX}")
    with session.using() as vault:
        made = backup.write(site.home, listed, vault, held.path)
        vault.ledger.write("backup", digest=made.digest, face="web")
    return JSONResponse({"file": f"/files/{held.id}"}, 201)


@router.post("/export")
def take_out(site: OurSite, session: Unlocked, fields: Fields) -> JSONResponse:
    """Everything in open formats, not encrypted; 201 with the address it is fetched from, once."""
    wanted = fields.get("format", "")
    if wanted not in FORMATS:
        raise UsageError(T("There is no such choice. Reload the page and try again."))
    held = SealedFile(site.home.folder / "spool", f"salus-export-{date.today():%Y-%m-%d}.zip")
    try:
        with session.using() as vault:
            export.pour(vault, held, cast("Literal['fhir', 'csv'] | None", FORMATS[wanted]), called=held.name)
        held.finish()
    except BaseException:
        held.discard()
        raise
    session.keep(held.id, held)
    return JSONResponse({"file": f"/files/{held.id}"}, 201)


@router.get("/files/{held}")
def fetch(session: Unlocked, held: str) -> StreamingResponse:
    """A file made before; it is removed here as soon as it is sent."""
    found = session.things.pop(held, None)
    if not isinstance(found, HeldFile | SealedFile) or not found.there:
        raise NotFound(T("This file is no longer held. Make it again."))
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return StreamingResponse(found.read_pieces(), media_type="application/octet-stream", headers=headers)


@router.post("/backup/keep", response_class=HTMLResponse)
def keep(site: OurSite, session: Unlocked) -> HTMLResponse:
    """One more back-up on this machine, the oldest beyond the chosen number removed."""
    listed = _listed(session)
    with session.using() as vault:
        backup.keep(site.home, listed, vault)
        zone = vault.person.zone
    return fragment(session, "copies.html", copies=backup.automatic(site.home, listed), zone=zone)


@router.post("/person/delete")
def delete(site: OurSite, session: Unlocked, fields: Fields) -> Response:
    """Destroys this person's keys and files. The name must be typed."""
    listed = _listed(session)
    typed = fields.get("name", "").strip().casefold()
    if not secrets.compare_digest(typed.encode(), listed.label.strip().casefold().encode()):
        raise UsageError(T("Type the name exactly as it is shown, then try again."))
    site.sessions.end_all(listed)
    site.home.delete(listed)
    return leave(site, session, "/")
