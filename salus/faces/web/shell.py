"""A page of its own address inside the shell: what a page module declares, and how one is shown.

Every module of `salus.faces.web.pages` has a `router`, and a `PAGE` where it stands in the navigation. Nothing lists
them by hand: adding a page is adding its module.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from salus.faces.web.page import render
from salus.faces.web.preferences import Preferences, preferences
from salus.faces.web.sessions import Session
from salus.records.text import Text
from salus.vault.vault import Vault

PAGES = "salus.faces.web.pages"


@dataclass(frozen=True)
class Page:
    """An entry of the navigation.

    `key` names it, `path` is its address, `title` its heading, `icon` a drawing of `icons.py`. `order` is its place.
    `go` is the letter that opens it after "g". `group`: "look" (what there is), "bring" (what comes in), "own".
    `bar` puts it in the bottom bar of a phone, where there is room for four beside "More".
    """

    key: str
    path: str
    title: Text
    icon: str
    order: int
    go: str = ""
    group: Literal["look", "bring", "own"] = "look"
    bar: bool = False
    listed: bool = True


def _modules() -> Iterator[Any]:
    for module in sorted(pkgutil.iter_modules(import_module(PAGES).__path__), key=lambda m: m.name):
        yield import_module(f"{PAGES}.{module.name}")


def routers() -> list[APIRouter]:
    """The routes of every page."""
    return [module.router for module in _modules() if hasattr(module, "router")]


@lru_cache(maxsize=1)
def pages() -> tuple[Page, ...]:
    """The navigation, in order."""
    found = [module.PAGE for module in _modules() if isinstance(getattr(module, "PAGE", None), Page)]
    return tuple(sorted((page for page in found if page.listed), key=lambda page: page.order))


def shown(
    session: Session, vault: Vault, page: Page, template: str, /, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A template that extends "shell.html", in the session's language, with the person and their preferences.

    Templates get `page`, `pages`, `person`, `wants` (Preferences), `session` beside `t`, `tn`, `say`, `icon`, `asset`.
    """
    wants: Preferences = preferences(vault)
    html = render(
        template, session.lang, session=session, person=vault.person, wants=wants, page=page, pages=pages(), **values
    )
    return HTMLResponse(html, status)


def fragment(session: Session, template: str, /, **values: Any) -> HTMLResponse:
    """A piece of a page, for htmx."""
    return HTMLResponse(render(template, session.lang, **values))
