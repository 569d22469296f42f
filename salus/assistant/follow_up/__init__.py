"""What a question means in its conversation: by itself, or completed with what was asked before it.

The same question after the same turns over the same vault is understood the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from salus.assistant import route
from salus.assistant.follow_up import cues, figures, held, telling
from salus.assistant.follow_up.leaning import MOST_WORDS, Lean, lean
from salus.assistant.follow_up.past import Before, Past, before
from salus.assistant.follow_up.telling import Aspect
from salus.assistant.route.heard import hear
from salus.assistant.route.records import EVENTS
from salus.assistant.route.steps import Nothing, Plan, unknown
from salus.knowledge.phrases import fold, tokens
from salus.records.finding import Result, Triage, Unknown
from salus.records.text import T
from salus.skills.trends.norms import JUDGED, has_range
from salus.vault.view import VaultView

__all__ = ["Past", "Understood", "understood"]

MOST_PLANS = 6


@dataclass(frozen=True)
class Understood:
    """The plans of a question; `after` is the question it leans on, `aspect` what is asked of the answer itself."""

    plans: tuple[Plan, ...]
    after: str | None = None
    aspect: Aspect | None = None
    unit: str | None = None
    earlier: bool = False
    """Asked for the one before the one told: its "latest" is the latest of those before."""
    routed_by: str = "rules"

    def told(self, result: Result, view: VaultView) -> Result:
        """A skill's result, told as it was asked for."""
        if self.unit is not None:
            result = telling.in_unit(result, self.unit)
        if self.aspect is not None:
            result = telling.told(result, self.aspect, view)
        return telling.earlier(result) if self.earlier else result

    def trace(self) -> dict[str, Any]:
        """What was understood beyond the plans, for the trace."""
        found: dict[str, Any] = {"routed_by": self.routed_by}
        if self.after is not None:
            found |= {"follows": True, "after": self.after}
        return found | {k: v for k, v in (("aspect", self.aspect), ("unit", self.unit)) if v is not None}


def understood(question: str, view: VaultView, lang: str, triage: Triage, past: Sequence[Past] = ()) -> Understood:
    """The question as one of its conversation. It leans only where it does not stand alone."""
    alone = tuple(route.plan(question, view, lang, triage))
    if triage.level in ("emergency", "urgent") or len(tokens(question)) > MOST_WORDS:
        return Understood(alone)
    heard = not _not_heard(alone)
    if _refused(alone):
        return Understood(alone)
    if not past and heard and not _vague(alone):
        asked = cues.unit(question)
        return Understood(alone, aspect=_judged(alone, question, view, lang), unit=asked[0] if asked else None)
    said = lean(question, view, lang)
    if (again := _refusal(past, view, lang, triage, said)) is not None:
        return Understood((again,), past[-1].question)
    if (empty := _found_nothing(said, past)) is not None:
        return Understood((empty,), past[-1].question)
    if not _leans(said, alone, past):
        aspect = _judged(alone, question, view, lang) if heard else None
        return Understood(alone, aspect=aspect, unit=said.unit if heard else None)
    back = before(past)
    if back is None:
        return Understood((_not_meant(),))
    made = _completed(said, back, view)
    if said.heard.unclear_part is not None and any(plan.skill.name in ("labs", "trends") for plan in made):
        return Understood((route.unclear(said.heard.unclear_part),))
    if not made:
        return Understood(alone if heard and said.named else (_not_meant(),))
    aspect, earlier = _aspect(said, back), _earlier(said, made)
    return Understood(tuple(made[:MOST_PLANS]), back.question, aspect, said.unit, earlier)


_NORMAL = re.compile(r"\bnorma(?:l|le|ux|les)\b|\btoo (?:high|low)\b|\btrop (?:haute?|basse?|bas|elevee?)\b")


def _judged(alone: Sequence[Plan], question: str, view: VaultView, lang: str) -> Aspect | None:
    """ "Is my resting heart rate normal?": a measure that has a usual range, asked whether it is in it."""
    heard = hear(question, view, lang)
    if not (heard.has("which", "judged") or heard.has("labs_ask", "out_of_range")):
        return None
    plainly = bool(_NORMAL.search(fold(question)))
    fits = [plan.skill.name == "trends" and plan.query.measure in JUDGED
            and (has_range(plan.query.metric) or plainly) for plan in alone]  # fmt: skip
    return "normal" if fits and all(fits) else None


def _found_nothing(said: Lean, past: Sequence[Past]) -> Plan | None:
    """ "who wrote it?" right after a search that found no document."""
    turns = before(past[-1:]) if past else None
    if turns is None or turns.skill != "search" or turns.said or said.named or said.heard.period is not None:
        return None
    if "who" in said.asks or said.heard.has("records_ask", "who"):
        return unknown("not_meant", Unknown(
            T("The search before found no document, so there is nothing to say who wrote it."),
            T("Search for other words."),
        ))  # fmt: skip
    about_it = said.asks & {"written", "where", "detail"} or said.aspects & {"when", "source"}
    if about_it and (said.pronoun or said.bare):
        return unknown("not_meant", Unknown(
            T("The search before found no document, so there is nothing more to say of it."),
            T("Search for other words."),
        ))  # fmt: skip
    return None


def _leans(said: Lean, alone: Sequence[Plan], past: Sequence[Past]) -> bool:
    if said.bare:
        if not past:
            return _not_heard(alone) or (said.pronoun and _vague(alone))
        whole = said.full and not said.pronoun and not said.lead and not _not_heard(alone) and not _vague(alone)
        reported = "found" in said.asks and getattr(_query(past), "kind", None) in held.REPORTED
        return not whole or bool(said.aspects) or reported
    if said.elliptic or (said.shift is not None and said.shift.way in ("since", "same")) or _of_those_days(said):
        return bool(past)
    open_ = not said.full or (bool(past) and (back := before(past)) is not None and back.skill == "search")
    few = len(tokens(said.left)) <= 3 and open_ and not said.heard.spots and not said.kinds
    return bool(past) and few and bool(said.left) and _not_heard(alone)


