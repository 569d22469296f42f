"""Records held by hand, seen as a view of a vault is: what the memory reads, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from salus.records.resource import Resource, decode, when
from salus.vault.person import Person

ZONE = "Europe/Paris"
TODAY = date(2026, 11, 21)
_encoder = msgspec.json.Encoder(decimal_format="number")


class Held:
    """A view of resources that several sources brought; the newest version of one id is in force, as in a vault."""

    def __init__(self, resources: Iterable[Resource], apart: Iterable[frozenset[str]] = ()) -> None:
        self._held = {resource.ref: resource for resource in resources}
        self._apart = frozenset(apart)
        self.person = Person("", None, None, ZoneInfo(ZONE), ZONE, True, "en", None, ())
        self.today = TODAY
        self.now = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)

    def resources(self, *types: str) -> list[Resource]:
        return [resource for resource in self._held.values() if resource.type in types]

    def resource(self, ref: str) -> Resource | None:
        return self._held.get(ref)

    def counts(self) -> dict[str, int]:
        return dict(Counter(resource.type for resource in self._held.values()))

    def apart(self) -> frozenset[frozenset[str]]:
        return self._apart


def resource(body: Mapping[str, Any], source: str, number: int, batch: int) -> Resource:
    """One resource of a source: "A0" is the first of source A, unless it carries an id of its own."""
    kept = {"resourceType": body.get("resourceType", ""), "id": body.get("id") or f"{source}{number}", **body}
    raw = _encoder.encode(kept)
    read = decode(raw)
    return Resource(str(kept["resourceType"]), str(kept["id"]), raw, when(read), "", f"fhir/{source}", batch)
