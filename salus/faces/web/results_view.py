"""The list of results: each test once with its newest value, its place in the range and whether it really changed.

Every observation is read once. Figures, ranges and changes are the laboratory skill's; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from salus.faces.web.cards import Bar, Course, bar, course, place
from salus.faces.web.preferences import Preferences
from salus.faces.web.told import capital
from salus.knowledge.labs import LabTest, by_loinc, convert, panels
from salus.knowledge.phrases import fold
from salus.records.codes import LOINC
from salus.records.finding import Lang
from salus.records.resource import Resource, codings, concept_text
from salus.records.text import Named, T, Text
from salus.records.times import When
from salus.records.units import Quantity
from salus.skills.labs import comparing, findings
from salus.skills.labs.judging import judged
from salus.skills.labs.once import once
from salus.skills.labs.readings import Reading, of_codes, uncoded
from salus.skills.labs.unlisted import MEASURED
from salus.skills.labs.whom import Whom, whom
from salus.vault.view import VaultView

SPARK = 24
SYMPTOM = "75325-1"
"""What a diary of symptoms is written under: no result."""
BODY, ASKED, OTHER = "body", "asked", "other"
_SECTIONS: dict[str, Text] = {
    BODY: T("Vital signs in your records"), OTHER: T("Other results"), ASKED: T("Questionnaires and habits"),
}  # fmt: skip


@dataclass
class Series:
    """All usable readings of one test, newest first. `test` is None where the table does not list it."""

    key: str
    name: str
    test: LabTest | None
    measured: bool
    readings: list[Reading] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One test of the list. `moved` is set only where the newest differs more than results usually vary."""

    key: str
    name: str
    value: Any
    time: When | None
    place: tuple[str, Text] | None
    bar: Bar | None
    course: Course | None
    moved: Literal["", "up", "down"]
    count: int
    ref: str
    folded: str

    @property
    def out(self) -> bool:
        return self.place is not None and self.place[0] != "in"


@dataclass(frozen=True)
class Group:
    title: Named | Text
    lines: Sequence[Line]


def series(view: VaultView, lang: Lang) -> dict[str, Series]:
    """Every test there is a result of, by key: one of the table, "loinc:…" or "text:…"."""
    found: dict[str, Series] = {}
    for resource in view.resources("Observation"):
        for key, name, test, reading in _of(resource, lang):
            if key not in found:
                found[key] = Series(key, capital(name), test, _measured(resource))
            found[key].readings.append(reading)
    for one in found.values():
        one.readings = once(view, one.readings)
    return found


def _of(resource: Resource, lang: Lang) -> Iterator[tuple[str, str, LabTest | None, Reading]]:
    plain = uncoded(resource)
    if plain is not None:
        yield f"text:{fold(plain.name)}", plain.name, None, plain
        return
    body, seen = resource.body, set()
    for part in (body, *(c for c in body.get("component") or () if isinstance(c, dict))):
        for code in codings(part.get("code")):
            if code.system != LOINC or code.code == SYMPTOM:
                continue
            test = by_loinc(code.code)
            key = test.key if test else f"loinc:{code.code}"
            reading = of_codes(resource, [code.code]) if key not in seen else None
            if reading is not None:
                seen.add(key)
                yield key, test.name(lang) if test else concept_text(part.get("code")) or code.display, test, reading
                break


def _measured(resource: Resource) -> bool:
    found = {code.code for concept in resource.body.get("category") or [] for code in codings(concept)}
    return not found or bool(found & MEASURED)


def groups(view: VaultView, lang: Lang, wants: Preferences) -> list[Group]:
    """By panel, in the panels' order; then what belongs to none."""
    who = whom(view)
    home = {test: panel.key for panel in reversed(list(panels().values())) for test in panel.tests}
    sorted_in: dict[str, list[Line]] = {}
    for one in series(view, lang).values():
        sorted_in.setdefault(_section(one, home), []).append(_line(one, who, lang, wants))
    made = []
    for key in (*panels(), *_SECTIONS):
        lines = sorted_in.get(key, [])
        order = {test: i for i, test in enumerate(panels()[key].tests)} if key in panels() else {}
        lines.sort(key=lambda line: (order.get(line.key, len(order)), fold(line.name)))
        if lines:
            panel = panels().get(key)
            title = Named(capital(panel.en), capital(panel.fr)) if panel else _SECTIONS[key]
            made.append(Group(title, tuple(lines)))
    return made


