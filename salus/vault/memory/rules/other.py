"""Everything else: who the person is, who treats and pays, plans, claims. Nothing is lost; little is joined.

Joined are: the person's own Patient records, people and organisations of one number or name, plans and cover of one
number, and records that say the same word for word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from salus.records.resource import Resource, concept_text, first, title
from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.memory.clashes import disagree
from salus.vault.memory.dates import near
from salus.vault.memory.entry import Conflict, Kind, Value
from salus.vault.memory.facts import Context, Fact, human, identifiers, source_of
from salus.vault.memory.folding import key
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, newest
from salus.vault.memory.places import telling
from salus.vault.memory.rule import CERTAIN, EXACT, FIRM, Rule

KIND: Kind = "other"
NAMED = frozenset({"Practitioner", "Organization", "Location", "RelatedPerson"})
PLAIN = frozenset(
    {
        "Claim",
        "ExplanationOfBenefit",
        "Provenance",
        "AuditEvent",
        "WorkoutRoute",
        "Electrocardiogram",
        "ActivitySummary",
    }
)
"""Types of which there are many and nothing is joined: they are not even decoded."""
NATIONAL = ("us-npi", "rpps", "2.16.840.1.113883.4.6", "adeli", "finess")

THE_PERSON = Rule("the_person", "same", T("both are about the person this vault belongs to"), CERTAIN)
SAME_ID = Rule("same_identifier", "same", T("the same number"), CERTAIN)
SAME_NAME = Rule("same_name", "same", T("the same full name"), FIRM)
SAME_WORDS = Rule("same_word_for_word", "same", T("the same record, word for word"), EXACT)
OTHER_ID = Rule("other_identifier", "different", T("two different national numbers"))
OTHER_TYPE = Rule("other_type", "different", T("two different kinds of record"))
RULES = (THE_PERSON, SAME_ID, SAME_NAME, SAME_WORDS, OTHER_ID, OTHER_TYPE)
_encoder = msgspec.json.Encoder(decimal_format="string", order="deterministic")


@dataclass(slots=True)
class Record(Fact):
    type: str
    name: str
    ids: frozenset[tuple[str, str]]
    mark: str
    born: When | None
    sex: str


def read(ctx: Context, resource: Resource, several: bool = True) -> Record:
    """Any resource. `several`: more than one source brought this type, so that it may be there twice."""
    type_ = resource.type
    if type_ in PLAIN or (not several and type_ != "Patient"):
        return Record(
            resource, resource.ref, resource.connection, (), resource.ref, type_, "", frozenset(), "", None, ""
        )
    body, source = resource.body, source_of(resource)
    ids, mark = identifiers(body), _mark(body)
    name = key(_name(body)) if type_ in NAMED else ""
    blocks = [f"i:{type_}:{s}:{v}" for s, v in ids] + [f"m:{mark}"] + ([f"n:{type_}:{name}"] if name else [])
    if type_ == "Patient":
        blocks = ["patient"]
    born = When.parse(str(body.get("birthDate") or "")) if type_ == "Patient" else None
    sex = str(body.get("gender") or "") if type_ == "Patient" else ""
    return Record(
        resource,
        resource.ref,
        source,
        tuple(blocks),
        resource.ref,
        type_,
        name,
        ids,
        mark,
        born,
        "" if sex == "unknown" else sex,
    )


def _mark(body: Mapping[str, Any]) -> str:
    """A digest of what it says, without its own id and its server's notes."""
    said = {k: v for k, v in body.items() if k not in ("id", "meta", "text")}
    return hashlib.sha256(_encoder.encode(said)).hexdigest()


def _name(body: Mapping[str, Any]) -> str:
    names = body.get("name")
    return names if isinstance(names, str) else human(first(body, "name"))


def compare(ctx: Context, a: Record, b: Record) -> Rule | None:
    """What the rules say of two other records."""
    if a.type != b.type:
        return OTHER_TYPE
    if a.type == "Patient":
        return THE_PERSON
    if a.mark and a.mark == b.mark:
        return SAME_WORDS
    if a.type in NAMED:
        one, other = dict(_national(a)), dict(_national(b))
        if any(one[system] != other[system] for system in one.keys() & other.keys()):
            return OTHER_ID
        if _national(a) & _national(b):
            return SAME_ID
        full = len(telling(a.name)) >= 2
        return SAME_NAME if full and a.name == b.name and a.source != b.source else None
    return SAME_ID if a.ids & b.ids and a.source != b.source else None


def _national(fact: Record) -> frozenset[tuple[str, str]]:
    return frozenset((s, v) for s, v in fact.ids if any(part in s.lower() for part in NATIONAL))


def say(ctx: Context, group: Group[Record]) -> Said:
    """The newest record speaks."""
    facts = group.facts
    main = newest(facts, lambda f: f.resource.time)
    resource = main.resource
    conflicts: list[Conflict] = []
    detail: list[tuple[Text, Value]] = []
    name = ""
    if main.type == "Patient":
        conflicts += disagree(
            "born",
            T("the birth date"),
            facts,
            lambda f: f.born,
            lambda f: f.born or "",
            lambda x, y: near(x, y, ctx.zone) != "apart",
        )
        conflicts += disagree("sex", T("the sex"), facts, lambda f: f.sex or None, lambda f: SEXES.get(f.sex, f.sex))
        if main.born:
            detail.append((T("Born"), main.born))
    if main.type not in PLAIN:
        body = resource.body
        name = (
            _name(body) if main.type in NAMED or main.type == "Patient" else title(body) or str(body.get("title") or "")
        )
        name = name or concept_text(first(body, "category"))
    return Said(main, name or main.type, None, "", resource.time, None, detail, conflicts)


SEXES = {"female": T("female"), "male": T("male"), "other": T("other")}
