"""Saying of an answer how it came about: its method, what it rests on, where that comes from, its figure in a unit.

Asked why, it says how the figure was worked out and that the cause is not known: it invents none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

from salus.knowledge.labs import LabTest, convert
from salus.knowledge.labs import tests as lab_tests
from salus.records.finding import Evidence, Finding, Result, Unknown
from salus.records.metrics import metric, metrics
from salus.records.text import T, Text
from salus.records.times import Period
from salus.records.units import Quantity, normal
from salus.skills.labs.findings import significant
from salus.skills.trends import norms
from salus.vault.view import VaultView

Aspect = Literal["why", "how", "source", "normal"]
MOST_TOLD, MOST_SHOWN = 3, 4


def told(result: Result, aspect: Aspect, view: VaultView) -> Result:
    """The same findings, and in words what was asked about them."""
    if not result.findings:
        return result
    if aspect == "normal":
        return _judged(result, view)
    said: list[Text] = []
    for finding in result.findings[:MOST_TOLD]:
        said.append(finding.statement)
        said += _source(finding) if aspect == "source" else _working(finding)
    if len(result.findings) > MOST_TOLD:
        said.append(T("The others were worked out in the same way."))
    cause = (_no_cause(),) if aspect == "why" else ()
    return Result(result.findings, (*result.unknown, *cause), tuple(said))


def _judged(result: Result, view: VaultView) -> Result:
    """The figures of a measure against the usual range, where there is one; what is not known, else."""
    if not all(finding.data.get("metric") for finding in result.findings):
        return replace(result, unknown=(*result.unknown, _no_norm()))
    found: list[Finding] = []
    more: list[Text] = []
    missing: list[Unknown] = []
    for finding in result.findings:
        made, said, unknown = norms.against_range(finding, view)
        found.append(made)
        more += said
        missing += [unknown] if unknown is not None else []
    answer = result.answer or tuple(finding.statement for finding in result.findings)
    unique = {unknown.what.plain(): unknown for unknown in missing}
    return Result(tuple(found), (*result.unknown, *unique.values()), (*answer, *more))


def earlier(result: Result) -> Result:
    """The same, said to be of the time before what was just told."""
    if not result.findings:
        return result
    said = result.answer or tuple(finding.statement for finding in result.findings)
    return replace(result, answer=(T("Before the one you were just told:"), *said))


def _no_cause() -> Unknown:
    return Unknown(
        T("Your records say what was found, not why, so Salus gives no cause."),
        T("A doctor can tell you what may lie behind it."),
    )


def _no_norm() -> Unknown:
    return Unknown(
        T("Salus has nothing that tells whether that is normal."),
        T("Ask about one laboratory result to see its range."),
    )


def _working(finding: Finding) -> list[Text]:
    said = [T("How it was worked out: {method}", method=finding.method), *finding.caveats]
    if finding.evidence:
        shown = [_cited(one) for one in finding.evidence[:MOST_SHOWN]]
        said.append(T("It rests on: {what}.", what=shown))
    if len(finding.evidence) > MOST_SHOWN:
        said.append(T("It rests on more records too; open the finding to see all of them."))
    return said


_DAYS = re.compile(r"/(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})$")


def _cited(one: Evidence) -> Text | str:
    """A piece of evidence as it is written, and who brought it; a span of samples by its days."""
    if one.type == "samples" and (days := _DAYS.search(one.ref)):
        first, last = map(date.fromisoformat, days.groups())
        days_of = T("the readings of {day}", day=first) if first == last else (
            T("the readings {days}", days=Period(first, last)))  # fmt: skip
        return T("{what} (from {origin})", what=days_of, origin=one.origin) if one.origin else days_of
    excerpt = one.excerpt.rstrip(" .")
    if not one.origin:
        return excerpt
    return T("{what} (from {origin})", what=excerpt, origin=one.origin)


def _source(finding: Finding) -> list[Text]:
    origins = list(dict.fromkeys(one.origin for one in finding.evidence if one.origin))
    if not origins:
        return [T("The record does not say where it comes from.")]
    return [T("It comes from {origins}.", origins=origins)]


# Units ------------------------------------------------------------------------------------------------------------


def in_unit(result: Result, unit: str) -> Result:
    """The findings' figures in the unit asked for as well; unknown where they cannot be given in it."""
    found: list[Finding] = []
    worded: dict[str, Text] = {}
    for finding in result.findings:
        other = _converted(finding, unit)
        found.append(finding if other is None else replace(finding, also=_also(finding, other)))
        if other is not None and normal(unit) == normal(finding.unit or ""):
            worded[finding.statement.plain()] = finding.statement
        elif other is not None:
            more = T("{statement} In the unit you asked for: {value}.", statement=finding.statement, value=other)
            worded[finding.statement.plain()] = more
    if not result.findings:
        return result
    if not worded:
        missing = Unknown(T("Salus cannot give that in the unit {unit}.", unit=unit))
        return replace(result, unknown=(*result.unknown, missing))
    said = result.answer or tuple(finding.statement for finding in result.findings)
    kept = [worded.pop(one.plain(), one) for one in said]
    return Result(tuple(found), result.unknown, (*kept, *worded.values()))


def _also(finding: Finding, other: Quantity) -> tuple[Quantity, ...]:
    if normal(other.unit) == normal(finding.unit or ""):
        return finding.also
    return (other, *(one for one in finding.also if normal(one.unit) != normal(other.unit)))


def _converted(finding: Finding, unit: str) -> Quantity | None:
    if not isinstance(finding.value, Decimal) or not finding.unit:
        return None
    value = Quantity(finding.value, finding.unit)
    if normal(unit) == normal(finding.unit):
        return value
    given = next((one for one in finding.also if normal(one.unit) == normal(unit)), None)
    if given is not None:
        return given
    test = _test(finding)
    other = convert(test, value, unit) if test is not None else value.to(unit)
    return None if other is None else Quantity(significant(other.value), unit)


def _test(finding: Finding) -> LabTest | None:
    """The laboratory test that says how amounts of the substance convert."""
    named = str(finding.data.get("test"))
    if named in lab_tests():
        return lab_tests()[named]
    key = finding.data.get("metric")
    if key not in metrics():
        return None
    loinc = metric(str(key)).loinc
    return next((test for test in lab_tests().values() if loinc in test.loinc or test.metric == key), None)
