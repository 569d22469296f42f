"""Which entries answer a question: of the kind, in the period, by the person's words; what is said when none does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from decimal import Decimal
from types import MappingProxyType

from salus.records.finding import Evidence, Finding, Unknown
from salus.records.text import T, Text
from salus.records.times import Period, When
from salus.skills.records import saying
from salus.skills.records.care import care_teams, coverages, goals
from salus.skills.records.diary import SYMPTOM, diary, not_noted, notes, symptoms
from salus.skills.records.entry import Entry, newest_first
from salus.skills.records.events import devices, documents, immunizations, procedures, visits, workouts
from salus.skills.records.match import WRITTEN, Asked, How, answers, asked
from salus.skills.records.medications import medications
from salus.skills.records.problems import allergies, problems
from salus.skills.records.purposes import is_purpose, meant, not_said
from salus.skills.records.query import Kind, RecordsQuery
from salus.skills.records.remembered import clashes, sides
from salus.vault.view import VaultView

STATES: Mapping[Kind, Callable[[VaultView], list[Entry]]] = {
    "medications": medications, "allergies": allergies, "problems": problems, "care_team": care_teams, "goals": goals,
    "coverage": coverages,
}  # fmt: skip
EVENTS: Mapping[Kind, Callable[[VaultView, Period | None, int | None], list[Entry]]] = {
    "immunizations": immunizations, "visits": visits, "procedures": procedures, "documents": documents,
    "devices": devices, "workouts": workouts, "symptoms": symptoms, "notes": notes, "diary": diary,
}  # fmt: skip
TYPES: Mapping[Kind, tuple[str, ...]] = {
    "immunizations": ("Immunization",), "visits": ("Encounter",), "procedures": ("Procedure",),
    "documents": ("DocumentReference", "Composition", "DiagnosticReport"), "workouts": ("Workout",),
    "devices": ("Device",),
}  # fmt: skip
LONG, NEWEST = frozenset({"workouts"}), 60
"""Kinds with so many entries that only the newest are looked at where nothing in particular is asked for."""
OLD = timedelta(days=548)
"""A medicine not prescribed for a year and a half may be over, whatever its status says."""
LASTING = frozenset({"medications", "problems", "allergies", "care_team", "goals", "coverage", "devices"})
"""Kinds that are current or over; the others happen on a day."""
VAGUE = T("Its date is not precise: it may lie outside the days asked about.")
FINDING = {
    "medications": "medication", "allergies": "allergy", "problems": "problem", "immunizations": "immunization",
    "visits": "visit", "procedures": "procedure", "documents": "document", "care_team": "care_team",
    "goals": "goal", "devices": "device",
    "coverage": "coverage", "workouts": "workout", "symptoms": "symptom", "notes": "note", "diary": "note",
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """The entries that answer, newest first; `vague` those whose date only may lie in the period."""

    view: VaultView
    query: RecordsQuery
    asked: Asked
    entries: list[Entry]
    how: dict[int, How]
    vague: frozenset[int]
    any_at_all: bool
    cut: bool = False
    """Older ones were not looked at."""
    purpose: bool = False
    """Medicines asked for by what they are for; `unsaid` are those current ones that no record says it of."""
    unsaid: int = 0

    @property
    def zone(self) -> tzinfo:
        return self.view.person.zone

    @property
    def kind(self) -> Kind:
        return self.query.kind

    @property
    def current(self) -> list[Entry]:
        """What a plain list is about: what is not over, and no facts about life filed as problems."""
        wanted = [e for e in self.entries if e.rank == 0 or self.kind != "problems" or not self.asked.empty]
        if self.asked.everything:
            return wanted
        if self.asked.past:
            return [e for e in wanted if e.status == "past"]
        if self.kind not in LASTING or not self.asked.empty or self.query.period is not None:
            return wanted
        if self.kind == "medications":
            return [e for e in wanted if e.status == "current"]
        return [e for e in wanted if e.status != "past"]

    def finding(
        self,
        entry: Entry,
        statement: Text,
        value: Decimal | str | bool,
        *,
        method: Text | None = None,
        time: When | None = None,
        evidence: tuple[Evidence, ...] | None = None,
        data: Mapping[str, object] = MappingProxyType({}),
    ) -> Finding:
        """One finding about one entry."""
        caveats = [VAGUE] if id(entry) in self.vague else []
        taken = self.kind == "medications" and entry.status == "current"
        if taken and entry.when is not None and entry.when.last < self.view.today - OLD:
            caveats.append(T("It was last prescribed {when}; it may be over.", when=saying.on(entry.when, self.zone)))
        caveats += clashes(entry.conflicts)
        plain = {"name": entry.name, "conflicts": sides(entry.conflicts),
                 "status": entry.status, "detail": list(entry.said), "who": entry.who,
                 "place": entry.place, "since": entry.since.text if entry.since else None,
                 "end": entry.end.text if entry.end else None,
                 "reason": [reason.name for reason in entry.reasons]}  # fmt: skip
        return Finding(
            kind="symptom" if entry.code == SYMPTOM else FINDING[self.kind],
            statement=statement,
            value=value,
            unit=None,
            code=entry.code,
            time=time or entry.when,
            method=method or T("As stated in your records."),
            evidence=evidence or entry.evidence(),
            caveats=tuple(caveats),
            data={key: value for key, value in {**plain, **data}.items() if value},
        )


def find(view: VaultView, query: RecordsQuery) -> Found:
    """All entries of the kind, then those of the period, then those that answer to the words."""
    wanted = asked(query.about, query.kind)
    purpose = query.kind == "medications" and is_purpose(query.about)
    short = query.kind in LONG and wanted.empty and query.period is None and query.ask != "count"
    if query.kind in STATES:
        everything, cut = STATES[query.kind](view), False
    else:
        everything = EVENTS[query.kind](view, query.period, NEWEST if short else None)
        cut = short and sum(view.counts().get(type_, 0) for type_ in TYPES[query.kind]) > NEWEST
    kept: list[Entry] = []
    how: dict[int, How] = {}
    vague: set[int] = set()
    for entry in newest_first(everything):
        inside = True if query.period is None else _inside(entry, query, view)
        if inside is False:
            continue
        answer = _answer(entry, wanted, query, purpose)
        if answer is not None:
            kept.append(entry)
            how[id(entry)] = answer
            if inside is None:
                vague.add(id(entry))
    purpose = purpose or (query.kind == "medications" and any(meant(query.about or "", e.reasons) for e in kept))
    unsaid = sum(purpose and entry.status == "current" and not entry.reasons for entry in everything)
    return Found(
        view,
        query,
        wanted,
        kept,
        how,
        frozenset(vague),
        bool(everything) or _any(view, query.kind),
        cut,
        purpose,
        unsaid,
    )


def _answer(entry: Entry, wanted: Asked, query: RecordsQuery, purpose: bool) -> How | None:
    """A medicine asked for by its purpose answers by the reason that is recorded, never by what it is used for."""
    if query.kind == "medications" and query.about and meant(query.about, entry.reasons):
        return "same"
    if purpose:
        return None
    return "same" if wanted.empty else answers(wanted, entry.words, query.kind)


def _any(view: VaultView, kind: Kind) -> bool:
    return any(view.counts().get(type_) for type_ in TYPES.get(kind, ()))


def _inside(entry: Entry, query: RecordsQuery, view: VaultView) -> bool | None:
    assert query.period is not None
    when = entry.since if query.kind == "problems" else entry.when
    return query.period.covers(when, view.person.zone) if when is not None else False


def nothing(found: Found) -> Unknown:
    """No entry answers: what was looked for, and what would tell."""
    kind = found.kind
    names, when = saying.KINDS[kind], saying.during(found.query.period, found.view.today)
    if kind in WRITTEN:
        return not_noted("" if found.asked.empty else found.asked.text, when)
    if not found.any_at_all:
        return Unknown(T("There are no {kind} in your records.", kind=names), saying.NONE.get(kind, saying.IMPORT))
    if found.purpose:
        return not_said(found.query.about or "", found.unsaid)
    if not found.asked.empty:
        about = found.asked.text
        what = T("There is no record of “{about}” among the {kind} in your records {when}.", about=about, kind=names,
                 when=when) if when else T("There is no record of “{about}” among the {kind} in your records.",
                 about=about, kind=names)  # fmt: skip
        return Unknown(what, saying.MAYBE.get(kind, saying.IMPORT))
    if when is not None:
        return Unknown(T("There are no {kind} in your records {when}.", kind=names, when=when), saying.IMPORT)
    return Unknown(
        T("Your records list no current {kind}; all of them are marked as over or do not say.", kind=names),
        saying.NONE.get(kind),
    )
