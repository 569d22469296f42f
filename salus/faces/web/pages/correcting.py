"""Routes: one record in a dialog with what can be said about it (wrong, not mine, put back), and merges undone."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse

from salus.assistant.words import words
from salus.errors import NotFound, UsageError
from salus.faces.web.copying import copy_soon
from salus.faces.web.one_record import Opened, opened
from salus.faces.web.shell import fragment
from salus.faces.web.site import Fields, OurSite, Unlocked
from salus.faces.web.together import put_back, set_aside
from salus.faces.wording import WHY
from salus.records.text import T

router = APIRouter()

LONGEST_NOTE = 2000


@router.get("/records/{ref:path}", response_class=HTMLResponse)
def record(session: Unlocked, ref: str, correct: int = 0) -> HTMLResponse:
    """A record or one reading, whether in use or set aside. 404 for what the vault does not hold."""
    with session.using() as vault:
        found: Opened = opened(vault.view(), ref, session.lang)
        zone = vault.person.zone
    return fragment(session, "record.html", found=found, zone=zone, WHY=WHY, correct=bool(correct))


@router.post("/correct")
def correct(site: OurSite, session: Unlocked, fields: Fields) -> JSONResponse:
    """Sets a record aside. Says so, with what takes it back."""
    note = fields.get("note", "")
    if len(note) > LONGEST_NOTE:
        raise UsageError(T("Use at most {n} characters.", n=LONGEST_NOTE))
    with session.using() as vault:
        made = set_aside(vault, fields.get("ref", ""), fields.get("why", ""), note, whole=fields.get("whole") == "1")
    copy_soon(site, session, small=True)
    say = words(session.lang).say
    return JSONResponse({
        "said": say(T("Set aside. Nothing uses it any more.")), "undo": "/put-back", "fields": {"ref": made.ref},
        "button": say(T("Undo")),
    })  # fmt: skip


@router.post("/put-back")
def used_again(site: OurSite, session: Unlocked, fields: Fields) -> JSONResponse:
    """Uses a record again."""
    with session.using() as vault:
        put_back(vault, fields.get("ref", ""))
    copy_soon(site, session, small=True)
    return JSONResponse({"said": words(session.lang).say(T("Put back. It is used again, as before."))})


@router.post("/keep-apart")
def keep_apart(site: OurSite, session: Unlocked, fields: Fields) -> JSONResponse:
    """Two records are two different things. 404 unless the vault holds both."""
    one, other = fields.get("one", ""), fields.get("other", "")
    with session.using() as vault:
        view = vault.view()
        for ref in (one, other):
            if view.resource(ref, aside=True) is None:
                raise NotFound(T("There is no record {ref} in the vault.", ref=ref))
        vault.keep_apart(one, other)
    copy_soon(site, session, small=True)
    say = words(session.lang).say
    return JSONResponse({
        "said": say(T("They are two different things from now on.")), "undo": "/join-again",
        "fields": {"one": one, "other": other}, "button": say(T("Undo")),
    })  # fmt: skip


@router.post("/join-again")
def join_again(site: OurSite, session: Unlocked, fields: Fields) -> JSONResponse:
    """Takes that back."""
    with session.using() as vault:
        vault.join_again(fields.get("one", ""), fields.get("other", ""))
    copy_soon(site, session, small=True)
    return JSONResponse({"said": words(session.lang).say(T("They may be told as one thing again."))})
