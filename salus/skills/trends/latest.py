"""The newest figure, or the first: one reading with its digits, or one day of what adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from salus.records.finding import Evidence, Finding, Result
from salus.records.metrics import Metric
from salus.records.sample import Sample
from salus.records.text import On, T, Text
from salus.records.times import Period, When, from_ms
from salus.records.units import Quantity
from salus.skills.trends import saying
from salus.skills.trends.frame import Frame, nothing
from salus.skills.trends.observed import Observed, observed
from salus.skills.trends.proof import EXCERPT, code_of, of_resource
from salus.skills.trends.scale import reading
from salus.skills.trends.series import Series, load
from salus.skills.trends.twice import COUNTS_ONCE, same_moment, same_value
from salus.vault.view import VaultView, exact

CHART_DAYS = 30


def first(view: VaultView, metric: Metric, asked: Period | None) -> Result:
    """The earlier of the first sample and the first Observation."""
    if metric.kind != "sample":
        return _first_day(view, metric, asked)
    both = (_sample(view, metric, asked, oldest=True), _observation(view, metric, asked, oldest=True))
    found = [f for f in both if f is not None]
    if not found:
        return Result(unknown=(nothing(view, metric, asked),))
    earliest = min(found, key=lambda f: f.time.sort_key() if f.time else (view.today, 0.0))
    if len(found) == 2 and one_reading_twice(*found):
        earliest = told_twice(*found)
    return Result((earliest,), answer=(earliest.statement, *earliest.caveats))


def _first_day(view: VaultView, metric: Metric, asked: Period | None) -> Result:
    series = load(view, metric.key, asked or Period())
    if not isinstance(series, Series):
        return Result(unknown=(nothing(view, metric, asked),))
    frame, point = Frame(view, asked, series), series.points[0]
    value = series.scale.quantity(point.value)
    said = T("Your first day with {metric} is {day}: {value}.", metric=saying.name(metric), day=point.day, value=value)
    main = frame.finding(
        "first", said, value, frame.method(T("The first day that has data.")), points=(point,), caveats=()
    )
    return Result((main,), answer=(said,))


def latest(view: VaultView, metric: Metric, asked: Period | None) -> Result:
    """The newer of the last sample and the last Observation; both where they are one reading."""
    if metric.kind != "sample":
        return _latest_day(view, metric, asked)
    own, charted = _sample(view, metric, asked), _observation(view, metric, asked)
    found = [f for f in (own, charted) if f is not None]
    if not found:
        return Result(unknown=(nothing(view, metric, asked),))
    newest = max(found, key=lambda f: f.time.sort_key() if f.time else (view.today, 0.0))
    if own is not None and charted is not None and one_reading_twice(own, charted):
        newest = told_twice(own, charted)
    return Result((newest,), answer=(newest.statement, *newest.caveats))


def one_reading_twice(own: Finding, charted: Finding) -> bool:
    """A reading of the person's own and one of the records that are the same: the same minute, the same value."""
    same_minute = same_moment(own.time, charted.time)
    value, other = own.value, charted.value
    if not same_minute or not isinstance(value, Decimal) or not isinstance(other, Decimal):
        return False
    return same_value(Quantity(value, own.unit or ""), Quantity(other, charted.unit or ""))


def told_twice(own: Finding, charted: Finding) -> Finding:
    """One finding of both, which rests on both."""
    method = T("{how} {once}", how=own.method, once=COUNTS_ONCE)
    return replace(own, method=method, evidence=(*own.evidence, *charted.evidence), caveats=charted.caveats)


def _latest_day(view: VaultView, metric: Metric, asked: Period | None) -> Result:
    last = view.metric_span(metric.key)
    until = min(filter(None, (asked.last if asked else None, last.last if last else None)), default=view.today)
    since = asked.first if asked else None
    near = until - timedelta(days=CHART_DAYS)
    series = load(view, metric.key, Period(max(since, near) if since else near, until))
    if series is None:
        series = load(view, metric.key, Period(since, until))
    if not isinstance(series, Series):
        return Result(unknown=(nothing(view, metric, asked),))
    frame, point = Frame(view, asked, series), series.points[-1]
    value = series.scale.quantity(point.value)
    said = saying.latest_day(metric, value, point.day, view.today)
    main = frame.finding(
        "latest", said, value, frame.method(T("The newest day that has data.")), points=(point,),
        caveats=(frame.unfinished,) if frame.unfinished else (),
    )  # fmt: skip
    return Result((main,), answer=(said, *main.caveats))


def newest_sample(view: VaultView, key: str, asked: Period | None) -> Sample | None:
    found = view.samples(key, asked or Period(), newest=1)
    return found[0] if found and exact(found[0]) is not None else None


def oldest_sample(view: VaultView, key: str, asked: Period | None) -> Sample | None:
    days = view.days(key, asked or Period())
    found = view.samples(key, Period(days[0].day, days[0].day)) if days else []
    return found[0] if found and exact(found[0]) is not None else None


def sample_evidence(sample: Sample, when: When) -> Evidence:
    day = when.first.isoformat()
    said = f"{when.text}: {exact(sample)} {sample.unit}".strip()
    return Evidence("samples", f"samples/{sample.metric}/{day}/{day}", sample.origin, when, said[:EXCERPT])


def one_reading(metric: Metric, value: Quantity, when: date | When, oldest: bool) -> Text:
    args = {"metric": saying.name(metric), "value": value, "on_when": On(when)}
    if oldest:
        return T("Your first recorded {metric} was {value}, {on_when}.", **args)
    return T("Your latest {metric} was {value}, {on_when}.", **args)


def _sample(view: VaultView, metric: Metric, asked: Period | None, *, oldest: bool = False) -> Finding | None:
    sample = (oldest_sample if oldest else newest_sample)(view, metric.key, asked)
    value = exact(sample) if sample else None
    if sample is None or value is None:
        return None
    moment = from_ms(sample.start, view.person.zone)
    shown, also = reading(metric, value, sample.unit)
    when = When.of_instant(moment)
    return Finding(
        "first" if oldest else "latest", one_reading(metric, shown, moment, oldest),
        shown.value, shown.unit or None, code_of(metric), when,
        T("The first reading.") if oldest else T("The newest reading."),
        (sample_evidence(sample, when),), also=also, data={"metric": metric.key},
    )  # fmt: skip


def _observation(view: VaultView, metric: Metric, asked: Period | None, *, oldest: bool = False) -> Finding | None:
    found = observed(view, metric.key, asked or Period(), newest=None if oldest else 1)
    if not found:
        return None
    one = found[-1]
    shown, also = reading(metric, one.value.value, one.value.unit)
    day = one.told(view.person.zone)
    return Finding(
        "first" if oldest else "latest", one_reading(metric, shown, day, oldest),
        shown.value, shown.unit or None, code_of(metric), one.when,
        T("The first measurement in your medical records.") if oldest
        else T("The newest measurement in your medical records."), cited(one), also=also,
        caveats=(one.clash,) if one.clash else (), data={"metric": metric.key},
    )  # fmt: skip


def cited(one: Observed) -> tuple[Evidence, ...]:
    """Every record of a measurement, the one that speaks with its value."""
    return (of_resource(one.resource, one.value), *(of_resource(resource) for resource in one.also_in))
