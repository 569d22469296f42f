"""Routes: all results and measurements, one test, one measurement."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from salus.assistant.words.figures import unit as unit_words
from salus.errors import NotFound
from salus.faces.web.measures_view import key_of, measure, measures, named
from salus.faces.web.one_test import one_test
from salus.faces.web.preferences import preferences
from salus.faces.web.results_view import groups, total
from salus.faces.web.shell import Page, shown
from salus.faces.web.site import Unlocked
from salus.faces.web.told import clock
from salus.records.text import T

PAGE = Page("results", "/results", T("Results"), "results", 40, go="r", bar=True)
router = APIRouter()


@router.get("/results", response_class=HTMLResponse)
def results(session: Unlocked) -> HTMLResponse:
    """Every test with its newest result, and every measurement with its newest day."""
    with session.using() as vault:
        view, wants = vault.view(), preferences(vault)
        made = groups(view, session.lang, wants)
        tests, out = total(made)
        return shown(
            session, vault, PAGE, "results.html", groups=made, tests=tests, out=out,
            measures=measures(view, session.lang, wants),
        )  # fmt: skip


@router.get("/results/{key:path}", response_class=HTMLResponse)
def result(session: Unlocked, key: str, unit: str = "", whole: int = 0) -> HTMLResponse:
    """One test: its newest result in words, a chart and every result. 404 when there is none of it."""
    with session.using() as vault:
        view, lang = vault.view(), session.lang
        made = one_test(view, key, session.lang, preferences(vault), unit, whole=bool(whole))
        other = key_of(made.metric) if made.metric and view.metric_span(made.metric) else ""
        return shown(
            session, vault, PAGE, "results_test.html", test=made, other=other,
            other_name=named(other, session.lang) if other else "",
            unit_words=lambda unit: unit_words(unit, lang) or unit,
        )  # fmt: skip


@router.get("/measurements/{key}", response_class=HTMLResponse)
def measurement(session: Unlocked, key: str, day: str = "", whole: int = 0, start: int = 0) -> HTMLResponse:
    """One measurement by day, and the single readings of a day."""
    try:
        chosen = date.fromisoformat(day) if day else None
    except ValueError:
        raise NotFound(T("There is nothing at this address.")) from None
    with session.using() as vault:
        made = measure(
            vault.view(), key, session.lang, preferences(vault), chosen, whole=bool(whole), start=max(0, start)
        )
        return shown(
            session, vault, PAGE, "results_measure.html", made=made, start=max(0, start),
            clock=lambda at: clock(at, session.lang),
        )  # fmt: skip
