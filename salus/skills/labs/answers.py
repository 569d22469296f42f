"""What is asked of results: the latest, a panel, what is out of range, what changed, all of them, what it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from salus.knowledge.labs import LabTest, Panel, by_loinc, convert, tests
from salus.records.codes import LOINC
from salus.records.finding import Finding, Result, Unknown
from salus.records.resource import codings
from salus.records.text import TN, Named, T, Text
from salus.records.times import Period
from salus.records.units import Quantity
from salus.skills.labs import findings
from salus.skills.labs.judging import Judged, critical_text, lang_name, meaning, verdict_text
from salus.skills.labs.readings import Reading, newest, of_codes, readings
from salus.vault.view import VaultView

MOST_LISTED = 40
QUESTIONS = "questionnaire"
"""The specimen of what was asked, not measured: no range is looked for."""
FRESH_VITAL_DAYS = 120
POINTS = {"%": "%{points}"}
"""A difference of percentages is said in points, so that nobody takes it for a share of the first value."""
STEADY = Decimal("0.02")
"""A change of at most this share of the first value is called steady."""


def latest(view: VaultView, test: LabTest, period: Period | None) -> Result:
    """The newest result, its range, and what it can mean when out of it."""
    found = newest(view, test, period)
    if found is None:
        return _kin(view, test, period) or none(view, test, period)
    finding, judged = findings.of(found, test, view.person)
    said = [finding.statement]
    worded = found.value is None and judged.by == "nothing"
    if test.specimen != QUESTIONS and not judged.doubt and not worded:
        said.append(verdict_text(judged))
    said += [text for text in (critical_text(judged), meaning(test, judged)) if text is not None]
    said += list(finding.caveats)
    return Result((finding,), (), tuple(said))


def _kin(view: VaultView, test: LabTest, period: Period | None) -> Result | None:
    """The same question answered in another form (urea for urea nitrogen), where that is what there is."""
    for key in test.kin:
        other = tests()[key]
        if newest(view, other, period) is not None:
            found, missing = latest(view, other, period), none(view, test, period).unknown[0]
            return replace(found, unknown=(Unknown(missing.what, T("It is close to {test}.", test=lang_name(other))),))
    return None


def none(view: VaultView, test: LabTest, period: Period | None) -> Result:
    """No result: said, with what would be needed."""
    name = lang_name(test)
    if period is not None and newest(view, test) is not None:
        return Result(
            unknown=(
                Unknown(
                    T("Your records hold no result for {test} in that period.", test=name),
                    T("They hold some from other dates: ask without a period to see the latest."),
                ),
            )
        )
    return Result(
        unknown=(
            Unknown(
                T("Your records hold no result for {test}.", test=name),
                T("To know it, import a laboratory report that has it."),
            ),
        )
    )


def panel(view: VaultView, asked: Panel, members: list[LabTest], period: Period | None) -> Result:
    """The newest result of each member that has one."""
    found: list[tuple[Finding, Judged, LabTest]] = []
    for test in members:
        got = newest(view, test, period)
        if got is not None:
            finding, judged = findings.of(got, test, view.person)
            found.append((finding, judged, test))
    name = Named(asked.en, asked.fr)
    if not found:
        return Result(
            unknown=(
                Unknown(
                    T("Your records hold no results for {panel}.", panel=name)
                    if period is None
                    else T("Your records hold no results for {panel} in that period.", panel=name),
                    T("To know it, import a laboratory report that has it."),
                ),
            )
        )
    said = [_summary(found)]
    said += [_line(finding, judged) for finding, judged, _ in found]
    for _, judged, test in found:
        said += [text for text in (critical_text(judged), meaning(test, judged)) if text is not None]
    return Result(tuple(f for f, _, _ in found), (), tuple(said))


def _summary(found: list[tuple[Finding, Judged, LabTest]]) -> Text:
    out = [lang_name(test) for _, judged, test in found if judged.out]
    unknown = any(judged.where == "unknown" for _, judged, _ in found)
    if out:
        return T("Out of range: {tests}.", tests=out)
    if unknown:
        return T("Nothing is out of range among those that have a range.")
    return T("All of these are within range.")


def _line(finding: Finding, judged: Judged) -> Text:
    limits = judged.limits
    if judged.side == "high":
        return _sided(finding, limits, T("above range"), T("above range ({range})", range=limits))
    if judged.side == "low":
        return _sided(finding, limits, T("below range"), T("below range ({range})", range=limits))
    if judged.where == "normal":
        return _sided(finding, limits, T("in range"), T("in range ({range})", range=limits))
    if judged.doubt and finding.caveats:
        return T("{statement} {doubt}", statement=finding.statement, doubt=finding.caveats[0])
    return T("{statement} No range to compare with.", statement=finding.statement)


def _sided(finding: Finding, limits: Text | None, bare: Text, full: Text) -> Text:
    return T("{statement} It is {place}.", statement=finding.statement, place=full if limits is not None else bare)


def out_of_range(view: VaultView, period: Period | None, only: frozenset[str] | None) -> Result:
    """Every latest result that is outside its range, worst first; `only` limits it to some tests."""
    out: list[tuple[Finding, Judged, LabTest | None]] = []
    checked: list[Reading] = []
    unjudged: list[Reading] = []
    for reading, test in _newest(view, period):
        if only is not None and (test is None or test.key not in only):
            continue
        if only is None and period is None and _stale(reading, test, view):
            continue
        finding, judged = findings.of(reading, test, view.person)
        (unjudged if judged.where == "unknown" else checked).append(reading)
        if judged.out:
            out.append((finding, judged, test))
    if not checked and unjudged:
        return Result(unknown=(_no_ranges(unjudged),))
    if not checked:
        return Result(
            unknown=(
                Unknown(
                    T("Your records hold no results to check.") if period is None
                    else T("Your records hold no results to check in that period."),
                    T("To know it, import a laboratory report or a medical record."),
                ),
            )
        )
    out.sort(key=lambda item: not item[1].where.startswith("critical"))
    if out:
        said: list[Text] = [T("These latest results are outside their range:")]
        said += [_line(finding, judged) for finding, judged, _ in out]
        said += [text for _, judged, _ in out if (text := critical_text(judged)) is not None][:1]
        return Result(tuple(f for f, _, _ in out), (), tuple(said))
    count = _checked(checked, view)
    left = (_no_ranges(unjudged),) if unjudged else ()
    return Result((count,), left, (count.statement,))


def _no_ranges(found: list[Reading]) -> Unknown:
    """Results that nothing tells normal from not."""
    return Unknown(
        TN("{n} latest result has no range to compare with, so Salus cannot say if it is normal.",
           "{n} latest results have no range to compare with, so Salus cannot say if they are normal.", len(found)),
        None, tuple(findings.evidence(reading) for reading in found[:20]),
    )  # fmt: skip


def _stale(reading: Reading, test: LabTest | None, view: VaultView) -> bool:
    """A vital sign of months ago says nothing about now: a fever that has gone is not a result to list."""
    if test is None or test.metric is None or reading.time is None:
        return False
    return (view.today - reading.time.last).days > FRESH_VITAL_DAYS


def _checked(checked: list[Reading], view: VaultView) -> Finding:
    return Finding(
        kind="count",
        statement=TN(
            "{n} latest result was checked; it is not outside its range.",
            "None of your {n} latest results is outside its range.",
            len(checked),
        ),
        value=Decimal(len(checked)),
        unit=None,
        code=None,
        time=None,
        method=T(
            "The latest result of each test, against the range printed by the laboratory or the usual adult range."
        ),
        evidence=tuple(findings.evidence(reading) for reading in checked[:20]),
    )


def _newest(view: VaultView, period: Period | None) -> Iterator[tuple[Reading, LabTest | None]]:
    """The newest usable reading of each test (codes of one test taken together), listed or not."""
    seen: set[str] = set()
    latest_of: dict[str, tuple[Reading, LabTest | None]] = {}
    for code, resource in view.newest_per_code("Observation", LOINC):
        test = by_loinc(code)
        key = test.key if test else code
        reading = of_codes(resource, [code])
        inside = period is None or (reading and reading.time and period.covers(reading.time, view.person.zone))
        if reading is None or not inside:
            reading = newest(view, test, period) if test and key not in seen else None
            if reading is None:
                continue
        seen.add(key)
        have = latest_of.get(key)
        if have is None or _later(reading, have[0]):
            latest_of[key] = (reading, test)
    yield from sorted(latest_of.values(), key=lambda pair: pair[1].key if pair[1] else pair[0].name)


def _later(a: Reading, b: Reading) -> bool:
    return a.time is not None and (b.time is None or a.time.sort_key() > b.time.sort_key())


def change(view: VaultView, test: LabTest, period: Period | None, *, trend: bool) -> Result:
    """The first and the newest result of a period and the difference; a trend adds those between."""
    numeric = [r for r in readings(view, test, period) if r.value is not None and not r.comparator and r.time]
    numeric.sort(key=lambda r: r.time.sort_key() if r.time else (view.today, 0.0))
    if not numeric:
        return none(view, test, period)
    if len(numeric) == 1:
        finding, _ = findings.of(numeric[0], test, view.person)
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
    before, _ = findings.of(first, test, view.person)
    after, judged = findings.of(last, test, view.person)
    start = convert(test, first.value, last.value.unit) if first.value.unit != last.value.unit else first.value
    if start is None:
        return Result(
            (before, after),
            (Unknown(T("The two results are in units that Salus cannot convert, so the change is not told.")),),
            (before.statement, after.statement),
        )
    difference = _difference(test, first, last, start, numeric)
    between = [findings.of(r, test, view.person)[0] for r in numeric[1:-1][-MOST_LISTED:]] if trend else []
    said = [difference.statement, before.statement, after.statement, verdict_text(judged)]
    return Result((difference, before, after, *between), (), tuple(said))


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
        evidence=(findings.evidence(first), findings.evidence(last)),
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


def meant(view: VaultView, test: LabTest) -> Result:
    """What a test looks at, and the person's newest result of it."""
    about = T("{words}", words=Named(test.about("en"), test.about("fr")))
    own = latest(view, test, None)
    return Result(own.findings, own.unknown, (about, *own.answer))


