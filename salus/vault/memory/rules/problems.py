"""Problems: when two Conditions are one problem, and where their sources disagree."""

from __future__ import annotations

from dataclasses import dataclass, replace

from salus.records.resource import Resource, concept_text, each, ended, first
from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.memory import marks as marking
from salus.vault.memory.clashes import disagree
from salus.vault.memory.dates import earliest, gap_days, near
from salus.vault.memory.entry import Kind, Status, Value
from salus.vault.memory.facts import Concept, Context, Fact, code_of, concept, source_of
from salus.vault.memory.folding import key
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, first_code, newest
from salus.vault.memory.marks import Marks, bare, stages_differ
from salus.vault.memory.rule import EXACT, FIRM, MONTH, YEAR, Rule, at
from salus.vault.memory.tables import table

KIND: Kind = "problems"
TYPES = ("Condition",)
OVER = frozenset({"inactive", "resolved", "remission"})
UNSURE = frozenset({"provisional", "differential", "unconfirmed"})
ONE_ILLNESS = 30
"""Days within which two records of a short illness are of the same one."""

SAME_ROW = Rule("same_problem", "same", T("two names or codes of the same problem"), FIRM)
SAME_CODE = Rule("same_code", "same", T("the same code"), EXACT)
SAME_NAME = Rule("same_name", "same", T("the same name, whatever its spelling"), FIRM)
NATURE = Rule("other_nature", "different", T("one is your own and present, the other past or a relative's"))
SUSPECTED = Rule("suspected_at_another_time", "different", T("one is only suspected, at another time"))
SIDE = Rule("other_side", "different", T("left and right are two different things"))
COURSE = Rule("acute_or_chronic", "different", T("one is acute, the other chronic"))
STAGE = Rule("other_stage", "different", T("another stage, grade or type"))
SITE = Rule("other_site", "different", T("another part of the body"))
OTHER = Rule("other_problem", "different", T("two different problems"))
OTHER_TIME = Rule("other_time", "different", T("a short illness at another time is a new one"))
RULES = (SAME_ROW, SAME_CODE, SAME_NAME, NATURE, SUSPECTED, SIDE, COURSE, STAGE, SITE, OTHER, OTHER_TIME)


@dataclass(slots=True)
class Problem(Fact):
    what: Concept
    rows: frozenset[str]
    keys: frozenset[str]
    marks: Marks
    nature: str
    site: str
    onset: When | None
    when: When | None
    end: When | None
    status: Status
    refuted: bool
    unsure: bool
    severity: str
    course: str


def read(ctx: Context, resource: Resource) -> Problem | None:
    """None for what was entered in error, or says nothing of what it is."""
    body = resource.body
    proof = code_of(body.get("verificationStatus"))
    what = concept(body.get("code"))
    if proof == "entered-in-error" or not (what.names or what.codes):
        return None
    site = concept(body.get("bodySite"))
    found = marking.read((*what.names, *site.names))
    if not found.side:
        told = {side for system, code in what.codes if system == "icd10" and (side := table("conditions").side(code))}
        found = replace(found, side=next(iter(told))) if len(told) == 1 else found
    unsure, nature = proof in UNSURE, found.nature
    if not nature and any(system == "icd10" and code[:3] in PAST_CODES for system, code in what.codes):
        nature = PAST_CODES[next(code[:3] for system, code in what.codes if code[:3] in PAST_CODES)]
    plain = tuple(dict.fromkeys(bare(name, "side") for name in what.names))
    less = tuple(
        dict.fromkeys(
            (
                *plain,
                *(bare(name, "side", "nature") for name in what.names),
                *(bare(name, "side", "nature", "severity") for name in what.names),
            )
        )
    )
    names = table("conditions")
    rows = names.of(what, less) or _of_course(less, found.course) or names.at_site(less)
    keys = frozenset(key(name) for name in (less if nature or unsure else plain))
    rows_of = [names.rows[row] for row in rows]
    course = next((str(row["course"]) for row in rows_of if row.get("course")), "")
    if nature == "history" or nature == "family":
        course = "chronic"
    onset = _when(body.get("onsetDateTime")) or _when(first(body, "onsetPeriod.start"))
    where = " ".join(sorted(key(bare(name, "side")) for name in site.names[:1]))
    status = _status(body, ctx)
    blocks = (
        *(f"r:{r}:{nature}" for r in rows),
        *(f"c:{s}:{c}:{nature}" for s, c in what.codes),
        *(f"n:{k}:{nature}" for k in keys),
    )
    severity = code_severity(concept_text(body.get("severity"))) or found.severity
    when = onset or resource.time
    source = source_of(resource)
    sign = (
        source,
        rows,
        what.codes,
        keys,
        found,
        nature,
        where,
        onset and onset.text,
        when and when.text,
        status,
        proof == "refuted",
        unsure,
        severity,
    )
    return Problem(
        resource,
        resource.ref,
        source,
        blocks,
        sign,
        what,
        rows,
        keys,
        found,
        nature,
        where,
        onset,
        when,
        ended(body),
        status,
        proof == "refuted",
        unsure,
        severity,
        course,
    )


