"""What to ask back before an entry is kept: a value that can hardly be right, a unit that another would fit better.

Questioned, never refused: the person may be right. Limits are rows of `plausible.toml` and of the laboratory table.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.records.metrics import metric
from salus.records.text import Named, T, Text
from salus.records.times import Period
from salus.records.units import Quantity, convert, normal, same_dimension
from salus.sources.by_hand.entries import Entry, Note, Pressure, Reading, ResultEntry, Symptom, Taken
from salus.sources.by_hand.moments import FIRST, LAST
from salus.sources.by_hand.result_questions import result_questions
from salus.vault.view import VaultView, exact

OTHERS = ("kg", "[lb_av]", "cm", "m", "[in_i]", "Cel", "[degF]", "mmol/L", "mg/dL", "g/L", "g/dL", "%", "kPa", "mm[Hg]")
"""Units people mix up: tried when a figure does not fit its own."""
RECENT = timedelta(days=60)
GROWN = 3
MOST_DIGITS, LONGEST_FIGURE = 12, 30
AHEAD = timedelta(minutes=10)
"""A clock may be a little off."""


@lru_cache(maxsize=1)
def _limits() -> dict[str, dict[str, Decimal]]:
    data = tomllib.loads(resources.files("salus.sources.by_hand").joinpath("plausible.toml").read_text("utf-8"))
    return {key: {name: Decimal(value) for name, value in row.items()} for key, row in data.items()}


def questions(view: VaultView, entry: Entry) -> list[Text]:
    """What should be asked back, in order; empty when nothing is odd, and for what `add` refuses anyhow."""
    asked: list[Text] = []
    if isinstance(entry, Reading | Pressure | Symptom | Note) and not sane(entry.at):
        return asked
    if any(isinstance(f, Decimal) and not countable(f) for f in vars(entry).values()):
        return asked
    if isinstance(entry, Reading):
        asked += _reading(view, entry.metric, entry.value, entry.unit, entry.at)
    elif isinstance(entry, Pressure):
        asked += _pressure(view, entry)
    elif isinstance(entry, ResultEntry):
        asked += result_questions(entry)
        if entry.on.first > view.today:
            asked.append(T("The date {date} is still to come. Is it right?", date=entry.on))
        if view.person.born is not None and entry.on.last < view.person.born:
            asked.append(T("The date {date} is before the birth. Is it right?", date=entry.on))
    elif isinstance(entry, Taken):
        asked += _taken(view, entry)
    elif isinstance(entry, Symptom) and entry.until is not None and entry.until < entry.at:
        asked.append(T("It would have ended before it began. Are the times right?"))
    if isinstance(entry, Reading | Pressure | Symptom | Note):
        asked += _time(view, entry.at)
    return asked


def countable(value: Decimal) -> bool:
    """A figure that any instrument could show."""
    return value.is_finite() and abs(value.adjusted()) <= MOST_DIGITS and len(value.as_tuple().digits) <= LONGEST_FIGURE


def sane(at: datetime) -> bool:
    """A moment with a zone, in years in which somebody alive may have measured."""
    return at.tzinfo is not None and FIRST <= at.year <= LAST


def _time(view: VaultView, at: datetime) -> list[Text]:
    day = at.astimezone(view.person.zone).date()
    if at > view.now + AHEAD:
        return [T("The date {date} is still to come. Is it right?", date=day)]
    if view.person.born is not None and day < view.person.born:
        return [T("The date {date} is before the birth. Is it right?", date=day)]
    return []


def _reading(view: VaultView, key: str, value: Decimal, unit: str, at: datetime) -> list[Text]:
    row, limits = metric(key), _limits().get(key)
    name = Named(row.en, row.fr)
    if row.unit.startswith("{") and value % 1 and not value * 1000 % 1:  # "8,542" steps
        return [T("{name} is usually a whole number. Did you mean {other}?",
                  name=name, other=Quantity((value * 1000).quantize(Decimal(1)), row.unit))]  # fmt: skip
    molar = Decimal(repr(row.molar_mass)) if row.molar_mass else None
    if row.unit and unit and convert(value, unit, row.unit, molar) is None:
        return [T("“{unit}” is no unit of {name}; {usual} is usual. Keep it as it is?",
                  unit=unit, name=name, usual=Quantity(Decimal(1), row.unit))]  # fmt: skip
    if limits is None:
        return []
    own = convert(value, unit or row.unit, row.unit, molar)
    if own is None:
        return []
    if not limits["low"] <= own <= limits["high"]:
        said = Quantity(value, unit or row.unit)
        for other in OTHERS:
            fits = convert(value, other, row.unit, molar) if normal(unit) != other else None
            if fits is not None and limits["low"] <= fits <= limits["high"]:
                return [T("{name} of {value} would be very unusual. Did you mean {other}?",
                          name=name, value=said, other=Quantity(value, other))]  # fmt: skip
        return [T("{name} of {value} would be very unusual. Is it right?", name=name, value=said)]
    return _change(view, key, own, at, limits.get("change"))


def _change(view: VaultView, key: str, own: Decimal, at: datetime, most: Decimal | None) -> list[Text]:
    """A jump since the last reading, where bodies do not jump."""
    row = metric(key)
    if most is None:
        return []
    day = at.astimezone(view.person.zone).date()
    before = [s for s in view.samples(key, Period(day - RECENT, day)) if s.start <= int(at.timestamp() * 1000)]
    last = exact(before[-1]) if before else None
    same = convert(last, row.ucum(before[-1].unit), row.unit) if last is not None else None
    if last is None or not same:
        return []
    if own > same and _grows(view, day):
        most = most * 5
    if abs(own - same) <= most * same:
        return []
    was = Quantity(last, before[-1].unit)
    for other in OTHERS:
        fits = convert(own, other, row.unit) if other != row.unit else None
        if fits is not None and abs(fits - same) <= most * same:
            return [T("The reading before was {before}. Did you mean {other}?",
                      before=was, other=Quantity(own, other))]  # fmt: skip
    return [T("The reading before was {before}. Is {value} right?", before=was, value=Quantity(own, row.unit))]


def _grows(view: VaultView, day: date) -> bool:
    """A small child doubles in months: going up is no jump."""
    age = view.person.age_on(day)
    return age is not None and age < GROWN


def _pressure(view: VaultView, entry: Pressure) -> list[Text]:
    if entry.systolic <= entry.diastolic:
        return [T("The upper figure is usually the larger one: {high} over {low}. Is it right?",
                  high=entry.systolic, low=entry.diastolic)]  # fmt: skip
    asked = _reading(view, "systolic", entry.systolic, "mm[Hg]", entry.at)
    asked += _reading(view, "diastolic", entry.diastolic, "mm[Hg]", entry.at)
    if entry.pulse is not None:
        asked += _reading(view, "heart_rate", entry.pulse, "/min", entry.at)
    return asked


def _taken(view: VaultView, entry: Taken) -> list[Text]:
    asked: list[Text] = []
    if entry.since is not None and entry.since.first > view.today:
        asked.append(T("The date {date} is still to come. Is it right?", date=entry.since))
    if entry.since is not None and entry.until is not None and entry.until.last < entry.since.first:
        asked.append(T("It would have ended before it began. Are the times right?"))
    return asked


def fits(key: str, unit: str) -> bool:
    """Can a reading of this metric be in this unit?"""
    row = metric(key)
    return not row.unit or same_dimension(row.ucum(unit), row.unit) or (
        row.molar_mass is not None and convert(Decimal(1), unit, row.unit, Decimal(repr(row.molar_mass))) is not None
    )  # fmt: skip
