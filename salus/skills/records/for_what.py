"""Medicines asked for by what they are for: each with the reason that is recorded; what no record says stays unsaid."""

from __future__ import annotations

from salus.records.finding import Result
from salus.records.text import TN, T, Text
from salus.skills.records import saying
from salus.skills.records.entry import Entry
from salus.skills.records.found import Found, nothing
from salus.skills.records.purposes import meant
from salus.skills.records.remembered import clashes

SAID, LISTED = 8, 50


def for_what(found: Found) -> Result:
    """The current ones; those that are over where no other is, or where they were asked for."""
    entries = [e for e in found.entries if e.status != "past"]
    over = [e for e in found.entries if e.status == "past"]
    if found.asked.past or found.asked.everything or not entries:
        entries, over = found.entries, []
    if not entries:
        return Result(unknown=(nothing(found),))
    statements = [_line(found, entry) for entry in entries[:LISTED]]
    findings = tuple(found.finding(entry, said, entry.name) for entry, said in zip(entries, statements, strict=False))
    more = [TN("And {n} more.", "And {n} more.", len(entries) - SAID)] if len(entries) > SAID else []
    if over:
        more.append(
            TN("{n} more is marked as over and is not listed.", "{n} more are marked as over and are not listed.",
               len(over))
        )  # fmt: skip
    if found.unsaid:
        more.append(_not_said(found.unsaid))
    told = [conflict for entry in entries[:SAID] for conflict in entry.conflicts]
    intro = T("Recorded in your records as taken for that:")
    return Result(findings, answer=(intro, *statements[:SAID], *clashes(told)[:4], *more))


def _line(found: Found, entry: Entry) -> Text:
    line = saying.line(entry, "medications", found.zone)
    why = [reason.name for reason in meant(found.query.about or "", entry.reasons)]
    if not why:
        return line
    if entry.status == "past":
        return T("{medicine} It is marked as over. Recorded reason: {reasons}.", medicine=line, reasons=why)
    return T("{medicine} Recorded reason: {reasons}.", medicine=line, reasons=why)


def _not_said(count: int) -> Text:
    return TN(
        "For {n} other current medicine your records give no reason.",
        "For {n} other current medicines your records give no reason.", count,
    )  # fmt: skip
