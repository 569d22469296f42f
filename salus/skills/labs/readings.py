"""Results of one test in the records, newest first, each real measurement once whatever number of records tell it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from salus.knowledge.labs import LabTest
from salus.records.codes import LOINC, Code
from salus.records.times import Period
from salus.skills.labs.once import around, once
from salus.skills.labs.reading import Range, Reading, of_codes, uncoded
from salus.vault.view import VaultView

__all__ = ["Range", "Reading", "before_it", "just_before", "newest", "of_codes", "once", "readings", "uncoded", "whole"]

FIRST_FEW = 8


def readings(
    view: VaultView, test: LabTest, period: Period | None = None, *, limit: int | None = None
) -> list[Reading]:
    """Every usable result of a test, newest first; at most the newest `limit` records are looked at."""
    found = [
        reading
        for resource in view.resources("Observation", codes=_wanted(test), period=period, limit=limit)
        if (reading := of_codes(resource, frozenset(test.loinc))) is not None and _inside(reading, period, view)
    ]
    return once(view, found)


def newest(view: VaultView, test: LabTest, period: Period | None = None) -> Reading | None:
    """The newest usable result, without reading all of them where the first few hold one."""
    few = view.resources("Observation", codes=_wanted(test), period=period, limit=FIRST_FEW)
    rows = [row for one in few if (row := of_codes(one, test.loinc)) is not None and row.time is not None]
    rows = [row for row in rows if _inside(row, period, view)]
    if not rows:
        return next(iter(readings(view, test, period)), None)
    if period is None and (len(few) < FIRST_FEW or _day_over(rows)):
        return once(view, rows)[0]
    return whole(view, rows[0], test.loinc)


def _day_over(rows: list[Reading]) -> bool:
    """The newest few reach back beyond the day of the newest of all."""
    first, last = rows[0].time, rows[-1].time
    return first is not None and last is not None and first.first - last.last > timedelta(days=2)


def whole(view: VaultView, reading: Reading, loinc: tuple[str, ...]) -> Reading:
    """A dated reading with the other records of the same measurement, found by its day alone."""
    if reading.time is None:
        return reading
    wanted = [Code(LOINC, code) for code in loinc]
    rows = [row for one in around(view, wanted, reading.time) if (row := of_codes(one, loinc)) is not None]
    found = once(view, rows) if len(rows) > 1 else rows
    return next((one for one in found if reading.resource.ref in one.refs), reading)


def just_before(view: VaultView, test: LabTest, latest: Reading) -> Reading | None:
    """The result before `latest` among the newest few records: another one, of an earlier or the same day."""
    return before_it(readings(view, test, limit=FIRST_FEW * 3), latest)


def before_it(found: Sequence[Reading], latest: Reading) -> Reading | None:
    """The same among readings at hand, newest first."""
    for reading in found:
        if reading.time is None or latest.time is None or reading.refs & latest.refs:
            continue
        if reading.time.sort_key() < latest.time.sort_key():
            return reading
    return None


def _wanted(test: LabTest) -> list[Code]:
    return [Code(LOINC, code) for code in test.loinc]


def _inside(reading: Reading, period: Period | None, view: VaultView) -> bool:
    """True also where its date is too vague to tell."""
    return period is None or reading.time is None or period.covers(reading.time, view.person.zone) is not False
