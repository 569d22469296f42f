"""Expected facts about the FHIR records, read from the raw bundle by plain loops over its JSON.

Independent of the vault and the skills on purpose: its own table of codes, its own choice of the latest, its own
reading of dates (a time with an offset belongs to the day it was in Paris).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from salus.evals.questions.fact import Fact, Query, span, within

Body = dict[str, Any]
PARIS = ZoneInfo("Europe/Paris")

TESTS: dict[str, tuple[str, ...]] = {
    "total_cholesterol": ("14647-2", "2093-3"),
    "hdl_cholesterol": ("14646-4", "2085-9"),
    "ldl_cholesterol": ("39469-2", "13457-7"),
    "triglycerides": ("14927-8", "2571-8"),
    "glucose": ("14749-6", "2345-7"),
    "hba1c": ("4548-4",),
    "sodium": ("2951-2",),
    "potassium": ("2823-3",),
    "chloride": ("2075-0",),
    "creatinine": ("14682-9", "2160-0"),
    "egfr": ("98979-8",),
    "calcium": ("2000-8", "17861-6"),
    "albumin": ("1751-7",),
    "alt": ("1742-6",),
    "ast": ("1920-8",),
    "bilirubin_total": ("14631-6", "1975-2"),
    "hemoglobin": ("718-7",),
    "hematocrit": ("4544-3",),
    "white_cells": ("6690-2",),
    "red_cells": ("789-8",),
    "platelets": ("777-3",),
    "tsh": ("3016-3",),
    "ferritin": ("2276-4",),
    "vitamin_d": ("14635-7", "1989-3"),
    "crp": ("1988-5",),
    "albumin_creatinine_ratio": ("9318-7",),
}
PANELS: dict[str, tuple[str, ...]] = {
    "lipids": ("total_cholesterol", "hdl_cholesterol", "ldl_cholesterol", "triglycerides"),
    "liver": ("alt", "ast", "bilirubin_total", "albumin"),
    "kidney": ("creatinine", "egfr"),
    "cbc": ("hemoglobin", "hematocrit", "white_cells", "red_cells", "platelets"),
    "diabetes": ("glucose", "hba1c"),
    "thyroid": ("tsh",),
}
_WHEN = {
    "Immunization": ("occurrenceDateTime",),
    "MedicationRequest": ("authoredOn",),
    "Condition": ("onsetDateTime",),
    "AllergyIntolerance": ("recordedDate",),
    "DocumentReference": ("date",),
    "Goal": ("startDate",),
}


class Records:
    """The bundle's resources and those of the phone's clinical files, each once."""

    def __init__(self, bundle: bytes, clinical: list[bytes]) -> None:
        resources = [entry["resource"] for entry in json.loads(bundle)["entry"]]
        held = {resource["id"] for resource in resources}
        resources += [body for body in map(json.loads, clinical) if body["id"] not in held]
        self.resources: list[Body] = resources
        self.by_id = {f"{r['resourceType']}/{r['id']}": r for r in resources}

    def of(self, kind: str) -> Iterator[Body]:
        return (r for r in self.resources if r["resourceType"] == kind and r.get("status") != "entered-in-error")


def day_of(text: str) -> str:
    """The civil day in Paris of a FHIR date or dateTime; a partial date stays as it is."""
    return datetime.fromisoformat(text).astimezone(PARIS).date().isoformat() if "T" in text else text


def _results(records: Records, test: str) -> list[tuple[date, Body]]:
    """A test's valid numeric results, oldest first."""
    found = []
    for body in records.of("Observation"):
        if body["code"]["coding"][0]["code"] in TESTS[test] and "valueQuantity" in body:
            found.append((date.fromisoformat(day_of(body["effectiveDateTime"])), body))
    return sorted(found, key=lambda pair: pair[0])


def _fact(day: date, body: Body) -> Fact:
    value = body["valueQuantity"]
    digits = len(str(value["value"]).partition(".")[2])
    return Fact(float(value["value"]), value.get("unit", ""), digits, day=day.isoformat())


def result(records: Records, query: Query) -> list[Fact]:
    """One test: latest (default), previous, first, highest, lowest, count or all of it within a period."""
    series = [(d, b) for d, b in _results(records, query["test"]) if within(d, span(query))]
    if not series:
        return []
    pick = query.get("pick", "latest")
    if pick == "all":
        return [_fact(d, b) for d, b in series]
    if pick == "count":
        return [Fact(float(len(series)))]
    if pick == "previous":
        return [_fact(*series[-2])] if len(series) > 1 else []
    if pick in ("highest", "lowest"):
        # Only asked of tests whose unit never changes over the period.
        units = {b["valueQuantity"].get("unit") for _, b in series}
        if len(units) != 1:
            raise ValueError(f"{query['test']}: highest and lowest need one unit, found {units}")
        choose = max if pick == "highest" else min
        return [_fact(*choose(series, key=lambda pair: pair[1]["valueQuantity"]["value"]))]
    return [_fact(*series[0 if pick == "first" else -1])]


