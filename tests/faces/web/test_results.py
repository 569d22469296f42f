"""Results: the list and its marks, one test in any of its units, measurements by day, readings set aside."""

from __future__ import annotations

import re

import pytest

from salus.vault.home import Home, Listed

from .conftest import Browser
from .records import NASTY, plain, put, result, vault_of


def line(html: str, name: str) -> str:
    """The list's line of a test, without its tags."""
    found = next(part for part in re.findall(r"<li data-name.*?</li>", html, re.S) if name in part)
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


def test_the_list_tells_the_newest_and_where_it_stands(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, result("a", 8.0, "2026-02-03", low=15, high=150), result("b", 40.0, "2024-02-03", low=15, high=150),
            result("c", 141.0, "2026-01-05", code="2951-2", name="Sodium", unit="mmol/L", low=135, high=145),
            result("d", 140.0, "2025-01-05", code="2951-2", name="Sodium", unit="mmol/L"))  # fmt: skip
    html = plain(open_browser.client.get("/results").text)
    assert line(html, "Ferritin") == "Ferritin 3 February 2026 8.0 µg/L really down since the one before Low"
    assert line(html, "Sodium") == "Sodium 5 January 2026 141.0 mmol/L In range"  # a small move is no change
    assert "Out of range only (1)" in html


def test_a_result_without_a_range_is_not_called_normal(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, result("a", 3.0, "2026-02-03", code="99999-1", name="Rare marker", unit="U/L"),
            result("b", "faintly positive", "2026-02-03", code=None, name="Other marker"),
            result("c", 12.0, "2026-02-03", code=None, name=NASTY))  # fmt: skip
    html = plain(open_browser.client.get("/results").text)
    assert line(html, "Rare marker") == "Rare marker 3 February 2026 3.0 U/L"
    assert line(html, "Other marker") == "Other marker 3 February 2026 faintly positive"
    assert "In range" not in html and NASTY not in html
    assert open_browser.client.get("/results/loinc:99999-1").status_code == 200
    assert "faintly positive" in plain(open_browser.client.get("/results/text:other marker").text)


@pytest.mark.parametrize(
    ("unit", "value", "limits"),
    [("", "5.25 mmol/L", "3.9 to 5.6"), ("mg/dL", "94.6 mg/dL", "70.3 to 101"), ("mmol/L", "5.25 mmol/L", "3.9 to 5.6"),
     ("kg", "5.25 mmol/L", "3.9 to 5.6")],
)  # fmt: skip
def test_units_switch_and_come_back_exactly(
    open_browser: Browser, home: Home, person: Listed, unit: str, value: str, limits: str
) -> None:
    with vault_of(home, person) as vault:
        put(vault, result("a", 5.25, "2026-02-03", code="1558-6", name="Glucose", unit="mmol/L", low=3.9, high=5.6))
    html = plain(open_browser.client.get(f"/results/glucose_fasting?unit={unit}").text)
    assert f">{value}</button>" in html
    assert f"<td>{limits}</td>" in html
    assert "mg/dL" in html and "data-chart" in html


def test_the_person_s_unit_for_glucose_is_used_in_the_list(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, result("a", 5.25, "2026-02-03", code="1558-6", name="Glucose", unit="mmol/L"))
        vault.configure(units_glucose="mg/dL")
    assert "94.6 mg/dL" in line(plain(open_browser.client.get("/results").text), "Fasting glucose")


def test_one_test_says_what_it_is_and_what_comes_next(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, result("a", 8.0, "2026-02-03", low=15, high=150))
    html = plain(open_browser.client.get("/results/ferritin").text)
    assert "below the range your laboratory prints" in html
    assert "About this test" in html and "What usually comes next" in html
    assert 'data-evidence="/records/Observation/a?correct=1"' in html