def _query(past: Sequence[Past]) -> Any:
    back = before(past)
    return back.query if back is not None else None


def _of_those_days(said: Lean) -> bool:
    """ "how much of it was deep sleep?": names its measure, and leaves to "it" which days."""
    measure = [spot for spot in said.heard.spots if spot.kind == "metric"]
    points = said.unit is not None or bool(cues.spans("those_days", said.heard.text))
    return bool(measure) and said.heard.period is None and points and (said.full or said.unit is not None)


def _vague(alone: Sequence[Plan]) -> bool:
    """A plan about a kind of record that only a verb named ("who prescribed it?")."""
    return any(getattr(one.query, "kind", None) == "medications" for one in alone)


def _not_heard(alone: Sequence[Plan]) -> bool:
    return [one.query for one in alone] == [Nothing("not_heard")]


def _refused(alone: Sequence[Plan]) -> bool:
    """What Salus does not answer whatever came before: advice, the future, other people."""
    return any(isinstance(one.query, Nothing) and one.query.why not in ("not_heard", "unclear_days", "no_result")
               for one in alone)  # fmt: skip


def _completed(said: Lean, back: Before, view: VaultView) -> list[Plan]:
    if (made := held.prescribed(said, back)) and not said.asks & {"who", "dose", "since"}:
        return made
    if back.skill == "trends" and _of_those_days(said):
        if said.unit is not None and back.query.metric in {spot.key for spot in said.heard.spots}:
            return list(back.plans)
        return figures.same_days(said, back, view)
    kinds = [kind for kind in said.kinds if kind != getattr(back.query, "kind", None)]
    if kinds:
        return _of_kind(said, back, view)
    if back.skill in ("labs", "trends"):
        if said.left and not said.heard.spots:
            return _thing(said, back, view)
        if said.asks & {"written", "dose"} and not said.heard.spots:
            return []
        return figures.complete(said, back, view)
    if back.skill == "records":
        return held.complete(said, back, view) or (list(back.plans) if "normal" in said.asks else [])
    if back.skill == "search":
        return held.searched(said, back, view)
    return _other(said, back)


def _thing(said: Lean, back: Before, view: VaultView) -> list[Plan]:
    """ "and metformin?" after a result: what the question would be by itself, with no lead."""
    made = route.plan(said.left, view, said.heard.lang, Triage())
    return [] if _refused(made) or _not_heard(made) else made


def _of_kind(said: Lean, back: Before, view: VaultView) -> list[Plan]:
    """ "and my vaccines?": another kind of record, counted or listed as before, of the same days where it happens."""
    made = route.plan(said.heard.text, view, said.heard.lang, Triage())
    out = []
    for plan in made:
        query = plan.query
        if plan.skill.name == "records" and query.period is None:
            changed: dict[str, Any] = {}
            carried = said.heard.period or getattr(back.query, "period", None)
            if carried is not None and query.kind in EVENTS:
                changed["period"] = carried
            if back.skill == "records" and query.ask == "list" and back.query.ask == "count":
                changed["ask"] = "count"
            if back.skill == "records" and query.ask == "list" and back.query.ask in ("last", "first"):
                changed["ask"] = back.query.ask if query.kind in EVENTS else "list"
            plan = Plan(plan.skill, replace(query, **changed))
        out.append(plan)
    return out


def _other(said: Lean, back: Before) -> list[Plan]:
    """Any other skill: the same again, over other days where its query knows days."""
    if said.named:
        return []
    period = said.heard.period
    if period is not None and hasattr(back.query, "period"):
        return [Plan(plan.skill, replace(plan.query, period=period)) for plan in back.plans]
    return list(back.plans) if said.aspects else []


def _earlier(said: Lean, made: Sequence[Plan]) -> bool:
    before_it = said.shift is not None and said.shift.way == "before" and said.shift.unit is None
    return before_it and any(
        plan.skill.name in ("records", "trends") and plan.query.period is not None and plan.query.period.first is None
        for plan in made
    )


def _aspect(said: Lean, back: Before) -> Aspect | None:
    if back.skill == "records" and held.placed(said) and back.query.kind in held.PLACED:
        return None
    if said.named or said.heard.has("labs_ask", "next", "since_before"):
        return None
    for key in ("how", "source", "why"):
        if key in said.aspects:
            return key
    figure = back.skill in ("labs", "trends")
    if figure and ("who" in said.asks or said.heard.has("records_ask", "who")):
        return "source"
    judged = "normal" in said.asks and not said.heard.has("labs_ask", "highest")
    return "normal" if judged and back.skill in ("trends", "records", "search") else None


def _refusal(past: Sequence[Past], view: VaultView, lang: str, triage: Triage, said: Lean) -> Plan | None:
    """ "why?" after a question that Salus did not answer: the reason again."""
    if not past or said.named or not said.aspects & {"why", "how"} or not _unanswered(past[-1]):
        return None
    made = route.plan(past[-1].question, view, lang, triage)
    return made[0] if made and isinstance(made[0].query, Nothing) else None


def _unanswered(turn: Past) -> bool:
    plans = turn.trace.get("plans")
    return isinstance(plans, list) and [row.get("skill") for row in plans if isinstance(row, Mapping)] == ["none"]


def _not_meant() -> Plan:
    missing = Unknown(
        T("Salus does not know what that refers to."),
        T("Name the thing you mean: a result, a measure, a medicine, a visit."),
    )
    return unknown("not_meant", missing)
