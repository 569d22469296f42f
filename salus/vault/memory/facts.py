"""A record as the rules see it, and the view it came from: whose it is, who brought it, what its references name."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any, Protocol

from salus.records.resource import Body, Resource, concept_text, first
from salus.vault.memory.folding import plain
from salus.vault.person import Person

PEOPLE = ("Practitioner", "PractitionerRole", "Organization", "RelatedPerson", "CareTeam", "Location", "Device")
FILES = "/files"
"""How a connection ends that is a person's own files: each import of one may be of another sender."""


class Seen(Protocol):
    """What the memory reads of a vault: a `VaultView`, or records held by hand."""

    @property
    def person(self) -> Person: ...
    @property
    def today(self) -> date: ...
    def resources(self, *types: str) -> list[Resource]: ...
    def resource(self, ref: str) -> Resource | None: ...
    def counts(self) -> dict[str, int]: ...
    def apart(self) -> frozenset[frozenset[str]]: ...


@dataclass(slots=True)
class Fact:
    """`blocks` are keys it shares with what may be the same; `sign` everything a comparison looks at."""

    resource: Resource
    ref: str
    source: str
    blocks: tuple[str, ...]
    sign: Hashable

    @property
    def body(self) -> Body:
        return self.resource.body


class Context:
    """One look: the zone, today, and what references point to (each read once)."""

    def __init__(self, view: Seen) -> None:
        self.view = view
        self.zone: tzinfo = view.person.zone
        self.today: date = view.today
        self._found: dict[str, Body | None] = {}
        self._names: dict[str, str] = {}
        self._rows: dict[str, list[Resource]] = {}
        self.taken: dict[str, set[str]] = {}
        """The references each kind has read, by kind."""

    def rows(self, type_: str) -> list[Resource]:
        """The resources in force of one type, read once."""
        if type_ not in self._rows:
            self._rows[type_] = self.view.resources(type_)
        return self._rows[type_]

    def target(self, body: Body, reference: Any, types: Iterable[str] = PEOPLE) -> Body | None:
        """The body a Reference points to: "#id", "Type/id", an absolute URL or "urn:uuid:…" of one of `types`."""
        ref = reference.get("reference") if isinstance(reference, Mapping) else None
        if not isinstance(ref, str) or not ref:
            return None
        if ref.startswith("#"):
            inside = [c for c in listed(body.get("contained")) if isinstance(c, dict) and c.get("id") == ref[1:]]
            return inside[0] if inside else None
        if ref.startswith(("urn:uuid:", "urn:oid:")):
            tries = [f"{type_}/{ref.rsplit(':', 1)[-1]}" for type_ in types]
        else:
            parts = ref.split("/_history/")[0].split("?")[0].split("/")
            tries = ["/".join(parts[-2:])] if len(parts) >= 2 else []
        for one in tries:
            if one not in self._found:
                found = self.view.resource(one)
                self._found[one] = found.body if found is not None else None
            if (body_found := self._found[one]) is not None:
                return body_found
        return None

    def name(self, body: Body, reference: Any, depth: int = 2) -> str:
        """What a referenced person, place or organisation is called; "" when the records do not say."""
        if not isinstance(reference, Mapping):
            return ""
        display = reference.get("display")
        if isinstance(display, str) and display.strip():
            return display.strip()
        ref = str(reference.get("reference") or "")
        if not ref.startswith("#") and ref in self._names:
            return self._names[ref]
        found = self.target(body, reference)
        name = "" if found is None else self.called(found, depth)
        if ref and not ref.startswith("#"):
            self._names[ref] = name
        return name

    def called(self, body: Body, depth: int = 2) -> str:
        if body.get("resourceType") == "PractitionerRole" and depth:
            named = (self.name(body, body.get(part), depth - 1) for part in ("practitioner", "organization"))
            return next(filter(None, named), "")
        names = body.get("name")
        if isinstance(names, str):
            return names
        if isinstance(names, list):
            return human(
                next((n for n in names if isinstance(n, dict) and n.get("use") == "official"), first(body, "name"))
            )
        return ""


def listed(value: Any) -> list[Any]:
    """What should be a list, whatever it came as."""
    return value if isinstance(value, list) else [value] if isinstance(value, Mapping) else []


