"""Completing a question about a figure (a result, a measure) with what was asked before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from salus.assistant.follow_up import shift
from salus.assistant.follow_up.leaning import Lean
from salus.assistant.follow_up.past import Before
from salus.assistant.points import DAY
from salus.assistant.route import days, measures
from salus.assistant.route.heard import Heard, Spot
from salus.assistant.route.steps import Plan, skills
from salus.knowledge.labs import panels
from salus.knowledge.labs import tests as lab_tests
from salus.records.metrics import metric
from salus.records.times import Period
from salus.skills.labs.readings import newest
from salus.vault.view import VaultView

SHORT = 28
"""A laboratory test is seldom done twice in so few days: a shorter period of a measure is not carried to it."""
_BY_ASK = {"change": "change", "trend": "trend", "highest": "highest", "lowest": "lowest", "average": "average",
           "list": "list", "out_of_range": "out_of_range", "min": "lowest", "max": "highest"}  # fmt: skip
"""What was asked before, as a cue of the router's lexicon."""
_MORE = {"all": "list", "highest": "highest", "lowest": "lowest", "trend": "trend", "last": "latest", "still": "latest",
         "since": "list"}  # fmt: skip
_ANEW = (
    "next", "since_before", "trend", "change", "highest", "lowest", "average", "list", "total", "count_days", "latest",
    "meaning",
)  # fmt: skip


def complete(lean: Lean, before: Before, view: VaultView) -> list[Plan]:
    """The plans meant, or none where the question does not fit a figure."""
    if lean.heard.spots:
        return swapped(lean, before, view)
    if lean.nth is not None and (item := _item(lean.nth, before)) is not None:
        return [Plan(skills()[item[0]], _make(item[0], **item[1]))]
    made: list[Plan] = []
    for plan in before.plans:
        for one in _one(plan, lean, before, view):
            if one not in made:
                made.append(one)
    return made


def swapped(lean: Lean, before: Before, view: VaultView) -> list[Plan]:
    """ "and my LDL?": the same question of another figure."""
    heard, query = lean.heard, before.query
    period = heard.period or _shifted(query, lean, before, view) or getattr(query, "period", None)
    figure = before.skill in ("labs", "trends")
    cues = heard.cues if _asks_anew(lean) or not figure else _with(heard.cues, _carried(query))
    made = []
    for plan in measures.plans(replace(heard, period=period, cues=cues), view):
        short = period is not None and period.days is not None and period.days < SHORT
        if plan.skill.name == "labs" and before.skill == "trends" and short and heard.period is None:
            plan = Plan(plan.skill, replace(plan.query, period=None))
        if not _asks_anew(lean) and plan.skill.name == "labs" and getattr(query, "ask", "") in ("previous", "first"):
            fits = plan.query.test and query.period is None
            plan = Plan(plan.skill, replace(plan.query, ask=query.ask)) if fits else plan
        made.append(plan)
    return made


def same_days(lean: Lean, before: Before, view: VaultView) -> list[Plan]:
    """ "how much of it was deep sleep?": a question of its own about the days spoken of."""
    period = lean.heard.period or _shifted(before.query, lean, before, view) or before.query.period
    return measures.plans(replace(lean.heard, period=period), view)


def _told(plan: Plan, before: Before, view: VaultView) -> Plan:
    """The plan for the test that the answer was about, where it stood in for the one asked for (its kin).

    A test that the records tell apart stays the one asked for, though these days hold none of it.
    """
    told = {str(row["test"]) for row in before.said if row.get("test")}
    asked = getattr(plan.query, "test", None)
    if len(before.plans) == 1 and asked and len(told) == 1 and asked not in told and told <= set(lab_tests()):
        if asked in lab_tests() and newest(view, lab_tests()[asked]) is not None:
            return plan
        return Plan(plan.skill, replace(plan.query, test=told.pop()))
    return plan


def _one(plan: Plan, lean: Lean, before: Before, view: VaultView) -> list[Plan]:
    plan = _told(plan, before, view)
    name, query = plan.skill.name, plan.query
    if lean.rest and name == "trends" and query.metric == "heart_rate":
        plan = Plan(plan.skill, replace(query, metric="resting_heart_rate"))
        query = plan.query
    if lean.shift is not None and lean.shift.unit is None and name == "labs":
        if lean.shift.way == "before":
            return [_the_one_before(plan, before)]
        if lean.shift.way == "after" and before.dates():
            return [_asked(plan, "first", Period(max(before.dates()) + DAY, view.today))]
    period = lean.heard.period and _same_year(lean.heard.period, query.period, view.today)
    period = period or _shifted(query, lean, before, view)
    new = period is not None
    period = period if new else _kept(plan, lean)
    if lean.compare and lean.heard.limit is None:
        return _compared(plan, lean, period if new else None, view)
    heard = _heard(lean, period)
    single = name == "trends" and query.measure == "latest" and (query.period is None or query.period.first is None)
    if single and lean.shift is not None and lean.shift.unit is None and lean.shift.way == "before":
        return [Plan(plan.skill, replace(query, period=period))]
    if name == "labs" and query.panel and heard.has("labs_ask", *_SERIES):
        return [Plan(plan.skill, replace(query, panel=None, test=test, ask=_series(heard), period=period))
                for test in panels()[query.panel].tests[:MOST_MEMBERS] if test in lab_tests()]  # fmt: skip
    if name == "labs":
        return [_labs(plan, heard, lean, period, new)]
    if name == "trends":
        return [_trends(plan, heard, lean, period, new)]
    return []


