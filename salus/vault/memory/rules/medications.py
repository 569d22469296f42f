"""Medicines: when requests, statements, dispenses and administrations are one therapy, and when courses are two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.records.resource import Resource, each, ended
from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.memory import drugs, posology, strengths
from salus.vault.memory.clashes import disagree
from salus.vault.memory.dates import days, earliest
from salus.vault.memory.entry import Kind, Status, Value
from salus.vault.memory.facts import NOTHING, Concept, Context, Fact, code_of, concept, listed, source_of
from salus.vault.memory.folding import plain
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, first_code, newest
from salus.vault.memory.posology import Taken
from salus.vault.memory.rule import EXACT, FIRM, MONTH, YEAR, Rule, at
from salus.vault.memory.tables import table

KIND: Kind = "medications"
TYPES = ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration")
CURRENT = frozenset({"active", "on-hold", "intended"})
PAST = frozenset({"stopped", "completed", "not-taken", "ended"})
NEVER = frozenset({"cancelled", "draft", "not-done", "declined"})
TELLS = frozenset({"MedicationRequest", "MedicationStatement"})
LOCAL = frozenset({"ear", "eye", "skin"})
RENEWED, ENDED, SHORT = 400, 60, 30
"""Days between two records of one therapy: a renewal; after a stated end; of a medicine taken for days."""

SAME = Rule("same_medicine", "same", T("the same medicine of the same strength, in one stretch of time"), EXACT)
SAME_BARE = Rule(
    "same_medicine_one_without_strength", "same", T("the same medicine; one does not name its strength"), MONTH
)
SAME_NO_STRENGTH = Rule("same_medicine_no_strength", "same", T("the same medicine; neither names its strength"), FIRM)
SAME_DAILY = Rule("same_daily_dose", "same", T("the same medicine and the same amount a day, in other tablets"), FIRM)
DOSE_DIFFERS = Rule("same_medicine_other_dose", "same", T("the same medicine, taken now, with two doses"), MONTH)
OTHER = Rule("other_medicine", "different", T("two different medicines"))
SALT = Rule("other_salt", "different", T("two different salts or esters"))
ROUTE = Rule("other_route", "different", T("taken in two different ways (by mouth, on the skin …)"))
RELEASE = Rule("other_release", "different", T("one is of slow release, the other is not"))
COURSE = Rule("other_course", "different", T("another strength or another time: a course of its own"))
RULES = (SAME, SAME_BARE, SAME_NO_STRENGTH, SAME_DAILY, DOSE_DIFFERS, OTHER, SALT, ROUTE, RELEASE, COURSE)


@dataclass(slots=True)
class Medicine(Fact):
    what: Concept
    drug: drugs.Drug
    forms: frozenset[str]
    taken: Taken
    daily: tuple[Decimal, str] | None
    status: Status
    start: When | None
    end: When | None
    never: bool
    short: bool


@lru_cache(maxsize=1)
def _routes() -> dict[str, str]:
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("dosage.toml").read_text("utf-8"))
    return {code: form for form, codes in data["route"].items() for code in codes}


def read(ctx: Context, resource: Resource) -> Medicine | None:
    """None for what was entered in error or does not name its medicine."""
    body = resource.body
    state = str(body.get("status") or "")
    if state == "entered-in-error":
        return None
    what = named(ctx, resource)
    if not (what.names or what.codes):
        return None
    drug = drugs.best(what.names, what.codes)
    taken = posology.dosage(body)
    routes = {_routes().get(code_of(r)) for r in (*each(body, "dosageInstruction.route"), *each(body, "dosage.route"))}
    forms = drug.forms | {r for r in routes if r}
    end = _end(resource)
    never = state in NEVER or body.get("doNotPerform") is True or body.get("intent") in ("proposal", "option")
    rows = table("ingredients").rows
    short = any(rows.get(row, {}).get("course") == "short" for row in drug.rows)
    status = _status(ctx, resource, end)
    source = source_of(resource)
    id_ = " + ".join(sorted(drug.rows))
    blocks = (
        *((f"i:{id_}",) if id_ else (f"n:{drug.rest}",) if drug.rest else ()),
        *(f"c:{s}:{c}" for s, c in what.codes),
    )
    time = resource.time
    sign = (
        source,
        drug,
        what.codes if not drug.rows else None,
        forms,
        taken,
        status,
        time and time.text,
        end and end.text,
        never,
        resource.type,
    )
    return Medicine(
        resource,
        resource.ref,
        source,
        blocks,
        sign,
        what,
        drug,
        forms,
        taken,
        taken.daily(drug.strengths),
        status,
        time,
        end,
        never,
        short,
    )


def named(ctx: Context, resource: Resource) -> Concept:
    """Its names and codes: in the resource, in what it contains, or in a Medication of the vault."""
    body = resource.body
    value = body.get("medicationCodeableConcept")
    if isinstance(value, Mapping):
        return concept(value)
    reference = body.get("medicationReference")
    found = ctx.target(body, reference, ("Medication",))
    if found is not None and isinstance(found.get("code"), Mapping):
        return concept(found["code"])
    display = reference.get("display") if isinstance(reference, Mapping) else None
    return concept(display) if isinstance(display, str) else NOTHING


def _status(ctx: Context, resource: Resource, end: When | None) -> Status:
    if resource.type not in TELLS:
        return ""
    status = str(resource.body.get("status") or "")
    if status in PAST or (end is not None and end.last < ctx.today):
        return "past"
    return "current" if status in CURRENT else ""


def _end(resource: Resource) -> When | None:
    stated = ended(resource.body)
    bounds = [
        w
        for text in each(resource.body, "dosageInstruction.timing.repeat.boundsPeriod.end")
        if isinstance(text, str) and (w := When.parse(text))
    ]
    return stated or max(bounds, key=lambda when: when.sort_key(), default=None)


def compare(ctx: Context, a: Medicine, b: Medicine) -> Rule | None:
    """What the rules say of two medicines."""
    if a.never != b.never:
        return COURSE
    rule = _apart(a, b)
    if rule is not None:
        return rule
    if not (
        (a.drug.rows and a.drug.rows == b.drug.rows)
        or a.what.codes & b.what.codes
        or (a.drug.rest and a.drug.rest == b.drug.rest)
    ):
        return None
    if a.drug.slow != b.drug.slow:
        return RELEASE if "oral" in (a.forms if b.drug.slow else b.forms) else None
    return _dose(ctx, a, b)


def _apart(a: Medicine, b: Medicine) -> Rule | None:
    if a.drug.rows and b.drug.rows and a.drug.rows != b.drug.rows:
        return OTHER
    if a.drug.salts and b.drug.salts and not (a.drug.salts <= b.drug.salts or b.drug.salts <= a.drug.salts):
        return SALT
    one, other = a.forms or _swallowed(a, b.forms), b.forms or _swallowed(b, a.forms)
    if one and other and not one & other:
        return ROUTE
    return None


def _swallowed(fact: Medicine, other: frozenset[str]) -> frozenset[str]:
    """A medicine of so many milligrams that names no form is swallowed, beside drops or a cream of it."""
    plain_mg = all(unit == "mg" and not per and amount >= 1 for amount, unit, per in fact.drug.strengths)
    return frozenset({"oral"}) if other and other <= LOCAL and fact.drug.strengths and plain_mg else frozenset()


def _dose(ctx: Context, a: Medicine, b: Medicine) -> Rule | None:
    same = strengths.same(a.drug.strengths, b.drug.strengths, a.drug.rows)
    if same is False:
        if a.source == b.source or "past" in (a.status, b.status):
            return COURSE
        rule = SAME_DAILY if a.daily and a.daily == b.daily else DOSE_DIFFERS
        return _in_time(ctx, a, b, rule)
    rule = SAME if same else SAME_BARE if a.drug.strengths or b.drug.strengths else SAME_NO_STRENGTH
    return _in_time(ctx, a, b, rule)


def _in_time(ctx: Context, a: Medicine, b: Medicine, rule: Rule) -> Rule | None:
    """One therapy only if the two touch: at once, as a renewal, or as a record of the same course."""
    if a.start is None or b.start is None:
        return rule if a.status != "past" and b.status != "past" else at(rule, min(rule.level, YEAR))
    gap, stated = _gap(ctx, a, b)
    if a.short or b.short:
        return rule if gap <= SHORT else COURSE
    if a.status == b.status == "current":
        return rule
    return rule if gap <= (ENDED if stated else RENEWED) else None


def _gap(ctx: Context, a: Medicine, b: Medicine) -> tuple[int, bool]:
    """Days between the two stretches of time, and whether the earlier one has a stated end."""
    first, last = sorted((a, b), key=lambda f: (days(f.start, ctx.zone)[0], f.ref) if f.start else (date.min, f.ref))
    assert first.start is not None and last.start is not None
    begins = days(last.start, ctx.zone)[0]
    if first.status == "current" and not first.short:
        return 0, False
    until = days(first.end or first.start, ctx.zone)[1]
    return max((begins - until).days, 0), first.end is not None


def say(ctx: Context, group: Group[Medicine]) -> Said:
    """What is taken now speaks; requests and statements before dispenses."""
    facts = group.facts
    telling = [f for f in facts if f.resource.type in TELLS] or facts
    current = [f for f in telling if f.status == "current"]
    main = newest(current or telling, lambda f: f.start)
    status: Status = "not_done" if main.never else "current" if current else main.status
    taking = [f for f in facts if f.status != "past" and not f.never]
    conflicts = [
        *disagree("dose", T("the dose"), taking, _amount, _shown, _same_amount),
        *disagree(
            "status",
            T("whether it is still taken"),
            _stating(ctx, telling),
            lambda f: f.status or None,
            lambda f: STATUS[f.status],
        ),
    ]
    ends = [f.end for f in facts if f.end is not None]
    detail: list[tuple[Text, Value]] = []
    if main.taken.text or main.taken.amount:
        detail.append((T("Dose"), _written(main)))
    if main.body.get("status") == "on-hold":
        detail.append((T("Status"), T("on hold")))
    starts = [f.start for f in facts if f.start is not None]
    return Said(
        main,
        plain(main.what.title),
        first_code(main.body.get("medicationCodeableConcept")),
        status,
        earliest(starts),
        max(ends, key=lambda w: w.sort_key(), default=None) if status == "past" else None,
        detail,
        conflicts,
    )


def _stating(ctx: Context, facts: list[Medicine]) -> list[Medicine]:
    """Those whose status can contradict another: an order that was over before the one in force began does not."""
    current = [f for f in facts if f.status == "current" and not f.never]

    def renewed(fact: Medicine) -> bool:
        if fact.status != "past" or fact.start is None or not current:
            return False
        until = days(fact.end or fact.start, ctx.zone)[1]
        return all(f.start is not None and (days(f.start, ctx.zone)[0] - until).days > SHORT for f in current)

    return [f for f in facts if not f.never and not renewed(f)]


STATUS: dict[str, Value] = {"current": T("still taken"), "past": T("stopped"), "": ""}


def _amount(fact: Medicine) -> tuple[object, drugs.Drug, Taken] | None:
    if fact.daily is None and not fact.drug.strengths and fact.taken.often is None:
        return None
    return fact.daily, fact.drug, fact.taken


def _same_amount(x: tuple[object, drugs.Drug, Taken], y: tuple[object, drugs.Drug, Taken]) -> bool:
    """By the amount a day where both say it; else by strength and by how often, as far as both say."""
    if x[0] is not None and y[0] is not None:
        return x[0] == y[0]
    if strengths.same(x[1].strengths, y[1].strengths, x[1].rows) is False:
        return False
    one, other = x[2], y[2]
    if one.amount and other.amount and one.amount[1] == other.amount[1] and one.amount != other.amount:
        return False
    return one.often is None or other.often is None or one.often == other.often


def _written(fact: Medicine) -> str:
    body = fact.body
    lines = listed(body.get("dosageInstruction")) or listed(body.get("dosage"))
    texts = [str(line["text"]).strip() for line in lines if isinstance(line, Mapping) and line.get("text")]
    if texts:
        return "; ".join(texts)
    if fact.taken.amount:
        value, unit = fact.taken.amount
        often = f" × {fact.taken.often}/d" if fact.taken.often else ""
        return f"{value:f} {unit}{often}" if unit != "piece" else f"{value:f}{often}"
    return ""


def _shown(fact: Medicine) -> str:
    name = plain(fact.what.title)
    dose = _written(fact)
    return f"{name}, {dose}" if dose else name
