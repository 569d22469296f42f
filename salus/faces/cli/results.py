"""`salus labs` and `salus trends`: the skills without a question."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from salus.assistant.answer import Answer, Numbering
from salus.assistant.words import words
from salus.errors import NotFound, UsageError
from salus.faces.cli.ask import show
from salus.faces.cli.options import opened, personal
from salus.faces.cli.output import emit_json, machine_lang, table
from salus.records.finding import Result
from salus.records.text import T
from salus.records.times import Period
from salus.vault.view import VaultView


def _answer(question: str, skill: str, result: Result, lang: Any) -> Answer:
    """A skill's result in words, in the shape of an answer."""
    say = words(lang).say
    numbering = Numbering(words(lang))
    for finding in result.findings:
        numbering.add(finding)
    said = result.answer or tuple(f.statement for f in result.findings)
    unknown = tuple(" ".join(filter(None, (say(u.what), say(u.needed) if u.needed else ""))) for u in result.unknown)
    return Answer(
        question=question, lang=lang, sentences=tuple(say(t) for t in said),
        triage={"level": "none", "reasons": [], "call": None}, advice=(), findings=tuple(numbering.findings),
        evidence=tuple(numbering.evidence), unknown=unknown, skills=(skill,),
    )  # fmt: skip


@click.command("labs")
@click.argument("name", required=False)
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language of the words.")
@personal
def labs_command(name: str | None, lang: str | None, as_json: bool, home: Path | None, person: str | None) -> None:
    """The latest results; with NAME those of one test or panel, such as "LDL" or "cholesterol"."""
    from salus.knowledge.labs import recognise
    from salus.skills.labs import LabsQuery, labs
    from salus.skills.labs.answers import newest_results

    language = lang or machine_lang()
    with opened(home, person) as vault:
        view = vault.view()
        if name is None:
            result = newest_results(view)
        else:
            spots = recognise(name)
            if not spots:
                raise NotFound(
                    T("Salus knows no test called “{name}”. Try LDL, HbA1c, potassium or cholesterol.", name=name)
                )
            asked = LabsQuery(test=spots[0].key) if spots[0].kind == "test" else LabsQuery(panel=spots[0].key)
            result = labs.run(view, asked)
    answer = _answer(name or "", "labs", result, language)
    if as_json:
        emit_json(answer.plain())
    elif name is None and answer.findings:
        table(
            [T("result"), T("value"), T("unit"), T("date"), T("range")],
            [_cells(finding, language) for finding in answer.findings],
        )
    else:
        show(answer)


_PLACES = {
    "normal": T("in range"),
    "low": T("below range"),
    "high": T("above range"),
    "critical_low": T("far below range"),
    "critical_high": T("far above range"),
}


def _cells(finding: dict[str, Any], lang: Any) -> list[str]:
    """One result as a row: its name, value, unit, day and place, in words."""
    from salus.assistant.words import figures
    from salus.knowledge.labs import tests

    data = finding["data"]
    name = tests()[data["test"]].name(lang) if data.get("test") else str(data.get("name") or "")
    place = _PLACES.get(data.get("judgement", ""))
    value = finding["value"]
    shown = value if isinstance(value, str) else figures.number(Decimal(str(value)), lang)
    unit = figures.unit(finding["unit"], lang) if finding["unit"] else ""
    return [name, shown, unit, (finding["time"] or "")[:10], words(lang).say(place) if place else ""]


@click.command("trends")
@click.argument("metric")
@click.option("--measure", type=click.Choice(["trend", "total", "average", "min", "max", "latest", "count"]),
              default="trend", show_default=True, help="What to compute.")  # fmt: skip
@click.option("--since", metavar="DATE", help="First day, YYYY-MM-DD.")
@click.option("--until", metavar="DATE", help="Last day, YYYY-MM-DD.")
@click.option("--days", type=click.IntRange(1, 40_000), metavar="N", help="The last N days, today included.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language of the words.")
@personal
def trends_command(
    metric: str, measure: str, since: str | None, until: str | None, days: int | None, lang: str | None, as_json: bool,
    home: Path | None, person: str | None,
) -> None:  # fmt: skip
    """METRIC over time: steps, weight, sleep, "resting heart rate" … in either language."""
    from salus.skills.trends import TrendsQuery, trends

    language = lang or machine_lang()
    with opened(home, person) as vault:
        view = vault.view()
        period = _period(since, until, days, view)
        query = TrendsQuery(metric=_key(metric, view), measure=measure, period=period)  # type: ignore[arg-type]
        result = trends.run(view, query)
    answer = _answer(metric, "trends", result, language)
    if as_json:
        emit_json(answer.plain())
    else:
        show(answer)


def _key(name: str, view: VaultView) -> str:
    from salus.assistant.route.lexicon import metric_book
    from salus.knowledge.labs import recognise
    from salus.knowledge.labs import tests as lab_tests
    from salus.records.metrics import metrics

    if name in metrics() or name == "blood_pressure" or view.metric_span(name):
        return name
    for language in ("en", "fr"):
        if found := metric_book(language).find(name):
            return max(found, key=lambda f: f.end - f.start).item
    for spot in recognise(name):
        if spot.key == "blood_pressure":
            return spot.key
        if spot.kind == "test" and (metric := lab_tests()[spot.key].metric):
            return metric
    raise NotFound(T("Salus knows no measure called “{name}”. Try steps, weight, sleep or heart rate.", name=name))


def _period(since: str | None, until: str | None, days: int | None, view: VaultView) -> Period | None:
    if days is not None:
        return Period(view.today - timedelta(days=days - 1), view.today)
    if since is None and until is None:
        return None
    return Period(_day(since), _day(until) or view.today)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(T("“{text}” is not a date. Write it as YYYY-MM-DD.", text=text)) from error
