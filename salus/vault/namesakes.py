"""Records that share an id without being one: "Condition/1" of one hospital is not "Condition/1" of another.

A FHIR id is unique on its own server only, and files of several servers come into one vault. A record that surely is no
version of the one kept under its id is kept beside it, under its id with a mark of what it is about.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, NamedTuple

from salus.records.resource import Body, codings, concept_text, first, main_concept, subject_ref, when
from salus.records.times import When
from salus.vault import servers

_GLOBAL = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|.{32,}", re.I)
"""Ids that no two servers give alike: UUIDs, and what is as long."""
ONE = frozenset({"Patient"})
"""The person of the vault is one, however many servers number them."""
MOMENTS = frozenset({
    "Observation", "Immunization", "Procedure", "Encounter", "DiagnosticReport", "MedicationRequest",
    "MedicationDispense", "MedicationAdministration", "DocumentReference", "Composition", "ImagingStudy", "Appointment",
})  # fmt: skip
"""What happens once: another day is another record. (The onset of a problem may be corrected.)"""


PERFORMED = frozenset({"Observation", "DiagnosticReport", "Immunization"})
"""What one laboratory or practice vouches for: another one's is no version of it."""
MARKED = 9
"""Characters of a mark, its dot among them."""
_MARK = re.compile(r"\.[0-9a-f]{8}")


class Sent(NamedTuple):
    """A record with who gave its id (`salus.vault.servers`) and who wrote it, in words."""

    body: Body
    server: str = ""
    author: str = ""


def is_marked(fid: str, id_: str) -> bool:
    """Is this the id under which a namesake of `id_` is kept?"""
    return fid.startswith(id_) and _MARK.fullmatch(fid, len(id_)) is not None


def unmarked(fid: str) -> str:
    """The id under which a server knows what is kept as `fid`."""
    return fid[:-MARKED] if len(fid) > MARKED and is_marked(fid, fid[:-MARKED]) else fid


def is_global(id_: str) -> bool:
    """An id that only one server can have given."""
    return _GLOBAL.fullmatch(id_) is not None


def another(type_: str, id_: str, kept: Sent, new: Sent) -> bool:
    """True when the two are surely not versions of one record: another server gave the id, another laboratory vouches
    for it, another patient's number, another identifier of the same system, another code of the same system, another
    name where no code can tell, or another day of what happens once.
    """
    if is_global(id_):
        return False
    if servers.differ(kept.server, new.server) or _other_sender(kept.body, new.body):
        return True
    if type_ in ONE:
        return False
    mine, theirs = _identifiers(kept.body), _identifiers(new.body)
    if mine & theirs:
        return False
    if {system for system, _ in mine} & {system for system, _ in theirs}:
        return True
    if type_ in PERFORMED and kept.author and new.author and kept.author.casefold() != new.author.casefold():
        return True
    subjects = _local(subject_ref(kept.body)), _local(subject_ref(new.body))
    if all(subjects) and subjects[0] != subjects[1]:
        return True
    return _other_thing(kept.body, new.body) or (
        type_ in MOMENTS and _other_day(when(kept.body), when(new.body))
    )


def mark(body: Body, server: str = "") -> str:
    """What a record is about and who numbers it, in eight characters: the same for all its versions."""
    concept = main_concept(body)
    codes = sorted(f"{code.system}|{code.code}" for code in codings(concept)) or [_name(body)]
    time = when(body)
    about = [*([server] if server else ()), str(_local(subject_ref(body))), *codes]
    about += [time.first.isoformat() if time else "", *map(str, sorted(_identifiers(body)))]
    return hashlib.sha256("\0".join(about).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _identifiers(body: Body) -> set[tuple[str, str]]:
    found = body.get("identifier")
    rows = found if isinstance(found, list) else [found]
    return {
        (str(row["system"]), str(row["value"]))
        for row in rows
        if isinstance(row, dict) and row.get("system") and row.get("value")
    }


def _other_sender(kept: Body, new: Body) -> bool:
    """Do both name the system they come from (`meta.source`), and not the same one?"""
    named = [str(first(body, "meta.source") or "").split("#")[0].strip() for body in (kept, new)]
    return all(named) and named[0] != named[1]


def _local(reference: str | None) -> str | None:
    return reference.rsplit("/", 1)[-1] if reference else None


def _other_thing(kept: Body, new: Body) -> bool:
    mine, theirs = codings(main_concept(kept)), codings(main_concept(new))
    shared = {code.system for code in mine} & {code.system for code in theirs}
    if shared:
        ours = {(code.system, code.code) for code in mine}
        return not any((code.system, code.code) in ours for code in theirs)
    names = _name(kept), _name(new)
    return all(names) and names[0] != names[1]


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
