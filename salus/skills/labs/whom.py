"""Whose result it is on its day: sex, exact age, and what the records say of pregnancy and menopause.

Reads the vault only when asked, once. A pregnancy that no record speaks of is unknown: neither assumed nor denied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from salus.knowledge.labs import Age, Pregnancy, State
from salus.knowledge.labs.pregnancy import LONGEST_DAYS, TERM_DAYS, began_by_due_date, codes, trimester
from salus.records.codes import ICD10CM, LOINC, SNOMED, Code
from salus.records.resource import Body, Resource, codings, concept_text, ended, quantity, when
from salus.records.times import When
from salus.vault.person import Person
from salus.vault.view import VaultView

STATUS_DAYS = 30
"""A bare "pregnant" or "not pregnant" speaks of this many days before and after."""
CHILD = 10
"""Years; under it a gestational age is that of the child's own birth."""
_VOID = frozenset({"entered-in-error", "cancelled", "refuted"})


@dataclass(frozen=True)
class _Dated:
    """A pregnancy with a known beginning; `said` is the day it was recorded. A last period alone is not `sure`."""

    began: date
    said: date
    sure: bool


@dataclass(frozen=True)
class _Span:
    """Days of which a record says that the person is pregnant, or is not."""

    pregnant: bool
    first: date
    last: date


class Whom:
    """A person, with what the vault tells around the day of a result; without a view only sex and age."""

    def __init__(self, person: Person, view: VaultView | None = None) -> None:
        self.person, self._view = person, view

    @property
    def sex(self) -> str | None:
        return self.person.sex

    def ages(self, time: When | None) -> tuple[Age, Age] | None:
        """The youngest and the oldest age a result's time can mean."""
        if time is None or self.person.born is None:
            return None
        youngest, oldest = Age.on(self.person.born, time.day_in(self.person.zone)), Age.on(self.person.born, time.last)
        if youngest is None or oldest is None:
            return None
        return youngest, max(youngest, oldest, key=lambda age: age.days)

    def pregnancy_at(self, time: When | None) -> Pregnancy | None:
        """The trimester, "any" when only the pregnancy is known, "no", or None: nothing is recorded of that day."""
        if time is None or self.sex == "male" or self._view is None or time.first != time.last:
            return None
        day = time.day_in(self.person.zone)
        dated, spans = self._pregnancies
        said_not = [span.first for span in spans if not span.pregnant and span.first <= day <= span.last]
        fitting = [one for one in dated if trimester(one.began, day) and not self._over(one.began, day)]
        if said_not:
            fitting = [one for one in fitting if one.said > max(said_not)]
        if fitting:
            return trimester(max(fitting, key=lambda one: one.said).began, day)
        if said_not:
            return "no"
        fits = [s for s in spans if s.pregnant and s.first <= day <= s.last and not self._over(s.first, day)]
        return "any" if fits else None

    def state_at(self, time: When | None) -> State:
        """ "postmenopausal" from the day a record says so, else nothing."""
        if time is None or self.sex == "male" or self._view is None or self._menopause is None:
            return ""
        return "postmenopausal" if time.day_in(self.person.zone) >= self._menopause else ""

    def _over(self, began: date, day: date) -> bool:
        """True when a record ends that pregnancy before the day: a birth, or a condition that was resolved."""
        return any(began < end < day for end in self._ends)

    @cached_property
    def _pregnancies(self) -> tuple[list[_Dated], list[_Span]]:
        dated: list[_Dated] = []
        spans: list[_Span] = []
        for resource in self._observations:
            day = _day(when(resource.body), self.person)
            if day is None or ((age := self.person.age_on(day)) is not None and age < CHILD):
                continue
            for part in (resource.body, *(c for c in resource.body.get("component") or () if isinstance(c, dict))):
                found = {c.code for c in codings(part.get("code")) if c.system == LOINC}
                if found & codes().status and (yes := _yes(part)) is not None:
                    reach = timedelta(days=STATUS_DAYS)
                    spans.append(_Span(yes, day - reach if yes else day, day + reach))
                elif began := _began(part, found, day):
                    dated.append(_Dated(began, day, not found & codes().last_period))
        for resource in self._conditions:
            begun = _day(when(resource.body), self.person)
            if begun is not None:
                end = _day(ended(resource.body), self.person) or begun + timedelta(days=TERM_DAYS)
                spans.append(_Span(True, begun, end))
        return [one for one in dated if one.sure or _borne_out(one, spans)], spans

    @cached_property
    def _ends(self) -> list[date]:
        ends = [_day(ended(r.body), self.person) for r in self._conditions]
        for resource in self._observations:
            if _loinc(resource.body) & codes().delivered:
                value = When.parse(str(resource.body.get("valueDateTime") or ""))
                ends.append(_day(value or when(resource.body), self.person))
        return [end for end in ends if end is not None]

    @cached_property
    def _observations(self) -> list[Resource]:
        known = codes()
        wanted = known.status | known.gestational_age | known.due_date | known.last_period | known.delivered
        return self._usable("Observation", {Code(LOINC, code) for code in wanted})

    @cached_property
    def _conditions(self) -> list[Resource]:
        return self._usable("Condition", _coded(codes().conditions_snomed, codes().conditions_icd10))

    @cached_property
    def _menopause(self) -> date | None:
        found = self._usable("Condition", _coded(codes().menopause_snomed, codes().menopause_icd10))
        days = [day for r in found if (day := _day(when(r.body), self.person)) is not None]
        return min(days, default=None)

    def _usable(self, type_: str, wanted: set[Code]) -> list[Resource]:
        assert self._view is not None
        return [r for r in self._view.resources(type_, codes=wanted) if not _void(r.body)]


