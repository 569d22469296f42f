"""What can be entered by hand, and a form's words as the typed entry. Knows what is asked, not how it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from salus.assistant.words import words
from salus.assistant.words.figures import unit as unit_words
from salus.errors import NotFound, UsageError
from salus.faces.web.measures_view import named, unit_of
from salus.faces.web.preferences import Preferences
from salus.faces.web.told import capital
from salus.knowledge.labs import tests
from salus.knowledge.phrases import fold
from salus.records.finding import Lang
from salus.records.metrics import metric, metrics
from salus.records.text import Named, T, Text
from salus.records.times import When
from salus.records.units import Quantity, normal
from salus.sources.by_hand import Entry, Note, Pressure, Reading, ResultEntry, Symptom, Taken, written
from salus.sources.by_hand.questions import OTHERS, fits
from salus.vault.view import VaultView

PRESSURE = written.PRESSURE
COMMON = ("body_weight", "blood_glucose", "body_temperature", "peak_flow")
_ICONS = {
    PRESSURE: "heart", "body_weight": "scale", "blood_glucose": "drop", "body_temperature": "up",
    "peak_flow": "timeline", "result": "results", "medication": "pill", "symptom": "warning", "note": "note",
}  # fmt: skip
_TITLES: dict[str, Text] = {
    "result": T("Result from paper"), "medication": T("Medicine"), "symptom": T("Symptom"), "note": T("Note"),
}  # fmt: skip
_SHORT: dict[str, Text] = {"blood_glucose": T("Blood glucose"), "body_temperature": T("Temperature")}


@dataclass(frozen=True)
class Choice:
    """One thing that can be entered; `kind` names its form."""

    key: str
    title: str
    icon: str
    kind: str


@dataclass(frozen=True)
class Unit:
    """A unit to choose: as it is kept (UCUM), and as people write it."""

    ucum: str
    shown: str


def choices(lang: Lang) -> list[Choice]:
    """What most people enter, each with a form of its own."""
    keys = (PRESSURE, *COMMON, *_TITLES)
    return [choice(key, lang) for key in keys]


def others(lang: Lang) -> list[Choice]:
    """Every other metric, by name."""
    left = [row.key for row in metrics().values() if row.kind != "sleep" and not row.key.startswith("sleep_")]
    known = {PRESSURE, *COMMON, "systolic", "diastolic"}
    return sorted((choice(key, lang) for key in left if key not in known), key=lambda c: fold(c.title))


def choice(key: str, lang: Lang) -> Choice:
    """Raises NotFound for what cannot be entered."""
    if key in _TITLES:
        return Choice(key, words(lang).say(_TITLES[key]), _ICONS[key], key)
    if key == PRESSURE or key in metrics():
        kind = "pressure" if key == PRESSURE else "reading"
        shown = words(lang).say(_SHORT[key]) if key in _SHORT else named(key, lang)
        return Choice(key, shown, _ICONS.get(key, "results"), kind)
    raise NotFound(T("There is nothing at this address."))


def units(key: str, lang: Lang, wants: Preferences) -> list[Unit]:
    """The units a reading can be written in, the person's own first."""
    row = metric(key)
    first = unit_of(row, wants)
    ways = [first, row.unit, *(unit for unit in OTHERS if fits(key, unit))] if row.unit else [""]
    return [Unit(unit, unit_words(unit, lang)) for unit in dict.fromkeys(ways)]


def test_names(lang: Lang) -> list[str]:
    return sorted((capital(test.name(lang)) for test in tests().values() if test.specimen != "questionnaire"), key=fold)


def test_units(name: str, lang: Lang) -> list[str]:
    """The units of a test as people write them, where they can be read back so."""
    key = written.test_named(name)
    if key is None:
        return []
    found = []
    for unit in tests()[key].units:
        shown = unit_words(unit, lang)
        found.append(shown if shown and normal(written.unit(shown)) == normal(unit) else unit)
    return [unit for unit in found if unit not in ("1", "")]


def medicines(view: VaultView) -> list[str]:
    """Names of medicines in the records, to choose from."""
    found = {title for _, title in view.titles("MedicationRequest", "MedicationStatement", "MedicationDispense")}
    return sorted(found, key=fold)


# A form's words as an entry ---------------------------------------------------------------------------------------


def entry(view: VaultView, what: Choice, fields: Mapping[str, str]) -> Entry:
    """Raises UsageError, whose sentence says what is wrong."""
    make = {
        "pressure": _pressure, "reading": _reading, "result": _result, "medication": _taken, "symptom": _symptom,
        "note": _note,
    }[what.kind]  # fmt: skip
    return make(view, what, fields)


def _at(view: VaultView, fields: Mapping[str, str], day: str = "day", time: str = "time") -> datetime:
    text = f"{fields.get(day, '').strip()} {fields.get(time, '').strip()}".strip()
    return written.moment(text or None, view.now, view.person.zone)


def _number(text: str, name: Text) -> Decimal:
    if not text.strip():
        raise UsageError(T("{name} is missing.", name=name))
    found = written.amount(text)
    if found.sign or found.unit:
        raise UsageError(T("“{text}” is not a figure. Write it like 128 or 5.4.", text=text.strip()[:30]))
    return found.value


