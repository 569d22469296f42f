"""Following a reference to a name: its display, what is contained, or the resource in the vault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from salus.records.resource import Body, concept_text, first
from salus.vault.view import VaultView

_seen: WeakKeyDictionary[VaultView, dict[str, Body | None]] = WeakKeyDictionary()
"""What was looked up in a view already: many visits name one practitioner."""

PEOPLE = ("Practitioner", "PractitionerRole", "Organization", "Patient", "RelatedPerson", "CareTeam", "Location")


def target(view: VaultView, body: Body, reference: Any, types: Iterable[str] = PEOPLE) -> Body | None:
    """The body a Reference points to: "#id", "Type/id", an absolute URL or "urn:uuid:…" of one of `types`."""
    ref = reference.get("reference") if isinstance(reference, Mapping) else None
    if not isinstance(ref, str) or not ref:
        return None
    if ref.startswith("#"):
        inside = [c for c in body.get("contained") or () if isinstance(c, dict) and c.get("id") == ref[1:]]
        return inside[0] if inside else None
    if ref.startswith(("urn:uuid:", "urn:oid:")):
        ident = ref.rsplit(":", 1)[-1]
        tries = [f"{type_}/{ident}" for type_ in types]
    else:
        parts = ref.split("/_history/")[0].split("?")[0].split("/")
        if len(parts) < 2:
            return None
        tries = ["/".join(parts[-2:])]
    seen = _seen.setdefault(view, {})
    for one in tries:
        if one not in seen:
            found = view.resource(one)
            seen[one] = found.body if found is not None else None
        if (body_found := seen[one]) is not None:
            return body_found
    return None


def name_of(view: VaultView, body: Body, reference: Any, depth: int = 2) -> str:
    """What a referenced person, organisation or place is called; "" when the records do not say."""
    if not isinstance(reference, Mapping):
        return ""
    display = reference.get("display")
    if isinstance(display, str) and display.strip():
        return display.strip()
    found = target(view, body, reference)
    return "" if found is None else called(view, found, depth)


def called(view: VaultView, body: Body, depth: int = 2) -> str:
    """The name a person or organisation resource carries."""
    if body.get("resourceType") == "PractitionerRole" and depth:
        for part in ("practitioner", "organization"):
            if found := name_of(view, body, body.get(part), depth - 1):
                return found
    names = body.get("name")
    if isinstance(names, str):
        return names
    if isinstance(names, list):
        official = [n for n in names if isinstance(n, dict) and n.get("use") == "official"]
        return human(official[0] if official else first(body, "name"))
    return ""


def human(name: Any) -> str:
    """A HumanName as people write it."""
    if not isinstance(name, Mapping):
        return ""
    if name.get("text"):
        return str(name["text"])
    parts = [*(name.get("prefix") or ()), *(name.get("given") or ()), name.get("family") or ""]
    return " ".join(str(part) for part in parts if part)


def specialty(view: VaultView, body: Body, reference: Any) -> str:
    """Words for what a referenced practitioner does, to find them by."""
    found = target(view, body, reference)
    if found is None:
        return ""
    concepts = [first(found, "qualification.code"), first(found, "specialty"), first(found, "code")]
    return " · ".join(filter(None, (concept_text(c) for c in concepts)))
