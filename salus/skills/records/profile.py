"""Who the person is, by the records or by what they said of themselves: name, birth date, sex, blood type."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from salus.knowledge.phrases import PhraseBook
from salus.records.codes import LOINC, Code
from salus.records.finding import Evidence, Finding, Result, Unknown
from salus.records.resource import Resource, concept_text, first
from salus.records.text import Named, T, Text
from salus.records.times import When
from salus.skills.records.entry import cite
from salus.skills.records.reach import human
from salus.skills.records.saying import on
from salus.vault.view import VaultView

Part = Literal["name", "born", "age", "sex", "blood"]
BLOOD_GROUP = (Code(LOINC, "882-1"), Code(LOINC, "883-9"))
PARTS: dict[Part, tuple[str, ...]] = {
    "name": ("name", "nom", "called", "appelle"),
    "born": ("birth date", "date of birth", "birthday", "born", "date de naissance", "anniversaire", "né", "née"),
    "age": ("age", "how old", "old", "âge", "ans"),
    "sex": ("sex", "gender", "sexe", "genre"),
    "blood": ("blood type", "blood group", "groupe sanguin", "rhesus", "rhésus"),
}  # fmt: skip
SEXES = {
    "female": Named("female", "féminin"), "male": Named("male", "masculin"), "other": Named("other", "autre"),
    "unknown": Named("unknown", "inconnu"),
}  # fmt: skip


def _book() -> PhraseBook[Part]:
    book: PhraseBook[Part] = PhraseBook()
    for part, phrases in PARTS.items():
        for phrase in phrases:
            book.add(phrase, part)
    return book


_WORDS = _book()


def profile(view: VaultView, about: str | None) -> Result:
    """The parts asked for; without words all that is known, without what is not."""
    wanted: list[Part] = list(dict.fromkeys(hit.item for hit in _WORDS.find(about or "")))
    parts: list[Part] = wanted or ["name", "born", "sex", "blood"]
    patient = next(iter(view.resources("Patient", limit=1)), None)
    me = next(iter(view.resources("Profile", limit=1)), None)
    found = {part: _part(view, part, patient, me) for part in parts}
    findings = tuple(f for f in found.values() if f is not None)
    missing = tuple(_UNKNOWN[part] for part in parts if found[part] is None and wanted)
    return Result(findings, missing, tuple(f.statement for f in findings))


_UNKNOWN = {
    "name": Unknown(T("Your records do not hold your name.")),
    "born": Unknown(T("Your records do not hold your birth date.")),
    "age": Unknown(T("Your records do not hold your birth date, so your age is not known.")),
    "sex": Unknown(T("Your records do not hold your sex.")),
    "blood": Unknown(
        T("Your records do not hold your blood type."), T("A laboratory report or a blood donor card would tell it.")
    ),
}


def _part(view: VaultView, part: Part, patient: Resource | None, me: Resource | None) -> Finding | None:
    if part == "name":
        return _name(view, patient)
    if part in ("born", "age"):
        return _born(view, part, patient, me)
    if part == "sex":
        return _sex(view, patient, me)
    return _blood(view, me)


def _own(view: VaultView, excerpt: str) -> Evidence:
    return Evidence("Person", "person", view.person.name, None, excerpt)


def _finding(statement: Text, value: str | Decimal, evidence: Evidence, unit: str | None = None,
             time: When | None = None) -> Finding:  # fmt: skip
    method = T("As stated in your records.")
    return Finding("profile", statement, value, unit, None, time, method, (evidence,))


def _name(view: VaultView, patient: Resource | None) -> Finding | None:
    name = human(first(patient.body, "name")) if patient else ""
    evidence = cite(patient, name) if patient and name else _own(view, view.person.name)
    name = name or view.person.name
    return _finding(T("Your name is {name}.", name=name), name, evidence) if name else None


def _born(view: VaultView, part: Part, patient: Resource | None, me: Resource | None) -> Finding | None:
    for source in (patient, me):
        born = When.parse(str(source.body.get("birthDate") or "")) if source else None
        if source and born:
            return _birth(view, part, born, cite(source, more=(born.text,)))
    if view.person.born is None:
        return None
    born = When.of_day(view.person.born)
    return _birth(view, part, born, _own(view, born.text))


def _birth(view: VaultView, part: Part, born: When, evidence: Evidence) -> Finding | None:
    if part == "born":
        said = T("You were born {when}.", when=on(born, view.person.zone))
        return _finding(said, born.text, evidence, time=born)
    if born.precision != "day":
        return None
    today, day = view.today, born.first
    years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    said = T("You are {years} years old (born on {day}).", years=years, day=born)
    return _finding(said, Decimal(years), evidence, "a", born)


def _sex(view: VaultView, patient: Resource | None, me: Resource | None) -> Finding | None:
    found = str(patient.body.get("gender") or "") if patient else ""
    evidence = cite(patient, more=(found,)) if patient and found else None
    if not found and me and me.body.get("sex"):
        found, evidence = str(me.body["sex"]), cite(me, more=(str(me.body["sex"]),))
    if not found and view.person.sex:
        found, evidence = view.person.sex, _own(view, view.person.sex)
    if not found or evidence is None:
        return None
    return _finding(T("The sex in your records is {sex}.", sex=SEXES.get(found, found)), found, evidence)


def _blood(view: VaultView, me: Resource | None) -> Finding | None:
    for resource in view.resources("Observation", codes=BLOOD_GROUP):
        if resource.body.get("status") in ("entered-in-error", "cancelled"):
            continue
        value = concept_text(resource.body.get("valueCodeableConcept")) or str(resource.body.get("valueString") or "")
        if value:
            return _finding(T("Your blood type is {type}.", type=value), value, cite(resource, more=(value,)),
                            time=resource.time)  # fmt: skip
    value = str(me.body.get("bloodType") or "") if me else ""
    if me is None or not value:
        return None
    said = T("Your phone says your blood type is {type}.", type=_sign(value))
    return _finding(said, _sign(value), cite(me, more=(value,)))


def _sign(value: str) -> str:
    """HealthKit's "APositive" as people write it."""
    for word, sign in (("Positive", "+"), ("Negative", "−")):
        if value.endswith(word):
            return value.removesuffix(word) + sign
    return value
