"""From entries to a result: which of them answer, what of them was asked, what the records cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from salus.knowledge.phrases import fold
from salus.records.finding import Evidence, Finding, Result, Unknown
from salus.records.text import TN, T, Text
from salus.records.times import When
from salus.skills.records import saying
from salus.skills.records.care import care_teams, coverages, goals
from salus.skills.records.entry import MOST_CITED, Entry, day_text, newest_first
from salus.skills.records.events import documents, immunizations, procedures, visits, workouts
from salus.skills.records.match import Asked, How, answers, asked
from salus.skills.records.medications import medications
from salus.skills.records.problems import NOT_OWN, allergies, problems
from salus.skills.records.query import Kind, RecordsQuery
from salus.vault.view import VaultView

SAID, LISTED = 8, 50
ENTRIES: Mapping[Kind, Callable[[VaultView], list[Entry]]] = {
    "medications": medications, "allergies": allergies, "problems": problems, "immunizations": immunizations,
    "visits": visits, "procedures": procedures, "documents": documents, "care_team": care_teams, "goals": goals,
    "coverage": coverages, "workouts": workouts,
}  # fmt: skip
LASTING = frozenset({"medications", "problems", "allergies", "care_team", "goals", "coverage"})
"""Kinds that are current or over; the others happen on a day."""
GROUPED = frozenset({"immunizations", "procedures", "documents"})
"""Kinds of which the same thing many times is said once."""
FINDING = {
    "medications": "medication", "allergies": "allergy", "problems": "problem", "immunizations": "immunization",
    "visits": "visit", "procedures": "procedure", "documents": "document", "care_team": "care_team", "goals": "goal",
    "coverage": "coverage", "workouts": "workout",
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

    def finding(self, entry: Entry, statement: Text, value: Decimal | str | bool, method: Text | None = None,
                time: When | None = None, evidence: tuple[Evidence, ...] | None = None, **data: object) -> Finding:  # fmt: skip
        """One finding about one entry."""
        vague = (
            T("Its date is not precise: it may lie outside the days asked about."),
        ) if id(entry) in self.vague else ()
        plain = {"name": entry.name, "status": entry.status, "detail": list(entry.said), "who": entry.who,
                 "place": entry.place, "since": entry.since.text if entry.since else None,
                 "end": entry.end.text if entry.end else None}  # fmt: skip
        return Finding(
            kind=FINDING[self.kind],
            statement=statement,
            value=value,
            unit=None,
            code=entry.code,
            time=time or entry.when,
            method=method or T("As stated in your records."),
            evidence=evidence or entry.evidence(),
            caveats=vague,
            data={key: value for key, value in {**plain, **data}.items() if value},
        )


def find(view: VaultView, query: RecordsQuery) -> Found:
    """All entries of the kind, then those of the period, then those that answer to the words."""
    everything = ENTRIES[query.kind](view)
    wanted = asked(query.about, query.kind)
    kept: list[Entry] = []
    how: dict[int, How] = {}
    vague: set[int] = set()
    for entry in newest_first(everything):
        inside = True if query.period is None else _inside(entry, query, view)
        if inside is False:
            continue
        answer: How | None = "same" if wanted.empty else answers(wanted, entry.words, query.kind)
        if answer is not None:
            kept.append(entry)
            how[id(entry)] = answer
            if inside is None:
                vague.add(id(entry))
    return Found(view, query, wanted, kept, how, frozenset(vague), bool(everything))


def _inside(entry: Entry, query: RecordsQuery, view: VaultView) -> bool | None:
    assert query.period is not None
    when = entry.since if query.kind == "problems" else entry.when
    return query.period.covers(when, view.person.zone) if when is not None else False


def nothing(found: Found) -> Unknown:
    """No entry answers: what was looked for, and what would tell."""
    kind = found.kind
    names, when = saying.KINDS[kind], saying.during(found.query.period, found.view.today)
    if not found.any_at_all:
        return Unknown(T("There are no {kind} in your records.", kind=names), saying.NONE.get(kind, saying.IMPORT))
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


# The questions ------------------------------------------------------------------------------------------------------


def listing(found: Found) -> Result:
    """What there is, newest first; up to eight are said."""
    entries = found.current
    if not entries:
        return Result(unknown=(nothing(found),))
    if found.kind == "allergies":
        return _allergies(found, entries)
    past = sum(e.status == "past" for e in found.entries) if found.kind in LASTING and found.asked.empty else 0
    past = 0 if found.asked.past or found.asked.everything or found.query.period else past
    findings = _findings(found, entries)
    return Result(findings, answer=(_intro(found), *_lines(found, entries), *_more(past)))


def _findings(found: Found, entries: list[Entry]) -> tuple[Finding, ...]:
    """Each entry's own finding; the first also carries how many there are."""
    total = len(entries)
    past = sum(e.status == "past" for e in found.entries)
    return tuple(
        found.finding(
            e, saying.line(e, found.kind, found.zone), e.name,
            **({"listed": total, "left": max(0, len(_groups(found, entries)) - SAID), "past": past,
                "times": [len(g) for g in _groups(found, entries)]} if i == 0 else {}),
        )
        for i, e in enumerate(entries[:LISTED])
    )  # fmt: skip


