"""Vaccinations: one dose on one day, whatever its name, code or brand; and the doses that are two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from salus.records.resource import Resource, each
from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.memory.clashes import disagree
from salus.vault.memory.dates import earliest, gap_days, near
from salus.vault.memory.entry import Kind, Status, Value
from salus.vault.memory.facts import Concept, Context, Fact, concept, source_of
from salus.vault.memory.folding import fold, key
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, first_code, newest
from salus.vault.memory.rule import CERTAIN, EXACT, MONTH, YEAR, Rule, at
from salus.vault.memory.tables import table

KIND: Kind = "immunizations"
TYPES = ("Immunization",)
ONE_LOT = 31
"""Days within which one lot number with two dates is one dose whose date is told twice."""

_FILLER = re.compile(
    r"\b(?:(?:19|20)\d\d(?:\s*[-/]\s*(?:(?:19|20)?\d\d))?|season|seasonal|saison|saisonniere?|dose|rappel|booster|injection|"
    r"1st|2nd|3rd|[1-9]e(?:re|me)?|first|second|third|premiere|deuxieme|troisieme|im|shot|vaccination)\b"
)
CASED = {
    "dTcaPolio": "tdap-ipv", "dTcaP": "tdap-ipv", "dTca": "tdap", "dTPolio": "td-ipv", "dTP": "td-ipv",
    "DTCaPolio": "dtap-ipv", "DTCaP": "dtap-ipv", "DTCa": "dtap",
}  # fmt: skip
"""French short names in which a small letter is the small dose of a booster."""
_CASED = re.compile(r"(?<![A-Za-z-])(?:" + "|".join(CASED) + r")(?![A-Za-z-])")
SAME_VACCINE = Rule(
    "same_vaccine_same_day", "same", T("the same vaccine on the same day, by two names or codes"), EXACT
)
PRODUCT = Rule("vaccine_and_its_product", "same", T("a vaccine and one of its products on the same day"), MONTH)
SAME_LOT = Rule("same_lot", "same", T("the same vaccine of the same lot, dated differently"), CERTAIN)
OTHER = Rule("other_vaccine", "different", T("two different vaccines"))
OTHER_DAY = Rule("other_day", "different", T("another day: another dose"))
OTHER_DOSE = Rule("other_dose", "different", T("two numbered doses"))
RULES = (SAME_VACCINE, PRODUCT, SAME_LOT, OTHER, OTHER_DAY, OTHER_DOSE)


@dataclass(slots=True)
class Dose(Fact):
    what: Concept
    rows: frozenset[str]
    keys: frozenset[str]
    time: When | None
    given: bool
    number: str
    lot: str


def read(ctx: Context, resource: Resource) -> Dose | None:
    """None for what was entered in error or names no vaccine."""
    body = resource.body
    what = concept(body.get("vaccineCode"))
    if body.get("status") == "entered-in-error" or not (what.names or what.codes):
        return None
    rows = rows_of(what)
    keys = frozenset(key(name) for name in what.names)
    number = next(
        (
            str(n)
            for n in (
                *each(body, "protocolApplied.doseNumberPositiveInt"),
                *each(body, "protocolApplied.doseNumberString"),
            )
        ),
        "",
    )
    lot = fold(str(body.get("lotNumber") or "")).replace(" ", "")
    time, source = resource.time, source_of(resource)
    families = {upper for row in rows for upper in table("vaccines").above(row)} | rows
    blocks = (*(f"r:{r}" for r in families), *(f"c:{s}:{c}" for s, c in what.codes), *(f"n:{k}" for k in keys))
    given = body.get("status") != "not-done"
    sign = (source, rows, keys, what.codes, time and time.text, given, number, lot)
    return Dose(resource, resource.ref, source, blocks, sign, what, rows, keys, time, given, number, lot)


def rows_of(what: Concept) -> frozenset[str]:
    """The vaccines meant: by code and name, by a brand within the name, by the name without season and filler."""
    known = table("vaccines")
    what = Concept(what.codes, tuple(_CASED.sub(lambda m: f" {CASED[m.group()]} ", name) for name in what.names))
    if rows := known.of(what):
        return rows
    for name in what.names:
        if rows := known.by_brand(name):
            return rows
        if rows := known.by_name(_FILLER.sub(" ", fold(name))):
            return rows
    return frozenset()


def compare(ctx: Context, a: Dose, b: Dose) -> Rule | None:
    """What the rules say of two vaccinations."""
    rule = _vaccine(a, b)
    if rule is None or rule.says == "different":
        return rule
    close = near(a.time, b.time, ctx.zone)
    if (
        a.lot
        and a.lot == b.lot
        and a.source != b.source
        and a.time
        and b.time
        and gap_days(a.time, b.time, ctx.zone) <= ONE_LOT
    ):
        return SAME_LOT
    if a.number and b.number and a.number != b.number:
        return OTHER_DOSE
    if close == "apart":
        return OTHER_DAY
    if close in ("month", "year", "unknown"):
        return at(rule, min(rule.level, MONTH if close == "month" else YEAR))
    return at(rule, min(rule.level, YEAR)) if a.time and a.time.precision in ("year", "month") else rule


def _vaccine(a: Dose, b: Dose) -> Rule | None:
    known = table("vaccines")
    if a.rows and b.rows:
        if a.rows == b.rows:
            return SAME_VACCINE
        kin = any(y in known.above(x) or x in known.above(y) for x in a.rows for y in b.rows)
        return PRODUCT if kin else None if a.rows & b.rows else OTHER
    if a.what.codes & b.what.codes or a.keys & b.keys:
        return SAME_VACCINE
    return None


def say(ctx: Context, group: Group[Dose]) -> Said:
    """The record with the most precise date of those given speaks."""
    facts = group.facts
    given = [f for f in facts if f.given]
    main = newest(given or facts, lambda f: f.time)
    conflicts = [
        *disagree(
            "given", T("whether it was given"), facts, lambda f: f.given, lambda f: GIVEN if f.given else NOT_GIVEN
        ),
        *disagree(
            "date",
            T("the day"),
            facts,
            lambda f: f.time,
            lambda f: f.time or "",
            lambda x, y: near(x, y, ctx.zone) != "apart",
        ),
        *disagree("lot", T("the lot number"), facts, lambda f: f.lot or None, lambda f: str(f.body.get("lotNumber"))),
    ]
    status: Status = "done" if given else "not_done"
    detail: list[tuple[Text, Value]] = []
    if number := next((f.number for f in facts if f.number), ""):
        detail.append((T("Dose number"), number))
    if lot := next((str(f.body["lotNumber"]) for f in facts if f.lot), ""):
        detail.append((T("Lot"), lot))
    return Said(
        main,
        main.what.title,
        first_code(main.body.get("vaccineCode")),
        status,
        earliest([f.time for f in given or facts if f.time]),
        None,
        detail,
        conflicts,
    )


GIVEN, NOT_GIVEN = T("given"), T("not given")
