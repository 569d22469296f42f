"""Is one answer right? Skill, arguments, facts, printed figures and what is unknown, each by itself. Pure.

Works on the shape of `salus ask --json`, with its `trace` (the plans: which skill, which arguments) and each
finding's `data`. Never reads the vault.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from salus.evals.questions.fact import Fact
from salus.evals.questions.figures import Printed, known, numbers, printed
from salus.records.units import convert, decimal, normal

Json = Mapping[str, Any]
_DEFAULTS = {"ask": ("latest", "list"), "all": (False,)}
_WAYS = {
    "up": ("up", "rising", "higher", "increase", "increasing", "hausse"),
    "down": ("down", "falling", "lower", "decrease", "decreasing", "baisse"),
    "flat": ("flat", "stable", "steady", "unchanged", "no_change", "none"),
}


@dataclass
class Score:
    """True, False, or None where the case does not ask for it. `why` says what was wrong, for a developer."""

    skill: bool | None = None
    args: bool | None = None
    facts: bool | None = None
    figures: bool | None = None
    unknown: bool | None = None
    why: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        """True when nothing that was asked for is wrong."""
        return False not in (self.skill, self.args, self.facts, self.figures, self.unknown)


def score(case: Json, facts: Sequence[Fact], answer: Json, *, today: date, zone: ZoneInfo) -> Score:
    """Score one answer against its case and the facts expected of it."""
    result = Score()
    _score_route(result, case, answer, today)
    findings: list[Json] = list(answer.get("findings", []))
    if case["expect"].get("unknown"):
        _score_unknown(result, case, answer, findings)
    else:
        missing = [fact for fact in facts if not any(matches(fact, finding, zone) for finding in findings)]
        unsaid = [fact for fact in facts if fact not in missing and not _said(fact, answer, today)]
        result.facts = not missing and not unsaid
        result.why += [f"not among the findings: {fact}" for fact in missing]
        result.why += [f"found but not said: {fact}" for fact in unsaid]
    stray = list(strays(answer, zone))
    result.figures = not stray
    result.why += [f"printed without a finding: {figure.value}" for figure in stray]
    if case["expect"].get("caveat") and not any(finding.get("caveats") for finding in findings):
        result.facts = False
        result.why.append("no caveat is given")
    if (way := case["expect"].get("not_direction")) and any(_direction(finding) == way for finding in findings):
        result.facts = False
        result.why.append(f"said to go {way}")
    return result


# Skill and arguments ---------------------------------------------------------------------------------------------


def _score_route(result: Score, case: Json, answer: Json, today: date) -> None:
    if case.get("skill") is None:
        return
    ways = [{"skill": case["skill"], "args": case["args"]}, *case.get("or", [])]
    used = list(answer.get("skills", []))
    fitting = [way for way in ways if used and set(used) == {way["skill"]}]
    result.skill = bool(fitting)
    if not fitting:
        result.why.append(f"skills {used}, expected {[way['skill'] for way in ways]}")
    given = called(answer)
    result.args = any(same_args(way["args"], args, today) for way in fitting or ways for args in given)
    if not result.args:
        result.why.append(f"arguments {given}, expected {[way['args'] for way in ways]}")


def called(answer: Json) -> list[dict[str, Any]]:
    """The arguments of every skill call of an answer."""
    return [dict(plan.get("args") or {}) for plan in (answer.get("trace") or {}).get("plans", ())]


def same_args(expected: Json, given: Json, today: date) -> bool:
    """Equal once defaults and empty arguments are left out, periods cut at today, and `about` compared loosely.

    Where the expected argument is a list (other than a period), any of its values is right.
    """
    return all(
        _same_arg(key, expected.get(key), given.get(key), today) for key in expected.keys() | given.keys()
    )


def _same_arg(key: str, expected: Any, given: Any, today: date) -> bool:
    if key == "period":
        return _period(expected, today) == _period(given, today)
    allowed = expected if isinstance(expected, list) else [expected]
    if key in ("about", "words", "by"):
        return given == expected or any(_alike(str(one or ""), str(given or "")) for one in allowed)
    return _set(key, given) in [_set(key, one) for one in allowed]


def _set(key: str, value: Any) -> Any:
    """The value, or None where it is the default."""
    return None if value in (None, "") or value in _DEFAULTS.get(key, ()) else value


def _period(value: Any, today: date) -> tuple[str, str] | None:
    if not value:
        return None
    if isinstance(value, Mapping):
        value = (value.get("first"), value.get("last"))
    first, last = (str(day) if day else "" for day in value)
    last = min(last, today.isoformat()) if last else today.isoformat() if first else ""
    return (first, last) if first or last else None


def _alike(a: str, b: str) -> bool:
    """One names what the other names: each word of the shorter begins like a word of the other (5 letters)."""
    one, two = sorted((fold(a).split(), fold(b).split()), key=len)
    return bool(one) and all(any(_stem(x) == _stem(y) for y in two) for x in one)


def _stem(word: str) -> str:
    return word[:5]


# Facts -----------------------------------------------------------------------------------------------------------


def matches(fact: Fact, finding: Json, zone: ZoneInfo) -> bool:
    """True when one finding carries everything the fact requires."""
    if fact.value is not None and not any(_equal(fact, v, unit) for v, unit in _quantities(finding)):
        return False
    if fact.day and not _on(fact.day, finding, zone):
        return False
    if fact.direction and _direction(finding) != fact.direction:
        return False
    return not fact.words or _has(fact.words, _words(finding))


def _quantities(finding: Json) -> Iterator[tuple[Decimal, str]]:
    for part in (finding, *finding.get("also", ())):
        value = part.get("value")
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, str):
            value = value.lstrip("<>=")  # a bound is said as one; its figure is still the record's
        number = decimal(value) if isinstance(value, (int, float, Decimal, str)) else None
        if number is not None:
            yield number, str(part.get("unit") or "")


def _equal(fact: Fact, value: Decimal, unit: str) -> bool:
    assert fact.value is not None
    if _unit(unit) != _unit(fact.unit):
        converted = convert(value, unit, fact.unit, fact.molar_mass) if unit and fact.unit else None
        if converted is None:
            return False
        value = converted
    return abs(value - Decimal(repr(fact.value))) <= Decimal("0.51").scaleb(-fact.digits)


def _unit(unit: str) -> str:
    """Units that only count things are the same; the case of IU is not looked at."""
    spelled = normal(unit)
    return "" if re.fullmatch(r"\{[^}]*\}|1|", spelled) else spelled.replace("[IU]", "[iU]")


def _on(day: str, finding: Json, zone: ZoneInfo) -> bool:
    return any(local_day(moment, zone) == day for moment in _moments(finding))


def _moments(finding: Json) -> Iterator[str]:
    for key in ("time", "value"):
        if isinstance(finding.get(key), str):
            yield finding[key]


def local_day(text: str, zone: ZoneInfo) -> str:
    """The person's civil day of a date or instant as text; anything else stays as it is."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})", text):
        return datetime.fromisoformat(text).astimezone(zone).date().isoformat()
    return text[:10]


