"""Procedures: one operation told twice, two operations of two days or two sides, done here and not done there."""

from __future__ import annotations

from dataclasses import dataclass

from salus.records.resource import Resource, concept_text, ended
from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.memory import loosening
from salus.vault.memory import marks as marking
from salus.vault.memory.clashes import disagree
from salus.vault.memory.dates import days, earliest, near
from salus.vault.memory.entry import Kind, Status, Value
from salus.vault.memory.facts import Concept, Context, Fact, concept, identifiers, source_of
from salus.vault.memory.folding import key
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, first_code, newest
from salus.vault.memory.marks import bare
from salus.vault.memory.rule import CERTAIN, EXACT, FIRM, MONTH, YEAR, Rule, at
from salus.vault.memory.tables import table

KIND: Kind = "procedures"
TYPES = ("Procedure",)

SAME_DAY = Rule(
    "same_procedure_same_day", "same", T("the same procedure on the same day, by two names or codes"), EXACT
)
CLOSER = Rule(
    "closer_name_same_day", "same", T("a procedure and a closer name of it on the same day, from two sources"), MONTH
)
ONCE = Rule("done_once_in_a_life", "same", T("a procedure done once in a life, dated differently"), FIRM)
SAME_ID = Rule("same_identifier", "same", T("the same number given by the one who did it"), CERTAIN)
OTHER = Rule("other_procedure", "different", T("two different procedures"))
SIDE = Rule("other_side", "different", T("left and right are two different things"))
SITE = Rule("other_site", "different", T("another part of the body"))
OTHER_DAY = Rule("other_day", "different", T("another day: done again"))
OTHER_TIME = Rule("other_time", "different", T("twice on one day, at two times"))
NATURE = Rule("other_nature", "different", T("one was done, the other is planned or only past history"))
RULES = (SAME_DAY, CLOSER, ONCE, SAME_ID, OTHER, SIDE, SITE, OTHER_DAY, OTHER_TIME, NATURE)
PLANNED = frozenset({"preparation"})


@dataclass(slots=True)
class Procedure(Fact):
    what: Concept
    rows: frozenset[str]
    keys: frozenset[str]
    side: str
    site: str
    nature: str
    time: When | None
    end: When | None
    done: bool
    planned: bool
    ids: frozenset[tuple[str, str]]


def read(ctx: Context, resource: Resource) -> Procedure | None:
    """None for what was entered in error or names no procedure."""
    body = resource.body
    what = concept(body.get("code"))
    if body.get("status") == "entered-in-error" or not (what.names or what.codes):
        return None
    site = concept(body.get("bodySite"))
    marks = marking.read((*what.names, *site.names))
    plain = tuple(dict.fromkeys(bare(name, "side") for name in what.names))
    known = table("procedures")
    rows = known.of(what, plain) or known.at_site((*plain, *(less for n in plain for less in loosening.bare(n, KIND))))
    keys = frozenset(key(name) for name in plain)
    where = " ".join(sorted(key(bare(name, "side")) for name in site.names[:1]))
    source, ids = source_of(resource), identifiers(body)
    state = str(body.get("status") or "")
    done = state != "not-done"
    day = resource.time
    families = {upper for row in rows for upper in table("procedures").above(row)} | rows
    blocks = (*(f"r:{r}" for r in families), *(f"c:{s}:{c}" for s, c in what.codes), *(f"n:{k}" for k in keys))
    if day is not None and not any(table("procedures").rows[row].get("once") for row in rows):
        first, last = days(day, ctx.zone)
        blocks = tuple(f"{block}:{year}" for block in blocks for year in range(first.year, last.year + 1))
    nature = marks.nature
    sign = (source, rows, keys, what.codes, marks.side, where, nature, day and day.text, done, state in PLANNED, ids)
    return Procedure(
        resource,
        resource.ref,
        source,
        blocks,
        sign,
        what,
        rows,
        keys,
        marks.side,
        where,
        nature,
        day,
        ended(body),
        done,
        state in PLANNED,
        ids,
    )


