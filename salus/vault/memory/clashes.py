"""Where the records of one thing disagree: what one source says and another contradicts, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import eq
from typing import TypeVar

from salus.records.text import T, Text
from salus.vault.memory.entry import Conflict, Value
from salus.vault.memory.facts import Fact

F = TypeVar("F", bound=Fact)
V = TypeVar("V")


def disagree(
    field: str,
    what: Text,
    facts: Iterable[F],
    value: Callable[[F], V | None],
    show: Callable[[F], Value],
    same: Callable[[V, V], bool] = eq,
) -> tuple[Conflict, ...]:
    """A conflict when two sources say different things and neither also says what the other does.

    `value` is None where a record does not say. `what` names the field in words ("the dose").
    """
    said: dict[str, list[tuple[V, F]]] = {}
    for fact in facts:
        found = value(fact)
        if found is not None:
            said.setdefault(fact.source, []).append((found, fact))
    sources = list(said.values())
    against: list[tuple[V, F]] = []
    for n, one in enumerate(sources):
        for other in sources[n + 1 :]:
            if not any(same(a, b) for a, _ in one for b, _ in other):
                against += [*one, *other]
    return (
        (between(field, what, [(show(f), f.ref) for _, f in sorted(against, key=lambda p: p[1].ref)]),)
        if against
        else ()
    )


def between(field: str, what: Text, sides: Iterable[tuple[Value, str]]) -> Conflict:
    """The conflict itself: each thing said once, with the first record that says it."""
    kept: dict[str, tuple[Value, str]] = {}
    for shown, ref in sides:
        kept.setdefault(shown.plain() if isinstance(shown, Text) else str(shown), (shown, ref))
    if len(kept) == 1:  # alike in words: told by their records
        kept = {ref: (shown, ref) for shown, ref in sides}
    rows = list(kept.values())
    text = T("Two sources disagree about {what}: {one}, or {other}.", what=what, one=rows[0][0], other=rows[1][0])
    if len(rows) > 2:
        text = T(
            "Sources disagree about {what}: {one}, or {other}, or something else.",
            what=what,
            one=rows[0][0],
            other=rows[1][0],
        )
    return Conflict(field, text, tuple(rows))


def dated(text: str) -> str:
    """A recorded time as it was written, to the day."""
    return text.partition("T")[0]
