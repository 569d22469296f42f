"""Adding by hand: each form lands as typed, what is odd is asked first, urgent words are told, every entry undone."""

from __future__ import annotations

from typing import Any

import pytest

from salus.vault.home import Home, Listed

from .conftest import Browser
from .records import NASTY, plain, put, vault_of

SAFE: dict[str, dict[str, str]] = {
    "blood_pressure": {"upper": "128", "lower": "82", "pulse": "64"},
    "body_weight": {"value": "70,5", "unit": "kg"},
    "blood_glucose": {"value": "5.4", "unit": "mmol/L"},
    "body_temperature": {"value": "37.1", "unit": "Cel"},
    "peak_flow": {"value": "420", "unit": "L/min"},
    "steps": {"value": "8000"},
    "result": {"name": "Ferritin", "value": "<15", "unit": "µg/L", "day": "2026-02-03", "low": "15", "high": "150"},
    "medication": {"name": "Ibuprofen", "dose": "400 mg", "how": "twice a day", "since": "2026-01", "as_needed": "1"},
    "symptom": {"name": "Sore knee", "severity": "4", "remark": "after running"},
    "note": {"title": "Knee", "text": "It hurts on stairs."},
}


@pytest.mark.parametrize("what", SAFE)
def test_every_form_opens_and_keeps(open_browser: Browser, home: Home, person: Listed, what: str) -> None:
    assert open_browser.client.get(f"/add?what={what}").status_code == 200
    kept = open_browser.post(f"/add/{what}", SAFE[what]).json()
    assert kept["said"].startswith("Kept.") and kept["undo"] == "/add/undo"
    html = open_browser.client.get(f"/add?what={what}").text
    assert f'data-batch="{kept["fields"]["batch"]}"' in html and "/records/" in html
    with vault_of(home, person) as vault:
        view = vault.view()
        assert sum(view.counts().values()) + len(view.metrics()) >= 1
    assert open_browser.post("/add/undo", {"batch": str(kept["fields"]["batch"])}).status_code == 200
    with vault_of(home, person) as vault:
        assert not vault.view().counts() and not vault.view().metrics()
    assert open_browser.post("/add/undo", {"batch": str(kept["fields"]["batch"])}).status_code == 404


def test_what_was_kept_is_said_with_its_digits(open_browser: Browser) -> None:
    said = [plain(open_browser.post(f"/add/{what}", fields).json()["said"]) for what, fields in SAFE.items()]
    assert said[:3] == ["Kept. Blood pressure: 128 over 82 mmHg", "Kept. Weight: 70.5 kg",
                        "Kept. Measured blood glucose: 5.4 mmol/L"]  # fmt: skip
    assert said[6:] == ["Kept. Ferritin: below 15 µg/L", "Kept. Ibuprofen: 400 mg, twice a day",
                        "Kept. Sore knee: 4 out of 10", "Kept. Knee"]  # fmt: skip
    html = plain(open_browser.client.get("/add").text)
    for value in ("128 over 82 mmHg", "70.5 kg", "5.4 mmol/L", "37.1 °C", "below 15 µg/L", "4 out of 10"):
        assert value in html or value.replace(" °", "°") in html


@pytest.mark.parametrize(
    ("what", "fields", "meant"),
    [("body_weight", {"value": "37.2", "unit": "kg"}, None), ("body_weight", {"value": "380", "unit": "kg"}, "380 lb"),
     ("body_temperature", {"value": "99.1", "unit": "Cel"}, "99.1°F"),
     ("blood_glucose", {"value": "98", "unit": "mmol/L"}, "98 mg/dL"),
     ("result", {"name": "Haemoglobin", "value": "135", "unit": "g/dL", "day": "2026-02-03"}, "135 g/L")],
)  # fmt: skip
def test_what_is_odd_is_asked_and_kept_when_sure(
    open_browser: Browser, home: Home, person: Listed, what: str, fields: dict[str, str], meant: str | None
) -> None:
    open_browser.post("/add/body_weight", {"value": "70", "unit": "kg"})
    asked = open_browser.post(f"/add/{what}", fields).json()
    assert "data-sure" in asked["asked"] and "said" not in asked
    offered = plain(asked["asked"]).replace(" °", "°")
    assert f"Use {meant}" in offered if meant else "data-use-value" not in offered
    assert open_browser.post(f"/add/{what}", {**fields, "sure": "1"}).json()["said"]


