"""What is asked of all the results of one test: the first, the highest, the mean, how many, all of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from salus.knowledge.labs import LabTest, convert
from salus.records.finding import Evidence, Finding, Result, Unknown
from salus.records.text import TN, On, T, Text
from salus.records.times import Period, When
from salus.records.units import Quantity
from salus.skills.labs import charts, findings
from salus.skills.labs.answers import MOST_LISTED, QUESTIONS, none
from salus.skills.labs.judging import lang_name, verdict_text
from salus.skills.labs.readings import Reading, readings
from salus.skills.labs.whom import whom
from salus.vault.view import VaultView

MOST_CITED = 20
"""Measurements that a figure over many names, each with all its records."""


def earliest(view: VaultView, test: LabTest, period: Period | None) -> Result:
    """The first result there is, of the period or of all."""
    who = whom(view)
    dated = [r for r in readings(view, test, period) if r.time is not None]
    if not dated:
        return none(view, test, period)
    first = min(dated, key=lambda r: r.time.sort_key() if r.time else (view.today, 0.0))
    finding, judged = findings.of(first, test, who)
    said = finding.statement
    if period is None:
        said = T("{statement} That is the first one in your records.", statement=finding.statement)
    shown = [] if test.specimen == QUESTIONS or judged.doubt else [verdict_text(judged)]
    return Result((finding,), (), (said, *shown, *finding.caveats))


def previous(view: VaultView, test: LabTest, period: Period | None) -> Result:
    """The result before the newest one."""
    who = whom(view)
    found = [r for r in readings(view, test, period) if r.time is not None]
    if not found:
        return none(view, test, period)
    newest, _ = findings.of(found[0], test, who)
    if len(found) == 1:
        alone = T("There is only one result for {test}.", test=lang_name(test))
        return Result((newest,), (Unknown(alone),), (newest.statement,))
    before, judged = findings.of(found[1], test, who)
    said = T("The one before the latest: {statement}", statement=before.statement)
    shown = [] if test.specimen == QUESTIONS or judged.doubt else [verdict_text(judged)]
    return Result((before,), (), (said, *shown, *before.caveats))


def count(view: VaultView, test: LabTest, period: Period | None) -> Result:
    """How many results there are. None is not zero: it is what the records do not hold."""
    who = whom(view)
    found = readings(view, test, period)
    if not found:
        return none(view, test, period)
    name = lang_name(test)
    said = (
        TN("Your records hold {n} result for {test}.", "Your records hold {n} results for {test}.", len(found),
           test=name) if period is None else
        TN("Your records hold {n} result for {test} in that period.",
           "Your records hold {n} results for {test} in that period.", len(found), test=name)
    )  # fmt: skip
    finding = Finding(
        kind="count", statement=said, value=Decimal(len(found)), unit=None, code=found[0].code, time=None,
        method=T("Counted from your records."), evidence=tuple(_evidence(found)),
    )  # fmt: skip
    latest, _ = findings.of(found[0], test, who)
    return Result(
        (finding, latest),
        (),
        (said, T("The latest: {statement}", statement=latest.statement), *findings.clashes(found)),
    )


def listed(view: VaultView, test: LabTest, period: Period | None) -> Result:
    """Every result, newest first."""
    who = whom(view)
    found = readings(view, test, period)
    if not found:
        return none(view, test, period)
    made = [findings.of(reading, test, who)[0] for reading in found[:MOST_LISTED]]
    made[0] = findings.with_data(made[0], chart=charts.drawn(found, test, who))
    said = [
        line for finding, reading in zip(made, found, strict=False)
        for line in (finding.statement, findings.clash(reading)) if line is not None
    ]  # fmt: skip
    return Result(tuple(made), (), tuple(said))


def extreme(view: VaultView, test: LabTest, period: Period | None, *, highest: bool) -> Result:
    """The highest or lowest figure, compared in one unit."""
    who = whom(view)
    numeric = [r for r in readings(view, test, period) if r.value is not None and not r.comparator]
    comparable: list[tuple[Decimal, Reading]] = []
    for reading in (side for one in numeric for side in one.sides if side.value is not None and not side.comparator):
        assert reading.value is not None
        same = convert(test, reading.value, test.unit) if reading.value.unit else reading.value
        if same is not None and (reading.value.unit or not any(r.value and r.value.unit for r in numeric)):
            comparable.append((same.value, reading))
    if not comparable:
        return none(view, test, period)
    pick = max(comparable, key=lambda p: p[0]) if highest else min(comparable, key=lambda p: p[0])
    finding, judged = findings.of(pick[1], test, who)
    lead = _extreme_words(test, findings.shown(pick[1]), findings.local(pick[1], view.person), highest)
    shown = [] if test.specimen == QUESTIONS or judged.doubt else [verdict_text(judged)]
    return Result((finding,), (), (lead, *shown, *findings.clashes([pick[1]])))


def _extreme_words(test: LabTest, value: Text | Quantity | str, when: When | None, highest: bool) -> Text:
    name = lang_name(test)
    if when is None:
        if highest:
            return T("Your highest {test}: {value} (the record gives no date).", test=name, value=value)
        return T("Your lowest {test}: {value} (the record gives no date).", test=name, value=value)
    if highest:
        return T("Your highest {test}: {value} {on_date}.", test=name, value=value, on_date=On(when))
    return T("Your lowest {test}: {value} {on_date}.", test=name, value=value, on_date=On(when))


def average(view: VaultView, test: LabTest, period: Period | None) -> Result:
    """The plain mean of the results, in the newest one's unit. What its sources disagree on is left out, and said."""
    found = [r for r in readings(view, test, period) if r.value is not None and not r.comparator and r.value.unit]
    numeric, left = [r for r in found if not r.others], [r for r in found if r.others]
    if left and not numeric:
        return unsettled(left, test)
    if not numeric:
        return none(view, test, period)
    assert numeric[0].value is not None
    unit = numeric[0].value.unit
    values = [same.value for r in numeric if r.value and (same := convert(test, r.value, unit)) is not None]
    mean = findings.significant(sum(values, Decimal(0)) / len(values))
    finding = Finding(
        kind="average",
        statement=TN("Your {test} averages {value} over {n} result.", "Your {test} averages {value} over {n} results.",
                     len(values), test=lang_name(test), value=Quantity(mean, unit)),
        value=mean, unit=unit, code=numeric[0].code, time=numeric[0].time,
        method=T("The mean of the results of the period, each in the newest one’s unit."),
        evidence=tuple(_evidence([*numeric, *left])), caveats=left_out(left, view), data={"n": len(values)},
    )  # fmt: skip
    return Result((finding,), (), (finding.statement, *finding.caveats))


def left_out(found: Sequence[Reading], view: VaultView) -> tuple[Text, ...]:
    """That measurements whose sources disagree are not used in a figure, each with its day and both sides."""
    return tuple(
        T("Left out is the result {on_date}. {clash}", on_date=On(when), clash=text)
        if (when := findings.local(reading, view.person)) is not None
        else T("Left out is a result without a date. {clash}", clash=text)
        for reading in found[:findings.MOST_CLASHES] if (text := findings.clash(reading)) is not None
    )  # fmt: skip


def unsettled(found: Sequence[Reading], test: LabTest) -> Result:
    """Nothing but measurements whose sources disagree: no figure, and what they say."""
    return Result(
        unknown=(
            Unknown(
                T("Your sources do not agree on your {test}, so Salus gives no figure.", test=lang_name(test)),
                findings.clash(found[0]), tuple(_evidence(list(found))),
            ),
        )
    )  # fmt: skip


def _evidence(found: list[Reading]) -> list[Evidence]:
    return [one for reading in found[:MOST_CITED] for one in findings.evidences(reading)]
