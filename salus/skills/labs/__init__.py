"""Laboratory results and what they say: one test, a panel, everything out of range, a change since a date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from salus.records.finding import Result, Unknown
from salus.records.text import T
from salus.records.times import Period
from salus.skills.contract import skill
from salus.vault.view import VaultView

Ask = Literal[
    "latest", "out_of_range", "change", "list", "trend", "meaning", "highest", "lowest", "average", "first", "previous",
    "count", "next", "since_before",
]  # fmt: skip


@dataclass(frozen=True)
class LabsQuery:
    """One of `test`, `panel` (keys of knowledge.labs), `code` or `all`; what is asked; the period it is asked of.

    `code` is the LOINC code of a result that the table does not list. "change" and "trend" go from the first to the
    newest result of the period, "since_before" from the one before to the newest; "next" is what usually comes next.
    """

    test: str | None = None
    panel: str | None = None
    code: str | None = None
    all: bool | None = None
    ask: Ask = "latest"
    period: Period | None = None


@skill(
    "labs",
    title={"en": "Results", "fr": "Résultats"},
    query=LabsQuery,
    asks=[
        "How is my cholesterol?",
        "What was my last HbA1c?",
        "Which of my results are out of range?",
        "How has my ferritin changed since March?",
        "Mes analyses sont-elles normales ?",
        "Quel est mon taux de potassium ?",
        "Comment a évolué ma créatinine depuis un an ?",
        "Has my TSH really changed since the one before?",
        "What usually comes next after my ferritin?",
        "Qu'est-ce qu'on fait d'habitude après ma TSH ?",
    ],
)
def labs(view: VaultView, query: LabsQuery) -> Result:
    """Answers with the figure asked for and its range; what is not recorded is said to be unknown."""
    from salus.knowledge.labs import panels, tests
    from salus.skills.labs import answers, changing, next_answers, series
    from salus.skills.labs.unlisted import unlisted

    if query.ask == "next":
        return next_answers.following(view, query.test, query.panel, query.period)
    if query.panel:
        panel = panels()[query.panel]
        members = [tests()[key] for key in panel.tests if key in tests()]
        if query.ask == "out_of_range":
            return answers.out_of_range(view, query.period, frozenset(panel.tests))
        return answers.panel(view, panel, members, query.period)
    if query.test and query.ask == "out_of_range":
        return answers.out_of_range(view, query.period, frozenset({query.test}))
    test = tests()[query.test] if query.test else unlisted(view, query.code) if query.code else None
    if test is not None:
        if query.ask in ("change", "trend"):
            return changing.change(view, test, query.period, trend=query.ask == "trend")
        if query.ask == "since_before":
            return changing.since_before(view, test, query.period)
        if query.ask == "list":
            return series.listed(view, test, query.period)
        if query.ask == "first":
            return series.earliest(view, test, query.period)
        if query.ask == "previous":
            return series.previous(view, test, query.period)
        if query.ask == "count":
            return series.count(view, test, query.period)
        if query.ask in ("highest", "lowest"):
            return series.extreme(view, test, query.period, highest=query.ask == "highest")
        if query.ask == "average":
            return series.average(view, test, query.period)
        if query.ask == "meaning" and query.test:
            return answers.meant(view, test)
        return answers.latest(view, test, query.period)
    if query.all and query.ask == "latest":
        return answers.latest_day(view, query.period)
    if query.all:
        return answers.out_of_range(view, query.period, None)
    return Result(unknown=(Unknown(T("The question names no test."), T("Name one, such as LDL or potassium.")),))


def register(add: Callable[[Any], None]) -> None:
    add(labs)
