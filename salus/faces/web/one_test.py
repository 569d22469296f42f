"""One test as its page shows it: the newest result in words, a chart, every result in a unit, what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from salus.errors import NotFound
from salus.faces.web.cards import place
from salus.faces.web.charts import Band, Chart, Line, Point, chart
from salus.faces.web.preferences import Preferences
from salus.faces.web.results_view import Series, before, preferred, series, shown_in
from salus.faces.web.told import capital, source_title
from salus.knowledge.labs import LabTest, convert, next_step
from salus.records.finding import Lang
from salus.records.text import Named, T, Text
from salus.records.times import When
from salus.records.units import Quantity
from salus.skills.labs import charts, comparing, findings
from salus.skills.labs.coming_next import step_text
from salus.skills.labs.judging import Judged, critical_text, judged, meaning, shown_range, verdict_text
from salus.skills.labs.readings import Reading
from salus.skills.labs.whom import Whom, whom
from salus.vault.view import VaultView

MOST_ROWS = 200


@dataclass(frozen=True)
class Row:
    """One result. `range` is what its laboratory printed; `note` what limits it."""

    time: When | None
    value: Any
    range: Text | str
    place: tuple[str, Text] | None
    origin: str
    source: Text | str
    note: Text | None
    ref: str


@dataclass(frozen=True)
class About:
    """What the table says of a test. `nexts` are (when out which way, what usually comes next, its source)."""

    what: Named
    high: Named
    low: Named
    nexts: Sequence[tuple[Text, Named, str]]
    source: str
    reviewed: bool


@dataclass(frozen=True)
class TestPage:
    """`sentences` tell the newest result; `units` are those it can be shown in, `unit` the one that is."""

    key: str
    name: str
    newest: Row
    sentences: Sequence[Text]
    caveats: Sequence[Text]
    method: Text | None
    chart: Chart | None
    rows: Sequence[Row]
    more: int
    units: Sequence[str]
    unit: str
    about: About | None
    metric: str | None


def one_test(view: VaultView, key: str, lang: Lang, wants: Preferences, unit: str, *, whole: bool) -> TestPage:
    """Raises NotFound when there is no result of that test. A unit it cannot be shown in is left aside."""
    found = series(view, lang).get(key)
    if found is None:
        raise NotFound(T("Your records hold no result for this test."))
    who, newest = whom(view), found.readings[0]
    test = found.test or _plain(found)
    own = newest.value.unit if newest.value else ""
    units = charts.units(test, own) if own else []
    chosen = unit if unit in units else preferred(found.test, newest, wants) or own
    finding, stands = findings.of(newest, found.test, who)
    against = _against(found, newest, who)
    rows = [_row(reading, found, chosen, who, lang) for reading in found.readings]
    return TestPage(
        key, found.name, rows[0], _sentences(found, stands, against), finding.caveats,
        comparing.method_text(test) if against is not None and against.change.spread else None,
        _chart(found, test, who, chosen, lang), rows if whole else rows[:MOST_ROWS],
        0 if whole else max(0, len(rows) - MOST_ROWS), units, chosen, _about(found.test),
        found.test.metric if found.test else None,
    )  # fmt: skip


def _plain(found: Series) -> LabTest:
    """A row for a test the table does not list: its name and unit, no range."""
    newest = found.readings[0]
    unit = (newest.value.unit if newest.value else "") or "1"
    return LabTest(
        key=found.key, en=found.name, fr=found.name, loinc=(), specimen="body", units=(unit,), digits=2, about_en="",
        about_fr="", high_en="", high_fr="", low_en="", low_fr="", source="", source_year=0, as_of="",
    )  # fmt: skip


def _against(found: Series, newest: Reading, who: Whom) -> comparing.Against | None:
    earlier = before(found.readings, newest)
    return comparing.of(found.test, earlier, newest, who.person) if earlier and found.test else None


def _sentences(found: Series, stands: Judged, against: comparing.Against | None) -> list[Text]:
    asked = found.test.specimen == "questionnaire" if found.test else not found.measured
    said: list[Text | None] = []
    if not asked and not stands.doubt:
        said.append(verdict_text(stands))
    said += [critical_text(stands), meaning(found.test, stands), step_text(found.test, stands)]
    if against is not None:
        said.append(comparing.verdict_text(against))
        assert found.test is not None
        said += comparing.moves_texts(against, found.test)
    return [text for text in said if text is not None]


def _row(reading: Reading, found: Series, unit: str, who: Whom, lang: Lang) -> Row:
    stands = judged(reading, found.test, who)
    notes = {
        "preliminary": T("Preliminary"), "amended": T("Corrected by the laboratory"),
        "corrected": T("Corrected by the laboratory"),
    }  # fmt: skip
    resource = reading.resource
    return Row(
        findings.local(reading, who.person), shown_in(reading, found.test, unit or None),
        _own_range(reading, found.test, unit), place(stands.where), resource.origin,
        source_title(resource.connection, lang), notes.get(reading.status), resource.ref,
    )  # fmt: skip


def _own_range(reading: Reading, test: LabTest | None, unit: str) -> Text | str:
    """The range the laboratory printed, in the unit shown."""
    if reading.range is None:
        return ""
    own = reading.value.unit if reading.value else ""

    def limit(value: Decimal | None) -> Decimal | None:
        if value is None or test is None or not own or own == unit:
            return value
        made = convert(test, Quantity(value, own), unit)
        return findings.significant(made.value) if made else value

    printed = Judged("unknown", "range", limit(reading.range.low), limit(reading.range.high))
    return shown_range(printed) or reading.range.text


def _chart(found: Series, test: LabTest, who: Whom, unit: str, lang: Lang) -> Chart | None:
    drawn = charts.drawn(found.readings, test, who, unit=unit)
    if drawn is None:
        return None
    points = [_point(point, unit) for point in drawn["points"]]
    bands = []
    if drawn["band"]:
        by = {"range": T("Range printed with the newest result"), "table": T("The usual range")}
        of = by.get(drawn["band"]["by"], T("The range used"))
        bands = [Band(_decimal(drawn["band"]["low"]), _decimal(drawn["band"]["high"]), of)]
    name = capital(test.name(lang))
    return chart(lang, name, [Line(name, points)], unit=unit, zone=who.person.zone, bands=bands)


def _point(point: Sequence[Any], unit: str) -> Point:
    """One of `charts.drawn`: time, value, ref, low, high, judgement, comparator."""
    time, value, ref, low, high, where, sign = point
    when = When.parse(time)
    assert when is not None
    at: date | datetime = when.instant or when.first
    number, stands = _decimal(value), place(where)
    assert number is not None
    said = None
    if sign:
        shown = Quantity(number, unit)
        said = T("below {value}", value=shown) if sign[0] == "<" else T("above {value}", value=shown)
    note: Text | str = stands[1] if stands and stands[0] != "in" else ""
    return Point(at, number, ref, _decimal(low), _decimal(high), note, said)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value).removesuffix(".0"))


def _about(test: LabTest | None) -> About | None:
    if test is None:
        return None
    ways: tuple[tuple[Any, Text], ...] = (("high", T("When it is high")), ("low", T("When it is low")))
    nexts = [
        (title, Named(step.en, step.fr), f"{step.source} ({step.source_year})")
        for way, title in ways
        if (step := next_step(test.key, way)) is not None
    ]
    return About(
        Named(test.about_en, test.about_fr), Named(test.high_en, test.high_fr), Named(test.low_en, test.low_fr), nexts,
        f"{test.source} ({test.source_year})", test.reviewed,
    )  # fmt: skip
