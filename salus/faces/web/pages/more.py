"""Routes: on a phone, every page that has no place in the bottom bar."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from salus.faces.web.shell import Page, shown
from salus.faces.web.site import Unlocked
from salus.records.text import T

PAGE = Page("more", "/more", T("More"), "more", 900, group="own", bar=True)
router = APIRouter()


@router.get("/more", response_class=HTMLResponse)
def more(session: Unlocked) -> HTMLResponse:
    with session.using() as vault:
        return shown(session, vault, PAGE, "more.html")