def _direction(finding: Json) -> str:
    data = finding.get("data") or {}
    said = data.get("direction") or (finding.get("value") if isinstance(finding.get("value"), str) else "")
    return next((way for way, words in _WAYS.items() if str(said).casefold() in words), "")


def _words(finding: Json) -> str:
    return f"{finding.get('value')} {finding.get('statement')}"


def _has(words: str, text: str) -> bool:
    folded = fold(text)
    return all(fold(part) in folded for part in words.split(" & "))


def fold(text: str) -> str:
    """Lower case, no accents, one space between words."""
    flat = "".join(c for c in unicodedata.normalize("NFKD", text.replace("œ", "oe")) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w%.]+", " ", flat.casefold()).split())


def _said(fact: Fact, answer: Json, today: date) -> bool:
    """The answer's own text carries the figure (rounded as it likes), the words, or else the day."""
    text = str(answer.get("answer", ""))
    if fact.value is not None:
        wanted = {Decimal(repr(fact.value)).copy_abs()}
        for finding in answer.get("findings", ()):
            wanted |= {v.copy_abs() for v, unit in _quantities(finding) if _close(fact, finding)}
        shown = list(printed(text, str(answer.get("lang", "en"))))
        hours = fact.unit == "min" and _in_hours(fact.value, shown)
        return hours or any(figure.value.adjusted() >= -3 and known(figure, wanted) for figure in shown)
    if fact.words:
        return _has(fact.words, text)
    return not fact.day or _day_said(fact.day, list(printed(text, str(answer.get("lang", "en")))), today)


