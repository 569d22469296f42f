"""Routes: a question, its answer as a stream, and the evidence behind each figure."""

from __future__ import annotations

import secrets
import threading
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from salus.assistant.language import detect
from salus.assistant.words import words
from salus.errors import NotFound, SalusError, UsageError
from salus.faces.web.cards import card
from salus.faces.web.channel import Channel
from salus.faces.web.evidence import Shown, show
from salus.faces.web.figures import parts
from salus.faces.web.imports import stream
from salus.faces.web.page import render
from salus.faces.web.problems import WENT_WRONG, noted
from salus.faces.web.sessions import Session
from salus.faces.web.site import Fields, OurSite, Unlocked
from salus.records.finding import Lang
from salus.records.text import T
from salus.records.times import When
from salus.vault.view import VaultView

router = APIRouter()

LONGEST_QUESTION = 2000
SHOWN_WHOLE, SHOWN_AT_ALL = 3, 30
PATIENCE_SECONDS = 20.0


class Answering:
    """One question being answered: what was streamed stays, so that it can be read again and its evidence opened."""

    def __init__(self, question: str, lang: Lang) -> None:
        self.id, self.channel = secrets.token_urlsafe(16), Channel()
        self.question, self.lang = question, lang
        self.findings: list[dict[str, Any]] = []
        self.evidence: dict[str, dict[str, Any]] = {}
        self.finished = threading.Event()

    def run(self, session: Session) -> None:
        """Answers it; every way this ends is an event of the channel."""
        try:
            with session.using() as vault:
                view = vault.view()
                self._answer(view)
                self.channel.put("done", "")
                vault.ledger.write("ask", face="web")
        except SalusError as error:
            self.channel.put("failed", words(self.lang).say(error.text))
        except Exception as error:
            noted(error)
            self.channel.put("failed", words(self.lang).say(WENT_WRONG))
        finally:
            self.finished.set()
            self.channel.end()

    def _answer(self, view: VaultView) -> None:
        from salus.assistant import ask  # what a question needs is loaded with the first one

        for kind, data in ask.stream(view, self.question, lang=self.lang):
            if kind == "triage":
                if data["level"] != "none" or data.get("advice"):
                    self._put("triage", "triage.html", triage=data)
            elif kind == "finding":
                self.findings.append(data)
                self._put("finding", "finding.html", card=card(data, self.lang))
            elif kind == "sentence":
                self._put("sentence", "sentence.html", parts=parts(data, self.findings, self.lang))
            elif kind == "unknown":
                self._put("unknown", "unknown.html", text=data)
            elif kind == "done":
                self.evidence = {e["id"]: e for e in data.evidence}

    def _put(self, kind: str, template: str, **values: Any) -> None:
        self.channel.put(kind, render(template, self.lang, answer=self.id, **values))


@router.post("/ask")
def question(site: OurSite, session: Unlocked, fields: Fields) -> JSONResponse:
    """Takes a question; 202 with the address its answer streams from."""
    text = fields.get("question", "").strip()
    if not text:
        raise UsageError(T("Write a question first."))
    if len(text) > LONGEST_QUESTION:
        raise UsageError(T("The question is too long. Use at most {n} characters.", n=LONGEST_QUESTION))
    answering = Answering(text, detect(text, session.lang))
    session.keep(answering.id, answering)
    site.asks.submit(answering.run, session)
    return JSONResponse({"stream": f"/answers/{answering.id}", "lang": answering.lang}, 202)


def _answering(session: Session, answer: str) -> Answering:
    found = session.things.get(answer)
    if not isinstance(found, Answering):
        raise NotFound(T("This answer is no longer held. Ask again."))
    return found


@router.get("/answers/{answer}")
def answer_events(request: Request, session: Unlocked, answer: str) -> StreamingResponse:
    return stream(request, _answering(session, answer).channel)


@router.get("/answers/{answer}/evidence/{finding}", response_class=HTMLResponse)
def finding_evidence(session: Unlocked, answer: str, finding: str) -> HTMLResponse:
    """Everything one finding rests on."""
    answering = _answering(session, answer)
    found = next((f for f in answering.findings if f["id"] == finding), None)
    if found is None or not answering.finished.wait(PATIENCE_SECONDS):
        raise NotFound(T("This answer is no longer held. Ask again."))
    cited = [answering.evidence[e] for e in found["evidence"] if e in answering.evidence]
    with session.using() as vault:
        view = vault.view()
        whole = [(e, _found(view, e["ref"], session.lang)) for e in cited[:SHOWN_WHOLE]]
    html = render(
        "evidence.html", session.lang, finding=found, whole=whole, listed=cited[SHOWN_WHOLE:SHOWN_AT_ALL],
        more=max(0, len(cited) - SHOWN_AT_ALL), answer_lang=answering.lang, when=_when,
    )  # fmt: skip
    return HTMLResponse(html)


@router.get("/evidence/{ref:path}", response_class=HTMLResponse)
def one_evidence(session: Unlocked, ref: str) -> HTMLResponse:
    """One piece of evidence by its reference."""
    with session.using() as vault:
        shown = show(vault.view(), ref, session.lang)
    return HTMLResponse(render("one_evidence.html", session.lang, shown=shown, excerpt=""))


def _found(view: VaultView, ref: str, lang: Lang) -> Shown | None:
    try:
        return show(view, ref, lang)
    except NotFound:
        return None


def _when(text: str | None) -> When | None:
    return When.parse(text) if text else None
