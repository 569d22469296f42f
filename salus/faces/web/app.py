"""The application: routes, gate, errors, static files, and the sweeper that locks what nobody uses."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from salus.errors import Locked, SalusError
from salus.faces.web.gate import Gate
from salus.faces.web.locked import door
from salus.faces.web.problems import is_navigation, problem, salus_problem
from salus.faces.web.sessions import Sessions
from salus.faces.web.shell import routers
from salus.faces.web.site import Site
from salus.faces.web.static_files import Static
from salus.faces.web.unlocking import Unlocking
from salus.records.text import T
from salus.vault.home import Home

SWEEP_SECONDS = 5.0
STALE_SECONDS = 24 * 3600.0


def create_app(
    home: Home,
    *,
    idle_minutes: float = 15,
    sample: Callable[..., Any] | None = None,
    host: str = "127.0.0.1",
    port: int = 8470,
) -> FastAPI:
    """The page over one home. `host` and `port` are where it is served: other Host headers are refused.

    `sample` makes the sample person (`salus.faces.sample_person.ensure`), or None to offer none.
    """
    sessions = Sessions(idle_minutes * 60)
    site = Site(home, sessions, Unlocking(home), sample, port)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        _remove_stale(home)
        sweeper = asyncio.create_task(_sweep(sessions))
        try:
            yield
        finally:
            sweeper.cancel()
            site.stopping.set()
            site.asks.shutdown(wait=False, cancel_futures=True)
            site.imports.shutdown(wait=True, cancel_futures=True)
            sessions.close()

    app = FastAPI(title="Salus", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.site = site
    for router in routers():
        app.include_router(router)
    app.mount("/static", Static(packages=[("salus.faces.web", "static")]))
    app.add_exception_handler(Locked, _locked)
    app.add_exception_handler(SalusError, salus_problem)
    app.add_exception_handler(RequestValidationError, _not_here)
    app.add_exception_handler(HTTPException, _not_here)
    app.add_middleware(Gate, sessions=sessions, host=host, port=port)
    return app


def _locked(request: Request, error: Exception) -> Response:
    """The doors, at the address that was asked for: unlocking then shows what was wanted."""
    if is_navigation(request) and request.state.session is not None:
        return door(request.app.state.site, request.state.session, status=401)
    return salus_problem(request, error)


def _not_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return problem(request, status, "not-found", T("There is nothing at this address."))


async def _sweep(sessions: Sessions) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        await asyncio.to_thread(sessions.sweep)


def _remove_stale(home: Home) -> None:
    """Sealed uploads of a run that was killed: their keys died with it."""
    for path in (home.folder / "spool").glob("*.sealed"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                path.unlink()
