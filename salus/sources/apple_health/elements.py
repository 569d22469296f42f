"""Workouts, correlations, activity summaries and the rest of export.xml, as JSON documents of Salus's own types.

Every attribute and child is kept under "attributes" and "children" as written; what skills read is beside it in
plain names, numbers with the digits received.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from typing import Any

from salus.records.text import T, Text
from salus.records.units import normal
from salus.sources.apple_health.dates import FIRST_YEAR, LAST_YEAR, BadValue, Dates
from salus.sources.apple_health.parse import Element

Made = tuple[str, str, bytes, list[tuple[str, str, str]], int | None, str]
"""(type, id, raw, codes, stamp, origin): the fields of `Received` after `raw` in plain types."""

MOST_JSON = 32 << 20
TYPES = {"Me": "Profile"}
_NUMBER = re.compile(r"^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$")
_LONGEST_NUMBER = 60
_DISTANCE = (
    "HKQuantityTypeIdentifierDistanceWalkingRunning",
    "HKQuantityTypeIdentifierDistanceCycling",
    "HKQuantityTypeIdentifierDistanceSwimming",
    "HKQuantityTypeIdentifierDistanceWheelchair",
)
_dates = Dates()


class Literal(str):
    """A number to be written in JSON with the digits received."""

    __slots__ = ()


def item(element: Element) -> Made | Text:
    """The document of one top-level element, or why it cannot be taken."""
    name: str = element["name"]
    a: dict[str, str] = element["attributes"]
    type_ = TYPES.get(name, name)
    body: dict[str, Any] = {"resourceType": type_}
    try:
        body |= _plain(name, element)
    except BadValue as error:
        return error.text
    except KeyError as error:
        return T("It has no “{attribute}”.", attribute=str(error.args[0]))
    body["attributes"] = a
    for part in ("children", "records"):
        if element.get(part):
            body[part] = element[part]
    raw = dumps(body)
    return type_, _identity(name, element), raw, [], None, a.get("sourceName", "")


def _plain(name: str, element: Element) -> dict[str, Any]:
    a = element["attributes"]
    if name == "Me":
        short = {key.removeprefix("HKCharacteristicTypeIdentifier"): value for key, value in a.items()}
        return {"birthDate": short.get("DateOfBirth"), "sex": sex(a), "bloodType": _unset(short.get("BloodType"))}
    if name == "ActivitySummary":
        day = a["dateComponents"]
        try:
            year = date.fromisoformat(day if len(day) == 10 else "").year
        except ValueError:
            raise BadValue(T("“{text}” is not a date.", text=day[:40])) from None
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise BadValue(T("The year {year} cannot be right.", year=day[:4]))
        return {"date": day}
    if name == "Workout":
        return _workout(element)
    if "startDate" in a:
        return {"start": _dates.iso(a["startDate"]), "end": _dates.iso(a.get("endDate", a["startDate"]))}
    return {}


def _workout(element: Element) -> dict[str, Any]:
    a = element["attributes"]
    start, end = _dates.iso(a["startDate"]), _dates.iso(a["endDate"])
    body: dict[str, Any] = {
        "activity": a["workoutActivityType"].removeprefix("HKWorkoutActivityType"),
        "start": start,
        "end": end,
    }
    if _dates.ms(a["endDate"]) < _dates.ms(a["startDate"]):
        raise BadValue(T("It ends before it starts."))
    statistics = {
        child["attributes"].get("type"): child["attributes"]
        for child in element.get("children", [])
        if child["name"] == "WorkoutStatistics"
    }
    body["duration"] = _amount(a.get("duration"), a.get("durationUnit", "min"))
    distance = next((statistics[key] for key in _DISTANCE if key in statistics), None)
    body["distance"] = _amount(a.get("totalDistance"), a.get("totalDistanceUnit")) or (
        _amount(distance.get("sum"), distance.get("unit")) if distance else None
    )
    energy = statistics.get("HKQuantityTypeIdentifierActiveEnergyBurned")
    body["energy"] = _amount(a.get("totalEnergyBurned"), a.get("totalEnergyBurnedUnit")) or (
        _amount(energy.get("sum"), energy.get("unit")) if energy else None
    )
    heart = statistics.get("HKQuantityTypeIdentifierHeartRate")
    if heart:
        body["heartRate"] = {
            key: Literal(heart[key]) for key in ("average", "minimum", "maximum") if _is_number(heart.get(key, ""))
        }
    return {key: value for key, value in body.items() if value}


def _amount(value: str | None, unit: str | None) -> dict[str, Any] | None:
    if not value or not _is_number(value):
        return None
    return {"value": Literal(value), "unit": normal(unit or "")}


def _is_number(text: str) -> bool:
    return len(text) <= _LONGEST_NUMBER and _NUMBER.match(text) is not None


def sex(me: dict[str, str]) -> str | None:
    """The sex a <Me> element states, or None."""
    found = me.get("HKCharacteristicTypeIdentifierBiologicalSex", "").removeprefix("HKBiologicalSex").lower()
    return found if found in ("female", "male", "other") else None


def _unset(value: str | None) -> str | None:
    return None if value is None or value.endswith("NotSet") else value.removeprefix("HKBloodType")


def _identity(name: str, element: Element) -> str:
    a = element["attributes"]
    if name == "Me":
        return "me"
    if name == "ActivitySummary":
        return str(a.get("dateComponents"))
    if name == "ClinicalRecord":
        return _hash([a.get("identifier"), a.get("sourceURL"), a.get("resourceFilePath")])
    names = ("type", "workoutActivityType", "startDate", "endDate", "sourceName")
    key: list[Any] = [name, *(a.get(one) for one in names)]
    if name == "Correlation":
        key.append(sorted((r.get("type", ""), r.get("value", "")) for r in element.get("records", [])))
    if "startDate" in a:
        key[3:5] = [_dates.ms(a["startDate"]), _dates.ms(a.get("endDate", a["startDate"]))]
    else:
        key.append(a)
    return _hash(key)


def _hash(key: list[Any]) -> str:
    return hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:24]


def dumps(body: dict[str, Any]) -> bytes:
    """Compact JSON, `Literal` numbers as received."""
    marks: dict[str, str] = {}

    def mark(value: Any) -> Any:
        if isinstance(value, Literal):
            key = f"\x00{len(marks)}\x00"
            marks[json.dumps(key)] = str(value)
            return key
        if isinstance(value, dict):
            return {k: mark(v) for k, v in value.items()}
        return value

    plain = {k: v if k in ("attributes", "children", "records") else mark(v) for k, v in body.items()}
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    for key, value in marks.items():
        text = text.replace(key, value)
    return text.encode()