def compare(ctx: Context, a: Procedure, b: Procedure) -> Rule | None:
    """What the rules say of two procedures."""
    if a.nature != b.nature or a.planned != b.planned:
        return NATURE
    sided = any(table("procedures").rows[row].get("sided") for row in a.rows | b.rows)
    if a.side != b.side and (sided or {a.side, b.side} != {"both", ""}):
        return SIDE if a.side and b.side else None
    if a.site and b.site and a.site != b.site and not a.what.codes & b.what.codes:
        return SITE
    if a.rows and b.rows and a.rows != b.rows:
        return _kin(ctx, a, b)
    if not ((a.rows and a.rows == b.rows) or a.what.codes & b.what.codes or a.keys & b.keys):
        return None
    if a.ids & b.ids:
        return SAME_ID
    return _in_time(ctx, a, b)


def _kin(ctx: Context, a: Procedure, b: Procedure) -> Rule:
    """One source may name more of what was done than the other: "colonoscopy", "colonoscopy with biopsy"."""
    names = table("procedures")
    closer = any(names.above(x) & b.rows for x in a.rows) or any(names.above(x) & a.rows for x in b.rows)
    close = near(a.time, b.time, ctx.zone)
    if not closer or a.source == b.source or close in ("apart", "unknown") or a.done != b.done:
        return OTHER
    return CLOSER if close == "same" else at(CLOSER, YEAR)


def _in_time(ctx: Context, a: Procedure, b: Procedure) -> Rule:
    rows = table("procedures").rows
    once = any(rows[row].get("once") for row in a.rows | b.rows)
    close = near(a.time, b.time, ctx.zone)
    if close == "apart":
        return ONCE if once and a.source != b.source and a.done and b.done else OTHER_DAY
    if once and a.done and b.done:
        return ONCE if close != "same" else SAME_DAY
    if close == "unknown":
        return at(SAME_DAY, YEAR)
    if close in ("month", "year"):
        return at(SAME_DAY, MONTH if close == "month" else YEAR)
    if a.time is not None and a.time.precision in ("month", "year"):
        return at(SAME_DAY, YEAR)
    if a.source == b.source and _two_times(a, b):
        return OTHER_TIME
    return SAME_DAY


def _two_times(a: Procedure, b: Procedure) -> bool:
    """Two instants of one source on one day that do not overlap."""
    if not (a.time and b.time and a.time.instant and b.time.instant):
        return False
    first, last = sorted((a, b), key=lambda f: f.time.sort_key() if f.time else ())
    assert first.time is not None and last.time is not None and last.time.instant is not None
    until = first.end.instant if first.end and first.end.instant else first.time.instant
    return until is not None and until < last.time.instant


def say(ctx: Context, group: Group[Procedure]) -> Said:
    """The record with the most precise date of those done speaks."""
    facts = group.facts
    done = [f for f in facts if f.done]
    main = newest(done or facts, lambda f: f.time)
    conflicts = [
        *disagree("done", T("whether it was done"), facts, lambda f: f.done, lambda f: DONE if f.done else NOT_DONE),
        *disagree(
            "date",
            T("the day"),
            facts,
            lambda f: f.time,
            lambda f: f.time or "",
            lambda x, y: near(x, y, ctx.zone) != "apart",
        ),
    ]
    status: Status = "current" if main.planned else "done" if done else "not_done"
    detail: list[tuple[Text, Value]] = []
    if site := next((n for n in concept(main.body.get("bodySite")).names), ""):
        detail.append((T("Part of the body"), site))
    if outcome := concept_text(main.body.get("outcome")):
        detail.append((T("Outcome"), outcome))
    return Said(
        main,
        main.what.title,
        first_code(main.body.get("code")),
        status,
        earliest([f.time for f in done or facts if f.time]),
        main.end,
        detail,
        conflicts,
    )


DONE, NOT_DONE = T("done"), T("not done")