def _pressure(view: VaultView, what: Choice, fields: Mapping[str, str]) -> Entry:
    upper = fields.get("upper", "")
    both = written.pressure(upper) if not fields.get("lower", "").strip() else None
    if both is None:
        both = _number(upper, T("The upper figure")), _number(fields.get("lower", ""), T("The lower figure"))
        if both[0] < 30 and both[1] < 20:  # centimetres of mercury, as French meters and doctors say it
            both = both[0] * 10, both[1] * 10
    pulse = fields.get("pulse", "")
    beats = _number(pulse, T("The pulse")) if pulse.strip() else None
    return Pressure(*both, _at(view, fields), beats, fields.get("remark", ""))


def _reading(view: VaultView, what: Choice, fields: Mapping[str, str]) -> Entry:
    text = fields.get("value", "")
    if not text.strip():
        raise UsageError(T("{name} is missing.", name=T("The value")))
    found = written.amount(text)
    if found.sign:
        raise UsageError(T("“{text}” is not a figure. Write it like 128 or 5.4.", text=text.strip()[:30]))
    unit = found.unit or written.unit(fields.get("unit", "")) or written.default_unit(what.key)
    return Reading(what.key, found.value, unit, _at(view, fields), fields.get("remark", ""))


def _result(view: VaultView, what: Choice, fields: Mapping[str, str]) -> Entry:
    name, text = fields.get("name", "").strip(), fields.get("value", "").strip()
    if not text:
        raise UsageError(T("{name} is missing.", name=T("The value")))
    if not fields.get("day", "").strip():
        raise UsageError(T("{name} is missing.", name=T("The date")))
    try:
        found = written.amount(text)
        figure: Decimal | str = found.value
    except UsageError:
        found, figure = written.Amount(Decimal(0), ""), text
    limits = [_number(fields[end], T("The limit")) if fields.get(end, "").strip() else None for end in ("low", "high")]
    unit = found.unit or written.unit(fields.get("unit", ""))
    return ResultEntry(
        name, written.test_named(name), figure, unit if isinstance(figure, Decimal) else "",
        written.when(fields["day"], view.today), limits[0], limits[1], fields.get("laboratory", ""), found.sign,
        fields.get("remark", ""),
    )  # fmt: skip


def _when(view: VaultView, text: str) -> When | None:
    return written.when(text, view.today) if text.strip() else None


def _taken(view: VaultView, what: Choice, fields: Mapping[str, str]) -> Entry:
    return Taken(
        fields.get("name", ""), fields.get("dose", ""), fields.get("how", ""), _when(view, fields.get("since", "")),
        _when(view, fields.get("until", "")), bool(fields.get("as_needed")), fields.get("why", ""),
        fields.get("remark", ""),
    )  # fmt: skip


def _symptom(view: VaultView, what: Choice, fields: Mapping[str, str]) -> Entry:
    severity = fields.get("severity", "").strip()
    if severity and not (severity.isascii() and severity.isdigit()):
        raise UsageError(T("A severity is a whole number from 0 (none) to 10 (the worst)."))
    ends = bool(fields.get("end_day", "").strip() or fields.get("end_time", "").strip())
    until = _at(view, fields, "end_day", "end_time") if ends else None
    return Symptom(
        fields.get("name", ""), _at(view, fields), int(severity) if severity else None, until, fields.get("remark", "")
    )


def _note(view: VaultView, what: Choice, fields: Mapping[str, str]) -> Entry:
    return Note(fields.get("text", ""), _at(view, fields), fields.get("title", ""))


# Questions and what was kept --------------------------------------------------------------------------------------


def meant(asked: Sequence[Text]) -> Quantity | None:
    """What one of the questions thinks was meant, where it is one thing."""
    found = [q for text in asked for name in ("other", "usual") if isinstance(q := text.args.get(name), Quantity)]
    return found[0] if len(found) == 1 else None


def told(made: Entry) -> Text:
    """An entry in a few words, to say what was kept."""
    if isinstance(made, Pressure):
        figures = T("{high} over {low}", high=made.systolic, low=Quantity(made.diastolic, "mm[Hg]"))
        return T("{name}: {value}", name=T("Blood pressure"), value=figures)
    if isinstance(made, Reading):
        row = metric(made.metric)
        return T("{name}: {value}", name=Named(capital(row.en), capital(row.fr)), value=Quantity(made.value, made.unit))
    if isinstance(made, ResultEntry):
        value = Quantity(made.value, made.unit) if isinstance(made.value, Decimal) else made.value
        return T("{name}: {value}", name=made.name, value=T("below {value}", value=value) if made.comparator == "<"
                 else T("above {value}", value=value) if made.comparator == ">" else value)  # fmt: skip
    if isinstance(made, Taken):
        extra = ", ".join(filter(None, (made.dose.strip(), made.how.strip())))
        return T("{name}: {value}", name=made.medicine, value=extra) if extra else T("{name}", name=made.medicine)
    if isinstance(made, Symptom):
        if made.severity is None:
            return T("{name}", name=made.name)
        return T("{name}: {value}", name=made.name, value=T("{n} out of {most}", n=made.severity, most=10))
    return T("{name}", name=made.title.strip() or made.text.strip().splitlines()[0][:80])
