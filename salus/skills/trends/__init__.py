"""Any metric over any span: totals, averages, extremes, the newest value, and where it is going."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from salus.records.finding import Result, Unknown
from salus.records.metrics import metric
from salus.records.text import T
from salus.records.times import Period
from salus.skills.contract import skill
from salus.skills.trends import measures, saying
from salus.skills.trends.frame import Frame, nothing, unsettled
from salus.skills.trends.latest import first, latest
from salus.skills.trends.pressure import pressure
from salus.skills.trends.query import PRESSURE, Measure, TrendsQuery
from salus.skills.trends.series import Clashing, MixedUnits, load
from salus.skills.trends.threshold import threshold
from salus.skills.trends.trend import recent, trend
from salus.vault.view import VaultView

__all__ = ["PRESSURE", "Measure", "TrendsQuery", "register", "trends"]


@skill(
    "trends",
    title={"en": "Steps, heart, sleep, weight and other readings", "fr": "Pas, cœur, sommeil, poids et autres mesures"},
    query=TrendsQuery,
    asks=(
        "How many steps did I take last week?",
        "How did I sleep last night?",
        "Is my resting heart rate going up?",
        "What was my highest blood pressure this year?",
        "Combien de pas ai-je faits la semaine dernière ?",
        "Quel est mon poids ?",
        "Ma tension a-t-elle baissé depuis mars ?",
    ),
)
def trends(view: VaultView, query: TrendsQuery) -> Result:
    """One figure of one metric, in the record's own unit, with gaps and changes of device marked.

    What adds up (steps, sleep) is counted once over all devices. Readings come from the phone's and watch's samples,
    or where there are none in the period from the Observations of the medical records.
    """
    if query.metric == PRESSURE:
        return pressure(view, query)
    row = metric(query.metric)
    if query.measure == "latest":
        return latest(view, row, query.period)
    if query.measure == "first":
        return first(view, row, query.period)
    series = load(view, query.metric, query.period or Period())
    if series is None:
        return Result(unknown=(nothing(view, row, query.period),))
    if isinstance(series, Clashing):
        return Result(unknown=(unsettled(row, series),))
    if isinstance(series, MixedUnits):
        return Result(
            unknown=(
                Unknown(
                    T("Readings of {metric} come in different units, so they cannot be put together.",
                      metric=saying.name(row)),
                ),
            )
        )  # fmt: skip
    if query.measure == "trend":
        if query.period is None:
            series = replace(series, points=recent(series.points))
        return trend(Frame(view, query.period, series))
    frame = Frame(view, query.period, series)
    if query.measure == "total":
        return measures.total(frame)
    if query.measure == "average":
        return measures.average(frame)
    if query.measure == "count" and (query.at_least is not None or query.under is not None):
        return threshold(frame, query.at_least, query.under)
    if query.measure == "count":
        return measures.count(frame)
    return measures.extreme(frame, query.measure)


def register(add: Callable[[Any], None]) -> None:
    """The door of `salus.hooks.register_skills`."""
    add(trends)