def test_use_that_keeps_the_other_unit(open_browser: Browser) -> None:
    asked = open_browser.post("/add/body_weight", {"value": "380", "unit": "kg"}).json()["asked"]
    assert 'data-use-value="380" data-use-unit="[lb_av]"' in asked
    kept = open_browser.post("/add/body_weight", {"value": "380", "unit": "[lb_av]"}).json()
    assert plain(kept["said"]) == "Kept. Weight: 380 lb"


def test_a_french_meter_s_centimetres(open_browser: Browser) -> None:
    for fields in ({"upper": "13", "lower": "8"}, {"upper": "13/8"}):
        said = open_browser.post("/add/blood_pressure", fields).json()["said"]
        assert plain(said) == "Kept. Blood pressure: 130 over 80 mmHg"


@pytest.mark.parametrize(
    ("what", "fields"),
    [("blood_pressure", {"upper": "128"}), ("blood_pressure", {"upper": "x", "lower": "80"}),
     ("body_weight", {"value": ""}), ("body_weight", {"value": "heavy"}),
     ("body_weight", {"value": "70", "day": "soon"}),
     ("result", {"name": "", "value": "5", "day": "2026-02-03"}), ("result", {"name": "LDL", "value": "5"}),
     ("medication", {"name": " "}), ("medication", {"name": "x", "since": "last spring"}),
     ("symptom", {"name": "Cough", "severity": "11"}), ("symptom", {"name": "Cough", "severity": "bad"}),
     ("note", {"text": " "})],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_in_one_sentence(
    open_browser: Browser, what: str, fields: dict[str, str]
) -> None:
    answer = open_browser.post(f"/add/{what}", fields, Accept="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith((".", "”."))


def test_urgent_words_are_told_at_once_and_the_symptom_kept(open_browser: Browser) -> None:
    words = {"name": "Crushing chest pain", "remark": "spreading to my left arm"}
    banner = open_browser.post("/add/triage", {"words": "Crushing chest pain spreading to my left arm"}).text
    assert 'role="alert"' in banner and "emergency" in banner
    made = open_browser.post("/add/symptom", words).json()
    assert "emergency" in made["triage"] and made["said"]
    assert open_browser.post("/add/triage", {"words": "une douleur dans la poitrine qui serre"}).text
    assert open_browser.post("/add/triage", {"words": "a sore knee"}).text == ""
    assert open_browser.post("/add/note", {"text": "Bought bread."}).json()["triage"] == ""


def test_units_follow_the_test(open_browser: Browser) -> None:
    def units(name: str) -> Any:
        return open_browser.client.get("/add/units", params={"name": name}).json()

    assert "mmol/L" in units("LDL cholesterol") and "mg/dL" in units("LDL cholesterol")
    assert units("no such test") == []


def test_names_and_notes_are_escaped(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        put(vault, {"resourceType": "MedicationStatement", "id": "m", "status": "active",
                    "medicationCodeableConcept": {"text": NASTY}})  # fmt: skip
    open_browser.post("/add/note", {"title": NASTY, "text": NASTY})
    open_browser.post("/add/symptom", {"name": NASTY, "severity": "2"})
    for path in ("/add", "/add?what=medication", "/documents", "/timeline", "/memory?kind=other", "/connections"):
        html = open_browser.client.get(path).text
        assert NASTY not in html, path


def test_only_entries_by_hand_are_undone_here(open_browser: Browser, home: Home, person: Listed) -> None:
    with vault_of(home, person) as vault:
        number = put(vault, {"resourceType": "Patient", "id": "p1"})
    for batch in (str(number), "0", "x", ""):
        assert open_browser.post("/add/undo", {"batch": batch}).status_code == 404
    for what in ("sleep!", "nothing"):
        assert open_browser.client.get(f"/add?what={what}").status_code == 404
        assert open_browser.post(f"/add/{what}", {"value": "1"}).status_code == 404


def test_a_back_up_is_made_after_an_entry(open_browser: Browser, home: Home, person: Listed) -> None:
    import time

    from salus.vault import backup

    open_browser.post("/add/body_weight", {"value": "70", "unit": "kg"})
    deadline = time.monotonic() + 10
    while not backup.automatic(home, person) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(backup.automatic(home, person)) == 1


def test_nothing_is_kept_when_locked(browser: Browser) -> None:
    assert browser.client.get("/add").status_code == 401
    assert browser.post("/add/note", {"text": "x"}).status_code == 401
    assert browser.client.get("/add/units?name=LDL").status_code == 401
