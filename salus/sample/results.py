"""Observations and reports of the sample person: laboratory draws of two laboratories, vital signs, words as results.

The laboratory writes molar units and local time, the hospital mass units and UTC; both print their own ranges.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from salus.sample import course
from salus.sample.chart import TERMS, Body, Chart, number, quantity, stamp, status, table
from salus.sample.person import BORN, HEIGHT_CM, Spec, local

_JITTER = {"hba1c": 0.0, "sodium": 0.004, "potassium": 0.01, "calcium": 0.006, "urine_acr": 0.0}
_VITALS: dict[str, tuple[str, str, str, str, int]] = {
    "weight": ("29463-7", "Body weight", "Poids", "kg", 1),
    "height": ("8302-2", "Body height", "Taille", "cm", 0),
    "bmi": ("39156-5", "Body mass index", "Indice de masse corporelle", "kg/m2", 1),
    "heart_rate": ("8867-4", "Heart rate", "Fréquence cardiaque", "/min", 0),
    "temperature": ("8310-5", "Body temperature", "Température", "Cel", 1),
    "spo2": ("2708-6", "Oxygen saturation", "Saturation en oxygène", "%", 0),
    "respiratory_rate": ("9279-1", "Respiratory rate", "Fréquence respiratoire", "/min", 0),
}


def at(spec: Spec, row: Body) -> datetime:
    """When a draw or visit of the story takes place, on the person's clock."""
    hour, minute = (int(part) for part in row["at"].split(":"))
    return local(spec.workday(row["ago"]), hour, minute)


def add_laboratory(chart: Chart) -> None:
    """Every draw: its observations, then one report per panel."""
    data = table("laboratory.toml")
    for row in data["draw"]:
        _add_draw(chart, row, data)
    for row in data["finding"]:
        _add_words(chart, row)


def _add_draw(chart: Chart, row: Body, data: Body) -> None:
    moment, where = at(chart.spec, row), row["where"]
    rng = chart.spec.rng(f"draw/{row['ago']}")
    values = {}
    for key, value in row["values"].items():
        values[key] = value * (1 + rng.uniform(-1, 1) * _JITTER.get(key, 0.015))
    members: dict[str, list[Body]] = {name: [] for name in row["panels"]}
    printed: dict[str, Decimal] = {}
    order = [key for key in data["test"] if key in values or key in ("ldl", "egfr", "mcv")]
    # The computed ones use the figures that were printed, as a reader checking the report would.
    for key in sorted(order, key=lambda k: k in ("ldl", "egfr", "mcv")):
        test = data["test"][key]
        way = test[where]
        if key in values:
            figure = number(values[key] * way.get("factor", 1), way["digits"])
        else:
            found = _computed(key, printed, where, moment)
            if found is None:
                continue
            figure = number(found, way["digits"])
        printed[key] = figure
        if key in row.get("wrong", {}):
            _observe(chart, row, key, number(row["wrong"][key], way["digits"]), test, moment, "entered-in-error")
        resource = _observe(chart, row, key, figure, test, moment, row.get("status", {}).get(key, "final"))
        if test.get("panel") in members:
            named = {"display": resource["code"]["text"]}
            members[test["panel"]].append(chart.ref("Observation", _slug(row, key)) | named)
    for panel, results in members.items():
        _report(chart, row, panel, results, moment, data["panel"][panel])


def _computed(key: str, printed: dict[str, Decimal], where: str, moment: datetime) -> float | None:
    if key == "ldl" and {"total_cholesterol", "hdl", "triglycerides"} <= printed.keys():
        share = 2.2 if where == "lab" else 5.0  # Friedewald, in mmol/L and in mg/dL
        total, hdl, fats = (float(printed[k]) for k in ("total_cholesterol", "hdl", "triglycerides"))
        return total - hdl - fats / share
    if key == "egfr" and "creatinine" in printed:  # CKD-EPI 2021, for women
        ratio = float(printed["creatinine"]) / (88.4 if where == "lab" else 1.0) / 0.7
        age = (moment.date() - BORN).days / 365.25
        return float(142 * min(ratio, 1) ** -0.241 * max(ratio, 1) ** -1.2 * 0.9938**age * 1.012)
    if key == "mcv" and {"hematocrit", "rbc"} <= printed.keys():
        return float(printed["hematocrit"] / printed["rbc"] * 10)
    return None


def _slug(row: Body, key: str) -> str:
    return f"{row['ago']}/{key}"


def _observe(
    chart: Chart, row: Body, key: str, figure: Decimal, test: Body, moment: datetime, state: str
) -> Body:
    way = test[row["where"]]
    utc = row["where"] == "hospital"
    slug = _slug(row, key) + ("/wrong" if state == "entered-in-error" else "")
    value = quantity(figure, "" if key in row.get("unitless", ()) else way["unit"])
    if key in row.get("below", {}):
        value = quantity(Decimal(row["below"][key]), way["unit"]) | {"comparator": "<"}
    low, high = (Decimal(way[k]) if k in way else None for k in ("low", "high"))
    flagged = row.get("flags", True) and key not in (*row.get("bare", ()), *row.get("unflagged", ()))
    flag = "L" if low is not None and figure < low else "H" if high is not None and figure > high else "N"
    names = {"en": way.get("en", test["en"]), "fr": way.get("fr", test["fr"])}
    body: Body = {
        "status": state,
        "category": [status("observation-category", "laboratory")],
        "code": chart.loinc(way["loinc"], names),
        "subject": chart.patient,
        "encounter": chart.ref("Encounter", row["encounter"]) if "encounter" in row else None,
        "effectiveDateTime": stamp(moment, utc=utc),
        "issued": stamp(moment + timedelta(hours=6), utc=utc),
        "performer": [chart.ref("Organization", row["where"])],
        "valueQuantity": value,
        "interpretation": [status("v3-ObservationInterpretation", flag)] if flagged else None,
        "referenceRange": None if key in row.get("bare", ()) else [_range(low, high, way["unit"])],
    }
    if state == "amended":
        body["note"] = [{"text": _AMENDED[chart.lang]}]
    return chart.add("Observation", slug, body)


