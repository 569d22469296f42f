"""An export of Salus, given back whole: records with all versions, samples, decisions, conversations, the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salus.errors import SalusError
from salus.sources.contract import Context, Item, Kind
from salus.sources.given import Given


class SalusExport:
    name = "salus"
    title: Mapping[str, str] = {"en": "Salus export", "fr": "Export de Salus"}
    kinds: frozenset[Kind] = frozenset({"samples", "resources", "documents"})
    marked = True
    """The FHIR part of an export is FHIR too: this source is asked before."""

    def recognises(self, given: Given) -> bool:
        from salus.sources.containers import Container
        from salus.sources.salus_export.reading import prefix

        try:
            if not (given.is_folder() or given.head(2) == b"PK"):
                return False
            with Container(given) as container:
                return prefix(container.members()) is not None
        except (SalusError, OSError, ValueError):
            return False

    def read(self, given: Given, context: Context) -> Iterator[Item]:
        from salus.sources.salus_export.reading import read

        return read(given, context)


def register(add: Callable[[Any], None]) -> None:
    add(SalusExport())
