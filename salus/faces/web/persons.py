"""Routes: the page itself, unlocking, creating a person, the sample person, language, locking."""

from __future__ import annotations

import math
import secrets
from datetime import date, timedelta
from typing import Any

from babel import Locale
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from salus.assistant.words import words
from salus.errors import SalusError, UsageError
from salus.faces import sample_person
from salus.faces.web.channel import Channel
from salus.faces.web.gate import cookie_header
from salus.faces.web.imports import MOST_BYTES, TOO_LARGE
from salus.faces.web.page import render
from salus.faces.web.problems import WENT_WRONG, noted, problem
from salus.faces.web.sessions import Session
from salus.faces.web.site import AnySession, Fields, OurSite, Site, Unlocked
from salus.knowledge.emergency_numbers import countries
from salus.records.finding import Lang
from salus.records.text import T
from salus.vault.home import Listed
from salus.vault.keys import MIN_PASSPHRASE
from salus.vault.person import SEXES, Sex
from salus.vault.vault import Vault

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def page(request: Request, site: OurSite) -> HTMLResponse:
    """The one page: locked or unlocked."""
    session: Session | None = request.state.session
    if session is None:  # a HEAD or GET always has one: the gate starts it
        raise UsageError(T("The page could not be opened. Reload it."))
    if session.unlocked:
        with session.using() as vault:
            person = vault.person
            html = render(
                "unlocked.html", session.lang, session=session, person=person, most_bytes=MOST_BYTES,
                too_large=TOO_LARGE,
            )  # fmt: skip
        return HTMLResponse(html)
    html = render(
        "locked.html", session.lang, session=session, persons=site.home.persons(), sample=site.sample is not None,
        sample_label=sample_person.LABEL, sample_passphrase=sample_person.PASSPHRASE, least=MIN_PASSPHRASE,
        countries=_countries(session.lang), today=date.today().isoformat(),
    )  # fmt: skip
    return HTMLResponse(html)


def _countries(lang: Lang) -> list[tuple[str, str]]:
    names = Locale(lang).territories
    return sorted(((code, names.get(code, code)) for code in countries()), key=lambda pair: pair[1])


@router.get("/session")
def session_left(site: OurSite, session: Unlocked) -> JSONResponse:
    """How long until it locks itself; 401 when it has."""
    return JSONResponse({"seconds": math.ceil(site.sessions.left(session))})


@router.post("/unlock")
def unlock(request: Request, site: OurSite, session: AnySession, fields: Fields) -> Response:
    listed = site.home.find(fields.get("person", ""))
    wait = site.unlocking.wait(listed)
    if wait:
        seconds = math.ceil(wait)
        text = T("There were several wrong passphrases. Wait {seconds} seconds, then try again.", seconds=seconds)
        return problem(request, 429, "wait", text, {"Retry-After": str(seconds)})
    return _enter(site, session, listed, site.unlocking.open(listed, fields.get("passphrase", "")))


@router.post("/persons")
def create(site: OurSite, session: AnySession, fields: Fields) -> Response:
    """A new person, opened at once."""
    passphrase = fields.get("passphrase", "")
    if passphrase != fields.get("again", ""):
        raise UsageError(T("The two passphrases differ. Type the same one twice."))
    lang = _lang(fields)
    country = fields.get("country", "")
    listed = site.unlocking.alone(
        lambda: site.home.add(
            fields.get("name", ""), passphrase, born=_born(fields), sex=_sex(fields),
            zone=fields.get("zone") or None, lang=lang, country=country if country in countries() else None,
        )
    )  # fmt: skip
    session.lang = lang
    return _enter(site, session, listed, site.unlocking.open(listed, passphrase))


def _born(fields: dict[str, str]) -> date:
    text = fields.get("born", "")
    try:
        born = date.fromisoformat(text)
    except ValueError:
        raise UsageError(T("Give the birth date as year, month and day.")) from None
    if not date.today() - timedelta(days=130 * 366) <= born <= date.today():
        raise UsageError(T("The birth date must be in the past, and not more than 130 years ago."))
    return born


def _sex(fields: dict[str, str]) -> Sex | None:
    sex = fields.get("sex", "")
    return sex if sex in SEXES else None


def _lang(fields: dict[str, str]) -> Lang:
    return "fr" if fields.get("lang") == "fr" else "en"


@router.post("/sample")
def sample(site: OurSite, session: AnySession) -> Response:
    """Opens the sample person; the first time 202 with the address of the progress, then to be asked again."""
    if site.sample is None:
        raise UsageError(T("There is no sample person here."))
    listed = sample_person.find(site.home)
    if listed is not None:
        vault = site.unlocking.open(listed, sample_person.PASSPHRASE)
        if sample_person.complete(vault):
            return _enter(site, session, listed, vault)
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


@router.post("/language")
def language(session: AnySession, fields: Fields) -> Response:
    """The page in another language; for an unlocked person it stays so."""
    session.lang = _lang(fields)
    if session.unlocked:
        with session.using() as vault:
            if vault.person.lang != session.lang:
                vault.configure(lang=session.lang)
    return Response(status_code=204, headers={"HX-Refresh": "true"})


@router.post("/lock")
def lock(site: OurSite, session: AnySession) -> Response:
    site.sessions.end(session)
    fresh = site.sessions.start(session.lang)
    return _refreshed(site, fresh)


def _enter(site: Site, session: Session, listed: Listed, vault: Vault) -> Response:
    """A new session for an opened vault: the id from before unlocking is never good after it."""
    lang: Lang = vault.person.lang
    site.sessions.end(session)
    return _refreshed(site, site.sessions.start(lang, listed, vault))


def _refreshed(site: Site, session: Session) -> Response:
    headers: dict[str, Any] = {"HX-Refresh": "true", "Set-Cookie": cookie_header(session, site.port)}
    return Response(status_code=204, headers=headers)
