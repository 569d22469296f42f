"""Completing a question about what the records hold (a medicine, a visit, a document) with what was asked before it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from salus.assistant.follow_up import figures, shift
from salus.assistant.follow_up.leaning import Lean
from salus.assistant.follow_up.past import Before
from salus.assistant.points import DAY
from salus.assistant.route.records import EVENTS, known_kind
from salus.assistant.route.steps import Plan, skills
from salus.records.times import Period
from salus.skills.records.match import answers, asked
from salus.vault.view import VaultView

MOST_EACH = 4
"""Things told together that are each asked about ("who prescribed them?")."""
_ASKS = {"since": "since", "who": "who", "dose": "detail", "detail": "detail", "still": "is", "count": "count",
         "all": "list", "last": "last", "where": "where"}  # fmt: skip
REPORTED = frozenset({"procedures", "documents"})
_EACH = frozenset({"since", "who", "detail", "is"})
_THINGS = frozenset({"medications", "allergies", "problems", "immunizations", "procedures", "goals"})
LETTER = timedelta(days=60)
"""A letter about a visit is written within so many days of it."""
_TYPES = {
    "medications": ("MedicationRequest", "MedicationStatement", "Medication"), "problems": ("Condition",),
    "allergies": ("AllergyIntolerance",), "immunizations": ("Immunization",), "procedures": ("Procedure",),
}  # fmt: skip


def complete(lean: Lean, before: Before, view: VaultView) -> list[Plan]:
    """The plans meant, or none where the question does not fit a record."""
    if len(before.plans) > 1 and not lean.named and lean.nth is None and lean.shift is None:
        each = (replace(before, plans=(plan,), said=before.said[at : at + 1]) for at, plan in enumerate(before.plans))
        return [plan for one in each for plan in complete(lean, one, view)]
    query = before.query
    if lean.left and not lean.heard.spots and not lean.kinds:
        return _swapped(lean, before, view, lean.left)
    if lean.heard.spots:
        words = " ".join(lean.heard.text[spot.start : spot.end] for spot in lean.heard.spots)
        if holds(query.kind, words, view):
            return _swapped(lean, before, view, words)
        return figures.swapped(lean, before, view)
    if "written" in lean.asks:
        return _written(before)
    if "found" in lean.asks and query.kind in REPORTED and "search" in skills():
        return _reported(before)
    if lean.shift is not None and (found := _moved(lean, before, view)) is not None:
        return [found]
    about, ask = query.about, _ask(lean, before)
    if ask is None:
        return []
    period = lean.heard.period or (None if lean.always else query.period)
    names = before.names()
    if lean.nth is not None and lean.nth < len(names) and len(names) > 1:
        return [_plan(before, ask="detail" if ask == "list" else ask, about=names[lean.nth])]
    if ask in _EACH and about is None and query.kind in _THINGS and names:
        return [_plan(before, ask=ask, about=name, period=None) for name in names[:MOST_EACH]]
    if "over" in lean.asks and query.kind in ("medications", "problems", "allergies"):
        return [_plan(before, ask="list", about="past", period=None)]
    if ask == "list" and query.ask == "list" and about is None and "all" in lean.asks and query.kind in _THINGS:
        about = "ever"
    if ask == "detail" and about is None and query.kind in EVENTS and query.ask in ("last", "who"):
        ask = "last"  # what it was for stands in it
    if ask in ("who", "detail", "list", "where") and query.ask in ("first", "longest") and len(before.dates()) == 1:
        period = Period(before.dates()[0], before.dates()[0])
    return [_plan(before, ask=ask, about=about, period=period)]


def _ask(lean: Lean, before: Before) -> str | None:
    """What is asked of it now; as before where nothing new is. None for what the records cannot be asked."""
    query, heard = before.query, lean.heard
    if placed(lean) and query.kind in PLACED:
        return "where"
    if heard.has("labs_ask", "highest", "lowest") and query.kind in _THINGS and query.ask == "list":
        return "list"
    if "normal" in lean.asks or heard.has("labs_ask", "average", "highest", "lowest", "trend", "out_of_range"):
        return None
    for key, ask in _ASKS.items():
        if key in lean.asks:
            return "list" if ask == "count" and query.kind == "profile" else ask
    if "when" in lean.aspects:
        if query.kind not in EVENTS and query.kind != "documents":
            return "since"
        return "list" if query.ask in ("list", "count") else "last"
    if heard.has("which", "first") and query.kind in EVENTS and lean.nth == 0 and len(before.names()) < 2:
        return "first"
    for cue in ("since", "who", "count", "last"):
        if heard.has("records_ask", cue) and not (cue == "last" and query.kind not in EVENTS):
            return cue
    if heard.has("labs_ask", "list"):
        return "list"
    if heard.has("labs_ask", "latest") and query.kind in EVENTS:
        return "last"
    return str(query.ask)


PLACED = frozenset({"visits", "procedures", "immunizations"})
_PLACE = re.compile(r"\bwhere\b|\boù\b", re.IGNORECASE)


def placed(lean: Lean) -> bool:
    """Asks for the place of something ("where was it?", "where was it done?")."""
    return "where" in lean.asks or ("source" in lean.aspects and bool(_PLACE.search(lean.heard.text)))


def prescribed(lean: Lean, before: Before) -> list[Plan]:
    """ "did they prescribe anything?" after a visit or its letter: the medicines of that day."""
    asked_for = any(kind == "medications" for kind, _, _ in lean.heard.kinds) and not lean.named
    visit = before.skill == "search" or getattr(before.query, "kind", None) == "visits"
    if not (asked_for and visit and before.dates()):
        return []
    make: Any = skills()["records"].query
    day = before.dates()[0]
    return [Plan(skills()["records"], make(kind="medications", ask="list", period=Period(day, day)))]


def _swapped(lean: Lean, before: Before, view: VaultView, words: str) -> list[Plan]:
    """ "and ramipril?": the same question of another thing, of its own kind where it is of another."""
    query = before.query
    kind = query.kind
    if not holds(kind, words, view) and (other := known_kind(words, view)) and kind != "visits":
        kind = other
    ask = _ask(lean, before) or query.ask
    if ask == "count" and kind in ("medications", "allergies"):
        ask = "list"
    if ask == "list" and query.about is None and kind in ("medications", "problems", "allergies", "immunizations"):
        ask = "detail"
    if kind not in EVENTS and ask in ("first", "longest", "last") and kind != "medications":
        ask = "since"
    return [_plan(before, kind=kind, ask=ask, about=words, period=lean.heard.period or query.period)]


def holds(kind: str, words: str, view: VaultView) -> bool:
    """Whether a record of this kind is called so."""
    wanted = asked(words, kind)
    titles = view.titles(*_TYPES[kind]) if kind in _TYPES else []
    return not wanted.empty and any(answers(wanted, title, kind) is not None for _, title in titles)


def _moved(lean: Lean, before: Before, view: VaultView) -> Plan | None:
    """ "the one before?" of something that happened: the last one before the day told."""
    assert lean.shift is not None
    query, days = before.query, before.dates()
    counted = query.ask == "count" and query.period is not None
    if lean.shift.unit is None and lean.shift.way == "before" and not counted:
        ask = "list" if query.ask == "list" else "last"
        return _plan(before, ask=ask, period=Period(None, min(days) - DAY)) if days else None
    anchor = query.period or (Period(days[0], days[0]) if days else Period(view.today, view.today))
    period = shift.moved(anchor, lean.shift, view.today)
    return _plan(before, period=period) if period is not None else None


def _reported(before: Before) -> list[Plan]:
    """ "what was the result?" of a procedure: what documents of your own say of it."""
    make: Any = skills()["search"].query
    words = before.query.about or next(iter(before.names()), None)
    return [Plan(skills()["search"], make(words=words))] if words else []


def _written(before: Before) -> list[Plan]:
    """What the person seen, or who wrote, has written."""
    if "search" not in skills():
        return []
    row = next((row for row in before.said if row.get("who")), None)
    by = str(row["who"]) if row else before.query.about
    days = before.dates()
    since = Period(days[0], days[0] + LETTER) if before.query.kind == "visits" and len(days) == 1 else None
    make: Any = skills()["search"].query
    return [Plan(skills()["search"], make(by=by, period=since))] if by else []


def _plan(before: Before, **changed: Any) -> Plan:
    return Plan(skills()["records"], replace(before.query, **changed))


def searched(lean: Lean, before: Before, view: VaultView) -> list[Plan]:
    """A question after a search of documents: other words, other days, the same again."""
    query = before.query
    words = lean.left or " ".join(lean.heard.text[spot.start : spot.end] for spot in lean.heard.spots)
    period: Period | None = lean.heard.period or query.period
    if lean.shift is not None:
        dates: list[date] = before.dates()
        period = Period(None, min(dates) - DAY) if dates and lean.shift.way == "before" else period
    return [Plan(skills()["search"], replace(query, words=words or query.words, period=period))]