def test_unknown_tests_and_measures_are_404(open_browser: Browser) -> None:
    for path in ("/results/ferritin", "/results/nothing", "/results/../etc", "/measurements/steps", "/measurements/x"):
        assert open_browser.client.get(path).status_code == 404
    assert open_browser.client.get("/measurements/steps?day=soon").status_code == 404
    assert "No results yet" in plain(open_browser.client.get("/results").text)


def test_a_result_set_aside_leaves_list_and_chart(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, result("a", 8.0, "2026-02-03"), result("b", 40.0, "2024-02-03"))
    before = plain(open_browser.client.get("/results/ferritin").text)
    open_browser.post("/correct", {"ref": "Observation/a", "why": "not_mine", "note": "my sister’s"})
    after = plain(open_browser.client.get("/results/ferritin").text)
    assert ">8.0 µg/L<" in before and ">8.0 µg/L<" not in after and "Observation/a" not in after
    dialog = plain(open_browser.client.get("/records/Observation/a").text)
    assert "not mine" in dialog and "my sister’s" in dialog and "/put-back" in dialog
    open_browser.post("/put-back", {"ref": "Observation/a"})
    assert ">8.0 µg/L<" in plain(open_browser.client.get("/results/ferritin").text)


def test_a_measurement_by_day_and_one_reading_set_aside(open_browser: Browser) -> None:
    for time, value in (("08:00", "70.5"), ("20:00", "71.5")):
        fields = {"value": value, "unit": "kg", "day": "2026-02-03", "time": time}
        assert open_browser.post("/add/body_weight", fields).json()["said"]
    html = plain(open_browser.client.get("/measurements/body_weight?day=2026-02-03").text)
    assert "71 kg" in html and "70.5 to 71.5" in html
    refs = re.findall(r'data-evidence="/records/(sample/body_weight/[^"]+)"', html)
    assert len(refs) == 2
    dialog = plain(open_browser.client.get(f"/records/{refs[0]}").text)
    assert "71.5 kg" in dialog
    assert open_browser.post("/correct", {"ref": refs[0], "why": "wrong"}).status_code == 200
    html = plain(open_browser.client.get("/measurements/body_weight?day=2026-02-03").text)
    assert "70.5 kg" in html and "71.5" not in html


def test_a_pressure_is_one_measure_of_two_figures(open_browser: Browser) -> None:
    open_browser.post("/add/blood_pressure", {"upper": "128", "lower": "82", "day": "2026-02-03", "time": "08:00"})
    assert "128 over 82 mmHg" in line(plain(open_browser.client.get("/results").text), "Blood pressure")
    html = plain(open_browser.client.get("/measurements/blood_pressure?day=2026-02-03").text)
    assert "sample/systolic/" in html and "sample/diastolic/" in html
    assert open_browser.client.get("/measurements/systolic").status_code == 404
    upper, lower = re.findall(r"/records/(sample/(?:systolic|diastolic)/[^\"]+)", html)[:2]
    assert f"/records/{lower}" in open_browser.client.get(f"/records/{upper}").text


def test_records_are_shown_escaped_and_unknown_ones_are_404(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, {**result("a", 8.0, "2026-02-03", code=None, name=NASTY), "note": [{"text": NASTY}]})
    dialog = plain(open_browser.client.get("/records/Observation/a").text)
    assert NASTY not in dialog and "&lt;script&gt;" in dialog
    for ref in ("Observation/b", "sample/steps/1/0/x", "sample/x", "nonsense"):
        assert open_browser.client.get(f"/records/{ref}").status_code == 404
        assert open_browser.post("/correct", {"ref": ref, "why": "wrong"}).status_code == 404
    assert open_browser.post("/correct", {"ref": "Observation/a", "why": "tired"}).status_code == 400
    assert open_browser.post("/put-back", {"ref": "Observation/a"}).status_code == 404


def test_nothing_is_told_when_locked(browser: Browser) -> None:
    for path in ("/results", "/results/ferritin", "/measurements/steps", "/records/Observation/a"):
        assert browser.client.get(path).status_code == 401
