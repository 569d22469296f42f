"""How sources, skills, references and faces are found: Salus's own and a third party's come through one door.

Salus's own are the modules of `salus.sources`, `salus.skills`, `salus.knowledge` and `salus.faces` that define
`register`; a third party's are the entry points of the group named like the hook ("salus.sources" …). Nothing
lists them by hand. `SALUS_PLUGINS=` (empty) loads only Salus's own.
"""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

Register = Callable[[Any], None]


def _found(package: str) -> Iterator[Register]:
    for module in sorted(pkgutil.iter_modules(import_module(package).__path__), key=lambda m: m.name):
        register = getattr(import_module(f"{package}.{module.name}"), "register", None)
        if register is not None:
            yield register
    if os.environ.get("SALUS_PLUGINS") != "":
        for point in sorted(entry_points(group=package), key=lambda p: p.name):
            yield point.load()


def _collect(package: str) -> list[Any]:
    items: list[Any] = []
    for register in _found(package):
        register(items.append)
    return items


def register_sources() -> list[Any]:
    """Every `salus.sources.contract.Source`."""
    return _collect("salus.sources")


def register_skills() -> list[Any]:
    """Every `salus.skills.contract.Skill`."""
    return _collect("salus.skills")


def register_references() -> list[Any]:
    """Every knowledge reference (a `salus.knowledge.contract.Reference`)."""
    return _collect("salus.knowledge")


def register_faces() -> list[Any]:
    """Every face's click command."""
    return _collect("salus.faces")
