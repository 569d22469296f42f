"""Routes: files in, their progress and report, past imports and their undoing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from salus.errors import NotFound, UsageError
from salus.faces.web.channel import stream
from salus.faces.web.copying import copy_soon
from salus.faces.web.jobs import Job
from salus.faces.web.kinds import brief
from salus.faces.web.problems import problem
from salus.faces.web.sessions import Session
from salus.faces.web.shell import Page, fragment, shown
from salus.faces.web.site import OurSite, Site, Unlocked
from salus.hooks import register_sources
from salus.records.text import T
from salus.sources.given import Spool
from salus.vault.vault import Vault

PAGE = Page("import", "/import", T("Import"), "import", 80, go="i", group="bring")
router = APIRouter()

MOST_BYTES = 8 * 1024**3
TOO_LARGE = T("The file is larger than {n} GB. Import it on the command line with “salus import”.", n=8)
WRITE_BYTES = 1 << 20
LAST_IMPORTS = 50


@router.get("/import", response_class=HTMLResponse)
def bring(session: Unlocked) -> HTMLResponse:
    """Where files are dropped, and what was imported before."""
    with session.using() as vault:
        past = _past(session, vault)
        return shown(session, vault, PAGE, "import.html", most_bytes=MOST_BYTES, too_large=TOO_LARGE, **past)


@router.post("/imports")
async def upload(request: Request, site: OurSite, session: Unlocked) -> Response:
    """One file as the request's body, its name percent-encoded in X-Filename. Sealed before it touches the disk."""
    name = _name(request.headers.get("x-filename", ""))
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        return _too_large(request)
    spool = await run_in_threadpool(Spool, site.home.folder / "spool", name)
    kept = False
    try:
        size, held = 0, bytearray()
        async for chunk in request.stream():
            size += len(chunk)
            if size > MOST_BYTES:
                return _too_large(request)
            held += chunk
            if len(held) >= WRITE_BYTES:
                await run_in_threadpool(spool.write, bytes(held))
                held.clear()
                session.used = time.monotonic()  # a long upload is no idle time
        await run_in_threadpool(spool.write, bytes(held))
        job = Job(spool, await run_in_threadpool(spool.finish), session.lang)
        kept = True
    finally:
        if not kept:
            spool.discard()
    return _start(site, session, job, same_person=False)


def _name(header: str) -> str:
    """The file's name as the browser knows it; parts of a path stay, nothing is ever opened by it."""
    name = "".join(c for c in unquote(header) if c.isprintable()).strip()[:300]
    if not name:
        raise UsageError(T("The file has no name."))
    return name


def _too_large(request: Request) -> Response:
    return problem(request, 413, "too-large", TOO_LARGE)


def _start(site: Site, session: Session, job: Job, *, same_person: bool) -> JSONResponse:
    session.keep(job.id, job)
    site.imports.submit(job.run, session, same_person, site.stopping, site.home)
    return JSONResponse({"stream": f"/imports/jobs/{job.id}"}, 202)


def _job(session: Session, job_id: str) -> Job:
    job = session.things.get(job_id)
    if not isinstance(job, Job):
        raise NotFound(T("This file is no longer held. Drop it again."))
    return job


@router.post("/imports/jobs/{job_id}/same-person")
def same_person(site: OurSite, session: Unlocked, job_id: str) -> JSONResponse:
    """Reads a refused file again, as this person's."""
    return _start(site, session, _job(session, job_id).again(), same_person=True)


@router.post("/imports/jobs/{job_id}/discard")
def discard(session: Unlocked, job_id: str) -> Response:
    """Lets a refused file go."""
    _job(session, job_id).discard()
    return Response(status_code=204)


@router.get("/imports/jobs/{job_id}")
def job_events(request: Request, session: Unlocked, job_id: str) -> StreamingResponse:
    return stream(request, _job(session, job_id).channel)


@router.get("/imports", response_class=HTMLResponse)
def imports(session: Unlocked) -> HTMLResponse:
    """Past imports, newest first."""
    with session.using() as vault:
        return fragment(session, "imports.html", **_past(session, vault))


def _past(session: Session, vault: Vault) -> dict[str, Any]:
    past, zone = vault.imports(), vault.person.zone
    titles: dict[str, Any] = {s.name: s.title for s in register_sources()}
    title: Callable[[str], str] = lambda name: titles.get(name, {}).get(session.lang, name)  # noqa: E731
    more = max(0, len(past) - LAST_IMPORTS)
    return {"imports": past[:LAST_IMPORTS], "more": more, "title": title, "brief": brief, "zone": zone}


@router.post("/imports/{batch}/undo", response_class=HTMLResponse)
def undo(site: OurSite, session: Unlocked, batch: int) -> HTMLResponse:
    """Takes back what an import added, and shows the imports anew."""
    try:
        with session.using() as vault:
            vault.undo(batch)
    except NotFound as error:
        raise NotFound(T("There is no import number {id}.", id=batch)) from error
    copy_soon(site, session)
    return imports(session)