def _section(one: Series, home: dict[str, str]) -> str:
    panel = home.get(one.key, "")
    if panel in ("vitals", "blood_pressure") or (not panel and one.test is not None and one.test.specimen == "body"):
        return BODY
    if panel:
        return panel
    asked = one.test.specimen == "questionnaire" if one.test is not None else not one.measured
    return ASKED if asked else OTHER


def _line(one: Series, who: Whom, lang: Lang, wants: Preferences) -> Line:
    newest = one.readings[0]
    found = judged(newest, one.test, who)
    unit = preferred(one.test, newest, wants)
    value = newest.value.value if newest.value and not newest.comparator else None
    low, high = (None if limit is None else float(limit) for limit in (found.low, found.high))
    return Line(
        one.key, one.name, shown_in(newest, one.test, unit), findings.local(newest, who.person), place(found.where),
        bar(None if value is None else float(value), low, high) if place(found.where) else None,
        course(_spark(one, newest)), _moved(one, newest, who), len(one.readings), newest.resource.ref,
        fold(f"{one.name} {newest.name} {' '.join(names(one.test, lang))}"),
    )  # fmt: skip


def names(test: LabTest | None, lang: Lang) -> Sequence[str]:
    """What else a test is called, for a search by name."""
    if test is None:
        return ()
    return (*test.words, *(test.words_fr if lang == "fr" else test.words_en))


def preferred(test: LabTest | None, reading: Reading, wants: Preferences) -> str | None:
    """The unit the person wants glucose in; None leaves a result as it was reported."""
    if test is None or not wants.units_glucose or reading.value is None or "glucose" not in test.key:
        return None
    return wants.units_glucose if convert(test, reading.value, wants.units_glucose) is not None else None


def shown_in(reading: Reading, test: LabTest | None, unit: str | None) -> Text | Quantity | str:
    """A result in a unit, else as it was reported. A conversion is exact, then rounded to three figures."""
    if reading.value is None or unit is None or test is None or reading.value.unit == unit:
        return findings.shown(reading)
    made = convert(test, reading.value, unit)
    if made is None:
        return findings.shown(reading)
    value = Quantity(findings.significant(made.value), unit)
    if not reading.comparator:
        return value
    return T("below {value}", value=value) if reading.comparator[0] == "<" else T("above {value}", value=value)


def _spark(one: Series, newest: Reading) -> list[tuple[str, float]]:
    points = []
    for reading in one.readings[:SPARK]:
        if reading.value is None or reading.comparator or reading.time is None or newest.value is None:
            continue
        same = reading.value.unit == newest.value.unit
        value: Decimal | None = reading.value.value
        if not same:
            made = convert(one.test, reading.value, newest.value.unit) if one.test else None
            value = made.value if made else None
        if value is not None:
            points.append((reading.time.first.isoformat(), float(value)))
    return points[::-1]


def _moved(one: Series, newest: Reading, who: Whom) -> Literal["", "up", "down"]:
    earlier = before(one.readings, newest)
    if one.test is None or earlier is None:
        return ""
    against = comparing.of(one.test, earlier, newest, who.person)
    if not against.changed:
        return ""
    return "up" if against.change.verdict == "changed_up" else "down"


def before(found: Sequence[Reading], newest: Reading) -> Reading | None:
    """The reading before the newest, of an earlier moment."""
    for reading in found:
        if reading.time is None or newest.time is None or reading.resource.ref == newest.resource.ref:
            continue
        if reading.time.sort_key() < newest.time.sort_key():
            return reading
    return None


def total(made: Sequence[Group]) -> tuple[int, int]:
    """(how many tests, how many of them out of range)."""
    lines = [line for group in made for line in group.lines]
    return len(lines), sum(line.out for line in lines)


