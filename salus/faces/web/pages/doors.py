"""Routes: unlocking, the sample person, a restored back-up, a forgotten passphrase, language, locking."""

from __future__ import annotations

import math
import secrets
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from salus.assistant.words import words
from salus.errors import Locked, NotFound, SalusError, UsageError
from salus.faces import sample_person
from salus.faces.web.channel import Channel, stream
from salus.faces.web.entering import enter, leave
from salus.faces.web.page import render
from salus.faces.web.problems import WENT_WRONG, noted, problem
from salus.faces.web.sessions import Session
from salus.faces.web.site import AnySession, Fields, OurSite, Site, Unlocked, lang_of, twice
from salus.faces.web.uploads import received
from salus.records.finding import Lang
from salus.records.text import T
from salus.vault import backup, recovery
from salus.vault.home import Listed
from salus.vault.keys import MIN_PASSPHRASE
from salus.vault.vault import Vault

router = APIRouter()

MOST_BACKUP_BYTES = 8 * 1024**3


@router.get("/session")
def session_left(site: OurSite, session: Unlocked) -> JSONResponse:
    """How long until it locks itself; 401 when it has."""
    return JSONResponse({"seconds": math.ceil(site.sessions.left(session))})


@router.post("/unlock")
def unlock(request: Request, site: OurSite, session: AnySession, fields: Fields) -> Response:
    listed = site.home.find(fields.get("person", ""))
    if refusal := _must_wait(request, site, listed):
        return refusal
    return enter(site, session, listed, site.unlocking.open(listed, fields.get("passphrase", "")))


def _must_wait(request: Request, site: Site, listed: Listed) -> Response | None:
    wait = site.unlocking.wait(listed)
    if not wait:
        return None
    seconds = math.ceil(wait)
    text = T("There were several wrong passphrases. Wait {seconds} seconds, then try again.", seconds=seconds)
    return problem(request, 429, "wait", text, {"Retry-After": str(seconds)})


@router.get("/forgotten/{person}", response_class=HTMLResponse)
def forgotten(request: Request, site: OurSite, person: str) -> HTMLResponse:
    """The way in with the recovery code."""
    session: Session | None = request.state.session
    if session is None:
        raise Locked(T("The page could not be opened. Reload it."))
    listed = site.home.find(person)
    html = render(
        "forgotten.html", session.lang, session=session, listed=listed, has_code=site.home.recovery(listed) != "none",
        least=MIN_PASSPHRASE,
    )  # fmt: skip
    return HTMLResponse(html)


@router.post("/forgotten/{person}")
def reset(request: Request, site: OurSite, session: AnySession, person: str, fields: Fields) -> Response:
    """A new passphrase by the recovery code, and the vault opened with it."""
    listed = site.home.find(person)
    if refusal := _must_wait(request, site, listed):
        return refusal
    passphrase = twice(fields)
    site.unlocking.attempt(listed, lambda: site.home.reset_passphrase(listed, fields.get("code", ""), passphrase))
    return enter(site, session, listed, site.unlocking.open(listed, passphrase), "/")


@router.get("/restore", response_class=HTMLResponse)
def restoring(request: Request) -> HTMLResponse:
    """Where a back-up made elsewhere becomes a person here."""
    session: Session | None = request.state.session
    if session is None:
        raise Locked(T("The page could not be opened. Reload it."))
    return HTMLResponse(render("restore.html", session.lang, session=session))


@router.post("/restore")
async def restore(request: Request, site: OurSite, session: AnySession) -> JSONResponse:
    """Takes the file as the request's body (it is encrypted already) and holds it; 201 with its id."""
    folder = site.home.folder / "spool"
    path = await received(request, folder, MOST_BACKUP_BYTES)
    held = Held(path)
    session.keep(held.id, held)
    return JSONResponse({"held": held.id}, 201)


@router.post("/restore/{held}")
async def restored(site: OurSite, session: AnySession, held: str, fields: Fields) -> Response:
    """Opens the held file with its passphrase or recovery code, as a new person; and opens that."""
    found = session.things.get(held)
    if not isinstance(found, Held):
        raise NotFound(T("This file is no longer held. Choose it again."))
    secret, label = fields.get("secret", ""), fields.get("label", "").strip() or None

    def work() -> Response:
        made = site.unlocking.alone(lambda: backup.restore(site.home, found.path, secret, label))
        found.discard()
        vault = site.unlocking.alone(lambda: _opened(site, made.listed, secret))
        return enter(site, session, made.listed, vault, "/")

    return await run_in_threadpool(work)


def _opened(site: Site, listed: Listed, secret: str) -> Vault:
    return site.home.open_with_code(listed, secret) if recovery.read(secret) else site.home.open(listed, secret)


class Held:
    """A back-up file waiting for its passphrase; removed with the session."""

    def __init__(self, path: Path) -> None:
        self.id, self.path = secrets.token_urlsafe(16), path

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)


@router.post("/sample")
def sample(site: OurSite, session: AnySession) -> Response:
    """Opens the sample person; the first time 202 with the address of the progress, then to be asked again."""
    if site.sample is None:
        raise UsageError(T("There is no sample person here."))
    listed = sample_person.find(site.home)
    if listed is not None:
        vault = site.unlocking.open(listed, sample_person.PASSPHRASE)
        if sample_person.complete(vault):
            return enter(site, session, listed, vault, "/")
        vault.close()
    job = Making(session.lang)
    session.keep(job.id, job)
    site.asks.submit(job.run, site)
    return JSONResponse({"stream": f"/sample/{job.id}"}, 202)


class Making:
    """The sample person being made, with its progress."""

    def __init__(self, lang: Lang) -> None:
        self.id, self.channel, self._lang = secrets.token_urlsafe(16), Channel(), lang

    def run(self, site: Site) -> None:
        say = words(self._lang).say
        try:
            assert site.sample is not None
            with site.making:  # two tabs may ask at once
                site.sample(site.home, lambda done, _: self.channel.report("progress", f"{done:.3f}"), lang=self._lang)
            self.channel.put("done", "")
        except SalusError as error:
            self.channel.put("failed", say(error.text))
        except Exception as error:
            noted(error)
            self.channel.put("failed", say(WENT_WRONG))
        finally:
            self.channel.end()


@router.get("/sample/{job_id}")
def sample_events(request: Request, session: AnySession, job_id: str) -> StreamingResponse:
    """The sample person's making: there is nobody's data in it, so it needs no open vault."""
    making = session.things.get(job_id)
    if not isinstance(making, Making):
        raise NotFound(T("This is no longer running. Try again."))
    return stream(request, making.channel)


@router.post("/language")
def language(session: AnySession, fields: Fields) -> Response:
    """The page in another language; for an unlocked person it stays so."""
    session.lang = lang_of(fields)
    if session.unlocked:
        with session.using() as vault:
            if vault.person.lang != session.lang:
                vault.configure(lang=session.lang)
    return Response(status_code=204, headers={"HX-Refresh": "true"})


@router.post("/lock")
def lock(site: OurSite, session: AnySession) -> Response:
    return leave(site, session)
