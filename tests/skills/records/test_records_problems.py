"""Problems and allergies: active, over, ruled out, stated absent; never a plain no."""

from __future__ import annotations

from datetime import date

import pytest

from salus.assistant.words import words
from salus.records.times import Period
from tests.skills.conftest import Hold, said
from tests.skills.records.conftest import allergy, ask, condition, status, values

DIABETES = condition("Type 2 diabetes mellitus (disorder)", "44054006", onsetDateTime="2025-06-03")


def test_current_problems_once_each(hold: Hold) -> None:
    view = hold(
        DIABETES,
        {**DIABETES, "onsetDateTime": "2024-02-01"},
        condition(
            "Acute bronchitis", "10509002", "resolved", onsetDateTime="2025-01-21", abatementDateTime="2025-02-07"
        ),
        condition("Hypertension", "38341003", onsetDateTime="2019"),
        condition("Stroke", "230690007", verificationStatus=status("refuted")),
        condition("Wrong", "1", verificationStatus=status("entered-in-error")),
        condition("Full-time employment (finding)", "160903007"),
    )
    result = ask(view, "problems")
    assert values(result) == ["Type 2 diabetes mellitus", "Hypertension"]
    assert "Type 2 diabetes mellitus, since 1 February 2024. Hypertension, since 2019." in said(result)
    assert len(result.findings[0].evidence) == 2
    assert values(ask(view, "problems", "list", "past")) == ["Acute bronchitis"]
    assert values(ask(view, "problems", "list", "employment")) == ["Full-time employment"]


@pytest.mark.parametrize("about", ["stroke", "wrong"])
def test_what_was_ruled_out_is_not_held(hold: Hold, about: str) -> None:
    view = hold(
        DIABETES,
        condition("Stroke", verificationStatus=status("refuted")),
        condition("Wrong", verificationStatus=status("entered-in-error")),
    )
    assert not ask(view, "problems", "is", about).findings


def test_do_i_have(hold: Hold) -> None:
    view = hold(DIABETES, condition("Prediabetes", "714628002", "resolved", onsetDateTime="2023-08"))
    yes = ask(view, "problems", "is", "diabetes")
    assert values(yes) == [True]
    assert said(yes) == "Yes, your records list Type 2 diabetes mellitus, since 3 June 2025."
    over = ask(view, "problems", "is", "prediabetes")
    assert values(over) == ["Prediabetes"] and "but as over" in said(over)
    no = ask(view, "problems", "is", "asthma")
    assert not no.findings
    assert said(no) == (
        "There is no record of “asthma” among the health problems in your records. "
        "That does not mean that you do not have it."
    )


def test_a_parents_diabetes_is_not_ones_own(hold: Hold) -> None:
    view = hold(condition("Family history of diabetes mellitus (situation)", "160303001"))
    assert not ask(view, "problems", "is", "diabetes").findings
    assert not ask(view, "problems").findings


def test_a_past_event_is_found_when_asked(hold: Hold) -> None:
    view = hold(condition("History of myocardial infarction (situation)", "399211009", onsetDateTime="2010-05-01"))
    assert values(ask(view, "problems", "since", "heart attack")) == ["2010-05-01"]


def test_precision_is_kept_and_a_vague_date_is_said(hold: Hold) -> None:
    view = hold(condition("Hypertension", "38341003", onsetDateTime="2019"))
    since = ask(view, "problems", "since", "high blood pressure")
    assert values(since) == ["2019"] and said(since) == "Your records show Hypertension since 2019."
    spring = ask(view, "problems", "list", None, Period(date(2019, 3, 1), date(2019, 5, 31)))
    assert "not precise" in words("en").say(spring.findings[0].caveats[0])
    assert not ask(view, "problems", "list", None, Period(date(2020, 1, 1), None)).findings


def test_a_problem_without_a_date(hold: Hold) -> None:
    result = ask(hold(condition("Asthma", "195967001")), "problems", "since", "asthma")
    assert not result.findings and said(result) == "Your records list Asthma, but without a date."


def test_not_confirmed_is_said(hold: Hold) -> None:
    view = hold(condition("Gout", "90560007", verificationStatus=status("provisional"), onsetDateTime="2026-01"))
    assert "Gout (not confirmed), since January 2026." in said(ask(view, "problems"))


PENICILLIN = allergy(
    "Allergy to penicillin",
    "91936005",
    criticality="high",
    reaction=[{"manifestation": [{"text": "Skin rash"}], "severity": "moderate"}],
)


def test_allergies_with_their_reactions(hold: Hold) -> None:
    view = hold(PENICILLIN, allergy("Latex", "111088007"), allergy("Egg", verificationStatus=status("refuted")))
    result = ask(view, "allergies")
    assert sorted(values(result)) == ["Allergy to penicillin", "Latex"]
    assert "Allergy to penicillin (reaction: Skin rash; moderate; high risk), recorded on 1 May 2020." in said(result)
    assert values(ask(view, "allergies", "is", "pénicilline")) == [True]
    assert not ask(view, "allergies", "is", "eggs").findings


def test_the_family_of_an_allergy_is_a_warning_not_a_yes(hold: Hold) -> None:
    result = ask(hold(PENICILLIN), "allergies", "is", "amoxicillin")
    assert values(result) == ["Allergy to penicillin"]
    assert "of the same family as “amoxicillin”" in said(result) and "before you take it" in said(result)


def test_nothing_recorded_is_not_no_allergies(hold: Hold) -> None:
    result = ask(hold(DIABETES), "allergies")
    assert not result.findings and "does not mean that you have none" in said(result)


def test_a_stated_absence_is_shown_as_stated(hold: Hold) -> None:
    none = allergy("No known allergies", "716186003")
    result = ask(hold(none), "allergies")
    assert values(result) == ["No known allergies"]
    assert said(result) == "Your records state: No known allergies, on 1 May 2020."
    both = ask(hold(none, PENICILLIN), "allergies")
    assert values(both) == ["Allergy to penicillin"] and "do not agree" in said(both)


def test_an_allergy_that_is_over(hold: Hold) -> None:
    view = hold(allergy("Milk", clinicalStatus=status("resolved")), PENICILLIN)
    assert values(ask(view, "allergies")) == ["Allergy to penicillin"]
    result = ask(view, "allergies", "is", "milk")
    assert values(result) == ["Milk"] and "as over" in said(result)
