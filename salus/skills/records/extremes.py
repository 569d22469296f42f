"""The first of what happened, and the longest workout."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from salus.records.finding import Result, Unknown
from salus.records.text import T
from salus.records.units import convert
from salus.skills.records import saying
from salus.skills.records.entry import Entry, day_text
from salus.skills.records.found import Found, nothing
from salus.skills.records.problems import NOT_OWN


def first(found: Found) -> Result:
    """The oldest dated entry that answers."""
    dated = [e for e in found.entries if e.when is not None and e.rank < NOT_OWN]
    if not dated:
        return Result(unknown=(nothing(found),))
    entry = min(dated, key=lambda e: e.when.sort_key() if e.when else (found.view.today, 0.0))
    assert entry.when is not None
    what, when = saying.described(entry), saying.on(entry.when, found.zone)
    said = T("The first in your records is {what}, {when}.", what=what, when=when)
    return Result((found.finding(entry, said, day_text(entry.when, found.zone)),), answer=(said,))


def longest(found: Found) -> Result:
    """The workout of the greatest distance and the one that lasted longest, as far as the records say."""
    if not found.entries:
        return Result(unknown=(nothing(found),))
    findings = []
    for key, unit in (("distance", "km"), ("duration", "min")):
        known = [(amount, e) for e in found.entries if (amount := _amount(e, key, unit)) is not None]
        if not known:
            continue
        _, entry = max(known, key=lambda pair: pair[0])
        args: dict[str, Any] = {"what": saying.line(entry, found.kind, found.zone)}
        said = T("Your longest by distance: {what}", **args) if key == "distance" else T(
            "Your longest by time: {what}", **args
        )
        findings.append(found.finding(entry, said, entry.name, data={"by": key}))
    if not findings:
        return Result(unknown=(Unknown(T("Your records do not say how long or how far these workouts were.")),))
    return Result(tuple(findings), answer=tuple(finding.statement for finding in findings))


def _amount(entry: Entry, key: str, unit: str) -> Decimal | None:
    """A workout's distance in km or duration in min."""
    found = entry.resources[0].body.get(key)
    value = found.get("value") if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or not isinstance(value, int | Decimal):
        return None
    return convert(Decimal(value), str(found.get("unit") or ""), unit)
