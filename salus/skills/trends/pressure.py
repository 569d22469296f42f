"""Blood pressure: the upper and the lower number asked for together and said together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from salus.records.finding import Evidence, Finding, Result, Unknown
from salus.records.metrics import metric
from salus.records.text import Named, On, T, Text
from salus.records.times import Period, When, from_ms
from salus.records.units import Quantity
from salus.skills.trends import measures
from salus.skills.trends.frame import Frame, nothing, unsettled
from salus.skills.trends.latest import newest_sample, oldest_sample, one_reading, sample_evidence
from salus.skills.trends.observed import observed, told
from salus.skills.trends.proof import code_of, of_resource
from salus.skills.trends.query import TrendsQuery
from salus.skills.trends.scale import reading
from salus.skills.trends.series import Clashing, Series, load
from salus.skills.trends.trend import recent, trend
from salus.skills.trends.twice import COUNTS_ONCE, same_moment, same_value
from salus.vault.view import VaultView, exact

UPPER, LOWER = "systolic", "diastolic"
NAME = Named("blood pressure", "tension artérielle")


@dataclass(frozen=True)
class _Pair:
    """One measurement. `lower` is None when only the upper number was recorded."""

    upper: Quantity
    lower: Quantity | None
    when: When
    evidence: tuple[Evidence, ...]
    caveats: tuple[Text, ...] = ()


def pressure(view: VaultView, query: TrendsQuery) -> Result:
    """Both numbers, for any measure."""
    if query.measure in ("latest", "first"):
        return _one(view, query.period, oldest=query.measure == "first")
    upper, lower = (load(view, key, query.period or Period()) for key in (UPPER, LOWER))
    for key, series in ((UPPER, upper), (LOWER, lower)):
        if isinstance(series, Clashing):
            return Result(unknown=(unsettled(metric(key), series),))
    if not isinstance(upper, Series) or not isinstance(lower, Series):
        return Result(unknown=(_none(view, query.period),))
    if query.measure == "trend" and query.period is None:
        upper, lower = (replace(series, points=recent(series.points)) for series in (upper, lower))
    frames = [Frame(view, query.period, series) for series in (upper, lower)]
    if query.measure in ("average", "total"):
        return _average(*frames)
    if query.measure == "count":
        return measures.count(frames[0])
    if query.measure == "trend":
        parts = [trend(frame) for frame in frames]
    else:
        parts = [measures.extreme(frame, "min" if query.measure == "min" else "max") for frame in frames]
    return Result(
        tuple(f for part in parts for f in part.findings),
        tuple(u for part in parts for u in part.unknown),
        _each_once(parts),
    )


def _each_once(parts: list[Result]) -> tuple[Text, ...]:
    said: list[Text] = []
    for part in parts:
        said += [text for text in part.answer if text not in said]
    return tuple(said)


def _none(view: VaultView, asked: Period | None) -> Unknown:
    found = nothing(view, metric(UPPER), asked)
    return Unknown(Text(found.what.template, {**found.what.args, "metric": NAME}), found.needed, found.evidence)


def _average(upper: Frame, lower: Frame) -> Result:
    found = [measures.average(frame).findings[0] for frame in (upper, lower)]
    values = [frame.series.scale.quantity(frame.series.average()) for frame in (upper, lower)]
    said = T(
        "Your average blood pressure was {upper}/{lower} {when}.",
        upper=values[0].value, lower=values[1], when=upper.when,
    )  # fmt: skip
    left = tuple({text.plain(): text for frame in (upper, lower) for text in frame.left_out}.values())
    found = [replace(f, data={**f.data, "readings": upper.series.readings}) for f in found]
    return Result(tuple(found), answer=(said, *left))


def _one(view: VaultView, asked: Period | None, *, oldest: bool) -> Result:
    """The newest measurement, or the first."""
    own, charted = _of_samples(view, asked, oldest), _of_records(view, asked, oldest)
    pairs = [p for p in (own, charted) if p is not None]
    if not pairs:
        return Result(unknown=(_none(view, asked),))
    pair = (min if oldest else max)(pairs, key=lambda p: p.when.sort_key())
    how = T("The first measurement.") if oldest else T("The newest measurement.")
    if own is not None and charted is not None and _same(own, charted):
        pair = replace(own, evidence=(*own.evidence, *charted.evidence))
        how = T("{how} {once}", how=how, once=COUNTS_ONCE)
    day = told(pair.when, view.person.zone)
    findings = []
    for key, value in ((UPPER, pair.upper), (LOWER, pair.lower)):
        if value is not None:
            row = metric(key)
            shown, also = reading(row, value.value, value.unit)
            said = one_reading(row, shown, day, oldest)
            findings.append(
                Finding(
                    "first" if oldest else "latest", said, shown.value, shown.unit or None, code_of(row), pair.when,
                    how, pair.evidence, also=also, caveats=pair.caveats, data={"metric": key},
                )
            )  # fmt: skip
    if pair.lower is None:
        return Result(
            tuple(findings), (Unknown(T("The lower number of that measurement was not recorded.")),),
            (findings[0].statement,),
        )  # fmt: skip
    numbers: dict[str, Any] = {
        "upper": _number(findings[0]), "lower": Quantity(_number(findings[1]), findings[1].unit or ""),
        "on_when": On(day),
    }  # fmt: skip
    text = (
        T("Your first recorded blood pressure was {upper}/{lower}, {on_when}.", **numbers) if oldest
        else T("Your latest blood pressure was {upper}/{lower}, {on_when}.", **numbers)
    )  # fmt: skip
    return Result(tuple(findings), answer=(text, *pair.caveats))


def _same(own: _Pair, charted: _Pair) -> bool:
    """Both numbers, at the same minute."""
    if own.lower is None or charted.lower is None or not same_moment(own.when, charted.when):
        return False
    return same_value(own.upper, charted.upper) and same_value(own.lower, charted.lower)


def _number(finding: Finding) -> Decimal:
    assert isinstance(finding.value, Decimal)
    return finding.value


def _of_samples(view: VaultView, asked: Period | None, oldest: bool) -> _Pair | None:
    sample = (oldest_sample if oldest else newest_sample)(view, UPPER, asked)
    value = exact(sample) if sample else None
    if sample is None or value is None:
        return None
    when = When.of_instant(from_ms(sample.start, view.person.zone))
    same_day = view.samples(LOWER, Period(when.first, when.first))
    other = next((s for s in same_day if s.start == sample.start and s.origin == sample.origin), None)
    low = exact(other) if other else None
    proofs = [sample_evidence(sample, when)] + ([sample_evidence(other, when)] if other else [])
    lower = Quantity(low, other.unit) if other and low is not None else None
    return _Pair(Quantity(value, sample.unit), lower, when, tuple(proofs))


def _of_records(view: VaultView, asked: Period | None, oldest: bool) -> _Pair | None:
    found = observed(view, UPPER, asked or Period(), newest=None if oldest else 1)
    if not found:
        return None
    one = found[-1]
    day = one.when.day_in(view.person.zone)  # the record's own offset may show another day
    near = observed(view, LOWER, Period(day, day if one.when.instant else one.when.last))
    other = next((o for o in near if {r.ref for r in o.resources} & {r.ref for r in one.resources}), None) or next(
        (o for o in near if o.when == one.when), None
    )
    both = [one, *([other] if other is not None else [])]
    resources = {resource.ref: resource for each in both for resource in each.resources}
    return _Pair(
        one.value, other.value if other else None, one.when, tuple(of_resource(r) for r in resources.values()),
        tuple(each.clash for each in both if each.clash is not None),
    )  # fmt: skip