def _of_course(called: tuple[str, ...], course: str) -> frozenset[str]:
    """ "Chronic insomnia" is insomnia, which is chronic anyway; "chronic headache" is not what is called headache."""
    names = table("conditions")
    for name in called if course in ("acute", "chronic") else ():
        rows = names.by_name(bare(name, "course"))
        if rows and all(names.rows[row].get("course") == course for row in rows):
            return rows
    return frozenset()


PAST_CODES = {
    "Z80": "family",
    "Z81": "family",
    "Z82": "family",
    "Z83": "family",
    "Z84": "family",
    "Z85": "history",
    "Z86": "history",
    "Z87": "history",
}


def _when(value: object) -> When | None:
    return When.parse(value) if isinstance(value, str) else None


def code_severity(text: str) -> str:
    return marking.read((text,)).severity if text else ""


def _status(body: dict[str, object], ctx: Context) -> Status:
    status, end = code_of(body.get("clinicalStatus")), ended(body)
    if status in OVER or (not status and end is not None and end.last <= ctx.today):
        return "past"
    if not status and any(name.startswith("abatement") for name in body):
        return "past"
    return "current"


def compare(ctx: Context, a: Problem, b: Problem) -> Rule | None:
    """What the rules say of two problems."""
    if a.nature != b.nature:
        return NATURE
    if a.unsure != b.unsure and not _one_time(ctx, a, b):
        return SUSPECTED
    if a.marks.side != b.marks.side and not _both_sides(a, b):
        return SIDE if a.marks.side and b.marks.side else None
    if {a.marks.course, b.marks.course} == {"acute", "chronic"}:
        return COURSE
    if stages_differ(a.marks, b.marks):
        return STAGE
    if a.site and b.site and a.site != b.site and not a.what.codes & b.what.codes:
        return SITE
    rule = _identity(a, b)
    if rule is None or rule.says == "different":
        return rule
    return _in_time(ctx, a, b, rule)


def _both_sides(a: Problem, b: Problem) -> bool:
    """One says "bilateral" of what lasts, or of what is not told apart by sides anyway."""
    rows = [table("conditions").rows[row] for row in a.rows | b.rows]
    lasting = all(row.get("course") == "chronic" or not row.get("sided") for row in rows)
    return {a.marks.side, b.marks.side} == {"both", ""} and lasting


def _one_time(ctx: Context, a: Problem, b: Problem) -> bool:
    """True when neither is dated, or both may be of one time: then a doubt is a disagreement, not an earlier stage."""
    if a.when is None or b.when is None:
        return a.when is b.when
    return near(a.when, b.when, ctx.zone) != "apart" or gap_days(a.when, b.when, ctx.zone) <= ONE_ILLNESS


