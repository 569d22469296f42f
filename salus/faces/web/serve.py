"""Serving the page: on this machine only, unless another address is asked for by name."""

from __future__ import annotations

import ipaddress
import sys

from salus.assistant.words import words
from salus.errors import Missing, Refused
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
    """Serves until interrupted; says the address on stderr.

    Raises Refused for an address others can reach unless `open_to_others`, Missing when the web part is not installed.
    """
    say = words(lang).say
    if not is_loopback(host):
        if not open_to_others:
            raise Refused(
                T("{host} can be reached from other machines. Salus serves this machine only unless you allow it.",
                  host=host)
            )  # fmt: skip
        warning = T("Warning: other machines can reach this page, and what they send is not encrypted on the way.")
        sys.stderr.write(say(warning) + "\n")
    try:
        import uvicorn

        from salus.faces.web.app import create_app
    except ModuleNotFoundError as error:
        raise Missing(T("The web page needs more parts: install “salus[web]”.")) from error
    app = create_app(home, idle_minutes=idle_minutes, sample=sample_person.ensure, host=host, port=port)
    config = uvicorn.Config(
        app, host=host, port=port, workers=1, access_log=False, log_level="warning", server_header=False,
        proxy_headers=False, timeout_graceful_shutdown=3,
    )  # fmt: skip
    sys.stderr.write(say(T("Salus is at {address}", address=f"http://{_shown(host)}:{port}")) + "\n")
    uvicorn.Server(config).run()


def is_loopback(host: str) -> bool:
    """Can only this machine reach it?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
