"""A measure of a device against the usual range of the laboratory table, where the table has one for that vital sign.

Judges one reading or a mean; a total, a number of days and a trend have no range.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from salus.knowledge.labs import LabTest, tests
from salus.records.codes import Code
from salus.records.finding import Finding, Unknown
from salus.records.metrics import metric, metrics
from salus.records.resource import Resource
from salus.records.text import Named, T, Text
from salus.records.times import When
from salus.records.units import Quantity
from salus.skills.labs.judging import Judged, critical_text, judged, shown_limit
from salus.skills.labs.reading import Reading
from salus.skills.labs.whom import whom
from salus.skills.trends import saying
from salus.skills.trends.observed import LABORATORY
from salus.vault.view import VaultView

JUDGED = frozenset({"latest", "first", "min", "max", "average"})
AT_REST = {"resting_heart_rate": "heart_rate"}
"""Measures that are another one under the condition its range is for."""
NOT_AT_REST = frozenset({"heart_rate"})
"""Measures whose range holds only at rest, which their readings do not say."""


@lru_cache(maxsize=1)
def _rows() -> dict[str, LabTest]:
    by_metric = {test.metric: test for test in tests().values() if test.metric and test.intervals}
    found = {key: test for key, test in by_metric.items() if key not in LABORATORY | NOT_AT_REST}
    return found | {key: by_metric[of] for key, of in AT_REST.items() if of in by_metric}


def has_range(key: str) -> bool:
    """Whether the table knows a usual range for a measure ("blood_pressure": for both its numbers)."""
    return key == "blood_pressure" or key in _rows()


def against_range(finding: Finding, view: VaultView) -> tuple[Finding, tuple[Text, ...], Unknown | None]:
    """The finding with its range in its data and method, what is said of it, and what is not known."""
    key = str(finding.data.get("metric") or "")
    if key not in metrics():
        return finding, (), _nothing()
    name = saying.name(metric(key))
    if key in NOT_AT_REST:
        rest = T("The usual range of a heart rate is for someone at rest, and your records do not say if you were.")
        return finding, (), Unknown(rest, T("Ask about your resting heart rate."))
    test = _rows().get(key)
    if test is None or finding.kind not in JUDGED or not isinstance(finding.value, Decimal) or finding.unit is None:
        return finding, (), Unknown(
            T("Salus knows no usual range for that figure of {metric}, so it cannot say whether it is normal.",
              metric=name), None,
        )  # fmt: skip
    value = Quantity(finding.value, finding.unit)
    found = judged(_reading(finding, value, test), test, whom(view))
    said = _said(found, name, value)
    if said is None:
        return (
            finding,
            (),
            Unknown(T("Salus cannot say whether that figure of {metric} is normal.", metric=name), found.note),
        )
    alarm, note = critical_text(found), found.note
    more = tuple(text for text in (alarm, note) if text is not None)
    return _with_range(finding, found), (said, *more), None


def _nothing() -> Unknown:
    return Unknown(
        T("Salus has nothing that tells whether that is normal."),
        T("Ask about one laboratory result to see its range."),
    )


def _reading(finding: Finding, value: Quantity, test: LabTest) -> Reading:
    resource = Resource("Observation", "", b"{}", _day(finding), "", "", 0)
    code = finding.code or Code("", test.key)
    return Reading(resource, code, test.en, _day(finding), value, "", "", None, None, "final")


def _day(finding: Finding) -> When | None:
    """Its time; of a mean the last day that has data, by which the age is taken."""
    recorded = finding.data.get("recorded")
    return finding.time or (When.parse(str(recorded[-1])) if isinstance(recorded, list) and recorded else None)


def _said(found: Judged, name: Named, value: Quantity) -> Text | None:
    row, limits = found.row, found.limits
    if row is None or limits is None or found.where == "unknown":
        return None
    whose = T("for adults") if row.adult else T("at this stage of pregnancy") if row.pregnancy else T("at this age")
    args = {"metric": name, "value": value, "range": limits, "whose": whose}
    if found.side == "high":
        return T("{metric}: {value} is above the usual range {whose} ({range}).", **args)
    if found.side == "low":
        return T("{metric}: {value} is below the usual range {whose} ({range}).", **args)
    return T("{metric}: {value} is within the usual range {whose} ({range}).", **args)


def _with_range(finding: Finding, found: Judged) -> Finding:
    row = found.row
    assert row is not None
    how = T(
        "{how} Compared with the usual range of Salus’s table: {source}, {year} (not yet reviewed by a clinician).",
        how=finding.method, source=row.source, year=str(row.source_year),
    )  # fmt: skip
    low, high = shown_limit(found.low), shown_limit(found.high)
    data = {
        "judgement": found.where,
        "low": None if low is None else float(low),
        "high": None if high is None else float(high),
        "range_source": f"{row.source} ({row.source_year})",
    }
    return replace(finding, method=how, data={**finding.data, **data})