_AMENDED = {"en": "Corrected after a second count.", "fr": "Corrigé après un second comptage."}


def _range(low: Decimal | None, high: Decimal | None, unit: str) -> Body:
    span: Body = {}
    if low is not None:
        span["low"] = quantity(low, unit)
    if high is not None:
        span["high"] = quantity(high, unit)
    return span


def _report(chart: Chart, row: Body, panel: str, results: list[Body], moment: datetime, names: Body) -> None:
    utc = row["where"] == "hospital"
    chart.add("DiagnosticReport", f"{row['ago']}/{panel}", {
        "status": "final",
        "category": [status("v2-0074", "LAB")],
        "code": chart.loinc(names["loinc"], names),
        "subject": chart.patient,
        "encounter": chart.ref("Encounter", row["encounter"]) if "encounter" in row else None,
        "effectiveDateTime": stamp(moment, utc=utc),
        "issued": stamp(moment + timedelta(hours=6), utc=utc),
        "performer": [chart.ref("Organization", row["where"])],
        "resultsInterpreter": [chart.ref("Practitioner", row["by"])] if "by" in row else None,
        "result": results,
    })


def _add_words(chart: Chart, row: Body) -> None:
    """A result that is a coded word or a string, not a number."""
    moment = at(chart.spec, row)
    concept, string = row.get("concept"), row.get("string")
    chart.add("Observation", f"{row['ago']}/{row['key']}", {
        "status": "final",
        "category": [status("observation-category", row.get("category", "laboratory"))],
        "code": chart.loinc(row["loinc"], row),
        "subject": chart.patient,
        "encounter": chart.ref("Encounter", row["encounter"]) if "encounter" in row else None,
        "effectiveDateTime": stamp(moment, utc=row["where"] == "hospital"),
        "performer": [chart.ref("Organization", row["where"])],
        "valueCodeableConcept": chart.snomed(concept) if concept else None,
        "valueString": chart.say(string) if string else None,
    })


def add_vitals(chart: Chart, visit: Body) -> None:
    """The vital signs measured at a visit, blood pressure as one panel with two components."""
    spec, moment = chart.spec, at(chart.spec, visit) + timedelta(minutes=5)
    rng = spec.rng(f"vitals/{visit['key']}")
    ago = (spec.end - moment.date()).days
    ill = visit["key"] in ("bronchitis", "rash")
    kilos = number(course.weight(ago) + rng.uniform(0.1, 0.7), 1)  # dressed, on the clinic's scale
    figures: dict[str, float] = {
        "weight": float(kilos),
        "height": HEIGHT_CM,
        "bmi": float(kilos) / (HEIGHT_CM / 100) ** 2,
        "heart_rate": course.resting_heart(ago) + (26 if ill else 9) + rng.randint(-3, 3),
        "temperature": 38.2 + rng.uniform(0, 0.4) if ill else 36.8,
        "spo2": 96 if ill else 98,
        "respiratory_rate": 19 if ill else 15,
    }
    for name in visit["vitals"]:
        if name == "bp":
            upper, lower = course.pressure(ago)
            _pressure(chart, visit, moment, round(upper + rng.uniform(0, 7)), round(lower + rng.uniform(0, 4)))
        else:
            code, english, french, unit, digits = _VITALS[name]
            value = kilos if name == "weight" else number(figures[name], digits)
            chart.add("Observation", f"{visit['key']}/{name}", _vital(chart, visit, moment) | {
                "code": chart.loinc(code, {"en": english, "fr": french}),
                "valueQuantity": quantity(value, unit),
            })


def _vital(chart: Chart, visit: Body, moment: datetime) -> Body:
    return {
        "status": "final",
        "category": [{"coding": [{"system": f"{TERMS}/observation-category", "code": "vital-signs"}]}],
        "subject": chart.patient,
        "encounter": chart.ref("Encounter", visit["key"]),
        "effectiveDateTime": stamp(moment, utc=visit["where"] == "hospital"),
    }


def _pressure(chart: Chart, visit: Body, moment: datetime, upper: int, lower: int) -> None:
    def part(code: str, row: Body, value: int) -> dict[str, Any]:
        return {"code": chart.loinc(code, row), "valueQuantity": quantity(Decimal(value), "mm[Hg]")}

    panel = {"en": "Blood pressure", "fr": "Pression artérielle"}
    chart.add("Observation", f"{visit['key']}/bp", _vital(chart, visit, moment) | {
        "code": chart.loinc("85354-9", panel),
        "component": [
            part("8480-6", {"en": "Systolic blood pressure", "fr": "Pression artérielle systolique"}, upper),
            part("8462-4", {"en": "Diastolic blood pressure", "fr": "Pression artérielle diastolique"}, lower),
        ],
    })