def _borne_out(one: _Dated, spans: list[_Span]) -> bool:
    """A last period alone makes no pregnancy; a record of one in the time after it does."""
    end = one.began + timedelta(days=LONGEST_DAYS)
    return any(span.pregnant and span.first <= end and span.last >= one.began for span in spans)


def whom(view: VaultView) -> Whom:
    """The person of a view, with what the view tells."""
    return Whom(view.person, view)


ICD10 = (ICD10CM, "http://hl7.org/fhir/sid/icd-10")


def _coded(snomed: frozenset[str], icd10: frozenset[str]) -> set[Code]:
    return {Code(SNOMED, code) for code in snomed} | {Code(system, c) for c in icd10 for system in ICD10}


def _void(body: Body) -> bool:
    verified = {code.code for code in codings(body.get("verificationStatus"))}
    return str(body.get("status", "")) in _VOID or bool(verified & _VOID)


def _day(time: When | None, person: Person) -> date | None:
    return None if time is None else time.day_in(person.zone)


def _loinc(body: Body) -> set[str]:
    parts = (body, *(c for c in body.get("component") or () if isinstance(c, dict)))
    return {c.code for part in parts for c in codings(part.get("code")) if c.system == LOINC}


def _yes(part: Body) -> bool | None:
    """What a pregnancy status answers; None where it does not say."""
    if isinstance(part.get("valueBoolean"), bool):
        return bool(part["valueBoolean"])
    answer: Any = part.get("valueCodeableConcept")
    found = {code.code for code in codings(answer)}
    text = str(part.get("valueString") or concept_text(answer)).strip().lower()
    if found & codes().not_pregnant or text in ("not pregnant", "pas enceinte", "non enceinte", "no", "non"):
        return False
    return True if found & codes().pregnant or text in ("pregnant", "enceinte", "yes", "oui") else None


def _began(part: Body, found: set[str], day: date) -> date | None:
    """The first day of the last period by a gestational age, a due date or that day itself."""
    if found & codes().gestational_age:
        length = quantity(part.get("valueQuantity"))
        in_days = length.to("d") if length and length.unit else None
        return day - timedelta(days=int(in_days.value)) if in_days and 0 <= in_days.value <= LONGEST_DAYS else None
    given = When.parse(str(part.get("valueDateTime") or part.get("valueString") or ""))
    if given is None or given.first != given.last:
        return None
    if found & codes().due_date:
        return began_by_due_date(given.first)
    return given.first if found & codes().last_period else None
