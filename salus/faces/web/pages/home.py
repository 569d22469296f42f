"""Routes: the first page of an open vault; the doors before it is open."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from salus.errors import UsageError
from salus.faces import sample_person
from salus.faces.web.locked import door
from salus.faces.web.overview import overview
from salus.faces.web.pages.beginning import CODE
from salus.faces.web.sessions import Session
from salus.faces.web.shell import Page, pages, shown
from salus.faces.web.site import OurSite
from salus.records.text import T

PAGE = Page("home", "/", T("Home"), "home", 10, go="h", bar=True)
router = APIRouter()

QUICK = (
    ("blood_pressure", "heart", T("Blood pressure")),
    ("body_weight", "scale", T("Weight or another reading")),
    ("medication", "pill", T("A medicine I take")),
    ("symptom", "warning", T("A symptom")),
    ("note", "note", T("A note")),
)


@router.get("/", response_class=HTMLResponse)
def home(request: Request, site: OurSite) -> HTMLResponse:
    """Home, or the doors."""
    session: Session | None = request.state.session
    if session is None:  # a HEAD or GET always has one: the gate starts it
        raise UsageError(T("The page could not be opened. Reload it."))
    if not session.unlocked or session.listed is None:
        return door(site, session)
    with session.using() as vault:
        return shown(
            session, vault, PAGE, "home.html", now=overview(session, vault), zone=vault.person.zone, quick=QUICK,
            paths={page.path for page in pages()}, first_name=vault.person.name.split(" ")[0],
            recovery=site.home.recovery(session.listed), code_held=CODE in session.things,
            sample=session.listed.label == sample_person.LABEL,
        )  # fmt: skip
