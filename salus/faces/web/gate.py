"""What every request passes first: Host, Origin and token checks, the session of its cookie, the security headers.

Loopback does not protect by itself: any web page can send requests to it, and a name can be made to point at it.
"""

from __future__ import annotations

import hmac
import ipaddress
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from salus.faces.web.problems import is_navigation, language_of, problem, unexpected
from salus.faces.web.sessions import Session, Sessions
from salus.records.text import T

SAFE = frozenset({"GET", "HEAD"})
UNTOUCHED = frozenset({"/session"})
"""Asking whether one is still unlocked does not keep one unlocked."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def cookie_name(port: int) -> str:
    """Cookies ignore ports: two Salus on one machine must not overwrite each other's."""
    return f"salus_{port}"


class Gate:
    """ASGI middleware. `host` is what is served; a wildcard address also accepts any literal IP address."""

    def __init__(self, app: ASGIApp, *, sessions: Sessions, host: str, port: int) -> None:
        self._app, self._sessions, self._port = app, sessions, port
        self._any_address = host in ("", "0.0.0.0", "::")  # noqa: S104 - compared, not bound
        self._names = frozenset({"127.0.0.1", "localhost", "[::1]", host.lower(), f"[{host.lower()}]"})

    def _known(self, host: str) -> bool:
        name, _, port = host.lower().rpartition(":") if not host.endswith("]") else (host.lower(), "", "")
        if not name:
            name, port = port, ""
        if (port or "80") != str(self._port):
            return False
        if name in self._names:
            return True
        if self._any_address:
            try:  # a literal address cannot be rebound: only names can
                ipaddress.ip_address(name.strip("[]"))
            except ValueError:
                return False
            return True
        return False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        request = Request(scope)
        host = request.headers.get("host", "")
        fresh: Session | None = None
        answer: Response | None = None
        if not self._known(host):
            answer = problem(
                request, 421, "wrong-host", T("This address is not served here. Open the address Salus printed.")
            )
        elif not scope["path"].startswith("/static/"):
            session = self._sessions.find(self._cookie(request), touch=scope["path"] not in UNTOUCHED)
            if session is None and is_navigation(request):
                session = fresh = self._sessions.start(language_of(request))
            request.state.session = session
            if request.method not in SAFE:
                answer = self._forged(request, session, host)
        dressed = _Dressed(send, cookie_header(fresh, self._port) if fresh else None)
        try:
            await (answer or self._app)(scope, receive, dressed)
        except Exception as error:
            failure = unexpected(request, error)
            if not dressed.started:
                await failure(scope, receive, dressed)

    def _cookie(self, request: Request) -> str | None:
        try:
            found = SimpleCookie(request.headers.get("cookie", "")).get(cookie_name(self._port))
        except CookieError:
            return None
        return found.value if found else None

    def _forged(self, request: Request, session: Session | None, host: str) -> Response | None:
        """A refusal unless the request comes from our own page with the session's token."""
        origin = request.headers.get("origin")
        if origin is not None and origin.lower() != f"http://{host.lower()}":
            return problem(request, 403, "wrong-origin", T("The request came from another page, so it was refused."))
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return problem(request, 403, "wrong-origin", T("The request came from another page, so it was refused."))
        if session is None:
            return problem(request, 401, "locked", T("The vault is locked. Unlock it to go on."))
        token = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(token.encode(), session.csrf.encode()):
            return problem(request, 403, "stale", T("This page is out of date. Reload it and try again."))
        return None


class _Dressed:
    """Sends on, with the headers every answer has."""

    def __init__(self, send: Send, cookie: str | None) -> None:
        self._send, self._cookie, self.started = send, cookie, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            sandboxed = headers.get("content-security-policy", "").startswith("sandbox;")  # a file: stricter than ours
            for name, value in HEADERS.items():
                if not (sandboxed and name == "Content-Security-Policy"):
                    headers[name] = value
            if "cache-control" not in headers:
                headers["Cache-Control"] = "no-store"
            if self._cookie is not None and "set-cookie" not in headers:
                headers.append("Set-Cookie", self._cookie)
        await self._send(message)


def cookie_header(session: Session, port: int) -> str:
    """The Set-Cookie value: gone with the browser's session, unreadable by scripts, never sent cross-site."""
    return f"{cookie_name(port)}={session.id}; HttpOnly; SameSite=Strict; Path=/"