_SERIES = ("trend", "change", "highest", "lowest", "list")
MOST_MEMBERS = 4
"""Tests of a panel that are told one by one."""


def _series(heard: Heard) -> str:
    return next(ask for ask in _SERIES if heard.has("labs_ask", ask))


def _kept(plan: Plan, lean: Lean) -> Period | None:
    """The days of before, where the question says none: not for "ever" or "now"; a way it went is from them on."""
    period, query = plan.query.period, plan.query
    if period is None or lean.always or lean.heard.has("labs_ask", "latest") or "last" in lean.asks:
        return None
    whole = ("trend", "change", "average", "highest", "lowest", "list")
    anew = lean.heard.has("labs_ask", *whole) or bool(lean.asks & {"trend", "highest", "lowest", "all"})
    if plan.skill.name == "labs":
        wide = lean.heard.has("labs_ask", "trend", "change") or bool(lean.asks & {"trend"})
        return Period(period.first, None) if wide and query.ask not in ("trend", "change") and period.first else period
    sampled = query.metric == "blood_pressure" or metric(query.metric).kind == "sample"
    trend = lean.heard.has("labs_ask", "trend", "change") or "trend" in lean.asks
    return None if anew and period.days == 1 and (trend or not sampled) else period


def _labs(plan: Plan, heard: Heard, lean: Lean, period: Period | None, new: bool) -> Plan:
    query = plan.query
    told = lean.asks & {"normal"} or heard.has("labs_ask", "out_of_range")
    if told:
        kept = query.ask in ("latest", "highest", "lowest", "first", "previous", "out_of_range")
        ask = query.ask if kept and (query.test or query.panel or query.code) else "latest"
        return _asked(plan, "out_of_range" if query.all else ask, period)
    if "count" in lean.asks and (query.test or query.code):
        return _asked(plan, "count", period)
    for ask in ("next", "since_before"):
        if heard.has("labs_ask", ask) and (query.test or (ask == "next" and not query.code)):
            return _asked(plan, ask, None)
    if ("detail" in lean.asks or heard.has("labs_ask", "meaning")) and query.test:
        return _asked(plan, "meaning", None)
    if not (query.test or query.code) or not _asks_anew(lean):
        ask = "latest" if query.ask in ("previous", "first") and new else query.ask
        return _asked(plan, ask, period)
    spot = Spot("test", query.test or query.code, 0, 0)
    return _asked(plan, measures.labs_ask(heard, spot), period)


def _trends(plan: Plan, heard: Heard, lean: Lean, period: Period | None, new: bool) -> Plan:
    query = plan.query
    if heard.limit is not None and (amount := heard.limit.of(query.metric)) is not None:
        bound: dict[str, Any] = {"at_least": None, "under": None, "at_least" if heard.limit.above else "under": amount}
        return Plan(plan.skill, replace(query, measure="count", period=period, **bound))
    bounded = query.at_least is not None or query.under is not None
    if bounded and (figure := days.figure(lean.heard.text, heard.limit)) is not None:
        side = "at_least" if query.at_least is not None else "under"
        return Plan(plan.skill, replace(query, period=period, **{side: figure}))
    if lean.asks & {"all", "detail", "trend"} and not heard.has("labs_ask", "lowest", "highest", "average", "total"):
        return Plan(plan.skill, replace(query, measure="trend", period=period, at_least=None, under=None))
    if "since" in lean.asks:
        return Plan(plan.skill, replace(query, measure="first", period=None, at_least=None, under=None))
    if bounded and not _asks_anew(lean):
        return Plan(plan.skill, replace(query, period=period))
    if not new and not _asks_anew(lean):
        return Plan(plan.skill, replace(query, period=period))
    cues = heard.cues if _asks_anew(lean) else _with(heard.cues, _carried(query))
    spot = Spot("metric", query.metric, 0, 0)
    (made,) = measures.plans_of(replace(heard, cues=cues, spots=(spot,), limit=None), spot)
    return made