def _identity(a: Problem, b: Problem) -> Rule | None:
    names = table("conditions")
    if a.rows and b.rows and a.rows != b.rows:
        kin = any(names.above(x) & {y} or names.above(y) & {x} for x in a.rows for y in b.rows)
        return None if kin or a.rows & b.rows else OTHER
    shared = a.what.codes & b.what.codes
    if shared:
        return SAME_CODE
    if not a.marks.side and any(names.rows[row].get("sided") for row in a.rows) and _classified(a) and _classified(b):
        return None  # a classification tells the sides apart by its last digit
    if a.rows and a.rows == b.rows:
        return SAME_ROW
    return SAME_NAME if a.keys & b.keys else None


def _classified(fact: Problem) -> bool:
    return any(system == "icd10" and len(code) > 4 for system, code in fact.what.codes)


def _in_time(ctx: Context, a: Problem, b: Problem, rule: Rule) -> Rule | None:
    course = a.course or b.course or ("chronic" if "chronic" in (a.marks.course, b.marks.course) else "")
    if course == "chronic":
        return rule
    if a.when is None or b.when is None:
        lasting = course != "acute" and a.status == b.status == "current"
        return rule if lasting else at(rule, YEAR)
    close = near(a.when, b.when, ctx.zone)
    if close in ("month", "year"):
        return at(rule, MONTH if close == "month" else YEAR)
    if close == "same" or gap_days(a.when, b.when, ctx.zone) <= ONE_ILLNESS:
        return rule
    return rule if course != "acute" and a.status == b.status == "current" else OTHER_TIME


def say(ctx: Context, group: Group[Problem]) -> Said:
    """The newest record that is not over speaks for the problem."""
    facts = group.facts
    current = [f for f in facts if f.status == "current" and not f.refuted]
    main = newest([f for f in current if not f.unsure] or current or facts, lambda f: f.when)
    refuted = all(f.refuted for f in facts)
    status: Status = "denied" if refuted else "current" if current else "past"
    conflicts = [
        *disagree(
            "presence",
            T("whether you have it"),
            facts,
            lambda f: f.refuted,
            lambda f: RULED_OUT if f.refuted else STATED,
        ),
        *disagree(
            "verification",
            T("whether it is confirmed"),
            [f for f in facts if not f.refuted],
            lambda f: f.unsure,
            lambda f: UNSURE_OF if f.unsure else SURE_OF,
        ),
        *disagree(
            "status",
            T("whether it is over"),
            [f for f in facts if not f.refuted],
            lambda f: f.status,
            lambda f: OPEN[f.status],
        ),
        *disagree(
            "onset",
            T("when it began"),
            facts,
            lambda f: f.onset,
            lambda f: f.onset or "",
            lambda x, y: near(x, y, ctx.zone) != "apart",
        ),
        *disagree(
            "end",
            T("when it ended"),
            facts,
            lambda f: f.end,
            lambda f: f.end or "",
            lambda x, y: near(x, y, ctx.zone) != "apart",
        ),
        *disagree(
            "severity", T("how severe it is"), facts, lambda f: f.severity or None, lambda f: SEVERITY[f.severity]
        ),
    ]
    detail: list[tuple[Text, Value]] = [(T("Severity"), SEVERITY[main.severity])] if main.severity else []
    if main.site:
        detail.append((T("Part of the body"), next(iter(concept(main.body.get("bodySite")).names), "")))
    notes = [concept_text(n) for n in each(main.body, "stage.summary") if isinstance(n, dict)]
    detail += [(T("Stage"), note) for note in notes if note]
    ends = [f.end for f in facts if f.end is not None]
    marks = frozenset(filter(None, (main.nature, "suspected" if main.unsure else "")))
    return Said(
        main,
        main.what.title,
        first_code(main.body.get("code")),
        status,
        earliest([f.onset for f in facts if f.onset] or [f.when for f in facts if f.when]),
        max(ends, key=lambda w: w.sort_key(), default=None) if status == "past" else None,
        detail,
        conflicts,
        marks,
    )


RULED_OUT, STATED, SURE_OF, UNSURE_OF = T("ruled out"), T("stated"), T("confirmed"), T("not confirmed")
OPEN = {"current": T("still active"), "past": T("over"), "denied": T("ruled out")}
SEVERITY = {"mild": T("mild"), "moderate": T("moderate"), "severe": T("severe")}
