"""The phone's export.zip of the sample person: export.xml with its DTD, routes, an ECG, clinical records, a CDA file.

The same spec gives the same bytes: entries carry the export's own time, never the clock's.
"""

from __future__ import annotations

import io
import math
import zipfile
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources

from salus.sample import body, heart, moving, sleeping, workouts
from salus.sample.care import vaccine
from salus.sample.chart import BASE, Body, encode
from salus.sample.fhir import chart
from salus.sample.kit import Kit
from salus.sample.person import BORN, FAMILY, GIVEN, NAME, Spec, seconds
from salus.sample.sheet import Sheet, element

FOLDER = "apple_health_export"
_REPEATED = 0.02
_ENERGY_GOAL = 380


def export_zip(spec: Spec) -> bytes:
    """The archive the phone would hand over, as bytes."""
    files = export_files(spec)
    made = spec.exported.timetuple()[:6]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, data in files.items():
            info = zipfile.ZipInfo(f"{FOLDER}/{path}", (made[0], made[1], made[2], made[3], made[4], made[5] // 2 * 2))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, data)
    return out.getvalue()


def export_files(spec: Spec) -> dict[str, bytes]:
    """Every file of the archive, by its path inside the export's folder."""
    kit = Kit(spec)
    offset = spec.exported.utcoffset()
    assert offset is not None
    sheet = Sheet(offset, spec.rng("sheet"))
    plan = {day: moving.plan_day(kit, day) for day in kit.days()}
    rings = moving.add_moving(sheet, kit, plan)
    heart.add_heart(sheet, kit, plan)
    sleeping.add_sleep(sheet, kit)
    body.add_body(sheet, kit)
    sheet.repeat(_REPEATED, seconds(spec.day(min(60, spec.days)), 3.0))
    routes = workouts.add_workouts(sheet, kit, plan)
    clinical = _clinical(sheet, spec)
    files = {"export.xml": _xml(sheet, spec, rings).encode(), "export_cda.xml": _cda(spec).encode()}
    files |= {path.lstrip("/"): text.encode() for path, text in routes.items()}
    ecg_day = spec.day(20)
    files[f"electrocardiograms/ecg_{ecg_day.isoformat()}.csv"] = _ecg(sheet, kit, ecg_day).encode()
    return files | clinical


def _xml(sheet: Sheet, spec: Spec, rings: moving.Rings) -> str:
    me = (
        ("HKCharacteristicTypeIdentifierDateOfBirth", BORN.isoformat()),
        ("HKCharacteristicTypeIdentifierBiologicalSex", "HKBiologicalSexFemale"),
        ("HKCharacteristicTypeIdentifierBloodType", "HKBloodTypeNotSet"),
        ("HKCharacteristicTypeIdentifierFitzpatrickSkinType", "HKFitzpatrickSkinTypeNotSet"),
        ("HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse", "None"),
    )
    written = sheet.date(spec.exported.timestamp())
    return "".join((
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f"<!DOCTYPE HealthData [\n{dtd()}]>\n",
        f'<HealthData locale="{"fr_FR" if spec.lang == "fr" else "en_FR"}">\n',
        f' <ExportDate value="{written}"/>\n {element("Me", me)}\n',
        *sheet.lines(),
        *(_summary(day, rings) for day in sorted(rings.energy) if spec.first <= day <= spec.end),
        "</HealthData>\n",
    ))


@lru_cache(maxsize=1)
def dtd() -> str:
    """The internal subset the phone writes (version 14)."""
    return resources.files("salus.sample").joinpath("export.dtd").read_text("utf-8")


def _summary(day: date, rings: moving.Rings) -> str:
    return " " + element("ActivitySummary", (
        ("dateComponents", day.isoformat()),
        ("activeEnergyBurned", f"{rings.energy[day] / 1000:.3f}"),
        ("activeEnergyBurnedGoal", str(_ENERGY_GOAL)),
        ("activeEnergyBurnedUnit", "kcal"),
        ("appleMoveTime", "0"),
        ("appleMoveTimeGoal", "0"),
        ("appleExerciseTime", str(rings.exercise[day])),
        ("appleExerciseTimeGoal", "30"),
        ("appleStandHours", str(rings.stood[day])),
        ("appleStandHoursGoal", "12"),
    )) + "\n"


def _clinical(sheet: Sheet, spec: Spec) -> dict[str, bytes]:
    """Three FHIR files the phone got from providers: two the bundle holds too, one only the phone has."""
    built = chart(spec)
    by_id = {resource["id"]: resource for resource in built.resources}
    year = max(day.year for day in _flu_years(built.resources))
    picked = [by_id[spec.uid("Observation/38/ldl")], by_id[spec.uid(f"Immunization/flu/{year}")]]
    covid = {
        "cvx": "309", "display": "COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose",
        "en": "COVID-19 vaccine", "fr": "Vaccin COVID-19",
    }
    given = spec.workday(395).isoformat()
    picked.append(built.add("Immunization", "covid-phone", vaccine(built, covid, given)))
    files: dict[str, bytes] = {}
    for resource in picked:
        path = f"clinical-records/{resource['resourceType']}-{resource['id'].upper()}.json"
        files[path] = encode(resource)
        sheet.extra.append(" " + element("ClinicalRecord", (
            ("type", resource["resourceType"]),
            ("identifier", resource["id"]),
            ("sourceName", "Biolane" if resource["resourceType"] == "Observation" else "Canal Street"),
            ("sourceURL", f"{BASE}/{resource['resourceType']}/{resource['id']}"),
            ("fhirVersion", "4.0.1"),
            ("receivedDate", sheet.date(spec.exported.timestamp() - 86_400 * 2)),
            ("resourceFilePath", f"/{path}"),
        )) + "\n")
    return files


def _flu_years(resources_: list[Body]) -> list[date]:
    given = [r for r in resources_ if r["resourceType"] == "Immunization"]
    flu = [r for r in given if r["vaccineCode"]["coding"][0]["code"] == "140"]
    return [date.fromisoformat(r["occurrenceDateTime"]) for r in flu]


def _ecg(sheet: Sheet, kit: Kit, day: date) -> str:
    """Thirty seconds of an invented sinus rhythm, 512 samples a second."""
    moment, rate = seconds(day, 9.25), 66
    watch = kit.watch(day)
    hardware = watch.device.hardware if watch and watch.device else "Watch7,11"
    lines = [
        f"Name,{NAME}", f'Date of Birth,"{BORN:%b} {BORN.day}, {BORN.year}"', f"Recorded Date,{sheet.date(moment)}",
        "Classification,Sinus Rhythm", "Symptoms,", "Software Version,2.0", f'Device,"{hardware}"',
        "Sample Rate,512 hertz", "", "", "Lead,Lead I", "Unit,µV", "",
    ]
    period = 512 * 60 / rate
    beat = [_wave(n / period) for n in range(int(period) + 1)]
    lines += [f"{beat[int(n % period)]:.3f}" for n in range(512 * 30)]
    return "\n".join(lines) + "\n"


def _wave(phase: float) -> float:
    """One heartbeat in microvolts: P, Q, R, S and T as bell curves."""
    bells = ((0.20, 0.025, 90), (0.345, 0.010, -70), (0.37, 0.011, 820), (0.395, 0.011, -160), (0.60, 0.045, 210))
    return sum(height * math.exp(-(((phase - at) / width) ** 2) / 2) for at, width, height in bells)


def _cda(spec: Spec) -> str:
    """A small clinical document, as the phone adds; its content repeats what export.xml holds."""
    when = (spec.exported - timedelta(minutes=1)).strftime("%Y%m%d%H%M%S%z")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3">\n'
        ' <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>\n'
        ' <code code="34109-9" codeSystem="2.16.840.1.113883.6.1" displayName="Note"/>\n'
        f' <title>Health Data Export</title>\n <effectiveTime value="{when}"/>\n'
        f" <recordTarget><patientRole><patient><name><given>{GIVEN}</given><family>{FAMILY}</family></name>"
        f'<birthTime value="{BORN:%Y%m%d}"/></patient></patientRole></recordTarget>\n</ClinicalDocument>\n'
    )