def panel(records: Records, query: Query) -> list[Fact]:
    """The latest result of each member of a panel that has one."""
    facts: list[Fact] = []
    for test in PANELS[query["panel"]]:
        facts += result(records, {"test": test, "period": query.get("period")})
    return facts


def abnormal(records: Records, query: Query) -> list[Fact]:
    """The latest result of every test, where it lies outside the range its own laboratory printed."""
    facts = []
    for test in TESTS:
        series = [(d, b) for d, b in _results(records, test) if within(d, span(query))]
        if series and _outside(series[-1][1]):
            facts.append(_fact(*series[-1]))
    return facts


def _outside(body: Body) -> bool:
    value = body["valueQuantity"]["value"]
    for limits in body.get("referenceRange", []):
        if "low" in limits and value < limits["low"]["value"]:
            return True
        if "high" in limits and value > limits["high"]["value"] and "comparator" not in body["valueQuantity"]:
            return True
    return False


def change(records: Records, query: Query) -> list[Fact]:
    """The first and the latest result within a period, between which the change is."""
    series = [(d, b) for d, b in _results(records, query["test"]) if within(d, span(query))]
    return [_fact(*series[0]), _fact(*series[-1])] if len(series) > 1 else []


def direction(records: Records, query: Query) -> list[Fact]:
    """Where a test went between its first and last result of a period, both in one unit."""
    series = [b["valueQuantity"] for d, b in _results(records, query["test"]) if within(d, span(query))]
    if len(series) < 2:
        return []
    factor = {"mg/dL": 1 / 38.67} if "cholesterol" in query["test"] else {}
    first, last = (v["value"] * factor.get(v.get("unit", ""), 1.0) for v in (series[0], series[-1]))
    if abs(last - first) <= 0.02 * abs(first):
        return [Fact(direction="flat")]
    return [Fact(direction="up" if last > first else "down")]


def resource(records: Records, query: Query) -> list[Fact]:
    """Resources of a type whose words match: names, days, doses, people of all, the first or the last of them."""
    match = [word.casefold() for word in query.get("match", [])]
    found = []
    for body in records.of(query["type"]):
        status = body.get("clinicalStatus", {}).get("coding", [{}])[0].get("code") or body.get("status")
        if "status" in query and status != query["status"]:
            continue
        text = json.dumps(body, ensure_ascii=False).casefold()
        day = _day(body, query)
        if (not match or any(word in text for word in match)) and _in_period(day, query):
            found.append((day, body))
    found.sort(key=lambda pair: pair[0])
    pick = query.get("pick", "all")
    if pick == "count":
        return [Fact(float(len(found)))]
    if pick in ("first", "last") and found:
        found = [found[0 if pick == "first" else -1]]
    return [_give(records, body, day, give) for day, body in found for give in query["give"]]


def _in_period(day: str, query: Query) -> bool:
    days = span(query)
    return days is None or (len(day) == 10 and within(date.fromisoformat(day), days))


def _day(body: Body, query: Query) -> str:
    if query.get("when") == "end":
        return day_of(body.get("abatementDateTime", ""))
    for name in _WHEN.get(body["resourceType"], ()):
        if name in body:
            return day_of(body[name])
    period = body.get("performedPeriod") or body.get("period") or {}
    return day_of(period.get("start") or body.get("effectiveDateTime", ""))


def _give(records: Records, body: Body, day: str, give: str) -> Fact:
    if give == "day":
        return Fact(day=day)
    if give == "name":
        return Fact(words=_name(records, body))
    if give == "dose":
        return Fact(words=body["dosageInstruction"][0]["text"])
    if give == "reaction":
        return Fact(words=body["reaction"][0]["manifestation"][0]["text"])
    if give == "reason":
        return Fact(words=(body.get("statusReason") or body["reasonCode"][0])["text"])
    if give == "who":
        person = body.get("requester") or body["participant"][0].get("individual") or body["participant"][0]["member"]
        return Fact(words=records.by_id[person["reference"]]["name"][0]["family"])
    if give == "place":
        return Fact(words=str(body["serviceProvider"]["display"]))
    if give == "members":
        families = [records.by_id[p["member"]["reference"]]["name"][0]["family"] for p in body["participant"]]
        return Fact(words=" & ".join(families))
    raise ValueError(f"unknown field {give!r}")


def _name(records: Records, body: Body) -> str:
    concept = body.get("code") or body.get("vaccineCode") or body.get("medicationCodeableConcept")
    if concept is None and "medicationReference" in body:
        concept = records.by_id[body["medicationReference"]["reference"]]["code"]
    if concept is None and body["resourceType"] == "Coverage":
        return str(body["payor"][0]["display"])
    if concept is None and isinstance(body.get("type"), list):
        concept = body["type"][0]
    if concept is None:
        concept = body.get("description") or body.get("title")
    return str(concept["text"] if isinstance(concept, dict) else concept)
