"""What disagrees is shown with both sides, once, and what only looks so is not."""

from __future__ import annotations

from typing import Any

from salus.records.text import Text
from salus.vault.memory import Conflict, Entry
from tests.vault.memory.kit import SNOMED, allergy, condition, held, order, procedure, result, told, vaccine


def only(entries: list[Entry]) -> Conflict:
    (entry,) = entries
    (conflict,) = entry.conflicts
    return conflict


def said(conflict: Conflict) -> list[Any]:
    return [(v.plain() if isinstance(v, Text) else getattr(v, "text", v), ref) for v, ref in conflict.sides]


def test_two_doses() -> None:
    clash = only(told("medications", order("Ramipril 5 mg", dose="1 tablet daily"), order("Triatec 10 mg")))
    assert clash.field == "dose"
    assert said(clash) == [
        ("Ramipril 5 mg, 1 tablet daily", "MedicationRequest/A0"), ("Triatec 10 mg", "MedicationRequest/B0"),
    ]  # fmt: skip
    assert clash.text.plain() == (
        "Two sources disagree about the dose: Ramipril 5 mg, 1 tablet daily, or Triatec 10 mg."
    )


def test_two_dates_and_three_sources() -> None:
    clash = only(
        told(
            "problems",
            condition("Asthma", on="1998"),
            condition("Asthme", on="2003-04"),
            condition("Asthma", on="1998-06"),
        )
    )
    assert clash.field == "onset"
    assert [text for text, _ in said(clash)] == ["1998", "2003-04", "1998-06"]


def test_a_more_precise_date_is_no_conflict_and_is_the_one_told() -> None:
    (entry,) = told("problems", condition("Asthma", on="1998"), condition("Asthme", on="1998-06-03"))
    assert not entry.conflicts
    assert entry.when is not None and entry.when.text == "1998-06-03"


def test_active_here_stopped_there() -> None:
    clash = only(told("medications", order("Tahor 20 mg"), order("Atorvastatin 20 mg", status="stopped")))
    assert (clash.field, [text for text, _ in said(clash)]) == ("status", ["still taken", "stopped"])


def test_an_order_renewed_elsewhere_is_no_conflict() -> None:
    (entry,) = told("medications", order("Amlor 5 mg", on="2023-03-01", status="completed"), order("Amlodipine 5 mg"))
    assert not entry.conflicts and entry.status == "current"


def test_no_known_allergy_beside_one_stands_with_both() -> None:
    entries = told("allergies", allergy("No known allergies", (SNOMED, "716186003")), allergy("Arachide"))
    assert [entry.status for entry in sorted(entries, key=lambda e: e.title)] == ["current", "denied"]
    for entry in entries:
        (clash,) = entry.conflicts
        assert clash.field == "presence"
        assert {ref for _, ref in clash.sides} == {"AllergyIntolerance/A0", "AllergyIntolerance/B0"}


def test_a_denial_of_another_kind_of_allergy_is_none() -> None:
    for denial, more in (("No known drug allergies", {"category": ["food"]}), ("No known latex allergy", {})):
        entries = told("allergies", allergy(denial), allergy("Peanut", **more))
        assert len(entries) == 2 and not any(entry.conflicts for entry in entries)


def test_a_denial_that_is_over_denies_nothing() -> None:
    entries = told("allergies", allergy("No known allergies", status="inactive"), allergy("Peanut"))
    assert not any(entry.conflicts for entry in entries)


def test_given_and_not_given() -> None:
    (entry,) = told("immunizations", vaccine("Shingrix"), vaccine("Shingrix", status="not-done"))
    assert [c.field for c in entry.conflicts] == ["given"] and entry.status == "done"


def test_done_once_in_a_life_with_two_dates() -> None:
    (entry,) = told("procedures", procedure("Appendectomy", on="2001-07-03"), procedure("Appendicectomie", on="2003"))
    assert [c.field for c in entry.conflicts] == ["date"]


def test_two_values_of_one_moment() -> None:
    clash = only(told("results", result("Potassium", 4.3, "mmol/L"), result("Kaliémie", 5.3, "mmol/L")))
    assert clash.field == "value" and len(clash.sides) == 2


def test_two_birth_dates_and_sexes_of_the_person() -> None:
    bodies = [{"resourceType": "Patient", "birthDate": born, "gender": sex} for born, sex in
              (("1974-05-12", "female"), ("1974-12-05", "male"))]  # fmt: skip
    (entry,) = told("other", *bodies)
    assert [c.field for c in entry.conflicts] == ["born", "sex"]


def test_one_source_that_corrects_itself_is_no_conflict() -> None:
    entries = told("problems", [condition("Asthma", on="1998"), condition("Asthma", on="2001")])
    assert len(entries) == 1 and not entries[0].conflicts


def test_two_senders_in_one_file_are_two_sources() -> None:
    first = {**order("Ramipril 5 mg"), "meta": {"source": "https://one.example/fhir"}}
    second = {**order("Ramipril 10 mg"), "meta": {"source": "https://two.example/fhir"}}
    clash = only(told("medications", [first, second]))
    assert clash.field == "dose"
    assert held([first]).counts() == {"MedicationRequest": 1}
