"""What the first page tells: the newest import, results out of range, how things go, where sources disagree.

Every figure is a skill's finding with its evidence; nothing is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from salus.assistant.answer import Numbering
from salus.assistant.words import words
from salus.faces.web.cards import Course, card, course
from salus.faces.web.kinds import brief
from salus.faces.web.measures_view import figure, unit_of
from salus.faces.web.preferences import Preferences, preferences
from salus.faces.web.sessions import Session
from salus.hooks import register_sources
from salus.records.finding import Finding, Lang
from salus.records.metrics import Metric, metric
from salus.records.text import Named, T, Text
from salus.records.times import Period, When
from salus.skills.labs import LabsQuery, labs
from salus.skills.trends import PRESSURE, TrendsQuery, trends
from salus.vault.memory import Entry, remember
from salus.vault.vault import Import, Vault
from salus.vault.view import VaultView

MOST_RESULTS, MOST_LINES = 6, 5
RECENT_DAYS, LATELY_DAYS = 30, 90


@dataclass(frozen=True)
class Tile:
    """One measure: its latest or average, its course, and what it rests on."""

    title: str
    value: str
    unit: str
    about: Text
    course: Course | None
    ref: str


@dataclass(frozen=True)
class Overview:
    """`out` and `fresh` are cards of results; `ref` in each is its evidence. `empty` is a vault with nothing in it."""

    empty: bool
    last: Import | None
    brought: Sequence[Text]
    source: str
    out: Sequence[Mapping[str, Any]]
    fresh: Sequence[Mapping[str, Any]]
    tiles: Sequence[Tile]
    started: Sequence[Entry]
    ended: Sequence[Entry]
    disagree: Sequence[Entry]


def overview(session: Session, vault: Vault) -> Overview:
    """All of it, for one person, now."""
    view, lang = vault.view(), session.lang
    imports = [i for i in vault.imports() if not i.undone and (i.report.get("added") or i.report.get("updated"))]
    last = imports[0] if imports else None
    empty = not view.counts() and not view.metrics()
    if empty:
        return Overview(True, None, (), "", (), (), (), (), (), ())
    titles = {s.name: s.title for s in register_sources()}
    medicines = remember(view, "medications")
    since = view.today - timedelta(days=LATELY_DAYS)
    return Overview(
        False, last, brief({**last.report.get("added", {})}) if last else (),
        str(titles.get(last.source, {}).get(lang, last.source)) if last else "",
        _cards(view, LabsQuery(all=True, ask="out_of_range"), lang)[:MOST_RESULTS],
        _cards(view, LabsQuery(all=True, ask="latest"), lang)[:MOST_LINES],
        tuple(_tiles(view, preferences(vault), lang)),
        [m for m in medicines if m.status == "current" and _since(m.when, since, view)][:MOST_LINES],
        [m for m in medicines if _since(m.end, since, view)][:MOST_LINES],
        [e for e in (*medicines, *remember(view, "problems", "allergies", "results")) if e.conflicts][:MOST_LINES],
    )  # fmt: skip


def _cards(view: VaultView, query: LabsQuery, lang: Lang) -> list[dict[str, Any]]:
    """Results, newest first."""
    found = [f for f in labs.run(view, query).findings if f.kind == "result"]
    numbering = Numbering(words(lang))
    made = []
    for finding in sorted(found, key=lambda f: f.time.text if f.time else "", reverse=True):
        plain = numbering.add(finding)
        shown, said = card(plain, lang), finding.statement.args
        say = words(lang).say
        made.append({
            **shown, "title": shown["title"] or say(said.get("test", finding.statement)),
            "value": say(said["value"]) if "value" in said else shown["value"], "ref": _ref(finding),
        })  # fmt: skip
    return made


def _since(when: When | None, day: date, view: VaultView) -> bool:
    return when is not None and when.day_in(view.person.zone) >= day


def _ref(finding: Finding) -> str:
    return finding.evidence[0].ref if finding.evidence else ""


def _tiles(view: VaultView, wants: Preferences, lang: Lang) -> Iterator[Tile]:
    """Averages of what is counted by day, the newest of what is measured; only what there is."""
    have, lately = {span.key for span in view.metrics()}, T("average, last 30 days")
    month = Period(view.today - timedelta(days=RECENT_DAYS), view.today)
    for key, about in (
        ("steps", T("a day, last 30 days")), ("resting_heart_rate", lately),
        ("sleep", T("a night, last 30 days")),
    ):  # fmt: skip
        if key in have and (tile := _average(view, key, month, about, wants, lang)):
            yield tile
    if "body_weight" in have and (tile := _latest(view, "body_weight", wants, lang)):
        yield tile
    if {"systolic", "diastolic"} & have and (tile := _pressure(view, lang)):
        yield tile
    if "blood_glucose" in have and (tile := _average(view, "blood_glucose", month, lately, wants, lang)):
        yield tile


def _run(view: VaultView, query: TrendsQuery, lang: Lang) -> list[tuple[Finding, dict[str, Any]]]:
    numbering = Numbering(words(lang))
    return [(finding, numbering.add(finding)) for finding in trends.run(view, query).findings]


def _average(
    view: VaultView, key: str, period: Period, about: Text, wants: Preferences, lang: Lang
) -> Tile | None:
    found = _run(view, TrendsQuery(key, "average", period), lang)
    if not found:
        return None
    finding, plain = found[0]
    return _tile(key, plain, about, course(plain["data"].get("points")), _ref(finding), wants, lang)


def _latest(view: VaultView, key: str, wants: Preferences, lang: Lang) -> Tile | None:
    found = _run(view, TrendsQuery(key, "latest"), lang)
    if not found:
        return None
    finding, plain = found[0]
    year = Period(view.today - timedelta(days=365), view.today)
    lines = [p["data"].get("points") for _, p in _run(view, TrendsQuery(key, "average", year), lang)]
    return _tile(key, plain, _on(finding), course(lines[0]) if lines else None, _ref(finding), wants, lang)


def _pressure(view: VaultView, lang: Lang) -> Tile | None:
    found = _run(view, TrendsQuery(PRESSURE, "latest"), lang)
    if len(found) < 2:
        return None
    (upper, high), (_, low) = found[:2]
    lately = Period(view.today - timedelta(days=LATELY_DAYS), view.today)
    lines = [p["data"].get("points") for _, p in _run(view, TrendsQuery("systolic", "average", lately), lang)]
    value = f"{_number(high, lang)}/{_number(low, lang)}"
    shape = course(lines[0]) if lines else None
    return Tile(words(lang).say(T("Blood pressure")), value, "mmHg", _on(upper), shape, _ref(upper))


def _number(plain: Mapping[str, Any], lang: Lang) -> str:
    return str(card(plain, lang)["value"]).partition("\u00a0")[0]


def _on(finding: Finding) -> Text:
    return T("on {day}", day=finding.time) if finding.time else T("latest")


def _preferred(known: Metric, plain: Mapping[str, Any], wants: Preferences, lang: Lang) -> str:
    """The value in the unit the person wants; "" where that is the record's own."""
    unit, value = unit_of(known, wants), plain["value"]
    if not plain["unit"] or unit == plain["unit"] or isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    made = figure(known, Decimal(str(value)), plain["unit"], unit)
    return words(lang).say(made) if made.unit == unit else ""


def _tile(
    key: str, plain: Mapping[str, Any], about: Text, shape: Course | None, ref: str, wants: Preferences, lang: Lang
) -> Tile:
    known = metric(key)
    name = words(lang).say(Named(known.en, known.fr))
    value = _preferred(known, plain, wants, lang) or card(plain, lang)["value"]
    head, _, tail = value.partition("\u00a0")
    plain_number = tail and not any(c.isdigit() for c in tail)
    return Tile(
        name[:1].upper() + name[1:], head if plain_number else value, tail if plain_number else "", about, shape, ref
    )
