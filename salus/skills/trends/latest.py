"""The newest figure: the last reading with its digits, or the last day of what adds up."""

from __future__ import annotations

from datetime import timedelta

from salus.records.finding import Evidence, Finding, Result
from salus.records.metrics import Metric
from salus.records.sample import Sample
from salus.records.text import T
from salus.records.times import Period, When, from_ms
from salus.skills.trends import saying
from salus.skills.trends.frame import Frame, nothing
from salus.skills.trends.observed import observed
from salus.skills.trends.proof import EXCERPT, code_of, of_resource
from salus.skills.trends.scale import reading
from salus.skills.trends.series import Series, load
from salus.vault.view import VaultView, exact

CHART_DAYS = 30


def latest(view: VaultView, metric: Metric, asked: Period | None) -> Result:
    """The newer of the last sample and the last Observation."""
    if metric.kind != "sample":
        return _latest_day(view, metric, asked)
    found = [f for f in (_sample(view, metric, asked), _observation(view, metric, asked)) if f is not None]
    if not found:
        return Result(unknown=(nothing(view, metric, asked),))
    newest = max(found, key=lambda f: f.time.sort_key() if f.time else (view.today, 0.0))
    return Result((newest,), answer=(newest.statement,))


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


def sample_evidence(sample: Sample, when: When) -> Evidence:
    day = when.first.isoformat()
    said = f"{when.text}: {exact(sample)} {sample.unit}".strip()
    return Evidence("samples", f"samples/{sample.metric}/{day}/{day}", sample.origin, when, said[:EXCERPT])


def _sample(view: VaultView, metric: Metric, asked: Period | None) -> Finding | None:
    sample = newest_sample(view, metric.key, asked)
    value = exact(sample) if sample else None
    if sample is None or value is None:
        return None
    moment = from_ms(sample.start, view.person.zone)
    shown, also = reading(metric, value, sample.unit)
    when = When.of_instant(moment)
    return Finding(
        "latest",
        T("Your latest {metric} was {value}, on {when}.", metric=saying.name(metric), value=shown, when=moment),
        shown.value, shown.unit or None, code_of(metric), when, T("The newest reading."),
        (sample_evidence(sample, when),), also=also, data={"metric": metric.key},
    )  # fmt: skip


def _observation(view: VaultView, metric: Metric, asked: Period | None) -> Finding | None:
    found = observed(view, metric.key, asked or Period(), newest=1)
    if not found:
        return None
    one = found[0]
    shown, also = reading(metric, one.value.value, one.value.unit)
    day = one.when.day_in(view.person.zone) if one.when.precision in ("day", "instant") else one.when
    return Finding(
        "latest",
        T("Your latest {metric} was {value}, on {when}.", metric=saying.name(metric), value=shown, when=day),
        shown.value, shown.unit or None, code_of(metric), one.when,
        T("The newest measurement in your medical records."), (of_resource(one.resource, one.value),), also=also,
        data={"metric": metric.key},
    )  # fmt: skip
