"""The person's words against the records' words: synonyms in two languages, nothing broader than what was asked."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.skills.records.match import answers, asked


@pytest.mark.parametrize(
    ("about", "words", "kind"),
    [
        ("flu shot", "Influenza, seasonal, injectable", "immunizations"),
        ("grippe", "Influenza, split virus, trivalent", "immunizations"),
        ("my flu vaccine", "Vaccin contre la grippe", "immunizations"),
        ("tétanos", "Td (adult) preservative free", "immunizations"),
        ("covid", "SARS-CoV-2 (COVID-19) vaccine, mRNA", "immunizations"),
        ("high blood pressure", "Essential hypertension", "problems"),
        ("tension", "Hypertension artérielle essentielle", "problems"),
        ("diabète", "Type 2 diabetes mellitus", "problems"),
        ("type 2 diabetes", "Diabetes mellitus type 2", "problems"),
        ("cholesterol", "Hyperlipidemia", "problems"),
        ("hay fever", "Seasonal allergic rhinitis", "problems"),
        ("metformine", "metformin hydrochloride 500 MG Oral Tablet", "medications"),
        ("statin", "Simvastatin 10 MG Oral Tablet", "medications"),
        ("blood thinner", "Apixaban 5 mg", "medications"),
        ("penicillin", "Allergy to penicillin", "allergies"),
        ("cacahuètes", "Peanut (substance)", "allergies"),
        ("heart doctor", "Cardiology visit", "visits"),
        ("Dr Okonkwo", "Specialist consultation · Dr Paul Okonkwo", "visits"),
        ("urgences", "Emergency room admission", "visits"),
        ("coloscopie", "Colonoscopy", "procedures"),
        ("my mammogram", "Screening mammography", "procedures"),
    ],
)
def test_the_same_thing_in_other_words(about: str, words: str, kind: str) -> None:
    assert answers(asked(about, kind), words, kind) == "same"


@pytest.mark.parametrize(
    ("about", "words", "kind"),
    [
        ("type 1 diabetes", "Type 2 diabetes mellitus", "problems"),
        ("diabetes", "Prediabetes", "problems"),
        ("diabetes", "Diabetes insipidus", "problems"),
        ("hypertension", "Pulmonary hypertension", "problems"),
        ("hypertension", "Hyperlipidemia", "problems"),
        ("simvastatin", "Atorvastatin 40 mg", "medications"),
        ("prednisone", "Prednisolone 5 mg", "medications"),
        ("hydroxyzine", "Hydroxychloroquine", "medications"),
        ("flu", "Haemophilus influenzae type b", "immunizations"),
        ("hepatitis a", "Hepatitis B vaccine", "immunizations"),
        ("Dr Okonkwo", "Follow-up visit · Dr Nadia Ferrand", "visits"),
        ("dentist", "Check-up", "visits"),
    ],
)
def test_another_thing_is_not_the_same(about: str, words: str, kind: str) -> None:
    assert answers(asked(about, kind), words, kind) is None


def test_what_was_excluded_can_be_asked_for() -> None:
    assert answers(asked("pulmonary hypertension", "problems"), "Pulmonary hypertension", "problems") == "same"


def test_an_allergy_to_the_family_is_related_both_ways() -> None:
    assert answers(asked("amoxicillin", "allergies"), "Allergy to penicillin", "allergies") == "related"
    assert answers(asked("penicillin", "allergies"), "Amoxicillin", "allergies") == "related"
    assert answers(asked("amoxicillin", "allergies"), "Amoxicillin", "allergies") == "same"
    assert answers(asked("amoxicillin", "medications"), "Penicillin V", "medications") is None


@pytest.mark.parametrize("about", [None, "", "my last doctor's", "le médecin", "a vaccine"])
def test_words_that_name_nothing_ask_for_everything(about: str | None) -> None:
    assert asked(about, "visits").empty


def test_words_that_widen() -> None:
    assert asked("stopped", "medications").past and asked("que j'ai arrêtés", "medications").past
    assert asked("ever", "medications").everything


@given(st.text(max_size=60), st.text(max_size=80))
def test_any_text_is_read_without_harm(about: str, words: str) -> None:
    for kind in ("medications", "allergies", "visits"):
        assert answers(asked(about, kind), words, kind) in ("same", "related", None)


@pytest.mark.parametrize("name", ["synonyms.toml", "codes.toml"])
def test_tables_say_where_they_come_from_and_are_not_yet_reviewed(name: str) -> None:
    data = tomllib.loads(resources.files("salus.skills.records").joinpath(name).read_text("utf-8"))
    assert data["source"] and data["reviewed_by"] == "" and data["reviewed_on"] == ""


def test_each_phrase_of_a_row_finds_the_others() -> None:
    data = tomllib.loads(resources.files("salus.skills.records").joinpath("synonyms.toml").read_text("utf-8"))
    for row in data["same"]:
        kind = row.get("kinds", ["problems"])[0]
        for phrase in row["words"]:
            assert answers(asked(phrase, kind), row["words"][0], kind) == "same", (phrase, row["words"][0])
