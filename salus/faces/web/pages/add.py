"""Routes: writing down by hand. What looks odd is asked back, then kept; words that sound urgent are told at once."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse

from salus.assistant import guard
from salus.assistant.language import detect
from salus.assistant.words import words
from salus.faces.web.copying import copy_soon
from salus.faces.web.entry_forms import (
    choice,
    choices,
    entry,
    meant,
    medicines,
    others,
    test_names,
    test_units,
    told,
    units,
)
from salus.faces.web.last_entries import entered, last_entries
from salus.faces.web.page import render
from salus.faces.web.preferences import preferences
from salus.faces.web.sessions import Session
from salus.faces.web.shell import Page, fragment, shown
from salus.faces.web.site import Fields, OurSite, Unlocked
from salus.records.text import T
from salus.records.units import Quantity
from salus.sources.by_hand import add, questions
from salus.vault.view import VaultView

PAGE = Page("add", "/add", T("Add"), "add", 70, go="e", group="bring")
router = APIRouter()

MOST_HEARD = 4000


@router.get("/add", response_class=HTMLResponse)
def adding(session: Unlocked, what: str = "blood_pressure") -> HTMLResponse:
    """The form of one thing, and the last entries."""
    lang = session.lang
    with session.using() as vault:
        view, chosen = vault.view(), choice(what, lang)
        return shown(
            session, vault, PAGE, "add.html", chosen=chosen, choices=choices(lang), others=others(lang),
            units=units(chosen.key, lang, preferences(vault)) if chosen.kind == "reading" else [],
            names=test_names(lang) if chosen.kind == "result" else [],
            medicines=medicines(view) if chosen.kind == "medication" else [],
            today=view.today, now=f"{view.now.hour:02d}:{view.now.minute:02d}", last=last_entries(vault),
        )  # fmt: skip


@router.get("/add/units")
def units_of_test(session: Unlocked, name: str = "") -> JSONResponse:
    """The units a test is reported in, as people write them."""
    return JSONResponse(test_units(name[:200], session.lang))


@router.post("/add/triage", response_class=HTMLResponse)
def heard(session: Unlocked, fields: Fields) -> HTMLResponse:
    """What the words of a symptom or note sound like, while they are typed. Keeps nothing."""
    with session.using() as vault:
        return HTMLResponse(_triage(session, vault.view(), fields.get("words", "")))


def _triage(session: Session, view: VaultView, said: str) -> str:
    """The banner of words that sound urgent; '' for others."""
    text = said.strip()[:MOST_HEARD]
    if not text:
        return ""
    lang = detect(text, session.lang)
    found = guard.before(text, view, lang)
    if found.level not in ("emergency", "urgent"):
        return ""
    say = words(session.lang).say
    plain = {
        "level": found.level, "call": found.call, "advice": [say(line) for line in found.advice],
        "reasons": [{"text": say(reason.text), "source": reason.source} for reason in found.reasons],
    }  # fmt: skip
    return render("triage.html", session.lang, triage=plain)


@router.post("/add/undo")
def undo(site: OurSite, session: Unlocked, fields: Fields) -> JSONResponse:
    """Takes one entry back."""
    number = fields.get("batch", "")
    with session.using() as vault:
        vault.undo(entered(vault, int(number) if number.isascii() and number.isdigit() else -1).id)
    copy_soon(site, session, small=True)
    return JSONResponse({"said": words(session.lang).say(T("Taken back."))})


@router.post("/add/{what}")
def keep(site: OurSite, session: Unlocked, what: str, fields: Fields) -> JSONResponse:
    """Keeps an entry, or asks about it first: then `asked` is the question with its buttons."""
    chosen, lang = choice(what, session.lang), session.lang
    with session.using() as vault:
        view = vault.view()
        made = entry(view, chosen, fields)
        urgent = _triage(session, view, _words(fields)) if chosen.kind in ("symptom", "note") else ""
        odd = questions(view, made)
        if odd and fields.get("sure") != "1":
            asked = fragment(session, "add_asked.html", asked=odd, meant=meant(odd), value=_typed)
            return JSONResponse({"asked": bytes(asked.body).decode(), "triage": urgent})
        kept = add(vault, made)
    copy_soon(site, session, small=True)
    say = words(lang).say
    return JSONResponse({
        "said": say(T("Kept. {what}", what=told(made))), "undo": "/add/undo", "fields": {"batch": kept.batch},
        "button": say(T("Undo")), "triage": urgent,
    })  # fmt: skip


def _words(fields: dict[str, str]) -> str:
    return ". ".join(filter(None, (fields.get(name, "").strip() for name in ("name", "title", "text", "remark"))))


def _typed(quantity: Quantity) -> str:
    """A figure as the form takes it."""
    return format(quantity.value, "f")