def _intro(found: Found) -> Text:
    if found.asked.everything:
        return saying.EVER_INTRO
    if found.asked.past:
        return saying.PAST_INTRO
    if found.asked.empty and found.query.period is None:
        return saying.INTRO[found.kind]
    return T("In your records:")


def _groups(found: Found, entries: list[Entry]) -> list[list[Entry]]:
    if found.kind not in GROUPED:
        return [[entry] for entry in entries]
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(fold(entry.name), []).append(entry)
    return list(groups.values())


def _lines(found: Found, entries: list[Entry]) -> list[Text]:
    groups = _groups(found, entries)
    lines = [
        saying.line(group[0], found.kind, found.zone) if len(group) == 1 else saying.times(group, found.zone)
        for group in groups[:SAID]
    ]
    if len(groups) > SAID:
        lines.append(TN("And {n} more.", "And {n} more.", len(groups) - SAID))
    return lines


def _more(past: int) -> list[Text]:
    if not past:
        return []
    return [TN("{n} more is marked as over and is not listed.", "{n} more are marked as over and are not listed.", past)]


def _allergies(found: Found, entries: list[Entry]) -> Result:
    """Allergies, or the stated absence of them; both at once are shown as the conflict they are."""
    real = [e for e in entries if e.rank == 0]
    if real:
        findings = _findings(found, real)
        stated = [e for e in entries if e.rank and found.asked.empty]
        if stated:
            clash = T("Your records also state: {what}. The two do not agree.", what=stated[0].name)
            return Result(findings, answer=(_intro(found), *_lines(found, real), clash))
        return Result(findings, answer=(_intro(found), *_lines(found, real)))
    newest = entries[0]
    said = (
        T("Your records state: {what}, {when}.", what=newest.name, when=saying.on(newest.when, found.zone))
        if newest.when else T("Your records state: {what}.", what=newest.name)
    )  # fmt: skip
    return Result((found.finding(newest, said, newest.name),), answer=(said,))


def last(found: Found) -> Result:
    """The newest dated entry that answers."""
    dated = [e for e in found.entries if e.when is not None and e.rank < NOT_OWN and e.when.first <= found.view.today]
    dated.sort(key=lambda e: e.when.sort_key() if e.when else (found.view.today, 0.0), reverse=True)
    if not dated:
        return Result(unknown=(_undated(found) if found.entries else nothing(found),))
    entry = dated[0]
    assert entry.when is not None
    said = saying.last(entry, found.kind, found.zone)
    return Result((found.finding(entry, said, day_text(entry.when, found.zone)),), answer=(said,))


