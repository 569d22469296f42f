"""What a skill is: a name, typed arguments, example questions, and a pure function from a view to a result."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from salus.records.finding import Result
from salus.records.times import Period
from salus.vault.view import VaultView

Query = TypeVar("Query")


@dataclass(frozen=True)
class Skill(Generic[Query]):
    """`asks` are example questions in both languages (for routing by meaning and for help).

    `hears` may claim a question the router's own rules leave: it returns the typed query, or None. So a skill added
    from outside is asked without any change elsewhere.
    """

    name: str
    title: Mapping[str, str]
    query: type[Query]
    asks: Sequence[str]
    run: Callable[[VaultView, Query], Result]
    hears: Callable[[str, VaultView, str], Query | None] | None = None


def skill(
    name: str,
    *,
    title: Mapping[str, str],
    query: type[Query],
    asks: Sequence[str],
    hears: Callable[[str, VaultView, str], Query | None] | None = None,
) -> Callable[[Callable[[VaultView, Query], Result]], Skill[Query]]:
    """Makes a function of (view, query) a skill."""

    def wrap(run: Callable[[VaultView, Query], Result]) -> Skill[Query]:
        return Skill(name, title, query, tuple(asks), run, hears)

    return wrap


def arguments(query: Any) -> dict[str, Any]:
    """A query as plain data: what was understood, for programs and evaluations. Unset fields are left out."""
    plain: dict[str, Any] = {}
    for field in dataclasses.fields(query):
        value = getattr(query, field.name)
        if value is None or value == () or value == "":
            continue
        plain[field.name] = _plain(value)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Period):
        return [_plain(value.first), _plain(value.last)]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
