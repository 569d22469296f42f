"""The questions over the entries found: list, last, since, who, count, detail, is. Never a plain no, never a zero."""

from __future__ import annotations

from decimal import Decimal

from salus.knowledge.phrases import fold
from salus.records.finding import Finding, Result, Unknown
from salus.records.text import TN, T, Text
from salus.skills.records import saying
from salus.skills.records.entry import MOST_CITED, Entry, day_text
from salus.skills.records.found import LASTING, Found, nothing
from salus.skills.records.problems import NOT_OWN
from salus.skills.records.remembered import clashes

SAID, LISTED, CLASHES = 8, 50, 4
GROUPED = frozenset({"immunizations", "procedures", "documents", "problems"})
"""Kinds of which the same thing many times is said once."""


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
    return Result(findings, answer=(_intro(found), *_lines(found, entries), *_disagreements(entries), *_more(past)))


def _disagreements(entries: list[Entry], *, but: str = "") -> list[Text]:
    """Where the sources of what was said disagree; never left to the small print."""
    told = [c for entry in entries[:SAID] for c in entry.conflicts if c.field != but]
    return [*clashes(told)][:CLASHES]


def _findings(found: Found, entries: list[Entry]) -> tuple[Finding, ...]:
    """Each entry's own finding; the first also carries how many there are."""
    groups = _groups(found, entries)
    counts: dict[str, object] = {
        "listed": len(entries),
        "left": max(0, len(groups) - SAID),
        "past": sum(e.status == "past" for e in found.entries),
        "times": [len(group) for group in groups[:SAID] if len(group) > 1],
    }
    return tuple(
        found.finding(e, saying.line(e, found.kind, found.zone), e.name, data=counts if i == 0 else {})
        for i, e in enumerate(entries[:LISTED])
    )


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
    if found.cut:
        lines.append(T("And more before that."))
    elif len(groups) > SAID:
        lines.append(TN("And {n} more.", "And {n} more.", len(groups) - SAID))
    return lines


def _more(past: int) -> list[Text]:
    if not past:
        return []
    return [
        TN("{n} more is marked as over and is not listed.", "{n} more are marked as over and are not listed.", past)
    ]


def _allergies(found: Found, entries: list[Entry]) -> Result:
    """Allergies, or the stated absence of them; both at once are shown as the conflict they are."""
    real = [e for e in entries if e.rank == 0]
    if real:
        findings = _findings(found, real)
        stated = [e for e in entries if e.rank and found.asked.empty]
        if stated:
            clash = T("Your records also state: {what}. The two do not agree.", what=stated[0].name)
            other = _disagreements(real, but="presence")
            return Result(findings, answer=(_intro(found), *_lines(found, real), clash, *other))
        return Result(findings, answer=(_intro(found), *_lines(found, real), *_disagreements(real)))
    newest = entries[0]
    said = T("Your records state: {what}.", what=newest.name)
    if newest.when is not None:
        said = T("Your records state: {what}, {when}.", what=newest.name, when=saying.on(newest.when, found.zone))
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
    finding = found.finding(entry, said, day_text(entry.when, found.zone))
    return Result((finding,), answer=(said, *_disagreements([entry])))


def since(found: Found) -> Result:
    """The earliest known date, of what is current first."""
    rows = [e for e in found.entries if e.rank < NOT_OWN]
    known = [e for e in rows if e.since is not None]
    if not known:
        return Result(unknown=(_undated(found) if rows else nothing(found),))
    chosen = [e for e in known if e.status != "past"] or known
    current = min(chosen, key=lambda e: e.since.sort_key() if e.since else (found.view.today, 0.0))
    oldest = min(known, key=lambda e: e.since.sort_key() if e.since else (found.view.today, 0.0))
    both = [current, oldest] if found.kind == "medications" and oldest is not current else [current]
    findings = []
    for entry in both:
        assert entry.since is not None
        said = saying.since(entry, found.kind, found.zone)
        findings.append(found.finding(entry, said, day_text(entry.since, found.zone), time=entry.since))
    extra = [T("That is the first record of it; you may have started earlier.")] if found.kind == "medications" else []
    return Result(tuple(findings), answer=(*(f.statement for f in findings), *_disagreements(both), *extra))


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


def where(found: Found) -> Result:
    """The place of the newest one that answers; what no record says is not known."""
    rows = [e for e in found.entries if e.rank < NOT_OWN and (e.when is None or e.when.first <= found.view.today)]
    if not rows:
        return Result(unknown=(nothing(found),))
    entry = rows[0] if found.kind == "visits" else next((e for e in rows if e.place), rows[0])
    if not entry.place:
        return Result(unknown=(Unknown(T("Your records do not say where, for {what}.", what=entry.title)),))
    said = saying.where(entry, found.zone)
    return Result((found.finding(entry, said, entry.place),), answer=(said, *_disagreements([entry])))


def count(found: Found) -> Result:
    """How many entries answer. None is not zero: it is what the records do not hold."""
    entries = found.current
    if not entries:
        return Result(unknown=(nothing(found),))
    about = "" if found.asked.empty else found.asked.text
    number = len(entries)
    said = saying.count(found.kind, number, saying.during(found.query.period, found.view.today), about)
    cited = tuple(e for entry in entries[:MOST_CITED] for e in entry.evidence()[:1])
    vague = sum(id(entry) in found.vague for entry in entries)
    asked_days = found.query.period
    days = [d.isoformat() if d else None for d in (asked_days.first, asked_days.last)] if asked_days else None
    finding = found.finding(
        entries[0], said, Decimal(number), method=T("Counted from your records."), evidence=cited,
        data={"vague": vague, "period": days},
    )  # fmt: skip
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
    return Result(findings, answer=(*_lines(found, rows), *_disagreements(rows)))


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
    said = saying.yes(entry, found.kind, found.zone)
    if found.kind == "allergies" and entry.status == "past":
        said = T("Your records list {what}, but as over.", what=saying.described(entry))
    sure = entry.status == "current" or (found.kind not in LASTING)
    finding = found.finding(entry, said, True if sure else entry.name)
    return Result((finding,), answer=(said, *_disagreements([entry])))