def since(found: Found) -> Result:
    """The earliest known date, of what is current first."""
    rows = [e for e in found.entries if e.rank < NOT_OWN]
    known = [e for e in rows if e.since is not None]
    if not known:
        return Result(unknown=(_undated(found) if rows else nothing(found),))
    chosen = [e for e in known if e.status != "past"] or known
    current = min(chosen, key=lambda e: e.since.sort_key() if e.since else (found.view.today, 0.0))
    oldest = min(known, key=lambda e: e.since.sort_key() if e.since else (found.view.today, 0.0))
    found_all = []
    for entry in dict.fromkeys((current, oldest) if found.kind == "medications" else (current,)):
        assert entry.since is not None
        said = saying.since(entry, found.kind, found.zone)
        found_all.append(found.finding(entry, said, day_text(entry.since, found.zone), time=entry.since))
    extra = [T("That is the first record of it; you may have started earlier.")] if found.kind == "medications" else []
    return Result(tuple(found_all), answer=(*(f.statement for f in found_all), *extra))


def _undated(found: Found) -> Unknown:
    entry = found.entries[0]
    return Unknown(T("Your records list {what}, but without a date.", what=entry.title))


def who(found: Found) -> Result:
    """Who prescribed, gave, wrote or was seen: of the newest entry that says so."""
    rows = [e for e in found.entries if e.rank < NOT_OWN]
    if not rows:
        return Result(unknown=(nothing(found),))
    if found.kind == "care_team":
        return listing(found)
    rows = [e for e in rows if e.status == "current"] or rows if found.kind == "medications" else rows
    if found.kind == "visits":
        rows = rows[:1]
    entry = next((e for e in rows if e.who), None) or next((e for e in rows if e.place), None)
    if entry is None:
        return Result(unknown=(Unknown(T("Your records do not say who, for {what}.", what=rows[0].title)),))
    said = saying.who(entry, found.kind, found.zone)
    return Result((found.finding(entry, said, entry.who or entry.place),), answer=(said,))


def count(found: Found) -> Result:
    """How many entries answer. None is not zero: it is what the records do not hold."""
    entries = found.current
    if not entries:
        return Result(unknown=(nothing(found),))
    about = "" if found.asked.empty else found.asked.text
    said = saying.count(found.kind, len(entries), saying.during(found.query.period, found.view.today), about)
    cited = tuple(e for entry in entries[:MOST_CITED] for e in entry.evidence()[:1])
    vague = sum(id(entry) in found.vague for entry in entries)
    asked_days = found.query.period
    days = [d.isoformat() if d else None for d in (asked_days.first, asked_days.last)] if asked_days else None
    finding = found.finding(entries[0], said, Decimal(len(entries)), T("Counted from your records."), evidence=cited,
                            vague=vague, period=days)  # fmt: skip
    return Result((finding,), answer=(said, *finding.caveats))


def detail(found: Found) -> Result:
    """All that is known of what was named; what is current before what is over."""
    if found.asked.empty:
        return listing(found)
    rows = sorted((e for e in found.entries), key=lambda e: e.status == "past")
    if not rows:
        return Result(unknown=(nothing(found),))
    if any(e.status == "current" for e in rows) and not (found.asked.past or found.asked.everything):
        rows = [e for e in rows if e.status != "past"]
    findings = _findings(found, rows)
    return Result(findings, answer=tuple(_lines(found, rows)))


def is_it(found: Found) -> Result:
    """Yes only where the records say so now; never a plain no."""
    rows = [e for e in found.entries if e.rank < NOT_OWN]
    if found.kind == "allergies":
        rows = [e for e in rows if e.rank == 0] or rows
    if not rows:
        return Result(unknown=(nothing(found),))
    if found.asked.empty:
        return listing(found)
    rows.sort(key=lambda e: (found.how[id(e)] != "same", {"current": 0, "": 1, "past": 2}[e.status]))
    entry = rows[0]
    if found.how[id(entry)] == "related":
        said = saying.related(entry, found.asked.text)
        return Result((found.finding(entry, said, entry.name),), answer=(said,))
    said = saying.yes(entry, found.kind, found.zone, found.asked.text)
    if found.kind == "allergies" and entry.status == "past":
        said = T("Your records list {what}, but as over.", what=saying.described(entry))
    sure = entry.status == "current" or (found.kind not in LASTING)
    return Result((found.finding(entry, said, True if sure else entry.name),), answer=(said,))
