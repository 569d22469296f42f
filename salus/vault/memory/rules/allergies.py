"""Allergies and intolerances: which are of one substance, and where one source denies what another states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from salus.records.resource import Resource, concept_text, each
from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.memory import drugs
from salus.vault.memory.clashes import between, disagree
from salus.vault.memory.dates import earliest
from salus.vault.memory.entry import Conflict, Kind, Status, Value
from salus.vault.memory.facts import Concept, Context, Fact, code_of, concept, source_of
from salus.vault.memory.folding import fold, key
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, first_code, newest
from salus.vault.memory.rule import EXACT, FIRM, Rule
from salus.vault.memory.tables import table

KIND: Kind = "allergies"
TYPES = ("AllergyIntolerance",)
OVER = frozenset({"inactive", "resolved", "remission"})

SAME_SUBSTANCE = Rule("same_substance", "same", T("two names or codes of the same substance"), FIRM)
SAME_CODE = Rule("same_code", "same", T("the same code"), EXACT)
SAME_NAME = Rule("same_name", "same", T("the same name, whatever its spelling"), FIRM)
SAME_DENIAL = Rule("same_denial", "same", T("both state that there is no such allergy"), FIRM)
OTHER = Rule("other_substance", "different", T("two different substances, or a class and one of its members"))
TYPE = Rule("allergy_or_intolerance", "different", T("one is an allergy, the other an intolerance"))
DENIAL = Rule("denial_and_allergy", "different", T("one states an allergy, the other that there is none at all"))
RULES = (SAME_SUBSTANCE, SAME_CODE, SAME_NAME, SAME_DENIAL, OTHER, TYPE, DENIAL)

NONE_CODES = {
    "716186003": "all",
    "160244002": "all",
    "409137002": "drug",
    "428607008": "environment",
    "429625007": "food",
    "428197003": "food",
    "716184000": "latex",
    "1003774007": "latex",
    "716220001": "animal",
}
"""SNOMED CT: no known (drug, environmental, food, latex, animal) allergy."""
_NONE = re.compile(
    r"\b(?:no known|no|nil known|not known to have|aucune?|pas d'?|pas de|absence d'?|absence de|negation d'?)\s*"
    r"(drug|medication|medicine|medicinal|food|environmental|latex|animal)?\s*(?:allerg|hypersensib|intoleran)"
    r"|\b(nkda|nka|nkfa)\b"
)
_SCOPE = {"drug": ("drug", "medic"), "food": ("food", "aliment"), "environment": ("environ",), "latex": ("latex",)}
_WORDS = re.compile(
    r"\b(?:allergy|allergies|allergic|reaction|hypersensitivity|intolerance|sensitivity|adverse|drug|known|allergie|allergique|"
    r"hypersensibilite|intolerant|sensibilite|substance|to|a|aux?|de|du|des|la|le|les|l')\b|(?<=\s)l'"
)


@dataclass(slots=True)
class Allergy(Fact):
    what: Concept
    substances: frozenset[str]
    keys: frozenset[str]
    none: str
    """"" or the scope of a stated absence: "all", "drug", "food" …, or a substance."""
    group: str
    refuted: bool
    type_: str
    criticality: str
    severity: str
    status: Status
    time: When | None
    unsure: bool


def read(ctx: Context, resource: Resource) -> Allergy | None:
    """None for what was entered in error, or names no substance."""
    body = resource.body
    proof = code_of(body.get("verificationStatus"))
    what = concept(body.get("code"))
    if not (what.names or what.codes):
        what = next((concept(s) for s in each(body, "reaction.substance")), what)
    if proof == "entered-in-error" or not (what.names or what.codes):
        return None
    none = denied(what)
    bare = tuple(dict.fromkeys(filter(None, (_bare(name) for name in what.names))))
    substances = frozenset() if none else substances_of(what, bare)
    keys = frozenset(f"none:{none}" for _ in "x" if none) or frozenset(key(n) for n in bare)
    category = next(
        (str(c) for c in (body["category"] if isinstance(body.get("category"), list) else ()) if isinstance(c, str)), ""
    )
    group = {"medication": "drug", "biologic": "drug"}.get(category, category)
    if not group and any(s.startswith("drug:") or drugs.read(s).rows for s in substances):
        group = "drug"
    if not group and any(table("allergens").rows.get(s, {}).get("group") == "food" for s in substances):
        group = "food"
    severities = [str(s) for s in each(body, "reaction.severity")]
    severity = next((level for level in ("severe", "moderate", "mild") if level in severities), "")
    status: Status = "past" if code_of(body.get("clinicalStatus")) in OVER else "current"
    source, type_ = source_of(resource), str(body.get("type") or "")
    criticality = str(body.get("criticality") or "")
    criticality = "" if criticality == "unable-to-assess" else criticality
    blocks = (*(f"s:{s}" for s in substances), *(f"c:{s}:{c}" for s, c in what.codes), *(f"n:{k}" for k in keys))
    refuted = proof == "refuted"
    sign = (source, substances, keys, what.codes, none, type_, criticality, severity, status, refuted, proof)
    return Allergy(
        resource,
        resource.ref,
        source,
        blocks,
        sign,
        what,
        substances,
        keys,
        none,
        group,
        refuted,
        type_,
        criticality,
        severity,
        status,
        resource.time,
        proof in ("unconfirmed", "presumed"),
    )


def denied(what: Concept) -> str:
    """The scope of a stated absence of allergy ("all", "drug" …); "" for an allergy."""
    for system, code in sorted(what.codes):
        if system == "snomed" and code in NONE_CODES:
            return NONE_CODES[code]
    for name in what.names:
        low = fold(name)
        if _NONE.search(low):
            scope = next((scope for scope, parts in _SCOPE.items() if any(part in low for part in parts)), "")
            if scope or "nkda" in low:
                return scope or "drug"
            left = " ".join(
                w for w in _bare(_NONE.sub(" ", low)).split() if w not in ("ie", "ies", "y", "connue", "known", "c")
            )
            named = substances_of(Concept(frozenset(), (left,)), (left,)) if left else frozenset()
            return next(iter(sorted(named)), "all")
    return ""


def _bare(name: str) -> str:
    return " ".join(_WORDS.sub(" ", fold(name)).replace("'", " ").split())


def substances_of(what: Concept, names: Sequence[str]) -> frozenset[str]:
    """The substances meant: rows of the table of allergens, else ingredients of the table of medicines."""
    known = table("allergens")
    said = (*what.names, *names)
    # A list that codes "Penicillin" as penicillin G means the class it names.
    rows = known.of(Concept(frozenset(), ()), said) or known.of(what, said)
    if rows:
        return rows
    drug = drugs.best(names or what.names, what.codes)
    if not drug.rows:
        return frozenset()
    if len(drug.rows) == 1 and (rows := known.by_name(next(iter(drug.rows)))):
        return rows
    return frozenset({"drug:" + " + ".join(sorted(drug.rows))})


def compare(ctx: Context, a: Allergy, b: Allergy) -> Rule | None:
    """What the rules say of two entries of an allergy list."""
    if bool(a.none) != bool(b.none):
        return DENIAL
    if a.none:
        return SAME_DENIAL if a.none == b.none else OTHER
    if {a.type_, b.type_} == {"allergy", "intolerance"}:
        return TYPE
    if a.substances and b.substances:
        return SAME_SUBSTANCE if a.substances == b.substances else OTHER
    if a.what.codes & b.what.codes:
        return SAME_CODE
    return SAME_NAME if a.keys & b.keys else None


def say(ctx: Context, group: Group[Allergy]) -> Said:
    """The newest record that is in force speaks."""
    facts = group.facts
    current = [f for f in facts if f.status == "current" and not f.refuted]
    main = newest(current or facts, lambda f: f.time)
    stated = [f for f in facts if not f.refuted]
    conflicts = [
        *disagree(
            "presence",
            T("whether you have this allergy"),
            facts,
            lambda f: f.refuted,
            lambda f: DENIED if f.refuted else STATED,
        ),
        *disagree("status", T("whether it is over"), stated, lambda f: f.status, lambda f: OPEN[f.status]),
        *disagree(
            "severity",
            T("how severe the reaction was"),
            stated,
            lambda f: f.severity or None,
            lambda f: SEVERITY[f.severity],
        ),
        *disagree(
            "criticality",
            T("how dangerous it may be"),
            stated,
            lambda f: f.criticality or None,
            lambda f: RISK.get(f.criticality, f.criticality),
        ),
        *disagree(
            "verification",
            T("whether it is confirmed"),
            stated,
            lambda f: f.unsure,
            lambda f: UNSURE if f.unsure else SURE,
        ),
    ]
    status: Status = "denied" if main.none or not stated else "current" if current else "past"
    reactions = list(dict.fromkeys(concept_text(m) for f in facts for m in each(f.body, "reaction.manifestation")))
    detail: list[tuple[Text, Value]] = [(T("Reaction"), text) for text in reactions if text]
    if main.severity:
        detail.append((T("Severity"), SEVERITY[main.severity]))
    if main.criticality:
        detail.append((T("Risk"), RISK.get(main.criticality, main.criticality)))
    marks = frozenset({"none_known"} if main.none else ())
    return Said(
        main,
        main.what.title,
        first_code(main.body.get("code")),
        status,
        earliest([f.time for f in facts if f.time]),
        None,
        detail,
        conflicts,
        marks,
    )


def across(groups: Sequence[Group[Allergy]]) -> dict[int, list[Conflict]]:
    """Conflicts between entries: a stated absence beside an allergy it denies. By the group's place in `groups`."""
    found: dict[int, list[Conflict]] = {}
    for n, denial in enumerate(groups):
        no = next((f for f in denial.facts if f.none and f.status == "current" and not f.refuted), None)
        if no is None:
            continue
        for m, other in enumerate(groups):
            yes = next((f for f in other.facts if not f.none and f.status == "current" and not f.refuted), None)
            if yes is None or not _denies(no, yes):
                continue
            clash = between(
                "presence", T("whether you have this allergy"), [(no.what.title, no.ref), (yes.what.title, yes.ref)]
            )
            found.setdefault(n, []).append(clash)
            found.setdefault(m, []).append(clash)
    return found


def _denies(no: Allergy, yes: Allergy) -> bool:
    if no.none == "all" or no.none in yes.substances:
        return True
    return no.none == yes.group or (no.none == "environment" and yes.group == "environment")


DENIED, STATED, SURE, UNSURE = T("denied"), T("stated"), T("confirmed"), T("not confirmed")
OPEN = {"current": T("still active"), "past": T("over")}
SEVERITY = {"mild": T("mild"), "moderate": T("moderate"), "severe": T("severe")}
RISK = {"high": T("high risk"), "low": T("low risk")}
