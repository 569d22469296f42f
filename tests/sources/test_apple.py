"""The phone's export: every known trap, each item accounted for."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from counting import accounted, items_of_xml

from salus.records.times import from_ms
from salus.sources.apple_health.values import device_fields
from salus.sources.importing import Outcome
from salus.vault.vault import Vault
from salus.vault.view import exact

Take, Export = Callable[..., Outcome], Callable[..., Path]
DATA = Path(__file__).parents[1] / "data" / "apple"
SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"


def values(vault: Vault, metric: str) -> list[Any]:
    return [s.value for s in vault.view().samples(metric)]


def rejected(outcome: Outcome) -> list[str]:
    return [why.plain() for _, why in outcome.report.rejected]


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.xml")), ids=lambda p: str(p.relative_to(DATA)))
def test_every_item_of_a_real_file_is_accounted_for(vault: Vault, take: Take, path: Path) -> None:
    outcome = take(path, same_person=True)
    assert accounted(outcome) == items_of_xml(path.read_bytes()) and not outcome.report.rejected
    again = take(path, same_person=True)
    assert again.report.unchanged.total() == accounted(outcome)
    vault.undo(outcome.batch)
    assert vault.view().metrics() == [] and vault.view().counts() == {}


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.zip")), ids=lambda p: str(p.relative_to(DATA)))
def test_every_item_of_a_real_zip_is_accounted_for(take: Take, path: Path) -> None:
    outcome = take(path, same_person=True)
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if not n.endswith("/") and not n.startswith("__MACOSX/")]
        (xml,) = [n for n in names if n.endswith("/export.xml") or n == "export.xml"]
        expected = items_of_xml(archive.read(xml)) + sum(n.endswith((".gpx", ".csv")) for n in names)
    assert accounted(outcome) == expected and set(rejected(outcome)) <= {"It has no unit."}


def test_a_folder_with_its_routes(take: Take) -> None:
    outcome = take(DATA / "healthkit-to-sqlite" / "apple_health_export", same_person=True)
    assert outcome.report.added["WorkoutRoute"] == 1 and not outcome.report.rejected


def test_the_broken_document_type_of_ios_16_is_the_same_file(vault: Vault, take: Take) -> None:
    good = take(DATA / "traps" / "export.xml", same_person=True)
    bad = take(DATA / "traps" / "export_bad_dtd_ios16.xml", same_person=True)
    assert bad.report.unchanged.total() == accounted(bad) == accounted(good)


def test_the_traps_of_one_file(vault: Vault, take: Take) -> None:
    outcome = take(DATA / "traps" / "export.xml", same_person=True)
    view = vault.view()
    assert vault.person.zone_name == "Europe/Paris"  # known already: a file does not move it
    vault.configure(zone="America/New_York")
    view = vault.view()
    steps = {d.day: d.total for d in view.days("steps")}
    assert steps == {date(2026, 1, 5): 1500, date(2025, 7, 2): 120}  # the watch once; July in July's own offset
    assert [d.total for d in view.days("sleep")] == [330] and [d.total for d in view.days("sleep_in_bed")] == [465]
    assert [d.day for d in view.days("sleep")] == [date(2026, 1, 5)]
    (weight,) = view.days("body_weight")
    assert weight.total == pytest.approx(187.4 * 0.45359237)
    assert [round(d.total or 0, 6) for d in view.days("blood_oxygen")] == [97]
    (glucose,) = view.days("blood_glucose")
    assert glucose.total == pytest.approx(5.5 * 18.01558, rel=1e-4) or glucose.total == pytest.approx(5.5)
    assert values(vault, "systolic") == [118] and outcome.report.unchanged["Record"] == 2  # nested and at the top
    (workout,) = view.resources("Workout")
    assert str(workout.body["distance"]["value"]) == "3.1" and workout.body["distance"]["unit"] == "[mi_i]"
    assert str(workout.body["duration"]["value"]) == "30.5" and str(workout.body["heartRate"]["maximum"]) == "176"
    assert {o.name: o.kind for o in view.origins()} == {
        "Sample’s Apple Watch": "watch",
        "Sample’s iPhone": "phone",
        "Scale": "app",
        "Meter": "app",
        "Cuff": "app",
        "Sleep App": "app",
    }
    devices = {s.device for s in view.samples("steps") if s.origin == "Sample’s Apple Watch"}
    assert len(devices) == 1 and "0x" not in str(devices)  # two addresses, one device
    assert "apple:HKDataTypeSleepDurationGoal" in {m.key for m in view.metrics()}


def test_the_zone_comes_from_the_file_when_nobody_said(vault: Vault, take: Take) -> None:
    vault.configure(zone="UTC", zone_known="0")
    assert take(DATA / "traps" / "export.xml", same_person=True).zone == "America/New_York"
    assert {d.day for d in vault.view().days("steps")} == {date(2026, 1, 5), date(2025, 7, 2)}


def test_an_electrocardiogram_with_a_decimal_comma(vault: Vault, take: Take, export: Export, make: Any) -> None:
    raw = (DATA / "traps" / "electrocardiograms" / "ecg_2026-01-05.csv").read_bytes()
    french = "Nom,Ana\nDate d’enregistrement,2026-01-06 09:00:00 +0100\nClassement,Rythme sinusal\n\nUnité,µV\n\n-265,868\n12,5\n7\n"  # noqa: E501
    outcome = take(
        export(
            make.record(),
            name="e.zip",
            files={
                "electrocardiograms/ecg_2026-01-05.csv": raw,
                "electrocardiograms/ecg_2026-01-06.csv": french.encode(),
            },
        )
    )
    assert outcome.report.added["Electrocardiogram"] == 2 and not outcome.report.rejected
    first, second = sorted(vault.view().resources("Electrocardiogram"), key=lambda r: len(r.raw))
    assert [str(v) for v in first.body["voltages"]] == ["-265.868", "12.5", "7"]
    assert second.body["classification"] == "Sinus Rhythm" and len(second.body["voltages"]) > 500


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nothing here",
        b"\xff\xfe\x00",
        b"a,b\n" * 50 + b"1\n2\n",
        b"Recorded Date,2026-99-99 09:00:00 +0100\na\nb\n\n1\n",
        b"Recorded Date,2026-01-01 09:00:00 +9900\na\nb\n\n1\n",
        b'"' * 200_001 + b"\nb\nc\n1\n",
        b'x,"\x00\nb\nc\n1\n',
        b"Recorded Date,2026-01-01 09:00:00 +0100\na\nb\n\n" + b"1e99999999999999999999\n",
        b"\r" * 10,
        b'"\n"\n"\n1\n',
    ],
)
def test_a_file_that_is_no_electrocardiogram(take: Take, export: Export, make: Any, raw: bytes) -> None:
    outcome = take(export(make.record(), name="e.zip", files={"electrocardiograms/ecg_1.csv": raw}))
    assert outcome.report.added == {"Record": 1} and len(outcome.report.rejected) == 1


def test_voltages_that_are_no_json_numbers_are_passed_over(take: Take, export: Export, make: Any) -> None:
    raw = b"Recorded Date,2026-01-01 09:00:00 +0100\na,b\nc,d\n\n007\n+5\n.5\n1e400\n3\n"
    outcome = take(export(make.record(), name="e.zip", files={"electrocardiograms/ecg_1.csv": raw}))
    assert outcome.report.added.get("Electrocardiogram", 0) + len(outcome.report.rejected) == 1


GPX = (
    '<?xml version="1.0"?><gpx version="1.1" creator="Apple Health Export" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    '<trkpt lon="2.35" lat="48.85"><ele>35.10</ele><time>2026-03-01T09:00:00Z</time><extensions><speed>2.5</speed></extensions></trkpt>'  # noqa: E501
    '<trkpt lon="2.36" lat="48.86"><time>2026-03-01T09:00:01Z</time></trkpt></trkseg></trk></gpx>'
)


def test_a_route_keeps_its_points(vault: Vault, take: Take, export: Export, make: Any) -> None:
    take(export(make.record(), name="e.zip", files={"workout-routes/route_1.gpx": GPX.encode()}))
    (route,) = vault.view().resources("WorkoutRoute")
    assert route.body["points"][0][:5] == ["2026-03-01T09:00:00Z", "48.85", "2.35", "35.10", "2.5"]
    assert route.time is not None and route.time.instant == datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<gpx",
        b"<kml></kml>",
        b'<!DOCTYPE gpx [<!ENTITY a "b">]><gpx>&a;</gpx>',
        GPX.encode("utf-16"),
        b"\x00" * 100,
        GPX.replace("2026", "0001").encode(),
        GPX.replace("48.85", "NaN").encode(),
        b"<gpx>" + b"<a>" * 200_000,
    ],
)
def test_odd_routes_harm_nothing_else(take: Take, export: Export, make: Any, raw: bytes) -> None:
    outcome = take(export(make.record(), name="e.zip", files={"workout-routes/route_1.gpx": raw}))
    assert outcome.report.added["Record"] == 1
    assert outcome.report.added.get("WorkoutRoute", 0) + len(outcome.report.rejected) == 1


@pytest.mark.parametrize("name", ["export.xml", "导出.xml", "exportation.xml", "出力.xml"])
def test_the_file_is_found_whatever_the_phones_language(take: Take, export: Export, make: Any, name: str) -> None:
    files = {"export_cda.xml": b"<ClinicalDocument/>", "readme.txt": b"x"}
    outcome = take(export(make.record(), name="e.zip", xml=name, files=files))
    assert outcome.source == "apple_health" and outcome.report.added == {"Record": 1}
    assert {item.rsplit("/")[-1] for item, _ in outcome.skipped} == {"export_cda.xml", "readme.txt"}


def test_a_zip_written_as_a_stream_has_no_sizes_in_its_headers(take: Take, make: Any, tmp_path: Path) -> None:
    class OneWay:
        def __init__(self, path: Path) -> None:
            self.file = path.open("wb")

        def write(self, data: bytes) -> int:
            return self.file.write(data)

        def flush(self) -> None:
            self.file.flush()

    out = OneWay(tmp_path / "e.zip")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        archive.writestr("apple_health_export/export.xml", make.export_xml(make.record()))
    out.file.close()
    assert b"\x50\x4b\x07\x08" in (tmp_path / "e.zip").read_bytes()
    assert take(tmp_path / "e.zip").report.added == {"Record": 1}


def test_control_characters_and_names_of_any_script(vault: Vault, take: Take, export: Export, make: Any) -> None:
    name = "Zoë’s\u00a0Apple\u00a0Watch"
    take(export(make.record(source=name + "\x0b\x00"), make.record(value=61, source="手表 &amp; Co &#8217;")))
    assert {s.origin for s in vault.view().samples("heart_rate")} == {name, "手表 & Co ’"}


def test_an_attribute_written_twice_in_a_workout_is_repaired(
    vault: Vault, take: Take, export: Export, make: Any
) -> None:
    twice = ' <WorkoutStatistics type="HKQuantityTypeIdentifierHeartRate" startDate="2026-03-01 10:00:00 +0100" startDate="2026-03-01 10:00:00 +0100" average="151" unit="count/min"/>\n'  # noqa: E501
    workout = (
        ' <Workout workoutActivityType="HKWorkoutActivityTypeRunning" sourceName="W" startDate="2026-03-01 10:00:00 +0100" endDate="2026-03-01 10:30:00 +0100">\n'  # noqa: E501
        + twice
        + " </Workout>\n"
    )
    outcome = take(export(make.record(), workout, make.record(value=61)))
    assert outcome.report.added == {"Record": 2, "Workout": 1} and not outcome.report.rejected
    (found,) = vault.view().resources("Workout")
    assert str(found.body["heartRate"]["average"]) == "151"


def test_an_attribute_twice_elsewhere_costs_that_record_only(take: Take, export: Export, make: Any) -> None:
    broken = make.record(value=62).replace(" unit=", ' value="1" unit=')
    outcome = take(export(make.record(), broken, make.record(value=61)))
    assert outcome.report.added == {"Record": 2} and len(outcome.report.rejected) == 1


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01 10:00:00\u202fAM +0100",
        "2026-03-01 10:00:00 AM +0100",
        "01/03/2026 10:00",
        "2026-03-01T10:00:00Z",
        "",
        "2026-02-30 10:00:00 +0100",
        "0001-01-01 00:00:00 +0000",
        "9999-12-31 23:59:59 +0000",
        "1899-12-31 23:59:59 +0000",
        "2026-03-01 25:00:00 +0100",
        "2026-03-01 10:61:00 +0100",
        "2026-03-01 10:00:00 +9900",
        "2026-03-01 10:00:00",
        "-026-03-01 10:00:00 +0100",
        "2026-03-01 10x00:00 +0100",
        "٢٠٢٦-03-01 10:00:00 +0100",
    ],
)
@pytest.mark.parametrize("lane", ["fast", "slow"])
def test_a_date_that_is_none_is_listed(take: Take, export: Export, make: Any, text: str, lane: str) -> None:
    inside = "<Other/>" if lane == "slow" else ""
    outcome = take(
        export(make.record(inside=inside), make.record(start=text, value=61, inside=inside), make.record(value=62))
    )
    assert outcome.report.added == {"Record": 2} and len(outcome.report.rejected) == 1


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-inf", "1e400", "", "many", "1_000", "0x10", "1,5", "<", "&#0;"])
@pytest.mark.parametrize("lane", ["fast", "slow"])
def test_a_value_that_is_no_number_is_listed(take: Take, export: Export, make: Any, value: str, lane: str) -> None:
    inside = "<Other/>" if lane == "slow" else ""
    outcome = take(export(make.record(inside=inside), make.record(value=value, inside=inside), make.record(value=62)))
    assert outcome.report.added == {"Record": 2} and len(outcome.report.rejected) == 1


@pytest.mark.parametrize(
    ("type_", "value", "unit"),
    [
        ("StepCount", "5", "furlong"),
        ("BodyMass", "80", None),
        ("HeartRate", "60000", "count/min"),
        ("HeartRate", "1", "count/min"),
        ("StepCount", "-5", "count"),
        ("OxygenSaturation", "250", "%"),
        ("BodyMass", "9999", "lb"),
        ("BodyTemperature", "20", "degF"),
    ],
)
@pytest.mark.parametrize("lane", ["fast", "slow"])
def test_unknown_units_and_impossible_values_are_listed(
    vault: Vault, take: Take, export: Export, make: Any, type_: str, value: str, unit: str | None, lane: str
) -> None:
    inside = "<Other/>" if lane == "slow" else ""
    outcome = take(export(make.record(type_, value, unit, inside=inside), make.record("FlightsClimbed", 3, "count")))
    assert outcome.report.added == {"Record": 1} and len(outcome.report.rejected) == 1
    assert [m.key for m in vault.view().metrics()] == ["flights_climbed"]


@pytest.mark.parametrize(("text", "fraction"), [("0.97", 97), ("97", 97), ("1", 100), ("0.5", 50), ("1.5", None)])
def test_percentages_are_fractions_and_some_are_not(
    vault: Vault, take: Take, export: Export, make: Any, text: str, fraction: float | None
) -> None:
    outcome = take(export(make.record("OxygenSaturation", text, "%")))
    found = [d.total for d in vault.view().days("blood_oxygen")]
    assert found == ([pytest.approx(fraction)] if fraction else []) and len(outcome.report.rejected) == (
        fraction is None
    )


def test_a_value_keeps_its_digits_and_a_moment_its_instant(vault: Vault, take: Take, export: Export, make: Any) -> None:
    take(
        export(
            make.record("BodyMass", "80.10", "kg", "2026-07-01 23:30:00 +0200"),
            make.record("StepCount", "007", "count"),
        )
    )
    (one,) = vault.view().samples("body_weight")
    assert str(exact(one)) == "80.10" and from_ms(one.start) == datetime(2026, 7, 1, 21, 30, tzinfo=UTC)
    assert [s.raw for s in vault.view().samples("steps")] == ["007"]


def test_categories_keep_their_own_words(vault: Vault, take: Take, export: Export, make: Any) -> None:
    take(
        export(
            make.record(
                SLEEP,
                "HKCategoryValueSleepAnalysisAsleepCore",
                None,
                "2026-03-01 01:00:00 +0100",
                "2026-03-01 02:00:00 +0100",
            ),
            make.record(
                SLEEP,
                "HKCategoryValueSleepAnalysisAsleep",
                None,
                "2026-03-02 01:00:00 +0100",
                "2026-03-02 02:00:00 +0100",
            ),
            make.record(SLEEP, "HKCategoryValueNew", None, "2026-03-03 01:00:00 +0100", "2026-03-03 02:00:00 +0100"),
            make.record("HKCategoryTypeIdentifierHeadache", "HKCategoryValueSeverityMild", None),
        )
    )
    assert values(vault, "sleep") == ["core", "asleep", "HKCategoryValueNew"]
    assert [d.day.day for d in vault.view().days("sleep")] == [1, 2]
    assert values(vault, "apple:HKCategoryTypeIdentifierHeadache") == ["HKCategoryValueSeverityMild"]


def test_metadata_and_beats_are_kept(vault: Vault, take: Take, export: Export, make: Any) -> None:
    beats = '<HeartRateVariabilityMetadataList><InstantaneousBeatsPerMinute bpm="68" time="9:41:10,25 AM"/></HeartRateVariabilityMetadataList>'  # noqa: E501
    repeated = (
        '<MetadataEntry key="K" value="1"/><MetadataEntry key="K" value="2 &amp; 3"/><MetadataEntry key="K" value="4"/>'
    )
    take(
        export(
            make.record("HeartRateVariabilitySDNN", "45.5", "ms", inside=beats),
            make.record(inside=repeated),
            make.record(value=61, inside=repeated + "<!-- x -->"),
            make.record(value=62, inside='<MetadataEntry key="L" value="' + "y" * 5000 + '"/>'),
        )
    )
    (hrv,) = vault.view().samples("hrv_sdnn")
    assert json.loads(hrv.detail or "") == {"beats": [["68", "9:41:10,25 AM"]]}
    details = [json.loads(s.detail or "") for s in vault.view().samples("heart_rate")]
    assert details[0] == details[1] == {"K": ["1", "2 & 3", "4"]} and len(details[2]["L"]) == 5000


def test_both_lanes_make_the_same_samples(vault: Vault, take: Take, export: Export, make: Any) -> None:
    lines = [
        make.record(
            "StepCount",
            100 + i,
            "count",
            f"2026-03-01 10:{i:02}:00 +0100",
            f"2026-03-01 10:{i:02}:30 +0100",
            more=' device="&lt;&lt;HKDevice: 0x1&gt;, name:Apple Watch, hardware:Watch7,11&gt;"',
            inside='<MetadataEntry key="HKTimeZone" value="Europe/Paris"/>',
        )
        for i in range(50)
    ]
    first = take(export(*lines))
    slow = [line.replace("</Record>", "<!-- a comment sends it to the other lane --></Record>") for line in lines]
    second = take(export(*slow))
    reordered = [line.replace(' unit="count"', "").replace(" startDate", ' unit="count" startDate') for line in lines]
    third = take(export(*reordered))
    assert first.report.added["Record"] == second.report.unchanged["Record"] == third.report.unchanged["Record"] == 50


def test_workouts_without_totals_use_their_statistics(vault: Vault, take: Take) -> None:
    take(DATA / "health-export-cli" / "export.zip", same_person=True)
    workouts = vault.view().resources("Workout")
    assert len(workouts) == 8
    assert any("distance" in w.body for w in workouts) and all(w.time is not None and w.time.instant for w in workouts)


@pytest.mark.parametrize(
    "workout",
    [
        '<Workout sourceName="W" startDate="2026-03-01 10:00:00 +0100" endDate="2026-03-01 10:30:00 +0100"/>',
        '<Workout workoutActivityType="X" sourceName="W" startDate="2026-03-01 10:00:00 +0100"/>',
        '<Workout workoutActivityType="X" sourceName="W" startDate="2026-03-01 10:00:00 +0100" endDate="2026-03-01 09:30:00 +0100"/>',  # noqa: E501
        '<ActivitySummary activeEnergyBurned="5"/>',
        '<ActivitySummary dateComponents="2026-13-01"/>',
        '<ActivitySummary dateComponents="0001-01-01"/>',
        '<Record type="HKQuantityTypeIdentifierStepCount" unit="count" startDate="2026-03-01 10:00:00 +0100" endDate="2026-03-01 10:00:00 +0100" value="5"/>',  # noqa: E501
        '<Record sourceName="x" startDate="2026-03-01 10:00:00 +0100" endDate="2026-03-01 10:00:00 +0100" value="5"/>',
        '<Correlation type="x" sourceName="W" startDate="soon"/>',
        '<Workout workoutActivityType="X" duration="1" startDate="x" endDate="y" sourceName="W"/>',
    ],
)
def test_what_lacks_what_it_needs_is_listed(take: Take, export: Export, make: Any, workout: str) -> None:
    outcome = take(export(make.record(), f" {workout}\n", make.record(value=61)))
    assert outcome.report.added == {"Record": 2} and len(outcome.report.rejected) == 1


def test_a_number_no_decimal_holds_is_left_out_of_the_plain_part(
    vault: Vault, take: Take, export: Export, make: Any
) -> None:
    line = ' <Workout workoutActivityType="X" duration="1e99999999999999999999" totalDistance="NaN" totalDistanceUnit="km" sourceName="W" startDate="2026-03-01 10:00:00 +0100" endDate="2026-03-01 10:30:00 +0100"/>\n'  # noqa: E501
    assert take(export(line)).report.added == {"Workout": 1}
    (workout,) = vault.view().resources("Workout")
    assert "duration" not in workout.body and workout.body["attributes"]["duration"].startswith("1e999")


def test_elements_nobody_knows_are_kept_whole(vault: Vault, take: Take, export: Export, make: Any) -> None:
    line = ' <VisionPrescription type="x" dateIssued="2026-03-01 10:00:00 +0100"><RightEye sphere="-1.25" sphereUnit="D"/></VisionPrescription>\n'  # noqa: E501
    audiogram = ' <Audiogram type="a" sourceName="W" startDate="2026-03-01 10:00:00 +0100"><SensitivityPoint frequencyValue="500"/></Audiogram>\n'  # noqa: E501
    outcome = take(export(line, audiogram))
    assert outcome.report.added == {"VisionPrescription": 1, "Audiogram": 1}
    (found,) = vault.view().resources("VisionPrescription")
    assert found.body["children"][0]["attributes"]["sphere"] == "-1.25"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "<<HKDevice: 0xb0f577c00>, name:iPhone, hardware:Watch7,11, software:1>",
            {"name": "iPhone", "hardware": "Watch7,11", "software": "1"},
        ),
        ("unmistakable", {"name": "unmistakable"}),
        ("", {}),
        ("<<HKDevice: 0x1>>", {}),
    ],
)
def test_device_texts(text: str, fields: dict[str, str]) -> None:
    assert device_fields(text) == fields


def test_repeats_within_a_file_are_counted_as_unchanged(take: Take, export: Export, make: Any) -> None:
    outcome = take(export(*[make.record()] * 7))
    assert outcome.report.added == {"Record": 1} and outcome.report.unchanged == {"Record": 6}
