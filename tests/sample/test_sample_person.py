"""The sample person: same bytes each time, well-formed, complete, and the two parts tell one story."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from salus.sample import BORN, Spec, export_zip, fhir_bundle, write

END = date(2026, 11, 20)
FULL = Spec(end=END)
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def bundle() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(fhir_bundle(FULL))
    return loaded


@pytest.fixture(scope="module")
def archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(export_zip(FULL)))


@pytest.fixture(scope="module")
def health(archive: zipfile.ZipFile) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read("apple_health_export/export.xml"))


def of_type(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def records(health: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [r for r in health.findall("Record") if r.get("type", "").endswith(name)]


def moment(text: str | None) -> datetime:
    assert text is not None
    return datetime.fromisoformat(f"{text[:10]}T{text[11:19]}{text[20:23]}:{text[23:]}")


def test_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    one = write(tmp_path / "a", end=END, days=12)
    two = write(tmp_path / "b", end=END, days=12)
    assert one.fhir_bundle.read_bytes() == two.fhir_bundle.read_bytes()
    assert one.export_zip.read_bytes() == two.export_zip.read_bytes()
    assert one.export_zip.read_bytes() == export_zip(Spec(end=END, days=12))
    assert one.born == BORN
    assert one.zone == "Europe/Paris"


def test_another_seed_day_or_language_gives_other_bytes() -> None:
    specs = [
        Spec(end=END, days=5),
        Spec(end=END, days=5, seed=8),
        Spec(end=END - timedelta(days=1), days=5),
        Spec(end=END, days=5, lang="fr"),
    ]
    assert len({fhir_bundle(s) for s in specs}) == 4
    assert len({export_zip(s) for s in specs}) == 4


def test_days_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="days"):
        Spec(end=END, days=0)


@pytest.mark.parametrize("end", [date(2024, 2, 29), date(2025, 3, 30), date(2026, 10, 25), date(2027, 1, 1)])
def test_any_last_day_works(end: date) -> None:
    spec = Spec(end=end, days=3)
    assert json.loads(fhir_bundle(spec))["type"] == "collection"
    with zipfile.ZipFile(io.BytesIO(export_zip(spec))) as archive:
        assert ElementTree.fromstring(archive.read("apple_health_export/export.xml")).findall("Record")


def test_the_bundle_holds_what_a_record_holds(bundle: dict[str, Any]) -> None:
    counts = Counter(e["resource"]["resourceType"] for e in bundle["entry"])
    expected = {
        "Patient": 1, "Practitioner": 2, "Organization": 3, "Encounter": 14, "Condition": 7, "MedicationRequest": 7,
        "Medication": 1, "AllergyIntolerance": 2, "Immunization": 7, "Procedure": 2, "DocumentReference": 2,
        "CarePlan": 1, "Goal": 2, "CareTeam": 1, "Coverage": 1,
    }
    assert {kind: counts[kind] for kind in expected} == expected
    assert counts["Observation"] > 150
    assert counts["DiagnosticReport"] >= 15


def test_every_reference_resolves(bundle: dict[str, Any]) -> None:
    known = {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in bundle["entry"]}
    assert len(known) == len(bundle["entry"])
    found = re.findall(r'"reference": "([^"]+)"', json.dumps(bundle))
    assert len(found) > 500
    assert set(found) <= known


def test_every_resource_is_about_the_person(bundle: dict[str, Any]) -> None:
    patient = of_type(bundle, "Patient")[0]
    assert patient["birthDate"] == BORN.isoformat()
    alone = {"Patient", "Practitioner", "Organization", "Medication"}
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] not in alone:
            about = resource.get("subject") or resource.get("patient") or resource.get("beneficiary")
            assert about["reference"] == f"Patient/{patient['id']}", resource["resourceType"]


def test_results_come_in_the_shapes_records_have(bundle: dict[str, Any]) -> None:
    observations = of_type(bundle, "Observation")
    statuses = Counter(o["status"] for o in observations)
    assert (statuses["entered-in-error"], statuses["preliminary"], statuses["amended"]) == (1, 1, 1)
    assert any("valueString" in o for o in observations)
    assert any("valueCodeableConcept" in o for o in observations)
    assert any(o.get("valueQuantity", {}).get("comparator") == "<" for o in observations)
    assert any("unit" not in o["valueQuantity"] for o in observations if "valueQuantity" in o)
    labs = [o for o in observations if o["category"][0]["coding"][0]["code"] == "laboratory" and "valueQuantity" in o]
    assert 0 < sum("interpretation" not in o for o in labs) < len(labs) / 2
    assert 0 < sum("referenceRange" not in o for o in labs) < len(labs) / 4
    onsets = {c["onsetDateTime"] for c in of_type(bundle, "Condition")}
    assert {len(o) for o in onsets} == {4, 7, 10}


def test_diabetes_is_found_when_hba1c_crosses_its_threshold(bundle: dict[str, Any]) -> None:
    series = sorted(
        (o["effectiveDateTime"][:10], o["valueQuantity"]["value"])
        for o in of_type(bundle, "Observation")
        if o["code"]["coding"][0]["code"] == "4548-4"
    )
    assert len(series) == 6
    first_high = next(day for day, value in series if value >= 6.5)
    diabetes = next(c for c in of_type(bundle, "Condition") if c["code"]["coding"][0]["code"] == "44054006")
    assert 0 <= (date.fromisoformat(diabetes["onsetDateTime"]) - date.fromisoformat(first_high)).days <= 14
    metformin = next(m for m in of_type(bundle, "MedicationRequest") if "Metformin" in json.dumps(m))
    assert metformin["authoredOn"] == diabetes["onsetDateTime"]


def test_both_units_of_cholesterol_are_there_and_ldl_follows_from_the_others(bundle: dict[str, Any]) -> None:
    by_day: dict[str, dict[str, Any]] = defaultdict(dict)
    names = {"14647-2": "total", "2093-3": "total", "14646-4": "hdl", "2085-9": "hdl", "14927-8": "fats",
             "2571-8": "fats", "39469-2": "ldl", "13457-7": "ldl"}
    for o in of_type(bundle, "Observation"):
        name = names.get(o["code"]["coding"][0]["code"])
        if name:
            by_day[o["effectiveDateTime"]][name] = o["valueQuantity"]
    assert len(by_day) == 6
    assert {v["ldl"]["unit"] for v in by_day.values()} == {"mmol/L", "mg/dL"}
    for v in by_day.values():
        share = 5 if v["ldl"]["unit"] == "mg/dL" else 2.2
        computed = v["total"]["value"] - v["hdl"]["value"] - v["fats"]["value"] / share
        assert abs(computed - v["ldl"]["value"]) <= (0.51 if share == 5 else 0.006)


def test_decimals_keep_their_digits() -> None:
    text = fhir_bundle(FULL).decode()
    assert re.search(r'"value": \d+\.\d*0,', text)


def test_french_records_are_in_french() -> None:
    text = fhir_bundle(Spec(end=END, lang="fr")).decode()
    assert "Cholestérol total" in text
    assert "Metformine" in text


def test_the_archive_has_the_phones_layout(archive: zipfile.ZipFile, health: ElementTree.Element) -> None:
    names = [n.removeprefix("apple_health_export/") for n in archive.namelist()]
    assert {"export.xml", "export_cda.xml"} <= set(names)
    assert archive.testzip() is None
    assert sum(i.compress_size for i in archive.infolist()) < 4_000_000
    paths = {f.get("path", "").lstrip("/") for f in health.iter("FileReference")}
    assert paths == {n for n in names if n.endswith(".gpx")}
    assert len(paths) == 12
    clinical = {c.get("resourceFilePath", "").lstrip("/") for c in health.findall("ClinicalRecord")}
    assert clinical == {n for n in names if n.startswith("clinical-records/")}
    for name in names:
        data = archive.read(f"apple_health_export/{name}")
        if name.endswith((".gpx", ".xml")):
            ElementTree.fromstring(data)
        elif name.endswith(".json"):
            assert json.loads(data)["resourceType"] in name
    ecg = next(n for n in names if n.startswith("electrocardiograms/"))
    assert archive.read(f"apple_health_export/{ecg}").decode().count("\n") > 15_000


def test_two_of_the_phones_clinical_files_are_in_the_bundle(
    archive: zipfile.ZipFile, bundle: dict[str, Any]
) -> None:
    held = {e["resource"]["id"]: e["resource"] for e in bundle["entry"]}
    files = [json.loads(archive.read(n)) for n in archive.namelist() if "/clinical-records/" in n]
    assert [f["id"] in held for f in files].count(True) == 2
    assert all(held[f["id"]] == f for f in files if f["id"] in held)


def test_the_export_has_the_amount_asked_for(health: ElementTree.Element) -> None:
    assert 60_000 <= len(health.findall("Record")) <= 100_000
    assert len(health.findall("ActivitySummary")) == 400
    assert {w.get("workoutActivityType") for w in health.findall("Workout")} == {
        f"HKWorkoutActivityType{kind}" for kind in ("Running", "Walking", "Cycling")
    }


def test_the_whole_file_has_the_phones_one_offset(health: ElementTree.Element) -> None:
    assert {r.get("startDate", "")[-5:] for r in health.findall("Record")} == {"+0100"}


def test_phone_and_watch_overlap_and_some_records_stand_twice(health: ElementTree.Element) -> None:
    steps = records(health, "StepCount")
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for r in steps:
        spans["phone" if "iPhone" in r.get("sourceName", "") else "watch"].append(
            (moment(r.get("startDate")), moment(r.get("endDate")))
        )
    phone, watch = sorted(spans["phone"])[:200], sorted(spans["watch"])[:400]
    assert any(a < d and c < b for a, b in phone for c, d in watch)
    keys = Counter(
        (r.get("startDate"), r.get("endDate"), r.get("value"), r.get("sourceName")) for r in steps
    )
    assert 0.01 < sum(n > 1 for n in keys.values()) / len(keys) < 0.04


def test_the_new_watch_reads_higher_with_the_same_name(health: ElementTree.Element) -> None:
    change = END - timedelta(days=150)
    before, after, hardware, names = [], [], {}, set()
    for r in records(health, "IdentifierRestingHeartRate"):
        day = moment(r.get("startDate")).astimezone(PARIS).date()
        names.add(r.get("sourceName"))
        found = re.search(r"hardware:(Watch\d+,\d+)", r.get("device", ""))
        assert found
        hardware[day] = found.group(1)
        if change - timedelta(days=45) <= day < change:
            before.append(int(r.get("value", "0")))
        elif change <= day < change + timedelta(days=45):
            after.append(int(r.get("value", "0")))
    assert len(names) == 1
    assert {h for d, h in hardware.items() if d < change} == {"Watch6,7"}
    assert {h for d, h in hardware.items() if d >= change} == {"Watch7,11"}
    assert 1.8 < sum(after) / len(after) - sum(before) / len(before) < 3.6


def test_a_week_has_no_watch(health: ElementTree.Element) -> None:
    first, last = END - timedelta(days=232), END - timedelta(days=226)
    days = {moment(r.get("startDate")).astimezone(PARIS).date() for r in records(health, "RestingHeartRate")}
    assert not [d for d in days if first <= d <= last]
    steps = {moment(r.get("startDate")).astimezone(PARIS).date() for r in records(health, "StepCount")}
    assert first in steps


def test_activity_rings_agree_with_the_records(health: ElementTree.Element) -> None:
    energy: dict[date, float] = defaultdict(float)
    seen = set()
    for r in records(health, "ActiveEnergyBurned"):
        key = (r.get("startDate"), r.get("endDate"), r.get("value"), r.get("sourceName"))
        if key in seen:
            continue
        seen.add(key)
        start, end = (moment(r.get(k)).astimezone(PARIS) for k in ("startDate", "endDate"))
        value = float(r.get("value", "0"))
        if start.date() != (end - timedelta(seconds=1)).date():
            midnight = datetime.combine(end.date(), datetime.min.time(), PARIS)
            share = value * (midnight - start) / (end - start)
            energy[start.date()] += share
            energy[end.date()] += value - share
        else:
            energy[start.date()] += value
    for summary in health.findall("ActivitySummary"):
        day = date.fromisoformat(summary.get("dateComponents", ""))
        assert abs(energy[day] - float(summary.get("activeEnergyBurned", "0"))) < 0.01


def test_home_weight_and_clinic_weight_agree(health: ElementTree.Element, bundle: dict[str, Any]) -> None:
    clinic = {
        o["effectiveDateTime"][:10]: o["valueQuantity"]["value"]
        for o in of_type(bundle, "Observation")
        if o["code"]["coding"][0]["code"] == "29463-7"
    }
    day, kilos = max(clinic.items())
    home = [
        float(r.get("value", "0")) * (0.45359237 if r.get("unit") == "lb" else 1)
        for r in records(health, "BodyMass")
        if abs((moment(r.get("startDate")).date() - date.fromisoformat(day)).days) <= 8
    ]
    assert home
    assert all(abs(weight - kilos) < 1.6 for weight in home)
    assert {r.get("unit") for r in records(health, "BodyMass")} == {"kg", "lb"}


def test_blood_pressure_stands_twice_and_nights_overlap(health: ElementTree.Element) -> None:
    nested = [tuple(sorted(r.items())) for c in health.findall("Correlation") for r in c.findall("Record")]
    assert len(nested) == 2 * len(health.findall("Correlation")) > 200
    top = {(r.get("startDate"), r.get("value")) for r in records(health, "BloodPressureSystolic")}
    first = next(iter(health.findall("Correlation"))).findall("Record")[0]
    assert (first.get("startDate"), first.get("value")) in top
    values = {r.get("value", "").removeprefix("HKCategoryValueSleepAnalysis") for r in records(health, "SleepAnalysis")}
    assert values == {"InBed", "AsleepUnspecified", "AsleepCore", "AsleepDeep", "AsleepREM", "Awake"}


def test_the_last_night_is_in_the_export(health: ElementTree.Element) -> None:
    ends = [moment(r.get("endDate")).astimezone(PARIS) for r in records(health, "SleepAnalysis")]
    assert max(ends).date() == END + timedelta(days=1)
    assert max(ends) < FULL.exported