def _words(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def human(name: Any) -> str:
    """A HumanName as people write it."""
    if not isinstance(name, Mapping):
        return ""
    if name.get("text"):
        return str(name["text"])
    parts = [*_words(name.get("prefix")), *_words(name.get("given")), name.get("family") or ""]
    return " ".join(str(part) for part in parts if part)


def source_of(resource: Resource) -> str:
    """Who it came from, as far as two records can contradict each other: the sender it names, else the connection.

    A connection of files may bring those of several senders: there each import counts as one.
    """
    meta = resource.body.get("meta")
    sender = meta.get("source") if isinstance(meta, Mapping) else None
    if isinstance(sender, str) and (named := sender.split("#")[0].strip()):
        return f"{resource.connection}|{named}"
    return f"{resource.connection}|{resource.batch}" if resource.connection.endswith(FILES) else resource.connection


_SYSTEMS = (
    ("snomed", "snomed"),
    ("2.16.840.1.113883.6.96", "snomed"),
    ("icd-10", "icd10"),
    ("icd10", "icd10"),
    ("cim-10", "icd10"),
    ("cim10", "icd10"),
    ("2.16.840.1.113883.6.90", "icd10"),
    ("2.16.840.1.113883.6.3", "icd10"),
    ("icpc", "icpc"),
    ("cisp", "icpc"),
    ("icd-9", "icd9"),
    ("icd9", "icd9"),
    ("2.16.840.1.113883.6.103", "icd9"),
    ("2.16.840.1.113883.6.42", "icd9"),
    ("rxnorm", "rxnorm"),
    ("2.16.840.1.113883.6.88", "rxnorm"),
    ("whocc.no", "atc"),
    ("/atc", "atc"),
    ("2.16.840.1.113883.6.73", "atc"),
    ("ama-assn.org/go/cpt", "cpt"),
    ("2.16.840.1.113883.6.12", "cpt"),
    ("ccam", "ccam"),
    ("1.2.250.1.213.2.5", "ccam"),
    ("hcpcs", "hcpcs"),
    ("2.16.840.1.113883.6.285", "hcpcs"),
    ("2.16.840.1.113883.6.4", "pcs"),
    ("cvx", "cvx"),
    ("2.16.840.1.113883.12.292", "cvx"),
    ("loinc", "loinc"),
    ("2.16.840.1.113883.6.1", "loinc"),
)


_known: dict[str, str] = {}


def system(url: str) -> str:
    """The short name of a code system, however its address is written; else the address itself."""
    found = _known.get(url)
    if found is None:
        low = url.lower()
        found = next(
            (name for part, name in _SYSTEMS if low == f"urn:oid:{part}" or (not part[0].isdigit() and part in low)),
            low,
        )
        _known[url] = found
    return found


@dataclass(frozen=True, slots=True)
class Concept:
    """A CodeableConcept: (system, code) pairs and every name it goes by (its text first), tags taken off."""

    codes: frozenset[tuple[str, str]]
    names: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.names[0] if self.names else next((code for _, code in sorted(self.codes)), "")


NOTHING = Concept(frozenset(), ())


def concept(value: Any) -> Concept:
    """A CodeableConcept as it is compared; a code without a system counts as a name."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, Mapping):
        return Concept(frozenset(), (plain(value),)) if isinstance(value, str) and value.strip() else NOTHING
    names = [str(value.get("text") or "")]
    codes: list[tuple[str, str]] = []
    loose: list[str] = []
    rows = value.get("coding")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            code, display = str(row.get("code") or "").strip(), str(row.get("display") or "")
            if row.get("system") and code:
                codes.append((system(str(row["system"])), code))
                names.append(display)
            elif not row.get("system"):
                loose += [display, code]
    kept = tuple(dict.fromkeys(plain(name) for name in (*names, *loose) if name.strip()))
    return Concept(frozenset(codes), kept)


def code_of(value: Any) -> str:
    """The first code of a CodeableConcept (or a plain code), lower case; else its text."""
    if isinstance(value, str):
        return value.lower()
    if not isinstance(value, Mapping):
        return ""
    coded = next((c.get("code") for c in listed(value.get("coding")) if isinstance(c, Mapping) and c.get("code")), "")
    return str(coded or concept_text(value)).lower()


def identifiers(body: Body) -> frozenset[tuple[str, str]]:
    """Business identifiers that name one thing in the world: (system, value)."""
    found = body.get("identifier")
    rows = found if isinstance(found, list) else [found] if isinstance(found, Mapping) else []
    master = body.get("masterIdentifier")
    rows = [*rows, *([master] if isinstance(master, Mapping) else [])]
    return frozenset(
        (str(row["system"]), str(row["value"]))
        for row in rows
        if isinstance(row, Mapping) and row.get("system") and row.get("value")
    )


def codings_of(value: Any) -> list[str]:
    """The bare codes of a CodeableConcept."""
    rows = value.get("coding") if isinstance(value, Mapping) else None
    return [str(row["code"]) for row in listed(rows) if isinstance(row, Mapping) and row.get("code")]
