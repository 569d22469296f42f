"""What a figure rests on, ready to show: a resource as it was received, or a span of samples day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from salus.errors import NotFound
from salus.hooks import register_sources
from salus.records.metrics import metric
from salus.records.resource import Resource, title
from salus.records.text import T
from salus.records.times import Period, When
from salus.records.units import Quantity
from salus.vault.view import Day, VaultView

LONGEST_JSON = 60_000
MOST_DAYS = 400


@dataclass(frozen=True)
class Row:
    """One day of a metric: its figure, and where it came from. `low` and `high` where values are averaged."""

    day: date
    value: Quantity
    low: Quantity | None
    high: Quantity | None
    n: int
    origin: str


@dataclass(frozen=True)
class Shown:
    """One piece of evidence. `origin` wrote it, `source` brought it.

    `json` is the received text laid out, digits unchanged; `rows` are the days of samples.
    """

    ref: str
    title: str
    type: str
    origin: str
    source: str
    time: When | None
    json: str = ""
    cut: bool = False
    period: Period | None = None
    rows: tuple[Row, ...] = ()
    kind: str = ""
    key: str = ""
    """The measurement whose page shows every reading."""


def show(view: VaultView, ref: str, lang: str) -> Shown:
    """The evidence behind a reference. Raises NotFound when it is not in the vault (any more)."""
    if ref.startswith("samples/"):
        return _samples(view, ref, lang)
    found = view.resource(ref)
    if found is None:
        raise NotFound(T("This record is no longer in the vault. It may have been undone since."))
    return _resource(found, lang)


def _source(connection: str, lang: str) -> str:
    """The title of the source that brought it ("fhir/files" names source and connection)."""
    name = connection.partition("/")[0]
    titles = {s.name: s.title for s in register_sources()}
    return str(titles.get(name, {}).get(lang, name))


def _resource(found: Resource, lang: str) -> Shown:
    text = msgspec.json.format(found.raw, indent=2).decode("utf-8", "replace")
    return Shown(
        found.ref, title(found.body) or found.type, found.type, found.origin, _source(found.connection, lang),
        found.time, json=text[:LONGEST_JSON], cut=len(text) > LONGEST_JSON,
    )  # fmt: skip


def _samples(view: VaultView, ref: str, lang: str) -> Shown:
    _, key, *ends = ref.split("/")
    period = _period(ends)
    if period is None or view.metric_span(key) is None:
        raise NotFound(T("These readings are no longer in the vault. They may have been undone since."))
    known = metric(key)
    days = view.days(key, period)[:MOST_DAYS]
    rows = tuple(_row(day, known.kind, day.unit or known.unit, known.unit, known.digits) for day in days)
    origins = list(dict.fromkeys(day.origin for day in days if day.origin))
    return Shown(
        ref, known.name(lang), "samples", ", ".join(origins), "", None, period=period, rows=rows, kind=known.kind,
        key="blood_pressure" if key in ("systolic", "diastolic") else key,
    )


def _period(ends: list[str]) -> Period | None:
    try:
        first, last = (date.fromisoformat(end) if end else None for end in (*ends, "", "")[:2])
    except ValueError:
        return None
    return Period(first, last)


def _row(day: Day, kind: str, own: str, canonical: str, digits: int) -> Row:
    """Roll-ups are in the canonical unit (the record's own only where there is no canonical one)."""
    unit = canonical or own
    value = day.mean if kind == "sample" else day.total

    def shown(number: float | None) -> Quantity | None:
        return None if number is None else Quantity(round(Decimal(repr(number)), digits), unit)

    return Row(day.day, shown(value) or Quantity(Decimal(0), unit), shown(day.low), shown(day.high), day.n, day.origin)
