"""Routes: the memory, each thing once with all its records, what they disagree on, and what was set aside."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from salus.assistant.words import words
from salus.faces.web.memory_view import memory_page, tabs
from salus.faces.web.shell import Page, shown
from salus.faces.web.site import Unlocked
from salus.faces.wording import WHY
from salus.records.text import T

PAGE = Page("memory", "/memory", T("Memory"), "memory", 50, go="m")
router = APIRouter()

LONGEST_QUERY = 200


@router.get("/memory", response_class=HTMLResponse)
def memory(session: Unlocked, kind: str = "", q: str = "", page: int = 0) -> HTMLResponse:
    """What is known, by kind."""
    asked = q.strip()[:LONGEST_QUERY]
    with session.using() as vault:
        made = memory_page(vault, words(session.lang), kind, asked, max(0, page))
        return shown(session, vault, PAGE, "memory.html", made=made, tabs=tabs(), WHY=WHY, asked=asked)
