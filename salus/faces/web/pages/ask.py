"""Routes: the conversation, a question and its stream, past conversations, and the evidence behind each figure."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from salus.assistant.language import detect
from salus.errors import NotFound, UsageError
from salus.faces.web.answering import Answering, Passing, given, kept, lang_of, turns_of
from salus.faces.web.channel import stream
from salus.faces.web.evidence import Shown, show
from salus.faces.web.sessions import Session
from salus.faces.web.shell import Page, fragment, shown
from salus.faces.web.site import Fields, OurSite, Unlocked
from salus.faces.web.suggestions import suggestions
from salus.records.finding import Lang
from salus.records.text import T
from salus.records.times import When
from salus.vault.vault import Vault
from salus.vault.view import VaultView

PAGE = Page("ask", "/ask", T("Ask"), "ask", 20, go="a", bar=True)
router = APIRouter()

LONGEST_QUESTION = 2000
SHOWN_WHOLE, SHOWN_AT_ALL = 3, 30
PATIENCE_SECONDS = 20.0
MOST_LISTED = 100


@router.get("/ask", response_class=HTMLResponse)
def asking(session: Unlocked, temporary: str = "") -> HTMLResponse:
    """A new conversation; with `temporary` one of which nothing is kept."""
    return _page(session, None, temporary=bool(temporary))


@router.get("/ask/past", response_class=HTMLResponse)
def past(session: Unlocked, here: int = 0) -> HTMLResponse:
    """The past conversations, as a list."""
    with session.using() as vault:
        listed = _listed(vault)
        zone = vault.person.zone
    return fragment(session, "past.html", listed=listed, here=here, zone=zone)


@router.get("/ask/{conversation}", response_class=HTMLResponse)
def reopened(session: Unlocked, conversation: int) -> HTMLResponse:
    """A past conversation, its evidence still there, to be gone on with."""
    return _page(session, conversation)


def _page(session: Session, conversation: int | None, *, temporary: bool = False) -> HTMLResponse:
    with session.using() as vault:
        turns = vault.conversations.turns(conversation) if conversation is not None else []
        listed = _listed(vault)
        title = next((c.title for c in listed if c.id == conversation), "")
        return shown(
            session, vault, PAGE, "ask.html", turns=[given(conversation or 0, turn) for turn in turns], title=title,
            here=conversation, listed=listed, temporary=temporary, suggested=suggestions(vault.view()),
            zone=vault.person.zone,
        )  # fmt: skip


def _listed(vault: Vault) -> list[Any]:
    return [c for c in vault.conversations.list() if c.turns][:MOST_LISTED]


@router.post("/ask")
def question(site: OurSite, session: Unlocked, fields: Fields) -> JSONResponse:
    """Takes a question; 202 with the address its answer streams from and the conversation it belongs to."""
    text = fields.get("question", "").strip()
    if not text:
        raise UsageError(T("Write a question first."))
    if len(text) > LONGEST_QUESTION:
        raise UsageError(T("The question is too long. Use at most {n} characters.", n=LONGEST_QUESTION))
    where = _where(session, text, fields.get("conversation", ""), temporary=bool(fields.get("temporary")))
    with session.using() as vault:
        spoken = [answer for _, answer in turns_of(vault, where)[-1:]]
    answering = Answering(text, detect(text, lang_of(spoken[0]) if spoken else session.lang), where)
    session.keep(answering.id, answering)
    site.asks.submit(answering.run, session)
    key = where.id if isinstance(where, Passing) else str(where)
    return JSONResponse(
        {"stream": f"/answers/{answering.id}", "lang": answering.lang, "conversation": key}, 202
    )


def _where(session: Session, text: str, conversation: str, *, temporary: bool) -> int | Passing:
    """The conversation a question belongs to, opened if need be. One that is gone is not written to again."""
    if temporary:
        found = session.things.get(conversation)
        if isinstance(found, Passing):
            return found
        fresh = Passing()
        session.keep(fresh.id, fresh)
        return fresh
    with session.using() as vault:
        if re.fullmatch(r"\d{1,15}", conversation):
            vault.conversations.turns(int(conversation))  # raises NotFound
            return int(conversation)
        return vault.conversations.start(text)


@router.post("/answers/{answer}/stop")
def stop(session: Unlocked, answer: str) -> Response:
    """No more of this answer; it is not kept."""
    found = session.things.get(answer)
    if isinstance(found, Answering):
        found.stopped.set()
    return Response(status_code=204)


@router.post("/ask/{conversation}/delete")
def delete(session: Unlocked, conversation: int) -> Response:
    with session.using() as vault:
        vault.conversations.delete(conversation)
    return Response(status_code=204, headers={"HX-Redirect": "/ask"})


@router.post("/ask/delete-all")
def delete_all(session: Unlocked) -> Response:
    with session.using() as vault:
        vault.conversations.delete_all()
    return Response(status_code=204, headers={"HX-Redirect": "/ask"})


@router.get("/answers/{answer}")
def answer_events(request: Request, session: Unlocked, answer: str) -> StreamingResponse:
    return stream(request, _answering(session, answer).channel)


def _answering(session: Session, answer: str) -> Answering:
    found = session.things.get(answer)
    if not isinstance(found, Answering):
        raise NotFound(T("This answer is no longer held. Ask again."))
    return found


@router.get("/answers/{answer}/evidence/{finding}", response_class=HTMLResponse)
def finding_evidence(session: Unlocked, answer: str, finding: str) -> HTMLResponse:
    """Everything one finding rests on."""
    with session.using() as vault:
        view = vault.view()
        findings, evidence, lang = _rests_on(session, vault, answer)
        found = next((f for f in findings if f["id"] == finding), None)
        if found is None:
            raise NotFound(T("This answer is no longer held. Ask again."))
        cited = [evidence[e] for e in found["evidence"] if e in evidence]
        whole = [(e, _found(view, e["ref"], session.lang)) for e in cited[:SHOWN_WHOLE]]
    return fragment(
        session, "evidence.html", finding=found, whole=whole, listed=cited[SHOWN_WHOLE:SHOWN_AT_ALL],
        more=max(0, len(cited) - SHOWN_AT_ALL), answer_lang=lang, when=_when,
    )  # fmt: skip


def _rests_on(
    session: Session, vault: Vault, answer: str
) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]], Lang]:
    """(findings, evidence by id, language) of an answer of this session or of a kept one."""
    if answer.startswith("kept-"):
        old = kept(vault, answer)
        return old.get("findings", []), {e["id"]: e for e in old.get("evidence", [])}, lang_of(old)
    answering = _answering(session, answer)
    if not answering.finished.wait(PATIENCE_SECONDS):
        raise NotFound(T("This answer is no longer held. Ask again."))
    return answering.findings, answering.evidence, answering.lang


@router.get("/evidence/{ref:path}", response_class=HTMLResponse)
def one_evidence(session: Unlocked, ref: str) -> HTMLResponse:
    """One piece of evidence by its reference."""
    with session.using() as vault:
        found = show(vault.view(), ref, session.lang)
    return fragment(session, "one_evidence.html", shown=found, excerpt="")


def _found(view: VaultView, ref: str, lang: Lang) -> Shown | None:
    try:
        return show(view, ref, lang)
    except NotFound:
        return None


def _when(text: str | None) -> When | None:
    return When.parse(text) if text else None
