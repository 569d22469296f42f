"""Who gave a record its id: what tells one server from another, in a form to keep and to compare.

A mark is lines of text: "url:<base>" from a Bundle's full URL, "id:<system>|<value>" from the numbers a server gives
its patient. Numbers that a state gives are the same everywhere and tell nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from salus.records.resource import Body

URL, ID = "url:", "id:"
_OF_A_STATE = frozenset({"SS", "SB", "NI", "PPN", "DL", "TAX", "CZ", "BRN", "INS", "INS-NIR", "INS-NIA", "NH"})
"""Types of identifiers (HL7 table 0203 and the French INS) that no hospital gives out."""
_STATE_SYSTEMS = ("us-ssn", "us-driver", "passport", "driverslicense", "1.2.250.1.213.1.4", "nhs-number", "us-mbi")
LONGEST = 200


def of_url(full_url: str | None, type_: str) -> str:
    """The mark of an entry's full URL: the base before "/Type/id"; '' for one that names no server."""
    if not full_url or not full_url.lower().startswith(("http://", "https://")):
        return ""
    base, found, _ = full_url.rpartition(f"/{type_}/")
    if not found:
        return ""
    parts = urlsplit(base)
    return f"{URL}{parts.netloc.casefold()}{parts.path.rstrip('/')}"[:LONGEST]


def of_patient(body: Body) -> frozenset[str]:
    """Marks of the numbers by which a server knows its patient: medical record numbers where there are any."""
    rows = body.get("identifier")
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for row in rows if isinstance(rows, list) else [rows]:
        if not isinstance(row, dict) or not row.get("system") or not row.get("value"):
            continue
        types, system = _types(row.get("type")), str(row["system"])
        if types & _OF_A_STATE or any(part in system.casefold() for part in _STATE_SYSTEMS):
            continue
        found["MR" in types].add(f"{ID}{system}|{row['value']}"[:LONGEST])
    return frozenset(found[True] or found[False])


def _types(concept: Any) -> set[str]:
    coding = concept.get("coding") if isinstance(concept, dict) else None
    return {str(c.get("code")).upper() for c in coding if isinstance(c, dict)} if isinstance(coding, list) else set()


def joined(marks: Iterable[str]) -> str:
    """Several marks as one text to keep."""
    return "\n".join(sorted({mark for mark in marks if mark}))


def differ(one: str, other: str) -> bool:
    """True when two servers surely are two: both are known by URLs, or by patient numbers, and share none."""
    mine, theirs = set(one.split("\n")), set(other.split("\n"))
    for kind in (URL, ID):
        a, b = ({mark for mark in marks if mark.startswith(kind)} for marks in (mine, theirs))
        if a and b and not a & b:
            return True
    return False
