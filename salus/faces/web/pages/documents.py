"""Routes: documents and notes, their full-text search, one of them to read, and its files to save."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from salus.faces.web.documents_view import KINDS, document, file_of, found, listed
from salus.faces.web.shell import Page, shown
from salus.faces.web.site import Unlocked
from salus.records.text import T

PAGE = Page("documents", "/documents", T("Documents"), "documents", 60, go="d")
router = APIRouter()

LONGEST_QUERY = 200
SANDBOX = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""A record's file is a stranger's: even if a browser showed it, it could do nothing here."""


@router.get("/documents", response_class=HTMLResponse)
def documents(session: Unlocked, q: str = "", kind: str = "", page: int = 0) -> HTMLResponse:
    """The list, or what a search finds."""
    asked, page = q.strip()[:LONGEST_QUERY], max(0, page)
    with session.using() as vault:
        view, whole, more = vault.view(), True, False
        if asked:
            lines, whole = found(view, asked, session.lang)
        else:
            lines, more = listed(view, kind, page, session.lang)
        return shown(
            session, vault, PAGE, "documents.html", lines=lines, asked=asked, whole=whole, more=more, number=page,
            kind=kind if kind in KINDS else "", searchable=view.searchable(),
        )  # fmt: skip


@router.get("/documents/file/{number}/{ref:path}")
def file(session: Unlocked, number: int, ref: str) -> Response:
    """A file as the record carries it: to be saved, never to be shown in the page."""
    with session.using() as vault:
        found_file, data = file_of(vault.view(), ref, number, session.lang)
    plain = found_file.name.encode("ascii", "ignore").decode().replace('"', "") or "document"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found_file.name, safe='')}",
        "Content-Security-Policy": SANDBOX,
        "X-Download-Options": "noopen",
    }
    return Response(data, headers=headers, media_type="application/octet-stream")


@router.get("/documents/{ref:path}", response_class=HTMLResponse)
def one_document(session: Unlocked, ref: str, q: str = "") -> HTMLResponse:
    """One document's readable text and its files."""
    with session.using() as vault:
        made = document(vault.view(), ref, q.strip()[:LONGEST_QUERY], session.lang)
        return shown(session, vault, PAGE, "documents_one.html", made=made, asked=q.strip()[:LONGEST_QUERY])
