"""What is asked of results: the latest, a panel, what is out of range, what changed, all of them, what it means."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from salus.knowledge.labs import LabTest, Panel, tests
from salus.records.finding import Finding, Result, Unknown
from salus.records.resource import codings
from salus.records.text import TN, Named, T, Text
from salus.records.times import Period
from salus.skills.labs import charts, comparing, findings
from salus.skills.labs.coming_next import step_text
from salus.skills.labs.judging import Judged, any_out, critical_text, lang_name, meaning, verdict_text
from salus.skills.labs.newest_each import newest_of_each
from salus.skills.labs.readings import Reading, newest, readings
from salus.skills.labs.whom import whom
from salus.vault.view import VaultView

MOST_LISTED = 40
QUESTIONS = "questionnaire"
"""The specimen of what was asked, not measured: no range is looked for."""
FRESH_VITAL_DAYS = 120


def latest(view: VaultView, test: LabTest, period: Period | None) -> Result:
    """The newest result and its range; what it can mean and what usually comes next when out of it; a real change."""
    who = whom(view)
    few = readings(view, test, limit=charts.FEW)
    found = next((one for one in few if one.time is not None), None) if period is None else None
    found = found or newest(view, test, period)
    if found is None:
        return _kin(view, test, period) or none(view, test, period)
    finding, judged = findings.of(found, test, who)
    said = [finding.statement]
    worded = found.value is None and judged.by == "nothing"
    if test.specimen != QUESTIONS and not judged.doubt and not worded:
        said.append(verdict_text(judged))
    more = (critical_text(judged), meaning(test, judged), step_text(test, judged))
    said += [text for text in more if text is not None]
    said += list(finding.caveats)
    finding = findings.with_data(finding, chart=charts.drawn(few, test, who))
    if (against := comparing.before(few, test, found, view.person)) is not None:
        finding = comparing.told(finding, against, test)
        if against.changed:
            said.append(comparing.verdict_text(against))
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
    who = whom(view)
    found: list[tuple[Finding, Judged, LabTest]] = []
    clashes: list[Text] = []
    for test in members:
        got = newest(view, test, period)
        if got is not None:
            finding, judged = findings.of(got, test, who)
            found.append((finding, judged, test))
            clashes += findings.clashes([got])
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
    said += clashes
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
    if (judged.doubt or judged.by == "clash") and finding.caveats:
        return T("{statement} {doubt}", statement=finding.statement, doubt=finding.caveats[0])
    return T("{statement} No range to compare with.", statement=finding.statement)


def _sided(finding: Finding, limits: Text | None, bare: Text, full: Text) -> Text:
    return T("{statement} It is {place}.", statement=finding.statement, place=full if limits is not None else bare)


def out_of_range(view: VaultView, period: Period | None, only: frozenset[str] | None) -> Result:
    """Every latest result that is outside its range, worst first; `only` limits it to some tests."""
    who = whom(view)
    out: list[tuple[Finding, Judged, LabTest | None]] = []
    checked: list[Reading] = []
    unjudged: list[Reading] = []
    for reading, test in newest_of_each(view, period):
        if only is not None and (test is None or test.key not in only):
            continue
        if only is None and period is None and _stale(reading, test, view):
            continue
        finding, judged = findings.of(reading, test, who)
        beyond = judged.out or (bool(reading.others) and any_out(reading, test, who))
        (unjudged if judged.where == "unknown" and not beyond else checked).append(reading)
        if beyond:
            out.append((finding, judged, test))
    if not checked and unjudged:
        return Result(unknown=(_no_ranges(unjudged),))
    if not checked:
        return Result(
            unknown=(
                Unknown(
                    T("Your records hold no results to check.")
                    if period is None
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
        None, tuple(one for reading in found[:20] for one in findings.evidences(reading)),
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
            "The latest result of each test, against the range printed by the laboratory or the person’s usual range."
        ),
        evidence=tuple(one for reading in checked[:20] for one in findings.evidences(reading)),
    )


def meant(view: VaultView, test: LabTest) -> Result:
    """What a test looks at, and the person's newest result of it."""
    about = T("{words}", words=Named(test.about("en"), test.about("fr")))
    own = latest(view, test, None)
    return Result(own.findings, own.unknown, (about, *own.answer))


def latest_day(view: VaultView, period: Period | None) -> Result:
    """The newest day with laboratory results, and what they were (vital signs apart)."""
    who = whom(view)
    found = [
        (reading, test)
        for reading, test in newest_of_each(view, period)
        if reading.time is not None and (test is None or test.metric is None) and _laboratory(reading)
    ]
    if not found:
        return Result(unknown=(_no_results(period),))
    day = max(reading.time.day_in(view.person.zone) for reading, _ in found if reading.time)
    same_day = [(r, t) for r, t in found if r.time and r.time.day_in(view.person.zone) == day][:MOST_LISTED]
    made = [findings.of(reading, test, who) for reading, test in same_day]
    lead = (
        T("Your latest laboratory results are from {date}.", date=day)
        if period is None
        else T("The latest laboratory results of that period are from {date}.", date=day)
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
    who = whom(view)
    made = []
    for reading, test in newest_of_each(view, None):
        finding, _ = findings.of(reading, test, who)
        named = lang_name(test) if test else reading.name
        made.append(replace(finding, data={**finding.data, "name": str(named)}))
    if not made:
        return Result(
            unknown=(Unknown(T("Your records hold no results."), T("Import a laboratory report or a medical record.")),)
        )
    return Result(tuple(made))
