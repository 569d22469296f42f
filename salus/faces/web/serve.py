"""Serving the page: on this machine only, unless another address is asked for by name."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys

from salus.assistant.ready import preparing
from salus.assistant.words import words
from salus.errors import Missing, Refused, UsageError
from salus.faces import sample_person
from salus.records.finding import Lang
from salus.records.text import T
from salus.vault.home import Home


def run(
    home: Home,
    host: str = "127.0.0.1",
    port: int = 8470,
    *,
    idle_minutes: float = 15,
    open_to_others: bool = False,
    lang: Lang = "en",
) -> None:
    """Serves until interrupted; says the address on stderr, and warns when other machines can reach it.

    Port 0 takes a free one. Raises Refused for an address others can reach unless `open_to_others`, and for a port in
    use; UsageError for an address this machine does not have; Missing when the web part is not installed.
    """
    say = words(lang).say
    if not is_loopback(host) and not open_to_others:
        raise Refused(
            T(
                "{host} can be reached from other machines. Salus serves this machine only unless you allow it.",
                host=host,
            )
        )
    listening = listen(host, port)
    port = listening.getsockname()[1]
    try:
        import uvicorn

        from salus.faces.web.app import create_app
    except ModuleNotFoundError as error:
        raise Missing(T("The web page needs more parts: install “salus[web]”.")) from error
    app = create_app(home, idle_minutes=idle_minutes, sample=sample_person.ensure, host=host, port=port)
    config = uvicorn.Config(
        app, workers=1, access_log=False, log_level="warning", server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    if not is_loopback(host):
        warning = T("Warning: other machines can reach this page, and what they send is not encrypted on the way.")
        sys.stderr.write(say(warning) + "\n")
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(say(T("Salus is at {address}", address=f"http://{shown}:{port}")) + "\n")
    preparing()  # so that the first question need not wait for the tables
    uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on exactly that address. An empty host, which would mean all of them, is refused."""
    if not host:
        raise UsageError(T("Give an address to listen on, such as 127.0.0.1."))
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except (socket.gaierror, OSError) as error:
        made.close()
        if isinstance(error, socket.gaierror) or error.errno != errno.EADDRINUSE:
            raise UsageError(T("Salus cannot listen on {host}, port {port}.", host=host, port=str(port))) from error
        raise Refused(
            T("Port {port} is in use, perhaps by Salus itself. Stop that, or choose another port.", port=str(port))
        ) from error
    return made


def is_loopback(host: str) -> bool:
    """Can only this machine reach it?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
