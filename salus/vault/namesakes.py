"""Records that share an id without being one: "Condition/1" of one hospital is not "Condition/1" of another.

A FHIR id is unique on its own server only, and files of several servers come into one vault. A record that surely is no
version of the one kept under its id is kept beside it, under its id with a mark of what it is about.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from salus.records.resource import Body, codings, concept_text, main_concept, subject_ref, when
from salus.records.times import When

_GLOBAL = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|.{32,}", re.I)
"""Ids that no two servers give alike: UUIDs, and what is as long."""
ONE = frozenset({"Patient"})
"""The person of the vault is one, however many servers number them."""
MOMENTS = frozenset({
    "Observation", "Immunization", "Procedure", "Encounter", "DiagnosticReport", "MedicationRequest",
    "MedicationDispense", "MedicationAdministration", "DocumentReference", "Composition", "ImagingStudy", "Appointment",
})  # fmt: skip
"""What happens once: another day is another record. (The onset of a problem may be corrected.)"""


def is_global(id_: str) -> bool:
    """An id that only one server can have given."""
    return _GLOBAL.fullmatch(id_) is not None


def another(type_: str, id_: str, kept: Body, new: Body) -> bool:
    """True when the two are surely not versions of one record: another patient's number, another identifier of the
    same system, another code of the same system, another name where there is no code, or another day of what happens
    once.
    """
    if type_ in ONE or is_global(id_):
        return False
    mine, theirs = _identifiers(kept), _identifiers(new)
    if mine & theirs:
        return False
    if {system for system, _ in mine} & {system for system, _ in theirs}:
        return True
    subjects = _local(subject_ref(kept)), _local(subject_ref(new))
    if all(subjects) and subjects[0] != subjects[1]:
        return True
    return _other_thing(kept, new) or (type_ in MOMENTS and _other_day(when(kept), when(new)))


def mark(body: Body) -> str:
    """What a record is about, in eight characters: the same for all its versions."""
    concept = main_concept(body)
    codes = sorted(f"{code.system}|{code.code}" for code in codings(concept)) or [_name(body)]
    time = when(body)
    about = [str(_local(subject_ref(body))), *codes, time.first.isoformat() if time else "", *map(str, sorted(
        _identifiers(body)))]  # fmt: skip
    return hashlib.sha256("\0".join(about).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _identifiers(body: Body) -> set[tuple[str, str]]:
    found = body.get("identifier")
    rows = found if isinstance(found, list) else [found]
    return {
        (str(row["system"]), str(row["value"]))
        for row in rows
        if isinstance(row, dict) and row.get("system") and row.get("value")
    }


def _local(reference: str | None) -> str | None:
    return reference.rsplit("/", 1)[-1] if reference else None


def _other_thing(kept: Body, new: Body) -> bool:
    mine, theirs = codings(main_concept(kept)), codings(main_concept(new))
    shared = {code.system for code in mine} & {code.system for code in theirs}
    if shared:
        ours = {(code.system, code.code) for code in mine}
        return not any((code.system, code.code) in ours for code in theirs)
    names = _name(kept), _name(new)
    return not (mine and theirs) and all(names) and names[0] != names[1]


def _name(body: Body) -> str:
    """What it calls itself, for a record without codes; people and places by their names."""
    named: Any = concept_text(main_concept(body)) or body.get("name") or body.get("title") or ""
    if isinstance(named, list):
        first = named[0] if named and isinstance(named[0], dict) else {}
        named = first.get("text") or f"{first.get('family', '')} {' '.join(map(str, first.get('given') or ()))}"
    return " ".join(str(named).casefold().split())


def _other_day(kept: When | None, new: When | None) -> bool:
    if kept is None or new is None:
        return False
    if kept.instant and new.instant:
        return abs((kept.instant - new.instant).total_seconds()) >= 86_400
    return kept.last < new.first or new.last < kept.first