def _compared(plan: Plan, lean: Lean, period: Period | None, view: VaultView) -> list[Plan]:
    """Beside other days: both figures of a measure, the change of a result."""
    query = plan.query
    if plan.skill.name == "labs":
        if not (query.test or query.code):
            return [_asked(plan, query.ask, period or query.period)]
        if query.test and period is None and lean.heard.has("labs_ask", "since_before"):
            return [_asked(plan, "since_before", None)]
        first = min((p.first for p in (period, query.period) if p and p.first), default=None)
        last = max((p.last for p in (period, query.period) if p and p.last), default=None) if query.period else None
        return [_asked(plan, "change", Period(first, last or view.today) if first else None)]
    if period is None:
        since = Period(query.period.first, view.today) if query.period and query.period.first else None
        return [Plan(plan.skill, replace(query, measure="trend", period=since, at_least=None, under=None))]
    if query.measure == "trend":
        plan = Plan(plan.skill, replace(query, measure="average"))
        query = plan.query
    spot = Spot("metric", query.metric, 0, 0)
    bare = replace(_heard(lean, period), cues=_with(_none(lean.heard.cues), _carried(query)), spots=(spot,), limit=None)
    return [plan, *measures.plans_of(bare, spot)]


def _the_one_before(plan: Plan, before: Before) -> Plan:
    query, told = plan.query, before.dates()
    if not (query.test or query.code):
        return _asked(plan, query.ask, Period(None, min(told) - DAY)) if told else plan
    if query.ask == "latest" and query.period is None:
        return _asked(plan, "previous", None)
    return _asked(plan, "latest", Period(None, min(told) - DAY)) if told else _asked(plan, "previous", None)


def _shifted(query: Any, lean: Lean, before: Before, view: VaultView) -> Period | None:
    """The days relative to those of before, or to the day of what was told."""
    if lean.shift is None:
        return None
    period, told = getattr(query, "period", None), before.dates()
    if period is None or period.first is None:
        day = (min(told) if lean.shift.way == "before" else max(told)) if told else view.today
        if lean.shift.unit is None and lean.shift.way == "before":
            return Period(None, day - DAY)
        period = Period(day, day)
    return shift.moved(period, lean.shift, view.today)


def _same_year(said: Period, before: Period | None, today: date) -> Period:
    """ "and July?" after June of another year: July of that year."""
    if before is None or before.first is None or before.last is None or said.first is None or said.last is None:
        return said
    elsewhere = before.first.year == before.last.year != today.year and (before.days or 400) <= 31
    month = said.first.day == 1 and (said.days or 0) in range(28, 32) and not any(c.isdigit() for c in said.words)
    relative = any(word in said.words.casefold() for word in ("last", "this", "dernier", "ce ", "passé"))
    if not (elsewhere and month and not relative):
        return said
    from salus.assistant.points import month_span

    return Period(*month_span(before.first.year, said.first.month), said.words)


def _asks_anew(lean: Lean) -> bool:
    heard = lean.heard
    cued = heard.has("labs_ask", *_ANEW) or heard.has("which", "first", "previous", "best")
    return cued or bool(lean.asks & set(_MORE))


def _heard(lean: Lean, period: Period | None) -> Heard:
    """The question with the days meant, and its own cues together with those that only a follow-up says."""
    more = {"labs_ask": tuple(_MORE[key] for key in sorted(lean.asks) if key in _MORE)}
    return replace(lean.heard, period=period, cues=_with(lean.heard.cues, more), versus=None)


def _carried(query: Any) -> dict[str, tuple[str, ...]]:
    """What was asked before, as cues."""
    ask = getattr(query, "ask", None) or getattr(query, "measure", None) or ""
    if ask in _BY_ASK:
        return {"labs_ask": (_BY_ASK[ask],)}
    return {"which": ("first",)} if ask == "first" else {}


def _with(cues: dict[str, tuple[str, ...]], more: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {key: (*found, *more.get(key, ())) for key, found in cues.items()}


def _none(cues: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(cues, ())


def _asked(plan: Plan, ask: str, period: Period | None) -> Plan:
    return Plan(plan.skill, replace(plan.query, ask=ask, period=period))


def _make(skill: str, **args: Any) -> Any:
    make: Any = skills()[skill].query
    return make(**args)


def _item(nth: int, before: Before) -> tuple[str, dict[str, Any]] | None:
    """The nth of several figures that were told."""
    rows = [row for row in before.said if row.get("test") in lab_tests()]
    several = len({row["test"] for row in rows}) > 1
    return ("labs", {"test": rows[nth]["test"]}) if several and nth < len(rows) else None
