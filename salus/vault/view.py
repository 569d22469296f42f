"""Reading: everything a skill may see of one person's vault, at one moment. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from salus.records.codes import Code
from salus.records.resource import Resource
from salus.records.sample import Sample
from salus.records.times import Period, day_end_ms, day_start_ms
from salus.records.units import decimal
from salus.vault import apart, corrections, devices, search
from salus.vault import days as civil
from salus.vault import resources as stored
from salus.vault.database import Connection
from salus.vault.origins import Origin, origins
from salus.vault.person import Person
from salus.vault.searchable import text_of


class Day(NamedTuple):
    """One metric on one civil day. `total`, `low`, `high` in the metric's canonical unit.

    sum, duration, sleep: `total` is the day's amount counted once over all origins; `low` and `high` are None.
    sample: `total` is the sum of `n` values (mean = total / n). `origin` wrote most of it; `unit` is the records'
    own unit when they share one.
    """

    day: date
    n: int
    total: float | None
    low: float | None
    high: float | None
    origin: str
    unit: str | None

    @property
    def mean(self) -> float | None:
        return self.total / self.n if self.total is not None and self.n else None


@dataclass(frozen=True)
class MetricSpan:
    """A metric the vault has: its first and last day and on how many days it was recorded."""

    key: str
    first: date
    last: date
    days: int


@dataclass(frozen=True)
class CodeCount:
    """A code that resources of one type carry, and on how many of them."""

    code: Code
    count: int


class VaultView:
    """A read-only look. `now` is aware and in the person's zone: "today" is theirs."""

    def __init__(self, db: Connection, person: Person, now: datetime) -> None:
        self._db, self.person = db, person
        self.now = now.astimezone(person.zone)

    @property
    def today(self) -> date:
        return self.now.date()

    # Resources -------------------------------------------------------------------------------------------------

    def resources(
        self,
        *types: str,
        codes: Iterable[Code] | None = None,
        period: Period | None = None,
        limit: int | None = None,
    ) -> list[Resource]:
        """Resources in force of these types, newest first, undated last. `period` keeps those that may touch it."""
        first = day_start_ms(period.first, self.person.zone) if period and period.first else None
        last = day_end_ms(period.last, self.person.zone) if period and period.last else None
        return list(stored.select(self._db, types, codes=codes, first_ms=first, last_ms=last, limit=limit))

    def resource(self, ref: str, *, aside: bool = False) -> Resource | None:
        """The resource "Type/id" in force, or None. With `aside` also one that the person set aside."""
        type_, _, fid = ref.partition("/")
        return stored.one(self._db, type_, fid, aside=aside)

    def search(self, words: str, limit: int = 20, *, any_word: bool = False) -> list[search.Hit]:
        """Documents and notes whose text holds the words, best first; accents and case do not count."""
        return search.search(self._db, words, limit, any_word=any_word)

    def searchable(self) -> int:
        """How many documents and notes there are to search."""
        return search.count(self._db)

    def text_of(self, ref: str) -> str:
        """The readable text of a document or note; '' when it has none."""
        found = self.resource(ref, aside=True)
        return text_of(found.type, found.raw) if found else ""

    # What the person decided ------------------------------------------------------------------------------------

    def set_aside(self) -> list[corrections.Correction]:
        """What the person marked as wrong or not theirs, newest first. No other method sees it."""
        return corrections.corrections(self._db)

    def sample_at(self, ref: str, *, aside: bool = False) -> Sample | None:
        """The sample of a `Sample.ref`, among those in use or those set aside."""
        return corrections.sample_at(self._db, ref, aside=aside)

    def apart(self) -> frozenset[frozenset[str]]:
        """Pairs of references the person said are two different things."""
        return apart.pairs(self._db)

    def newest_per_code(self, type_: str, system: str) -> Iterator[tuple[str, Resource]]:
        """(code, newest resource that carries it) for every code of `system` on resources of this type."""
        return stored.newest_per_code(self._db, type_, system)

    def titles(self, *types: str) -> list[tuple[str, str]]:
        """(type, title) of everything in force of these types, each once: what the person's records are about."""
        marks = ", ".join("?" * len(types))
        return list(
            self._db.execute(
                f"SELECT DISTINCT type, title FROM resource WHERE head = 1 AND type IN ({marks}) AND title != ''",  # noqa: S608
                types,
            )
        )

    def counts(self) -> dict[str, int]:
        """How many resources in force there are of each type."""
        return dict(self._db.execute("SELECT type, count(*) FROM resource WHERE head = 1 GROUP BY type ORDER BY type"))

    # Samples ---------------------------------------------------------------------------------------------------

    def metrics(self) -> list[MetricSpan]:
        """Every metric with at least one rolled-up day."""
        return [
            MetricSpan(key, civil.of(first), civil.of(last), n)
            for key, first, last, n in self._db.execute(
                "SELECT m.key, min(d.day), max(d.day), count(*) FROM day d JOIN metric m ON m.id = d.metric "
                "GROUP BY d.metric ORDER BY m.key"
            )
        ]

    def metric_span(self, metric: str) -> MetricSpan | None:
        """The first and last day of one metric, or None when it was never recorded."""
        row = self._db.execute(
            "SELECT min(d.day), max(d.day), count(*) FROM day d JOIN metric m ON m.id = d.metric WHERE m.key = ?",
            (metric,),
        ).fetchone()
        return MetricSpan(metric, civil.of(row[0]), civil.of(row[1]), row[2]) if row[2] else None

    def days(self, metric: str, period: Period = Period()) -> list[Day]:  # noqa: B008 - Period is frozen
        """The roll-ups of one metric over a period, oldest first; days without a record are absent, never zero."""
        first = civil.number(period.first) if period.first else -(10**7)
        last = civil.number(period.last) if period.last else 10**7
        return [
            Day(civil.of(day), n, total, low, high, origin or "", unit)
            for day, n, total, low, high, origin, unit in self._db.execute(
                "SELECT d.day, d.n, d.total, d.low, d.high, o.name, l.text FROM day d "
                "JOIN metric m ON m.id = d.metric LEFT JOIN origin o ON o.id = d.origin "
                "LEFT JOIN label l ON l.id = d.unit WHERE m.key = ? AND d.day BETWEEN ? AND ? ORDER BY d.day",
                (metric, first, last),
            )
        ]

    def samples(self, metric: str, period: Period = Period(), *, newest: int | None = None) -> list[Sample]:  # noqa: B008
        """The samples that start within a period, oldest first; or only the `newest` so many."""
        first = day_start_ms(period.first, self.person.zone) if period.first else -(2**62)
        last = day_end_ms(period.last, self.person.zone) if period.last else 2**62
        rows = self._db.execute(
            "SELECT s.start, s.start + s.span, s.value, u.text, o.name, nullif(s.raw, ''), nullif(s.created, 0), "
            "v.text, "
            "CASE typeof(s.detail) WHEN 'integer' THEN (SELECT text FROM label WHERE id = s.detail) ELSE s.detail END "
            "FROM sample s JOIN metric m ON m.id = s.metric JOIN label u ON u.id = s.unit "
            "JOIN origin o ON o.id = s.origin LEFT JOIN label v ON v.id = s.device "
            "WHERE m.key = ? AND s.start BETWEEN ? AND ? ORDER BY s.start DESC, s.span DESC LIMIT ?",
            (metric, first, last, -1 if newest is None else newest),
        ).fetchall()
        return [Sample(metric, *row) for row in reversed(rows)]

    def device_changes(self, metric: str, period: Period = Period()) -> list[devices.DeviceChange]:  # noqa: B008
        """When the hardware behind an origin of this metric changed (a new watch under the old name), oldest first."""
        return devices.changes(self._db, self.person.zone, metric, period)

    def origins(self) -> list[Origin]:
        """Devices and apps, the one that wins an overlap first."""
        return origins(self._db, self.person)


def exact(sample: Sample) -> Decimal | None:
    """A sample's value with the digits received; None for a category."""
    if isinstance(sample.value, str):
        return None
    return exact_figure(sample.value, sample.raw)


def exact_figure(value: float, raw: str | None) -> Decimal:
    """A number with the digits it was received in, where those are a number."""
    received = decimal(raw) if raw else None
    return Decimal(repr(value).removesuffix(".0")) if received is None else received
