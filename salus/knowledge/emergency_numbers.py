"""Which number to call in which country: rows of `emergency_numbers.toml`. Never guesses a country from a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import tomli as tomllib


@dataclass(frozen=True)
class Numbers:
    """A country's numbers. `known` is False for the default: then 112 "or your local emergency number" is said.

    `suicide` and `poison` are None when not known. `verified_on` is empty until someone re-read the official page.
    """

    emergency: str
    source: str
    verified_on: str
    suicide: str | None = None
    poison: str | None = None
    known: bool = True


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Numbers]:
    text = resources.files("salus.knowledge").joinpath("emergency_numbers.toml").read_text("utf-8")
    return {code: Numbers(**row, known=code != "default") for code, row in tomllib.loads(text).items()}


def numbers(country: str | None) -> Numbers:
    """The numbers of a country (ISO 3166-1 alpha-2, any case), or the default when it is unknown or not listed."""
    table = _table()
    return table.get((country or "").strip().upper()) or table["default"]


def countries() -> frozenset[str]:
    """Every listed country code."""
    return frozenset(_table()) - {"default"}
