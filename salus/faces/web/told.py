"""Small pieces of telling that several pages share: a source's title, a record's figure, a name at a line's start."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from salus.assistant.words import Words
from salus.faces.wording import TYPE
from salus.hooks import register_sources
from salus.records.finding import Lang
from salus.records.resource import Resource, concept_text, first, quantity, title
from salus.records.text import T, Text
from salus.records.times import When
from salus.records.units import Quantity, decimal, normal


@lru_cache(maxsize=1)
def _titles() -> dict[str, Any]:
    return {source.name: source.title for source in register_sources()}


def source_title(connection: str, lang: str) -> Text | str:
    """What brought a record, by the source of its connection ("fhir" or "fhir/files")."""
    name = connection.partition("/")[0]
    if name == "by_hand":
        return T("Written by hand")
    return str(_titles().get(name, {}).get(lang, name))


def capital(name: str) -> str:
    """With a capital first letter; "pH" and "mRNA" stay as they are."""
    return name if name[1:2].isupper() else name[:1].upper() + name[1:]


def called(resource: Resource, words: Words) -> str:
    """What a record is called: its own title, else what it is one of, in the page's language."""
    if resource.type == "Correlation":
        return capital(words.say(T("Blood pressure") if b"BloodPressure" in resource.raw else TYPE[resource.type]))
    body = resource.body
    own = title(body) or str(body.get("activity") or body.get("classification") or "")
    return capital(own or words.say(TYPE.get(resource.type, resource.type)))


def clock(at: datetime, lang: Lang) -> str:
    """The time of day as the language writes it."""
    return f"{at.hour:02d}:{at.minute:02d}" if lang == "en" else f"{at.hour}\u00a0h\u00a0{at.minute:02d}"


def figure(body: dict[str, Any]) -> Quantity | Text | str | None:
    """The value a record states, in its own unit and with its own digits; a panel's as "128 / 82"."""
    own = _value(body)
    if own is not None:
        return own
    parts = [part for part in body.get("component") or () if isinstance(part, dict)]
    values = [q for part in parts if (q := quantity(part.get("valueQuantity"))) is not None]
    if len(values) == 2 and values[0].unit == values[1].unit:
        high, low = sorted(values, key=lambda q: -q.value)
        return T("{high} over {low}", high=high.value, low=low)
    return None


def _value(body: dict[str, Any]) -> Quantity | Text | str | None:
    found = quantity(body.get("valueQuantity"))
    if found is not None:
        sign = str(body["valueQuantity"].get("comparator") or "")[:1]
        if sign:
            return T("below {value}", value=found) if sign == "<" else T("above {value}", value=found)
        if found.unit == "{score}" and body["valueQuantity"].get("unit") == "/10":
            return T("{n} out of {most}", n=found.value, most=10)
        return found
    if isinstance(body.get("valueString"), str):
        return str(body["valueString"])
    return concept_text(body.get("valueCodeableConcept")) or None


def said_briefly(body: dict[str, Any]) -> Quantity | Text | When | str | None:
    """What a line of the timeline adds to a record's title: a figure, a dose, a reason."""
    kind = body.get("resourceType")
    found = _workout(body) if kind == "Workout" else _pair(body) if kind == "Correlation" else figure(body)
    if found is not None:
        return found[:LONGEST] if isinstance(found, str) else found
    for path in BRIEF:
        text = first(body, path)
        if isinstance(text, str) and text.strip():
            return text.strip()[:LONGEST]
    return None


LONGEST = 160
BRIEF = (
    "dosageInstruction.text", "dosage.text", "reasonCode.text", "reasonCode.coding.display", "conclusion", "title",
    "description.text",
)  # fmt: skip
"""Where records of other types say in words what they are about, best first."""


def _workout(body: dict[str, Any]) -> Text | Quantity | None:
    distance, duration = (quantity(body.get(name)) for name in ("distance", "duration"))
    shown = [Quantity(round(q.value, digits), q.unit) for q, digits in ((distance, 2), (duration, 0)) if q is not None]
    if len(shown) == 2:
        return T("{distance} in {time}", distance=shown[0], time=shown[1])
    return shown[0] if shown else None


def _pair(body: dict[str, Any]) -> Text | None:
    """The two figures of a blood pressure that a phone wrote as a pair."""
    values = {}
    for part in body.get("records") or ():
        number = decimal(str(part.get("value", ""))) if isinstance(part, dict) else None
        if number is not None:
            values[str(part.get("type", ""))] = Quantity(number, normal(str(part.get("unit") or "")))
    high, low = (values.get(f"HKQuantityTypeIdentifierBloodPressure{end}") for end in ("Systolic", "Diastolic"))
    if high is None or low is None:
        return None
    return T("{high} over {low}", high=high.value, low=low)