def _day_said(day: str, shown: Sequence[Printed], today: date) -> bool:
    """The year is printed (this year's may be left out before a whole day) and so is the day of the month, if known."""
    figures = {figure.value for figure in shown}
    year, whole = Decimal(day[:4]), len(day) == 10
    return (year in figures or (whole and year == today.year)) and (not whole or Decimal(day[8:]) in figures)


def _close(fact: Fact, finding: Json) -> bool:
    return any(_equal(fact, value, unit) for value, unit in _quantities(finding))


def _in_hours(minutes: float, shown: Sequence[Printed]) -> bool:
    hours, rest = divmod(round(minutes), 60)
    return any(a.value == hours and abs(b.value - rest) <= 1 for a, b in pairwise(shown)) or (
        rest == 0 and any(figure.value == hours for figure in shown)
    )


# Printed figures and the unknown ---------------------------------------------------------------------------------


def strays(answer: Json, zone: ZoneInfo | None = None) -> Iterator[Printed]:
    """Numbers the answer prints that stand in no finding, its evidence, the question or the arguments.

    `zone`: a moment may be said as the person's own day.
    """
    lang = str(answer.get("lang", "en"))
    asked_how = (answer.get("trace") or {}).get("aspect") in ("why", "how")  # then the method is what is asked for
    allowed = set(numbers(str(answer.get("question", ""))))
    allowed |= set(numbers(called(answer)))
    for finding in answer.get("findings", ()):
        worded = {"statement", "id", "evidence"} | (set() if asked_how else {"method"})
        carried = {k: v for k, v in finding.items() if k not in worded}
        allowed |= set(numbers(carried))
        for value, unit in _quantities(finding):
            allowed |= {value * 100 if normal(unit) == "1" else value}
            if normal(unit) == "min":
                allowed |= set(map(Decimal, divmod(int(value.to_integral_value()), 60)))
    for evidence in answer.get("evidence", ()):
        days = str(evidence.get("ref", "")) if evidence.get("type") == "samples" else ""
        allowed |= set(numbers([days, *(v for k, v in evidence.items() if k not in ("id", "ref"))]))
    for row in (*answer.get("findings", ()), *answer.get("evidence", ())):
        if zone is not None and isinstance(row.get("time"), str):
            allowed |= set(numbers(local_day(row["time"], zone)))
    triage = answer.get("triage") or {}
    allowed |= set(numbers([triage.get("call"), [r.get("text") for r in triage.get("reasons", ())]]))
    for figure in printed(str(answer.get("answer", "")), lang):
        if not known(figure, allowed):
            yield figure


def _score_unknown(result: Score, case: Json, answer: Json, findings: Sequence[Json]) -> None:
    result.unknown = bool(answer.get("unknown"))
    if not result.unknown:
        result.why.append("nothing is said to be unknown")
    if not case["expect"].get("may_show") and any(True for f in findings for _ in _quantities(f)):
        result.unknown = False
        result.why.append("gives a figure where there is none to give")
