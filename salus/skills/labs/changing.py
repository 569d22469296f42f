"""What changed: from the first to the newest result of a period, and from the one before to the newest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from salus.knowledge.labs import LabTest, convert
from salus.records.finding import Finding, Result, Unknown
from salus.records.text import T, Text
from salus.records.times import Period
from salus.records.units import Quantity
from salus.skills.labs import charts, comparing, findings
from salus.skills.labs.answers import MOST_LISTED, QUESTIONS, none
from salus.skills.labs.judging import lang_name, verdict_text
from salus.skills.labs.readings import Reading, readings
from salus.skills.labs.series import left_out, unsettled
from salus.skills.labs.whom import whom
from salus.vault.view import VaultView

POINTS = {"%": "%{points}"}
"""A difference of percentages is said in points, so that nobody takes it for a share of the first value."""
STEADY = Decimal("0.02")
"""A change of at most this share of the first value is called steady."""


def change(view: VaultView, test: LabTest, period: Period | None, *, trend: bool) -> Result:
    """The first and the newest result of a period and the difference; a trend adds those between."""
    who = whom(view)
    found = [r for r in readings(view, test, period) if r.value is not None and not r.comparator and r.time]
    numeric, left = [r for r in found if not r.others], [r for r in found if r.others]
    if left and len(numeric) < 2:
        return unsettled(left, test)
    numeric.sort(key=_moment)
    if not numeric:
        return none(view, test, period)
    if len(numeric) == 1:
        finding, _ = findings.of(numeric[0], test, who)
        return Result(
            (finding,),
            (
                Unknown(
                    T(
                        "There is only one result for {test} in that period, so no change can be told.",
                        test=lang_name(test),
                    )
                    if period
                    else T("There is only one result for {test}, so no change can be told.", test=lang_name(test)),
                    T("A second result is needed."),
                ),
            ),
            (finding.statement,),
        )
    first, last = numeric[0], numeric[-1]
    assert first.value is not None and last.value is not None
    before, _ = findings.of(first, test, who)
    after, judged = findings.of(last, test, who)
    start = convert(test, first.value, last.value.unit) if first.value.unit != last.value.unit else first.value
    if start is None:
        return Result(
            (before, after),
            (Unknown(T("The two results are in units that Salus cannot convert, so the change is not told.")),),
            (before.statement, after.statement),
        )
    difference = _difference(test, first, last, start, numeric)
    between = [findings.of(r, test, who)[0] for r in numeric[1:-1][-MOST_LISTED:]] if trend else []
    said = [difference.statement, before.statement, after.statement, verdict_text(judged)]
    against = comparing.of(test, first, last, view.person)
    drawn = charts.drawn(sorted(found, key=_moment)[::-1], test, who)
    difference = comparing.told(findings.with_data(difference, chart=drawn), against, test)
    difference = replace(difference, caveats=(*left_out(left, view), *difference.caveats))
    said += left_out(left, view)
    if against.change.verdict != "unknown":
        said.append(comparing.verdict_text(against))
    elif against.why == "variation" and test.specimen not in ("body", QUESTIONS):
        said.append(comparing.variation_unknown())
    return Result((difference, before, after, *between), (), tuple(said))


def _moment(reading: Reading) -> tuple[date, float]:
    return reading.time.sort_key() if reading.time else (date.min, 0.0)


def _difference(test: LabTest, first: Reading, last: Reading, start: Quantity, all_: list[Reading]) -> Finding:
    assert last.value is not None and first.value is not None
    raw = last.value.value - start.value
    same_unit = first.value.unit == last.value.unit
    amount = raw if same_unit else findings.significant(raw)
    steady = abs(raw) <= STEADY * abs(start.value)
    direction = "flat" if steady else "up" if raw > 0 else "down"
    points = []
    for reading in all_[-400:]:
        value = convert(test, reading.value, last.value.unit) if reading.value else None
        if value is not None and reading.time is not None:
            points.append([reading.time.first.isoformat(), float(findings.significant(value.value))])
    return Finding(
        kind="change",
        statement=_change_words(test, direction, Quantity(abs(amount), POINTS.get(last.value.unit, last.value.unit))),
        value=amount,
        unit=last.value.unit or None,
        code=last.code,
        time=last.time,
        method=T("The newest result less the first one of the period, in the newest one’s unit."),
        evidence=(*findings.evidences(first), *findings.evidences(last)),
        caveats=(T("Part of a change can be ordinary variation between days and laboratories."),),
        data={"direction": direction, "points": points, "unit": last.value.unit},
    )


def _change_words(test: LabTest, direction: str, by: Quantity) -> Text:
    name = lang_name(test)
    if direction == "up":
        return T("Your {test} went up by {amount}.", test=name, amount=by)
    if direction == "down":
        return T("Your {test} went down by {amount}.", test=name, amount=by)
    return T("Your {test} hardly moved (by {amount}).", test=name, amount=by)


def since_before(view: VaultView, test: LabTest, period: Period | None) -> Result:
    """The newest result against the one before: a real change, or within the usual variation."""
    found = readings(view, test, period)
    dated = [reading for reading in found if reading.time is not None]
    if not dated:
        return none(view, test, period)
    who = whom(view)
    after, _ = findings.of(dated[0], test, who)
    after = findings.with_data(after, chart=charts.drawn(found, test, who))
    if len(dated) == 1:
        alone = T("There is only one result for {test}, so no change can be told.", test=lang_name(test))
        return Result((after,), (Unknown(alone, T("A second result is needed.")),), (after.statement,))
    before, _ = findings.of(dated[1], test, who)
    against = comparing.of(test, dated[1], dated[0], view.person)
    after = comparing.told(after, against, test)
    said = (
        after.statement, comparing.verdict_text(against), *comparing.moves_texts(against, test),
        *findings.clashes(dated[:2]),
    )  # fmt: skip
    left = (
        ()
        if against.change.verdict != "unknown"
        else (Unknown(T("Whether {test} really changed cannot be told.", test=lang_name(test))),)
    )
    return Result((after, before), left, said)
