"""The application: routes, gate, errors, static files, and the sweeper that locks what nobody uses."""

from __future__ import annotations

import asyncio
import contextlib
import mimetypes
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from salus.errors import SalusError
from salus.faces.web import answers, imports, persons
from salus.faces.web.gate import Gate
from salus.faces.web.problems import problem, salus_problem
from salus.faces.web.sessions import Sessions
from salus.faces.web.site import Site
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
    for routes in (persons, answers, imports):
        app.include_router(routes.router)
    app.mount("/static", _Static(packages=[("salus.faces.web", "static")]))
    app.add_exception_handler(SalusError, salus_problem)
    app.add_exception_handler(RequestValidationError, _not_here)
    app.add_exception_handler(HTTPException, _not_here)
    app.add_middleware(Gate, sessions=sessions, host=host, port=port)
    return app


for _kind, _ending in (("text/javascript", ".js"), ("text/css", ".css"), ("image/svg+xml", ".svg")):
    mimetypes.add_type(_kind, _ending)  # some systems say otherwise, and a browser then refuses them


class _Static(StaticFiles):
    """Files that are the same for everyone: their address carries their hash."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


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
