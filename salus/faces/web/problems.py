"""Errors as the browser gets them: a fragment of the page, or problem+json for scripts. One sentence, no trace."""

from __future__ import annotations

import json
import logging

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from salus.assistant.words import words
from salus.errors import SalusError
from salus.faces.web.page import render
from salus.faces.web.sessions import Session
from salus.records.finding import Lang
from salus.records.text import T, Text

log = logging.getLogger("salus.web")


def language_of(request: Request) -> Lang:
    """The session's language, else the first of ours the browser asks for."""
    session: Session | None = getattr(request.state, "session", None)
    if session is not None:
        return session.lang
    for part in request.headers.get("accept-language", "").lower().split(","):
        if part.strip().startswith("fr"):
            return "fr"
        if part.strip().startswith("en"):
            return "en"
    return "en"


def problem(request: Request, status: int, code: str, text: Text, headers: dict[str, str] | None = None) -> Response:
    """One sentence: HTML for the page's own requests, RFC 9457 JSON for those that ask for JSON."""
    lang = language_of(request)
    if "json" in request.headers.get("accept", ""):
        body = {"type": f"urn:salus:{code}", "title": code, "status": status, "detail": words(lang).say(text)}
        return Response(json.dumps(body, ensure_ascii=False), status, headers, "application/problem+json")
    session: Session | None = getattr(request.state, "session", None)
    if session is not None and is_navigation(request):
        return HTMLResponse(render("lost.html", lang, text=text, session=session), status, headers)
    html = render("problem.html", lang, text=text)
    return HTMLResponse(html, status, headers)


def is_navigation(request: Request) -> bool:
    """Does a person go to this address, rather than a script of the page?"""
    if request.method not in ("GET", "HEAD"):
        return False
    if request.url.path == "/":
        return True
    if mode := request.headers.get("sec-fetch-mode"):
        return mode == "navigate"
    return "text/html" in request.headers.get("accept", "") and "hx-request" not in request.headers


def salus_problem(request: Request, error: Exception) -> Response:
    """A SalusError as its HTTP status and sentence."""
    assert isinstance(error, SalusError)
    return problem(request, error.http_status, error.code, error.text)


def noted(error: Exception) -> None:
    """Logs the kind of an error and its place in the code."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{where.tb_frame.f_globals.get('__name__')}:{where.tb_lineno}" if where else "?"
    log.error("%s at %s", type(error).__name__, place)


def unexpected(request: Request, error: Exception) -> Response:
    """Anything else: its kind and place in the log (never its message, which may quote a record), one sentence here."""
    noted(error)
    return problem(request, 500, "unexpected", WENT_WRONG)


WENT_WRONG = T("Something went wrong inside Salus. Nothing was lost; try again.")
