"""Routes: what each source brought and its undoing, devices in their order, and the ledger in plain words."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse

from salus.assistant.words import words
from salus.errors import NotFound
from salus.faces.web.connections_view import FILTERS, KINDS, chosen, connections, told
from salus.faces.web.copying import copy_soon
from salus.faces.web.kinds import brief
from salus.faces.web.shell import Page, shown
from salus.faces.web.site import Fields, OurSite, Unlocked
from salus.records.text import T

PAGE = Page("connections", "/connections", T("Connections"), "connections", 90, go="c", group="bring")
router = APIRouter()

AT_ONCE = 60


@router.get("/connections", response_class=HTMLResponse)
def all_connections(session: Unlocked) -> HTMLResponse:
    """Every source with what it brought, its imports and devices."""
    with session.using() as vault:
        return shown(
            session, vault, PAGE, "connections.html", made=connections(vault, session.lang), brief=brief,
            zone=vault.person.zone, devices=vault.view().origins(), KINDS=KINDS,
        )  # fmt: skip


@router.post("/connections/undo")
def undo(site: OurSite, session: Unlocked, fields: Fields) -> JSONResponse:
    """Takes back what an import added. 404 for a number there is not."""
    number = fields.get("batch", "")
    with session.using() as vault:
        known = {one.id for one in vault.imports() if one.undone is None}
        batch = int(number) if number.isascii() and number.isdigit() else -1
        if batch not in known:
            raise NotFound(T("There is no import number {id}.", id=number[:20]))
        vault.undo(batch)
    copy_soon(site, session)
    return JSONResponse({"said": words(session.lang).say(T("The import was undone."))})


@router.get("/connections/ledger", response_class=HTMLResponse)
def ledger(session: Unlocked, show: str = "", page: int = 0) -> HTMLResponse:
    """Who looked, what changed, what left; and whether the chain is whole."""
    page = max(0, page)
    with session.using() as vault:
        whole, broken = vault.ledger.verified()
        entries = vault.ledger.entries()
        found = chosen(entries, show)
        here = found[page * AT_ONCE : (page + 1) * AT_ONCE]
        zone = vault.person.zone
        return shown(
            session, vault, PAGE, "connections_ledger.html", lines=[told(entry, zone) for entry in here],
            filters=FILTERS, show=show if show in FILTERS else "", broken=broken, whole=whole, number=page,
            more=len(found) > (page + 1) * AT_ONCE, left=sum(entry.kind == "out" for entry in entries),
        )  # fmt: skip
