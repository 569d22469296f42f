"""Routes: the timeline, its events as columns, and the words of the lines in view."""

from __future__ import annotations

import gzip
import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from salus.assistant.words import words
from salus.faces.web.sessions import Session
from salus.faces.web.shell import Page, shown
from salus.faces.web.site import Unlocked
from salus.faces.web.timeline_view import MOST_LINES, Held, columns, hold, lines, mark, present
from salus.faces.wording import EVENT, EVENTS
from salus.records.text import T

PAGE = Page("timeline", "/timeline", T("Timeline"), "timeline", 30, go="t", bar=True)
router = APIRouter()

HELD = "timeline"
GONE = 409
"""The events are not those the page knows: it fetches them anew."""


@router.get("/timeline", response_class=HTMLResponse)
def timeline(session: Unlocked) -> HTMLResponse:
    """The frame; its script fetches the events."""
    with session.using() as vault:
        return shown(session, vault, PAGE, "timeline.html", kinds=present(vault.view()), EVENTS=EVENTS)


def _held(session: Session) -> Held:
    """The session's events as they are now; worked out again only when something was written since."""
    kept = session.things.get(HELD)
    with session.using() as vault:
        if isinstance(kept, Held) and kept.mark == mark(vault):
            return kept
        made = hold(vault)
    session.keep(HELD, made)
    return made


@router.get("/timeline/events")
def all_events(request: Request, session: Unlocked) -> Response:
    """Every event as columns (see `timeline_view.columns`)."""
    say = words(session.lang)
    held = _held(session)
    with session.using() as vault:
        made = columns(held, vault.view(), say)
    made["names"] = {kind: say.say(text) for kind, text in EVENT.items()}
    return packed(request, made)


@router.get("/timeline/lines/{stamp}")
def some_lines(request: Request, session: Unlocked, stamp: str, at: str = "") -> Response:
    """The words of the lines at these places ("3,4,17"); 409 when the events have changed since."""
    held = _held(session)
    if held.stamp != stamp:
        return Response(status_code=GONE)
    places = [int(place) for place in at.split(",")[:MOST_LINES] if place.isascii() and place.isdigit()]
    with session.using() as vault:
        return packed(request, lines(held, vault.view(), words(session.lang), places))


def packed(request: Request, thing: Any) -> Response:
    """JSON, gzipped where the browser takes it: nothing of what was asked, and no token, is in it."""
    body = json.dumps(thing, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(body, media_type="application/json")
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(gzip.compress(body, 6, mtime=0), headers=headers, media_type="application/json")
