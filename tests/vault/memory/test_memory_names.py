"""One thing under many names: medicines in other languages, inhalers, combinations, slips of the pen, two languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from salus.vault.memory import drugs, folding, strengths, values
from salus.vault.memory.spelling import Speller, sound
from salus.vault.memory.tables import table
from tests.vault.memory.kit import ICD10, condition, ids, order, procedure, told, vaccine


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Metformina 850 mg comprimidos", "METFORMINE BIOGARAN 850 mg, comprimé pelliculé"),
        ("Levotiroxina sódica 100 mcg", "EUTHYROX 100 Mikrogramm Tabletten"),
        ("Metoprololsuccinat 95 mg", "metoprolol succinate 95 mg"),
        ("amoxicilina/ácido clavulánico 875/125 mg", "Augmentin 875 mg/125 mg"),
        ("esomeprazole magnesium 20 mg", "Inexium 20 mg"),
        ("sodium valproate 500 mg", "Epilim 500 mg"),
        ("ibuprofin 400 mg", "Nurofen 400 mg"),
        ("Percocet 5-325", "oxycodone 5 mg / acetaminophen 325 mg"),
        ("Toujeo 300 units/mL", "insulin glargine 300 UNT/ML"),
        ("Vitamin B1 100 mg", "Thiamine 100 mg"),
    ],
)
def test_one_medicine_and_strength(one: str, other: str) -> None:
    a, b = drugs.read(one), drugs.read(other)
    assert a.rows and a.rows == b.rows
    assert strengths.same(a.strengths, b.strengths, a.rows) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fluocinonide 0.05 %", "Fluocinolone 0.05 %"),
        ("Penicillamine 250 mg", "Penicillin V 250 mg"),
        ("Chlorpromazine 25 mg", "Chlorpropamide 250 mg"),
        ("Calcium vitamine D3", "Calcium 500 mg"),
        ("Co-codamol 30/500", "Codeine 30 mg"),
        ("Lantus 100 U/mL", "Toujeo 300 U/mL"),
        ("Nurofen Plus", "Nurofen"),
    ],
)
def test_two_medicines(one: str, other: str) -> None:
    assert drugs.read(one).rows != drugs.read(other).rows


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        ("Ventoline 100 µg/dose", "albuterol 0.09 MG/ACTUAT", True),
        ("Symbicort 200/6", "budesonide/formoterol 160 mcg / 4.5 mcg", True),
        ("Augmentin 500 mg", "amoxicillin 500 mg / clavulanate 125 mg", True),
        ("Co-amoxiclav 625 mg", "Augmentin 500 mg/125 mg", True),
        ("cholecalciferol 2000 IU", "vitamin D3 50 mcg", True),
        ("amlodipine 5 mg", "amlodipine 10 mg", False),
        ("Hyzaar 50/12.5", "Hyzaar 100/25", False),
        ("amoxicillin 250 mg/5 ml", "amoxicillin 250 mg", None),
        ("timolol 0.5 %", "timolol 10 mg", None),
    ],
)
def test_strengths(one: str, other: str, says: bool | None) -> None:
    a, b = drugs.read(one), drugs.read(other)
    assert a.rows == b.rows
    assert strengths.same(a.strengths, b.strengths, a.rows) is says
    assert strengths.same(b.strengths, a.strengths, a.rows) is says


def test_a_slip_of_a_word() -> None:
    speller = Speller({"diabetes", "diabetic", "asthma", "ureteral", "urethral", "fluoride", "chloride"}, 6)
    assert speller.meant("diabetis") == "diabetes"  # a wrong vowel rather than a wrong consonant
    assert speller.meant("asthama") == "asthma"
    assert speller.meant("urethral") is None and speller.meant("diabetes") is None
    assert speller.meant("xdiabetes") is None and speller.meant("astma") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("metformina", "metformine"),
        ("fenitoína", "phenytoin"),
        ("amoxicilina", "amoxicillin"),
        ("Ramipril", "ramipril"),
    ],
)
def test_names_that_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_names_that_sound_different() -> None:
    found = {sound(n) for n in ("prednisone", "prednisolone", "hydroxyzine", "hydralazine", "quinine", "quinidine")}
    assert len(found) == 6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cholécystite", "Cholecystitis"),
        ("Calcul rénal", "Renal calculus"),
        ("Auto-immune thyroiditis", "Autoimmune thyroiditis"),
        ("Haemorrhoids", "Hémorroïdes"),
        ("Tumeur maligne du foie", "Malignant neoplasm of liver"),
        ("Hypokaliémie", "Hypokalaemia"),
    ],
)
def test_two_languages_of_one_word(one: str, other: str) -> None:
    assert folding.key(one) == folding.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Angine", "Angina"),
        ("Fibrosis of lung", "Fibroma of lung"),
        ("Corn", "Cornea"),
        ("Hypocalcemia", "Hypercalcemia"),
        ("Gestational diabetes", "Diabetes in pregnancy"),
    ],
)
def test_two_words(one: str, other: str) -> None:
    assert folding.key(one) != folding.key(other)


@pytest.mark.parametrize("name", ["conditions", "procedures", "allergens", "devices", "goals", "ingredients"])
def test_no_name_means_two_rows(name: str) -> None:
    known = table(name)
    for row in known.rows.values():
        for called in (*row["en"], *row.get("fr", ()), *row.get("also", ())):
            assert len(known.by_name(called)) == 1, (called, known.by_name(called))


def test_the_side_of_a_code() -> None:
    known = table("conditions")
    assert [known.side(c) for c in ("M17.11", "M17.12", "G56.03", "S52.501A")] == ["right", "left", "both", "right"]
    assert [known.side(c) for c in ("G56.1", "E11.9", "N18.31", "M25.569")] == ["", "", "", ""]
    right, left = condition("", (ICD10, "M17.11")), condition("", (ICD10, "M17.12"))
    assert len(told("problems", right, left)) == 2
    assert ids(told("problems", right, condition("Gonarthrose droite"))) == [["A0", "B0"]]


def test_a_part_of_the_body_that_goes_without_saying() -> None:
    assert len(told("procedures", procedure("Right meniscectomy"), procedure("Méniscectomie du genou droit"))) == 1
    assert len(told("problems", condition("Melanoma of back"), condition("Melanoma"))) == 2


def test_a_doubt_of_the_same_time_is_a_disagreement() -> None:
    one = condition("Celiac disease", on="2019", proof="provisional")
    entry, *more = told("problems", one, condition("Maladie cœliaque", on="2019"))
    assert not more and [c.field for c in entry.conflicts] == ["verification"]
    assert len(told("problems", one, condition("Celiac disease", on="2022"))) == 2
    (both,) = told("problems", one, {**one, "code": {"text": "Maladie cœliaque"}})
    assert not both.conflicts and "suspected" in both.marks


def test_a_ratio_and_a_share_on_a_line() -> None:
    line = ("mmol/mol", "%", "0.09148", "2.152")
    ifcc, ngsp = (values.Value(Decimal(n), u, "", "", "") for n, u in (("54", "mmol/mol"), ("7.1", "%")))
    assert values.on_line(ifcc, ngsp, line) and values.on_line(ngsp, ifcc, line)
    assert not values.on_line(ifcc, values.Value(Decimal("7.4"), "%", "", "", ""), line)
    assert not values.on_line(ifcc, ifcc, line) and not values.on_line(ifcc, None, line)


def test_small_letters_of_a_booster() -> None:
    given = "2019-04-05"
    assert len(told("immunizations", vaccine("dTca", on=given), vaccine("Boostrix", on=given))) == 1
    assert len(told("immunizations", vaccine("DTCa", on=given), vaccine("Boostrix", on=given))) == 2


def test_drops_are_not_tablets() -> None:
    drops, tablets = order("Ciprofloxacin ear drops"), order("Ciprofloxacin 500 mg")
    assert len(told("medications", drops, tablets)) == 2
