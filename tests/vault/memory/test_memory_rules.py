"""Every rule of every kind, each on a pair of its own; a rule without a pair fails the last test."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from salus.vault.memory import all_rules
from tests.vault.memory.kit import (
    CVX,
    ICD10,
    LOINC,
    SNOMED,
    Body,
    allergy,
    coded,
    condition,
    device,
    document,
    goal,
    order,
    procedure,
    result,
    target,
    team,
    vaccine,
    verdict,
    visit,
    vital,
)

PRESSURE: Body = {
    "resourceType": "Observation",
    "status": "final",
    "category": [{"coding": [{"code": "vital-signs"}]}],
    "code": coded("Blood pressure"),
    "effectiveDateTime": "2024-03-01T08:10:00Z",
}


def words(text: str) -> list[Body]:
    return [{"attachment": {"contentType": "text/plain", "data": base64.b64encode(text.encode()).decode()}}]


def person(name: str, npi: str = "") -> Body:
    ids = {"identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}]} if npi else {}
    return {"resourceType": "Practitioner", "name": [{"text": name}], **ids}


PAIRS: list[tuple[Any, str | None, Body, Body]] = [
    ("problems", "same_problem", condition("Asthme"), condition("Asthma", (SNOMED, "195967001"))),
    ("problems", "same_code", condition("One", (SNOMED, "13445001")), condition("Two", (SNOMED, "13445001"))),
    ("problems", "same_name", condition("Erythromelalgia of feet"), condition("Feet erythromelalgia")),
    ("problems", "other_nature", condition("Family history of asthma"), condition("Asthma")),
    ("problems", "other_nature", condition("Suspected asthma", on="2020"), condition("Asthma", on="2020")),
    ("problems", "suspected_at_another_time", condition("Asthma", proof="provisional", on="2018"),
     condition("Asthma", on="2020")),
    ("problems", "other_nature", condition("Personal history", (ICD10, "Z86.010")), condition("Polyp of colon")),
    ("problems", "other_side", condition("Gonarthrose gauche"), condition("Right knee osteoarthritis")),
    ("problems", "acute_or_chronic", condition("Acute pancreatitis"), condition("Chronic pancreatitis")),
    ("problems", "other_stage", condition("Sarcoma grade I"), condition("Sarcoma grade II")),
    ("problems", "other_stage", condition("Type 1 diabetes"), condition("Diabète de type II")),
    ("problems", "other_site", condition("Pain", bodySite=[coded("Elbow")]),
     condition("Pain", bodySite=[coded("Hip")])),
    ("problems", "other_problem", condition("Hepatitis B"), condition("Hépatite C")),
    ("problems", "other_time", condition("Acute bronchitis", on="2019-02-01"),
     condition("Acute bronchitis", on="2021-02-01")),
    ("problems", None, condition("Cataract"), condition("Cataract, left eye")),
    ("problems", None, condition("Anemia"), condition("Iron deficiency anemia")),
    ("problems", "other_side", condition("", (ICD10, "M17.11")), condition("", (ICD10, "M17.12"))),
    ("medications", "same_medicine", order("Doliprane 500 mg"), order("acetaminophen 500 MG Oral Tablet")),
    ("medications", "same_medicine_one_without_strength", order("Tahor"), order("atorvastatin 20 mg")),
    ("medications", "same_medicine_no_strength", order("Lantus"), order("insulin glargine")),
    ("medications", "same_daily_dose", order("Metformin 500 mg", dose="2 tablets daily"),
     order("Metformin 1000 mg", dose="1 tablet daily")),
    ("medications", "same_medicine_other_dose", order("Ramipril 5 mg"), order("Triatec 10 mg")),
    ("medications", "other_medicine", order("Amoxicillin 500 mg"), order("Augmentin 500 mg/62.5 mg")),
    ("medications", "other_salt", order("diclofenac sodium 50 mg"), order("diclofenac potassium 50 mg")),
    ("medications", "other_route", order("Hydrocortisone 1 % cream"), order("Hydrocortisone 10 mg tablet")),
    ("medications", "other_route", order("Flonase"), order("Flovent")),
    ("medications", "other_release", order("Tramadol LP 50 mg"), order("Tramadol 50 mg capsule")),
    ("medications", "other_course", order("Prednisone 5 mg", status="completed"), order("Prednisone 20 mg")),
    ("medications", "other_course", order("Amoxicillin 1 g", on="2019-01-02", status="completed"),
     order("Amoxicillin 1 g", on="2023-01-02", status="completed")),
    ("allergies", "same_substance", allergy("Arachide"), allergy("Peanut (substance)")),
    ("allergies", "same_code", allergy("One", (SNOMED, "1234567")), allergy("Two", (SNOMED, "1234567"))),
    ("allergies", "same_name", allergy("Zirconium"), allergy("zirconium allergy")),
    ("allergies", "same_denial", allergy("No known allergies"), allergy("Aucune allergie connue")),
    ("allergies", "other_substance", allergy("Penicillin"), allergy("Amoxicillin")),
    ("allergies", "allergy_or_intolerance", allergy("Codeine", type="allergy"), allergy("Codeine", type="intolerance")),
    ("allergies", "denial_and_allergy", allergy("NKDA"), allergy("Peanut")),
    ("immunizations", "same_vaccine_same_day", vaccine("ROR"), vaccine("MMR", (CVX, "03"))),
    ("immunizations", "vaccine_and_its_product", vaccine("COVID-19 vaccine"), vaccine("Comirnaty")),
    ("immunizations", "same_lot", vaccine("Comirnaty", lotNumber="FC 1"),
     vaccine("Comirnaty", on="2023-10-07", lotNumber="fc1")),
    ("immunizations", "other_vaccine", vaccine("Prevenar 13"), vaccine("Pneumovax")),
    ("immunizations", "other_day", vaccine("Havrix"), vaccine("Havrix", on="2024-04-05")),
    ("immunizations", "other_dose", vaccine("Havrix", protocolApplied=[{"doseNumberPositiveInt": 1}]),
     vaccine("Havrix", protocolApplied=[{"doseNumberPositiveInt": 2}])),
    ("results", "same_test_time_value", result("Glucose", 94, "mg/dL", (LOINC, "2345-7")),
     result("Glycémie", 5.2, "mmol/L")),
    ("results", "same_test_day_value", result("TSH", 2.4, "mIU/L"), result("TSH", 2.4, "mIU/L", on="2024-03-01")),
    ("results", "same_order", result("TSH", 2.4, "mIU/L", identifier=[{"system": "l", "value": "7"}]),
     result("TSH", 2.4, "mIU/L", on="2024-03-01", identifier=[{"system": "l", "value": "7"}])),
    ("results", "same_test_time_other_value", result("TSH", 2.4, "mIU/L"), result("TSH", 4.2, "mIU/L")),
    ("results", "other_test", result("LDL cholesterol", 1.2, "g/L"), result("HDL cholesterol", 1.2, "g/L")),
    ("results", "other_specimen", result("Glucose", 94, "mg/dL"), result("Glucose, urine", 94, "mg/dL")),
    ("results", "fasting_or_not", result("Glycémie à jeun", 5.2, "mmol/L"), result("Glucose", 5.2, "mmol/L")),
    ("results", "other_time", result("TSH", 2.4, "mIU/L"), result("TSH", 2.4, "mIU/L", on="2024-03-01T18:10:00+01:00")),
    ("results", "other_value", result("TSH", 2.4, "mIU/L"), result("TSH", 4.2, "mIU/L", on="2024-03-01")),
    ("results", "other_kind_of_value", result("Blasts", 60, "%"), result("Blasts", 4.2, "10*9/L")),
    ("vitals", "same_test_time_value", vital("Weight", 180, "[lb_av]"), vital("Poids", 81.6, "kg")),
    ("procedures", "same_procedure_same_day", procedure("Coloscopie"), procedure("Colonoscopy (procedure)")),
    ("procedures", "done_once_in_a_life", procedure("Appendectomy", on="2001-07-03"),
     procedure("Appendicectomie", on="2003")),
    ("procedures", "same_identifier", procedure("Stent", on="2022-06-14", identifier=[{"system": "h", "value": "1"}]),
     procedure("Stent", on="2022-06-15", identifier=[{"system": "h", "value": "1"}])),
    ("procedures", "closer_name_same_day", procedure("Colonoscopy"), procedure("Coloscopie avec biopsies")),
    ("procedures", "other_procedure", procedure("Colonoscopy"), procedure("Gastroscopy")),
    ("procedures", "other_side", procedure("Left knee arthroscopy"), procedure("Right knee arthroscopy")),
    ("procedures", "other_site", procedure("Biopsy", bodySite=[coded("Nose")]),
     procedure("Biopsy", bodySite=[coded("Lip")])),
    ("procedures", "other_day", procedure("Mammography"), procedure("Mammographie", on="2024-06-14")),
    ("procedures", "other_nature", procedure("History of colonoscopy"), procedure("Colonoscopy")),
    ("encounters", "same_identifier", visit("A", "2024-03-01", identifier=[{"system": "h", "value": "1"}]),
     visit("B", "2024-03-01T09:00:00Z", identifier=[{"system": "h", "value": "1"}])),
    ("encounters", "same_visit", visit("A", "2024-03-01", who="Dr Ana Ruiz"),
     visit("B", "2024-03-01T09:00:00Z", who="A. Ruiz")),
    ("encounters", "same_times_and_kind", visit("A", "2024-03-01T09:00:00Z"),
     visit("B", "2024-03-01T09:00:00Z", place="Clinique")),
    ("encounters", "other_place", visit("A", "2024-03-01", place="Clinique du Parc"),
     visit("A", "2024-03-01", place="CHU Nantes")),
    ("encounters", "other_person", visit("A", "2024-03-01", who="Ana Ruiz"), visit("A", "2024-03-01", who="Lea Petit")),
    ("encounters", "other_time", visit("A", "2024-03-01T09:00:00Z", place="P"),
     visit("A", "2024-03-01T15:00:00Z", place="P")),
    ("encounters", "other_kind_of_visit", visit("A", "2024-03-01", place="P"),
     visit("A", "2024-03-01", place="P", kind="VR")),
    ("encounters", "other_day", visit("A", "2024-03-01", place="P"), visit("A", "2024-03-04", place="P")),
    ("care_team", "same_people", team("", "Dr Ana Ruiz"), team("Diabetes team", "Ana Ruiz, MD")),
    ("care_team", "same_team", team("Diabetes", "Ana Ruiz", "Lea Petit"), team("Diabetes", "Ana Ruiz")),
    ("care_team", "other_people", team("Diabetes", "Ana Ruiz"), team("Diabetes", "Lea Petit")),
    ("goals", "same_goal", goal("Lose weight"), goal("Perdre du poids")),
    ("goals", "same_measure", goal("A", target=target("LDL", 70, "mg/dL")),
     goal("B", target=target("LDL cholestérol", 70, "mg/dL"))),
    ("goals", "other_goal", goal("Stop smoking"), goal("Lose weight")),
    ("goals", "other_time", goal("Walk", lifecycleStatus="completed"),
     goal("Walk", lifecycleStatus="completed", startDate="2020-01-01")),
    ("devices", "same_number", device("Pacemaker", serialNumber="X1"),
     device("Stimulateur cardiaque", serialNumber="x1")),
    ("devices", "same_model", device("CPAP", manufacturer="Resmed"), device("Appareil de PPC", manufacturer="ResMed")),
    ("devices", "same_kind_of_device", device("CPAP"), device("Appareil de PPC")),
    ("devices", "other_device", device("Pacemaker"), device("Insulin pump")),
    ("devices", "other_number", device("Pacemaker", serialNumber="X1"), device("Pacemaker", serialNumber="X2")),
    ("devices", "other_model", device("CPAP", manufacturer="Resmed"), device("CPAP", manufacturer="Philips")),
    ("devices", "other_side", device("Hearing aid, left"), device("Appareil auditif droit")),
    ("documents", "same_identifier", document("A", masterIdentifier={"system": "u", "value": "1"}),
     document("B", masterIdentifier={"system": "u", "value": "1"})),
    ("documents", "same_content", document("A", content=words("All is\nwell.")),
     document("A", content=words("All is\r\nwell."))),
    ("documents", "same_title_time_author", document("A"),
     document("A", date="2024-02-02T09:00:00Z", author="A. Ruiz")),
    ("documents", "other_content", document("A", content=words("one")), document("A", content=words("two"))),
    ("documents", "other_time", document("A"), document("A", date="2024-06-02T10:00:00+01:00")),
    ("documents", "other_document", document("A"), document("A", author="Lea Petit")),
    ("other", "the_person", {"resourceType": "Patient", "gender": "male"}, {"resourceType": "Patient"}),
    ("other", "same_identifier", person("Ana Ruiz", "1234567893"), person("Dr A. Ruiz", "1234567893")),
    ("other", "same_name", person("Ana Ruiz"), person("Ana RUIZ")),
    ("other", "same_word_for_word", {"resourceType": "CarePlan", "title": "Plan"},
     {"resourceType": "CarePlan", "title": "Plan"}),
    ("other", "other_identifier", person("Ana Ruiz", "1234567893"), person("Ana Ruiz", "1245319599")),
    ("other", "other_type", {"resourceType": "CarePlan", "title": "A"}, {"resourceType": "Flag", "title": "A"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "rule", "a", "b"), PAIRS, ids=[f"{k}-{r}-{n}" for n, (k, r, _, _) in enumerate(PAIRS)]
)
def test_the_rule_says_it(kind: Any, rule: str | None, a: Body, b: Body) -> None:
    found = verdict(kind, a, b)
    assert (found.name if found else None) == rule


def test_two_halves_of_one_pressure() -> None:
    upper = {**PRESSURE, "code": coded("Systolic blood pressure"), "valueQuantity": {"value": 128, "unit": "mm[Hg]"}}
    lower = {**PRESSURE, "code": coded("Diastolic blood pressure"), "valueQuantity": {"value": 82, "unit": "mm[Hg]"}}
    found = verdict("vitals", upper, lower, one_source=True)
    assert found is not None and found.name == "two_halves_of_one_pressure"


def test_one_operation_twice_on_one_day() -> None:
    morning, evening = (procedure("Lavage", on=f"2022-06-14T{hour}:00:00Z") for hour in ("08", "18"))
    found = verdict("procedures", morning, evening, one_source=True)
    assert found is not None and found.name == "other_time"


def test_two_current_strengths_of_one_source_are_two_therapies() -> None:
    found = verdict("medications", order("Ramipril 5 mg"), order("Ramipril 10 mg"), one_source=True)
    assert found is not None and found.name == "other_course"


def test_two_values_of_one_source_are_two_measurements() -> None:
    found = verdict("results", result("TSH", 2.4, "mIU/L"), result("TSH", 4.2, "mIU/L"), one_source=True)
    assert found is not None and found.name == "other_value"


def test_every_rule_has_its_pair() -> None:
    apart = {"two_halves_of_one_pressure", "other_time"}
    tested = {(kind, rule) for kind, rule, _, _ in PAIRS}
    for kind, rules in all_rules().items():
        for rule in rules:
            shared = kind == "vitals" and ("results", rule.name) in tested
            assert (kind, rule.name) in tested or shared or rule.name in apart, (kind, rule.name)
            assert rule.text.template and rule.says in ("same", "different")
