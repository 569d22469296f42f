"""One measurement told by several records, used once: by the memory's own rules, over the records of one test alone.

Knows which records can be one at all (a day they share) and asks the memory of those only; a pair that the person
keeps apart stays two. The whole memory is never read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from salus.knowledge.labs import by_loinc, convert
from salus.records.codes import LOINC, Code
from salus.records.resource import Body, Resource
from salus.records.times import Period, When
from salus.skills.labs.reading import Reading
from salus.vault.memory import remember
from salus.vault.person import Person
from salus.vault.view import VaultView

ROUNDED = Decimal("0.01")
"""A share of a value that rounding in another unit may take or add."""
SPANS = ("month", "year")
"""Precisions of a date that may be one of many days."""
_OF_ITS_OWN = ("component", "hasMember", "category", "code")


class Told(NamedTuple):
    """A record and the part of it that tells the measurement (itself, or one of its components)."""

    resource: Resource
    part: Body


@dataclass(frozen=True)
class Together:
    """Positions of the records that tell one measurement, the one that speaks for it first.

    `clash` are the records that the memory found to say different values; none where all agree.
    """

    at: tuple[int, ...]
    clash: frozenset[str] = frozenset()


def once(view: VaultView, found: Sequence[Reading]) -> list[Reading]:
    """Readings of one test, each real measurement once, in their order. `also_in` are its other records.

    Where two sources give two values for one moment, `others` are the readings that say otherwise.
    """
    groups = together(view, [Told(reading.resource, _part(reading)) for reading in found])
    if len(groups) == len(found):
        return list(found)
    made = []
    for group in groups:
        rows = [found[at] for at in group.at]
        made.append((min(group.at), rows[0] if len(rows) == 1 else _one(rows, group.clash)))
    return [reading for _, reading in sorted(made, key=lambda pair: pair[0])]


def _one(rows: list[Reading], clash: frozenset[str]) -> Reading:
    """The reading that speaks: one that can be judged by its own laboratory, where all say the same."""
    head = rows[0]
    if not clash:
        head = next((row for row in rows if row.range is not None or row.verdict is not None), head)
    rest = tuple(row for row in rows if row is not head)
    others = [row for row in rest if not _near(row, head)] or [row for row in rest if row.resource.ref in clash]
    each = [row for n, row in enumerate(others) if not any(_near(row, earlier) for earlier in others[:n])]
    return replace(head, time=_closest(rows), also_in=rest, others=tuple(each) if clash else ())


def _closest(rows: Iterable[Reading]) -> When | None:
    """The most precise time, of the first that has it."""
    order = {"instant": 0, "day": 1, "month": 2, "year": 3}
    times = [row.time for row in rows if row.time is not None]
    return min(times, key=lambda when: order[when.precision], default=None)


def _near(reading: Reading, head: Reading) -> bool:
    """The same figure, whatever the unit and the rounding; or the same words."""
    one, other = reading.value, head.value
    if one is None or other is None:
        return one is other and reading.said == head.said
    test = by_loinc(head.code.code)
    if one.unit != other.unit:
        one = (convert(test, one, other.unit) if test else one.to(other.unit)) or one
    close = abs(one.value - other.value) <= ROUNDED * abs(other.value)
    return (
        close and (one.unit == other.unit or not one.unit or not other.unit) and (reading.comparator == head.comparator)
    )


def _part(reading: Reading) -> Body:
    """The part of the record that carries the reading's code."""
    body = reading.resource.body
    for part in (body, *(c for c in body.get("component") or () if isinstance(c, dict))):
        if any(str(code.get("code") or "") == reading.code.code for code in _codings(part)):
            return part
    return body


def _codings(part: Body) -> list[Body]:
    code = part.get("code")
    rows = code.get("coding") if isinstance(code, dict) else None
    return [row for row in rows or () if isinstance(row, dict)]


# Which records can be one ------------------------------------------------------------------------------------------


def together(view: VaultView, told: Sequence[Told]) -> list[Together]:
    """Every record is in exactly one group; those that share no day with another are not asked about."""
    alone, shared = _apart(told, view.person.zone)
    if not shared:
        return [Together((at,)) for at in alone]
    kept_apart = frozenset(ref for pair in view.apart() for ref in pair)
    copies: dict[object, list[int]] = defaultdict(list)
    for at in shared:
        copies[_sign(told[at], kept_apart)].append(at)
    same = {group[0]: tuple(group) for group in copies.values()}
    groups = [Together((at,)) for at in alone]
    if len(same) == 1:
        return [*groups, *(Together(at) for at in same.values())]
    held = {told[at].resource.ref: at for at in same}
    seen = _Few(view, tuple(_alone(told[at]) for at in same))
    for entry in remember(seen, "results", "vitals", same_test=_same_test):
        found = [at for ref in entry.refs if ref in held for at in same[held.pop(ref)]]
        if found:
            groups.append(Together(tuple(found), frozenset(ref for c in entry.conflicts for _, ref in c.sides)))
    return groups + [Together(same[at]) for at in held.values()]


