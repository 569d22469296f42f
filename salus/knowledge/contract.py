"""What a reference is to the rest of Salus: a name, a title in each language, and nothing about its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from salus.records.finding import Lang


@runtime_checkable
class Reference(Protocol):
    """Something medicine or administration knows, found through `salus.hooks.register_references`.

    `name` is the stable word of commands and settings ("labs"); `title` says it to a person.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> Mapping[Lang, str]: ...


@dataclass(frozen=True)
class Entry:
    """A plain `Reference`, for modules that need no more than being found."""

    name: str
    title: Mapping[Lang, str]