def latest_day(view: VaultView, period: Period | None) -> Result:
    """The newest day with laboratory results, and what they were (vital signs apart)."""
    found = [
        (reading, test)
        for reading, test in _newest(view, period)
        if reading.time is not None and (test is None or test.metric is None) and _laboratory(reading)
    ]
    if not found:
        return Result(unknown=(_no_results(period),))
    day = max(reading.time.day_in(view.person.zone) for reading, _ in found if reading.time)
    same_day = [(r, t) for r, t in found if r.time and r.time.day_in(view.person.zone) == day][:MOST_LISTED]
    made = [findings.of(reading, test, view.person) for reading, test in same_day]
    lead = T("Your latest laboratory results are from {date}.", date=day) if period is None else T(
        "The latest laboratory results of that period are from {date}.", date=day
    )
    return Result(tuple(f for f, _ in made), (), (lead, *(_line(f, j) for f, j in made)))


def _laboratory(reading: Reading) -> bool:
    categories = [code.code for concept in reading.resource.body.get("category") or [] for code in codings(concept)]
    return not categories or "laboratory" in categories


def _no_results(period: Period | None) -> Unknown:
    if period is not None:
        return Unknown(
            T("Your records hold no laboratory results in that period."),
            T("To know them, import a laboratory report or a medical record."),
        )
    return Unknown(
        T("Your records hold no laboratory results."),
        T("To know them, import a laboratory report or a medical record."),
    )


def newest_results(view: VaultView) -> Result:
    """The newest result of every test, listed or not, in the order of their names."""
    made = []
    for reading, test in _newest(view, None):
        finding, _ = findings.of(reading, test, view.person)
        named = lang_name(test) if test else reading.name
        made.append(replace(finding, data={**finding.data, "name": str(named)}))
    if not made:
        return Result(
            unknown=(Unknown(T("Your records hold no results."), T("Import a laboratory report or a medical record.")),)
        )
    return Result(tuple(made))
