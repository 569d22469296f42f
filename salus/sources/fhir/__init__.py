"""FHIR R4 files: Bundle, single resource, NDJSON, gzip; a zip or folder of them; a bulk export with its manifest."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salus.errors import SalusError
from salus.sources.contract import Context, Item, Kind
from salus.sources.given import Given

BESIDE = (".txt", ".md", ".html", ".pdf", ".log", ".json", ".csv")
"""What may lie beside FHIR files in a folder that is still taken as one: whose the records are shows over all files."""


class Fhir:
    name = "fhir"
    title: Mapping[str, str] = {"en": "Medical records (FHIR)", "fr": "Dossier médical (FHIR)"}
    kinds: frozenset[Kind] = frozenset({"resources", "documents"})

    def recognises(self, given: Given) -> bool:
        from salus.sources.containers import Container
        from salus.sources.fhir.files import SUFFIXES, looks_like
        from salus.sources.fhir.reading import fhir_members

        try:
            if given.is_folder() or given.head(2) == b"PK":
                with Container(given) as container:
                    members = container.members()
                    found = fhir_members(container, members)
                    others = [m for m in members if m not in found]
                    return bool(found) and (
                        not given.is_folder() or all(m.suffix in BESIDE or not m.suffix for m in others)
                    )
            if given.suffix == ".gz":
                with given.open() as packed, gzip.GzipFile(fileobj=packed) as unpacked:
                    return looks_like(unpacked.read(65536))
            return looks_like(given.head()) or (
                given.suffix in (*SUFFIXES, ".txt") and b'"resourceType"' in given.head(1 << 20)
            )
        except (SalusError, OSError, EOFError, ValueError, zlib.error):
            return False

    def read(self, given: Given, context: Context) -> Iterator[Item]:
        from salus.sources.fhir.reading import read

        return read(given, context)


def register(add: Callable[[Any], None]) -> None:
    add(Fhir())
