"""A reading written down by hand or by a device that the medical records hold too: the same minute, the same value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from salus.records.sample import Sample
from salus.records.text import T
from salus.records.times import Period, When, from_ms
from salus.records.units import Quantity
from salus.skills.trends.observed import Observed, observed
from salus.skills.trends.series import Point
from salus.vault.view import VaultView, exact

COUNTS_ONCE = T("A reading that your medical records hold too, of the same minute and value, counts once.")
MINUTE = 60
MOST_DAYS, MOST_A_DAY = 24, 200
"""Days that are looked at, the newest; one with more samples is a device's course, which no clinic writes down."""


def in_both(view: VaultView, key: str, period: Period, days: Iterable[Point]) -> Iterator[Observed]:
    """The measurements of the records that are samples of these days too."""
    few = {day.day for day in days if day.n <= MOST_A_DAY}
    zone = view.person.zone
    charted = [one for one in observed(view, key, period) if one.when.instant and one.when.day_in(zone) in few]
    for day in sorted({one.when.day_in(zone) for one in charted}, reverse=True)[:MOST_DAYS]:
        samples = view.samples(key, Period(day, day))
        for one in charted:
            if one.when.day_in(zone) == day and any(_is(one, sample, view) for sample in samples):
                yield one


def _is(one: Observed, sample: Sample, view: VaultView) -> bool:
    value = exact(sample)
    if value is None or not same_moment(When.of_instant(from_ms(sample.start, view.person.zone)), one.when):
        return False
    return same_value(Quantity(value, sample.unit), one.value)


def same_moment(a: When | None, b: When | None) -> bool:
    """Two instants of the same minute (one may have been cut to it)."""
    if a is None or b is None or a.instant is None or b.instant is None:
        return False
    gap = abs((a.instant - b.instant).total_seconds())
    return gap == 0 or (gap < MINUTE and (a.instant.second == 0 or b.instant.second == 0))


def same_value(a: Quantity, b: Quantity) -> bool:
    """One figure in the same unit, or in another to its last printed digit."""
    if a.unit == b.unit:
        return a.value == b.value
    turned = a.to(b.unit)
    if turned is None:
        return False
    exponent = b.value.as_tuple().exponent
    half = 0.5 * 10.0 ** (exponent if isinstance(exponent, int) else 0)
    return abs(float(turned.value) - float(b.value)) <= half
