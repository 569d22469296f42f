"""Routes: the first start. A new person, how strong a passphrase is, the recovery code shown once and typed back."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from babel import Locale
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from salus.assistant.words import words
from salus.errors import Locked, NotFound, Refused, UsageError
from salus.faces.web.entering import admitted, refreshed
from salus.faces.web.page import render
from salus.faces.web.sessions import Session
from salus.faces.web.shell import Page, shown
from salus.faces.web.site import AnySession, Fields, OurSite, Unlocked, lang_of, twice
from salus.faces.web.strength import strength
from salus.knowledge.emergency_numbers import countries
from salus.records.finding import Lang
from salus.records.text import T
from salus.vault import recovery
from salus.vault.keys import MIN_PASSPHRASE
from salus.vault.person import SEXES, Sex

router = APIRouter()

RECOVERY = Page("recovery", "/recovery", T("Your recovery code"), "lock", 0, listed=False)
CODE = "recovery"
"""Where a session holds a code until it was typed back or the vault is locked: nowhere else, never on disk."""


@router.get("/new", response_class=HTMLResponse)
def new(request: Request, site: OurSite) -> HTMLResponse:
    """The form of a new person."""
    session: Session | None = request.state.session
    if session is None:
        raise Locked(T("The page could not be opened. Reload it."))
    html = render(
        "new.html", session.lang, session=session, least=MIN_PASSPHRASE, countries=named_countries(session.lang),
        today=date.today().isoformat(), first=not site.home.persons(),
    )  # fmt: skip
    return HTMLResponse(html)


@lru_cache(maxsize=2)
def named_countries(lang: Lang) -> list[tuple[str, str]]:
    """(code, name) of the countries whose emergency number Salus knows, by name."""
    names = Locale(lang).territories
    return sorted(((code, names.get(code, code)) for code in countries()), key=lambda pair: pair[1])


@router.post("/strength")
def measured(session: AnySession, fields: Fields) -> JSONResponse:
    """How hard a passphrase is to guess. It is weighed and forgotten."""
    known = (fields.get("name", ""), fields.get("born", "")[:4])
    found = strength(fields.get("passphrase", ""), known)
    return JSONResponse({"score": found.score, "advice": words(session.lang).say(found.advice)})


@router.post("/persons")
def create(site: OurSite, session: AnySession, fields: Fields) -> Response:
    """A new person, opened at once, with a recovery code to write down first."""
    passphrase, lang, country = twice(fields), lang_of(fields), fields.get("country", "")
    listed = site.unlocking.alone(
        lambda: site.home.add(
            fields.get("name", ""), passphrase, born=born(fields), sex=sex(fields),
            zone=fields.get("zone") or None, lang=lang, country=country if country in countries() else None,
        )
    )  # fmt: skip
    session.lang = lang
    code = site.unlocking.alone(lambda: site.home.new_recovery(listed, passphrase))
    fresh = admitted(site, session, listed, site.unlocking.open(listed, passphrase))
    fresh.keep(CODE, Held(code))
    return refreshed(site, fresh, "/recovery")


class Held:
    """A code that is still to be typed back."""

    def __init__(self, code: str) -> None:
        self.code, self.asked = code, recovery.asked()


def born(fields: dict[str, str]) -> date:
    """A birth date that can be one. Raises UsageError."""
    try:
        found = date.fromisoformat(fields.get("born", ""))
    except ValueError:
        raise UsageError(T("Give the birth date as year, month and day.")) from None
    if not date.today() - timedelta(days=130 * 366) <= found <= date.today():
        raise UsageError(T("The birth date must be in the past, and not more than 130 years ago."))
    return found


def sex(fields: dict[str, str]) -> Sex | None:
    found = fields.get("sex", "")
    return found if found in SEXES else None


@router.get("/recovery", response_class=HTMLResponse)
def recovery_code(session: Unlocked) -> HTMLResponse:
    """The code, as long as this session holds one."""
    held = session.things.get(CODE)
    with session.using() as vault:
        if not isinstance(held, Held):
            return shown(session, vault, RECOVERY, "recovery.html", groups=[], asked=(), code="")
        return shown(
            session, vault, RECOVERY, "recovery.html", groups=held.code.split("-"), asked=held.asked, code=held.code
        )


@router.post("/recovery/check")
def check(site: OurSite, session: Unlocked, fields: Fields) -> Response:
    """Two groups typed back: the code is written down, and this session forgets it."""
    held = session.things.get(CODE)
    if not isinstance(held, Held) or session.listed is None:
        raise NotFound(T("The code is no longer shown. Make a new one in the settings."))
    typed = {n: fields.get(f"group{n}", "") for n in held.asked}
    if not recovery.matches(held.code, typed):
        raise UsageError(T("That is not what the code says. Look at the groups again."))
    site.home.recovery_checked(session.listed)
    session.things.pop(CODE, None)
    return Response(status_code=204, headers={"HX-Redirect": "/"})


@router.post("/recovery/new")
def renew(site: OurSite, session: Unlocked, fields: Fields) -> Response:
    """A new code; the one before opens nothing any more."""
    if session.listed is None:
        raise Refused(T("The vault is locked. Unlock it to go on."))
    listed, passphrase = session.listed, fields.get("passphrase", "")
    code = site.unlocking.attempt(listed, lambda: site.home.new_recovery(listed, passphrase))
    session.keep(CODE, Held(code))
    return Response(status_code=204, headers={"HX-Redirect": "/recovery"})
