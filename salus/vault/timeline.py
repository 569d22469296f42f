"""Everything that happened, in the order it happened: one line per dated record, and readings written by hand.

Reads the index only and decodes nothing, so ten thousand events come in a fraction of a second.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta, tzinfo
from typing import Literal, NamedTuple, get_args

from salus.records.metrics import metric, metrics
from salus.records.sample import Sample
from salus.records.times import Period, When, day_end_ms, day_start_ms, from_ms
from salus.vault.database import Connection
from salus.vault.view import VaultView

EventKind = Literal[
    "problem", "medication", "allergy", "immunization", "result", "vital", "symptom", "procedure", "encounter",
    "document", "plan", "workout", "heart_tracing", "reading", "insurance", "other",
]  # fmt: skip
KINDS: tuple[EventKind, ...] = get_args(EventKind)
_TYPES: dict[str, EventKind] = {
    "Condition": "problem", "MedicationRequest": "medication", "MedicationStatement": "medication",
    "MedicationDispense": "medication", "MedicationAdministration": "medication", "AllergyIntolerance": "allergy",
    "Immunization": "immunization", "Observation": "result", "DiagnosticReport": "document", "Procedure": "procedure",
    "Encounter": "encounter", "Appointment": "encounter", "DocumentReference": "document", "Composition": "document",
    "CarePlan": "plan", "Goal": "plan", "CareTeam": "plan", "Workout": "workout", "Correlation": "vital",
    "Electrocardiogram": "heart_tracing",
    "ImagingStudy": "procedure", "Claim": "insurance", "ExplanationOfBenefit": "insurance", "Coverage": "insurance",
    "ServiceRequest": "plan", "QuestionnaireResponse": "document", "FamilyMemberHistory": "other", "Device": "other",
}  # fmt: skip
HIDDEN = frozenset({"Patient", "ActivitySummary", "WorkoutRoute", "Provenance", "SupplyDelivery", "Specimen", "Media"})
"""Types that are part of another event, or no event."""
_NEVER = ("heart_rate",)
"""Readings that stand beside another (the pulse of a blood pressure)."""


class Event(NamedTuple):
    """One line: what (`title` in its own words), when as precise as recorded, who wrote it, what brought it.

    `first_ms` and `last_ms` are the earliest and latest it can mean, in milliseconds since 1970 UTC.
    """

    ref: str
    kind: EventKind
    title: str
    first_ms: int
    last_ms: int
    origin: str
    source: str
    zone: tzinfo

    @property
    def time(self) -> When:
        return when(self.first_ms, self.last_ms, self.zone)


def events(
    view: VaultView,
    kinds: Collection[str] | None = None,
    period: Period | None = None,
    doubles: Mapping[str, str] | None = None,
) -> list[Event]:
    """Newest first. `doubles` maps a reference to the thing it is about: of one thing on one day one event is told."""
    db, zone = view._db, view.person.zone
    first = day_start_ms(period.first, zone) if period and period.first else -(2**62)
    last = day_end_ms(period.last, zone) if period and period.last else 2**62
    found = [*_resources(db, zone, kinds, first, last)]
    if kinds is None or "reading" in kinds:
        found += _readings(db, zone, first, last)
    found.sort(key=lambda e: (-e.first_ms, e.kind, e.title, e.ref))
    return _once(found, doubles, zone) if doubles else found


def _resources(
    db: Connection, zone: tzinfo, kinds: Collection[str] | None, first: int, last: int
) -> Iterator[Event]:
    marks = ", ".join("?" * len(HIDDEN))
    rows = db.execute(
        "SELECT r.type, r.fid, r.title, r.first, r.last, coalesce(l.text, ''), c.source, "  # noqa: S608
        "o.kind FROM resource r JOIN connection c ON c.id = r.connection LEFT JOIN observed o ON o.resource = r.id "
        f"LEFT JOIN term l ON l.id = r.origin WHERE r.head = 1 AND r.first IS NOT NULL AND r.last >= ? "
        f"AND r.first <= ? AND r.type NOT IN ({marks})",
        (first, last, *HIDDEN),
    )
    for type_, fid, title, begun, ended, origin, source, observed in rows:
        kind = observed or _TYPES.get(type_, "other")
        if kinds is None or kind in kinds:
            yield Event(f"{type_}/{fid}", kind, title or type_, begun, ended, origin, source, zone)


def _readings(db: Connection, zone: tzinfo, first: int, last: int) -> Iterator[Event]:
    """Readings written by hand: the metrics are those that batches of hand were called by."""
    called = entered(db)
    keys = {row.key for row in metrics().values() if row.en in called}
    if "blood pressure" in called:
        keys.add("systolic")
    for key in sorted(keys - set(_NEVER)):
        rows = db.execute(
            "SELECT s.start, s.span, s.value, u.text, o.name FROM sample s JOIN metric m ON m.id = s.metric "
            "JOIN origin o ON o.id = s.origin JOIN connection c ON c.id = o.connection "
            "JOIN label u ON u.id = s.unit WHERE m.key = ? AND c.source = 'by_hand' AND s.start BETWEEN ? AND ?",
            (key, first, last),
        )
        for start, span, value, unit, origin in rows:
            ref = Sample(key, start, start + span, value, unit, origin).ref
            yield Event(ref, "reading", metric(key).en, start + span, start + span, origin, "by_hand", zone)


def entered(db: Connection) -> set[str]:
    """What the entries by hand were called, here and in the vaults whose exports were imported."""
    called = {name for (name,) in db.execute(
        "SELECT DISTINCT b.path FROM batch b JOIN connection c ON c.id = b.connection "
        "WHERE c.source = 'by_hand' AND b.undone IS NULL")}  # fmt: skip
    reports = db.execute("SELECT report FROM batch WHERE undone IS NULL AND report LIKE '%\"entered\": [%'").fetchall()
    return called.union(*(json.loads(report).get("entered", ()) for (report,) in reports))


def _once(found: list[Event], doubles: Mapping[str, str], zone: tzinfo) -> list[Event]:
    kept: dict[object, Event] = {}
    for event in found:
        thing = doubles.get(event.ref)
        key: object = event.ref if thing is None else (thing, from_ms(event.first_ms, zone).date())
        kept.setdefault(key, event)
    return list(kept.values())


def when(first: int, last: int, zone: tzinfo) -> When:
    """The time that an indexed span of milliseconds means: an instant, a day, a month or a year."""
    begun = from_ms(first, zone)
    if last <= first:
        return When.of_instant(begun)
    ended = from_ms(last, zone)
    if ended - begun < timedelta(hours=26):
        return When.of_day((begun + (ended - begun) / 2).date())
    if (begun.year, begun.month) == (ended.year, ended.month):
        text = f"{begun.year:04d}-{begun.month:02d}"
    elif begun.year == ended.year:
        text = f"{begun.year:04d}"
    else:
        return When.of_day(begun.date())
    return When.parse(text) or When.of_day(begun.date())

