"""All results of one test as a chart draws them: one unit, each with the laboratory's own range, and the range used.

Numbers are rounded to what is shown; the record's own figures are in the findings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from salus.knowledge.labs import LabTest, convert
from salus.records.times import Period
from salus.records.units import Quantity
from salus.skills.labs import findings
from salus.skills.labs.judging import judged
from salus.skills.labs.readings import Reading, readings
from salus.skills.labs.whom import Whom, whom
from salus.vault.view import VaultView

FEW, MOST = 60, 1000


def chart(
    view: VaultView, test: LabTest, *, unit: str | None = None, period: Period | None = None, who: Whom | None = None,
    most: int = MOST,
) -> dict[str, Any] | None:  # fmt: skip
    """The newest `most` results of a test, oldest first, in `unit` (the newest result's own where None).

    `points` are [time, value, ref, low, high, judgement, comparator]; a measurement is one, two where its sources
    disagree. Low and high are the laboratory's own range for that point, None where it printed none. `band` is the
    range used for the newest ({low, high, low_open, high_open, by, of, source}), `units` what the test can be shown in.
    None when no result has a figure in that unit and a date.
    """
    return drawn(readings(view, test, period, limit=most), test, who or whom(view), unit=unit)


def drawn(found: Sequence[Reading], test: LabTest, who: Whom, *, unit: str | None = None) -> dict[str, Any] | None:
    """The same of readings at hand, newest first."""
    numeric = [r for r in found if r.value is not None and r.time is not None]
    if not numeric or numeric[0].value is None:
        return None
    wanted = unit if unit is not None else numeric[0].value.unit
    points = [
        point for reading in reversed(numeric) for side in reading.sides
        if (point := _point(side, test, who, wanted)) is not None
    ]  # fmt: skip
    if not points:
        return None
    return {"test": test.key, "unit": wanted, "units": units(test, wanted), "points": points,
            "band": _band(numeric[0], test, who, wanted)}  # fmt: skip


def units(test: LabTest, own: str) -> list[str]:
    """The units a result in `own` can be shown in, the table's first."""
    ways = [one for one in test.units if own and convert(test, Quantity(Decimal(1), own), one) is not None]
    return list(dict.fromkeys([*ways, own]))


def _point(reading: Reading, test: LabTest, who: Whom, unit: str) -> list[Any] | None:
    if reading.value is None:
        return None
    value = _in(test, reading.value.value, reading.value.unit, unit)
    when = findings.local(reading, who.person)
    if value is None or when is None:
        return None
    low = high = None
    if reading.range is not None:
        low = _in(test, reading.range.low, reading.value.unit, unit)
        high = _in(test, reading.range.high, reading.value.unit, unit)
    place = judged(replace(reading, others=()), test, who).where
    return [when.text, _shown(value, reading, unit), reading.resource.ref, _float(low), _float(high), place,
            reading.comparator]  # fmt: skip


def _band(reading: Reading, test: LabTest, who: Whom, unit: str) -> dict[str, Any] | None:
    found = judged(reading, test, who)
    if reading.value is None or (found.low is None and found.high is None):
        return None
    return {
        "low": _float(_in(test, found.low, reading.value.unit, unit)),
        "high": _float(_in(test, found.high, reading.value.unit, unit)),
        "low_open": found.low_open, "high_open": found.high_open, "by": found.by, "of": findings.band(found),
        "source": f"{found.row.source} ({found.row.source_year})" if found.row else None,
    }  # fmt: skip


def _in(test: LabTest, value: Decimal | None, source: str, target: str) -> Decimal | None:
    if value is None or source == target:
        return value
    made = convert(test, Quantity(value, source), target) if source and target else None
    return made.value if made else None


def _shown(value: Decimal, reading: Reading, unit: str) -> float:
    own = reading.value is not None and reading.value.unit == unit
    return float(value if own else findings.significant(value))


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(findings.significant(value))
