"""Names, doses, values and dates as the rules read them."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from salus.records.times import When
from salus.vault.memory import drugs, folding, marks, posology, values
from salus.vault.memory.dates import earliest, moment, near
from salus.vault.memory.places import same_name, same_person
from salus.vault.memory.tables import table

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hypertension, essential", "essential hypertension (disorder)"),
        ("Cœliaque (maladie)", "Maladie cœliaque"),
        ("Non–insulin-dependent diabetes", "non insulin dependent diabetes"),
        ("Crohn’s disease", "Crohn's Disease"),
        ("Diabetes mellitus type II", "diabetes mellitus, type 2"),
        ("Anxiety, unspecified", "ANXIETY"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert folding.key(one) == folding.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hepatitis A", "Hepatitis"),
        ("Vitamin D deficiency", "Vitamin deficiency"),
        ("Diabetes type 1", "Diabetes type 2"),
        ("Colic with fever", "Colic without fever"),
        ("Non allergic asthma", "Allergic asthma"),
        ("Colic with fever, without stones", "Colic with stones, without fever"),
    ],
)
def test_names_that_only_look_alike(one: str, other: str) -> None:
    assert folding.key(one) != folding.key(other)


@pytest.mark.parametrize(
    ("name", "rows", "strength"),
    [
        ("Glucophage 850 mg, comprimé pelliculé", {"metformin"}, {(Decimal(850), "mg", "")}),
        (
            "amoxicillin 250 MG / clavulanate 125 MG Oral Tablet",
            {"amoxicillin", "clavulanate"},
            {(Decimal(250), "mg", ""), (Decimal(125), "mg", "")},
        ),
        ("Augmentin 1 g/125 mg", {"amoxicillin", "clavulanate"}, {(Decimal(1000), "mg", ""), (Decimal(125), "mg", "")}),
        ("200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", {"albuterol"}, {(Decimal("0.09"), "mg", "dose")}),
        ("Levothyrox 75 µg", {"levothyroxine"}, {(Decimal("0.075"), "mg", "")}),
        ("paracétamol 120 mg/5 ml", {"acetaminophen"}, {(Decimal(24), "mg", "ml")}),
        ("Uvedose 100 000 UI", {"cholecalciferol"}, {(Decimal(100000), "unit", "")}),
        ("succinate de métoprolol 50 mg", {"metoprolol succinate"}, {(Decimal(50), "mg", "")}),
        ("metoprolol 50 mg (as succinate)", {"metoprolol succinate"}, {(Decimal(50), "mg", "")}),
        ("zibotentanol 10 mg tablet", set(), {(Decimal(10), "mg", "")}),
    ],
)
def test_medicines(name: str, rows: set[str], strength: set[drugs.Strength]) -> None:
    found = drugs.read(name)
    assert (found.rows, found.strengths) == (rows, strength)


@pytest.mark.parametrize(
    ("text", "amount", "often"),
    [
        ("Take one tablet by mouth every day", (1, "piece"), 1),
        ("1 comprimé matin et soir", (1, "piece"), 2),
        ("500 mg BID", (500, "mg"), 2),
        ("2 gélules 3 fois par jour", (2, "piece"), 3),
        ("18 UI le soir", (18, "unit"), 1),
        ("1 g toutes les 8 heures", (1000, "mg"), 3),
        ("half a tablet daily", ("0.5", "piece"), 1),
        ("as directed", None, None),
    ],
)
def test_dosages(text: str, amount: tuple[float | str, str] | None, often: int | None) -> None:
    found = posology.written(text)
    assert found.amount == ((Decimal(str(amount[0])), amount[1]) if amount else None)
    assert found.often == often


def value(number: str, unit: str) -> values.Value:
    return values.Value(Decimal(number), unit, "", "", number)


@pytest.mark.parametrize(
    ("a", "b", "molar", "alike"),
    [
        (("5.2", "mmol/L"), ("94", "mg/dL"), "180.156", "same"),
        (("5.2", "mmol/L"), ("97", "mg/dL"), "180.156", "differ"),
        (("180", "[lb_av]"), ("81.6", "kg"), None, "same"),
        (("180", "[lb_av]"), ("82.6", "kg"), None, "differ"),
        (("98.6", "[degF]"), ("37.0", "Cel"), None, "same"),
        (("4.3", "mmol/L"), ("4.31", "mmol/L"), None, "same"),
        (("4.3", "mmol/L"), ("4.4", "mmol/L"), None, "differ"),
        (("60", "%"), ("4.2", "10*9/L"), None, "other"),
        (("2.4", ""), ("2.4", ""), None, "same"),
        (("13.4", "g/dL"), ("134", "g/L"), None, "same"),
    ],
)
def test_values(a: tuple[str, str], b: tuple[str, str], molar: str | None, alike: str) -> None:
    assert values.alike(value(*a), value(*b), Decimal(molar) if molar else None) == alike


def test_words_of_results() -> None:
    said = [values.read({"valueString": text}) for text in ("Négatif", "negative", "Not detected", "Positive")]
    assert [values.alike(said[0], other, None) for other in said] == ["same", "same", "same", "differ"]


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("2019", "2019-03-14", "year"),
        ("2019-03", "2019-03-14", "month"),
        ("2019-03-14", "2019-03-15", "apart"),
        ("2019-03-14", "2019-03-14", "same"),
        ("2020-06-01T23:30:00-04:00", "2020-06-02", "same"),
    ],
)
def test_dates(a: str, b: str, found: str) -> None:
    assert near(When.parse(a), When.parse(b), PARIS) == found


def test_moments() -> None:
    def said(a: str, b: str) -> str:
        return moment(When.parse(a), When.parse(b), PARIS)

    assert said("2024-03-01T07:10:00Z", "2024-03-01T08:10:00+01:00") == "same"
    assert said("2024-03-01T07:10:00Z", "2024-03-01T07:10:35Z") == "same"
    assert said("2024-03-01T07:10:00Z", "2024-03-01T07:12:00Z") == "apart"
    assert said("2024-03-01T07:10:00Z", "2024-03-01") == "month"
    assert near(None, When.parse("2019"), PARIS) == "unknown"


def test_of_dates_that_may_be_one_the_most_precise_is_told() -> None:
    found = earliest([w for text in ("2019", "2019-03-14", "2021-01-01") if (w := When.parse(text))])
    assert found is not None and found.text == "2019-03-14"


def test_marks() -> None:
    assert marks.read(["Cataracte de l'œil gauche"]).side == "left"
    assert marks.read(["Bilateral hearing loss"]).side == "both"
    assert marks.read(["ATCD familiaux : diabète"]).nature == "family"
    assert marks.read(["Rule out pneumonia"]).nature == "suspected"
    assert marks.read(["Bronchite chronique"]).course == "chronic"
    assert marks.read(["NYHA class III"]).stage == marks.read(["classe 3"]).stage
    assert marks.bare("Cataracte de l'œil gauche", "side") == "cataracte"


def test_places_and_people() -> None:
    assert same_name("CHU de Nantes", "Centre hospitalier universitaire de Nantes")
    assert same_name("Clinique du Parc", "Hôpital Saint-Louis") is False
    assert same_name("", "Clinique du Parc") is None
    assert same_person("Dr A. Ruiz", "Ana Ruiz, MD")
    assert same_person("Dr Ana Ruiz", "Dr Paul Ruiz") is False


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("ingredients", 350),
        ("conditions", 200),
        ("vaccines", 60),
        ("allergens", 80),
        ("procedures", 80),
        ("results", 120),
        ("devices", 20),
        ("goals", 10),
    ],
)
def test_tables_are_whole(name: str, least: int) -> None:
    found = table(name)
    assert len(found.rows) >= least
    for id_, row in found.rows.items():
        assert row["en"] and all(row["en"])
        assert id_ not in found.above(id_)
        for other in row.get("of", ()):
            assert other in found.rows
