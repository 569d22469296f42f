"""Apple Health: the phone's export.zip, its folder, or a bare export.xml."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salus.errors import SalusError
from salus.sources.contract import Context, Item, Kind
from salus.sources.given import Given


class AppleHealth:
    name = "apple_health"
    title: Mapping[str, str] = {"en": "Apple Health", "fr": "Apple Santé"}
    kinds: frozenset[Kind] = frozenset({"samples", "resources", "documents"})

    def recognises(self, given: Given) -> bool:
        from salus.sources.apple_health.export import find_exports
        from salus.sources.apple_health.parse import ROOT
        from salus.sources.containers import Container

        if not given.is_folder() and given.suffix not in (".zip", ".xml"):
            return False
        if given.suffix == ".xml":
            return ROOT.search(given.head(8 << 20)) is not None
        try:
            with Container(given) as container:
                return bool(find_exports(container))
        except (SalusError, OSError):
            return False

    def read(self, given: Given, context: Context) -> Iterator[Item]:
        from salus.sources.apple_health.reading import read

        return read(given, context)


def register(add: Callable[[Any], None]) -> None:
    add(AppleHealth())