def _sign(told: Told, kept_apart: frozenset[str]) -> object:
    """Everything the memory compares, word for word: two records of one sender with it are copies of each other."""
    resource, body = told.resource, told.resource.body
    when = resource.time
    if when is None or when.precision in SPANS or resource.ref in kept_apart:
        return resource.ref
    value = tuple(sorted((key, repr(value)) for key, value in told.part.items() if key.startswith("value")))
    if not value:
        return resource.ref
    about = (repr(body.get(key)) for key in ("specimen", "bodySite", "status", "interpretation", "referenceRange"))
    return sender(resource), when.text, repr(told.part.get("code")), value, *about


def _apart(told: Sequence[Told], zone: tzinfo) -> tuple[list[int], list[int]]:
    """(those whose day is theirs alone, the others)"""
    if any(one.resource.time is None for one in told) and len(told) > 1:
        return [], list(range(len(told)))  # an undated record may be any of them
    by_day: dict[date, set[int]] = defaultdict(set)
    spans: list[tuple[date, date, int]] = []
    for at, one in enumerate(told):
        when = one.resource.time
        if when is None:
            continue
        if when.precision in SPANS:
            spans.append((when.first, when.last, at))
        for day in {when.first, when.last, when.day_in(zone)}:
            by_day[day].add(at)
    shared = {at for rows in by_day.values() if len(rows) > 1 for at in rows}
    for first, last, at in spans:
        inside = {other for day, rows in by_day.items() if first <= day <= last for other in rows}
        if len(inside | {at}) > 1:
            shared |= inside | {at}
    return [at for at in range(len(told)) if at not in shared], sorted(shared)


def said(resource: Resource) -> object:
    """All that a record says but what names the record itself: two copies of one sender are equal in it."""
    about = {key: value for key, value in resource.body.items() if key not in NAMES}
    return sender(resource), repr(about)


def sender(resource: Resource) -> object:
    """Who a record came from, as far as it says."""
    meta = resource.body.get("meta")
    named = meta.get("source") if isinstance(meta, dict) else None
    return resource.connection, resource.batch, resource.origin, named


NAMES = frozenset({"id", "meta", "identifier", "text", "subject", "encounter", "extension"})


def _alone(told: Told) -> Resource:
    """The record as if it told this measurement only, whatever panel or category it came in."""
    found = told.resource
    body = {key: value for key, value in found.body.items() if key not in _OF_ITS_OWN and not key.startswith("value")}
    body |= {key: value for key, value in told.part.items() if key == "code" or key.startswith("value")}
    made = Resource(found.type, found.id, b"", found.time, found.origin, found.connection, found.batch)
    made.__dict__["body"] = body
    return made


@lru_cache(maxsize=1024)
def _same_test(code: Code) -> str | None:
    test = by_loinc(code.code) if code.system == LOINC else None
    return test.key if test else None


class _Few:
    """The records of one test, as the memory looks at a vault."""

    def __init__(self, view: VaultView, rows: tuple[Resource, ...]) -> None:
        self._view, self._rows = view, rows

    @property
    def person(self) -> Person:
        return self._view.person

    @property
    def today(self) -> date:
        return self._view.today

    def resources(self, *types: str) -> list[Resource]:
        return [row for row in self._rows if row.type in types]

    def resource(self, ref: str) -> Resource | None:
        return self._view.resource(ref)

    def counts(self) -> dict[str, int]:
        return {"Observation": len(self._rows)}

    def apart(self) -> frozenset[frozenset[str]]:
        return self._view.apart()


# The records around one --------------------------------------------------------------------------------------------


def around(view: VaultView, codes: Sequence[Code], when: When) -> Iterator[Resource]:
    """Every record of these codes that may be of the day (or month, or year) of `when`: a handful."""
    period = _days(when, view.person.zone)
    rows = view.resources("Observation", codes=codes, period=period)
    vague = [row.time for row in rows if row.time is not None and row.time.precision in SPANS]
    if vague:  # what it may be one with, it may be one with on any of its days
        first = min(time.first for time in vague)
        last = max(time.last for time in vague)
        wider = Period(min(first, period.first or first), max(last, period.last or last))
        rows = view.resources("Observation", codes=codes, period=wider)
    yield from rows


def _days(when: When, zone: tzinfo) -> Period:
    days = [when.first, when.last, when.day_in(zone)]
    more = timedelta(days=1) if when.instant is not None else timedelta(0)  # another zone may show another day
    return Period(min(days) - more, max(days) + more)
