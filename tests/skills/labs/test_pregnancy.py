"""Pregnancy as records tell it: by a due date, a gestational age, a status or a condition; never assumed or denied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from salus.records.times import When
from salus.skills.labs.whom import whom
from salus.vault.vault import Vault
from salus.vault.view import VaultView
from tests.skills.conftest import Body, said
from tests.skills.labs.conftest import result, run

Hold = Callable[..., VaultView]


@pytest.fixture(autouse=True)
def _a_young_woman(vault: Vault) -> None:
    vault.configure(born="1994-02-10", sex="female")


def observed(code: str, on: str, **value: Any) -> Body:
    coding = [{"system": "http://loinc.org", "code": code}]
    return {"resourceType": "Observation", "status": "final", "effectiveDateTime": on, "code": {"coding": coding},
            **value}  # fmt: skip


def due(on: str, day: str) -> Body:
    return observed("11778-8", on, valueDateTime=day)


def weeks(on: str, n: float, unit: str = "wk") -> Body:
    return observed("18185-9", on, valueQuantity={"value": n, "unit": unit, "code": unit})


def status(on: str, code: str) -> Body:
    return observed(
        "82810-3", on, valueCodeableConcept={"coding": [{"system": "http://snomed.info/sct", "code": code}]}
    )


def condition(onset: str, ended: str | None = None, **more: Any) -> Body:
    made = {
        "resourceType": "Condition", "onsetDateTime": onset,
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "77386006"}]}, **more,
    }  # fmt: skip
    return made | ({"abatementDateTime": ended} if ended else {})


def at(view: VaultView, day: str) -> str | None:
    return whom(view).pregnancy_at(When.of_day(date.fromisoformat(day)))


def test_a_due_date_tells_every_trimester(hold: Hold) -> None:
    view = hold(due("2026-03-01", "2026-10-08"))  # began on 1 January
    assert [at(view, day) for day in ("2025-12-31", "2026-01-01", "2026-04-08", "2026-04-09")] == [None, "1", "1", "2"]
    assert [at(view, day) for day in ("2026-07-15", "2026-07-16", "2026-10-20", "2026-11-20")] == ["2", "3", "3", None]


@pytest.mark.parametrize(("n", "unit"), [(20, "wk"), (140, "d")])
def test_a_gestational_age_does_too(hold: Hold, n: float, unit: str) -> None:
    view = hold(weeks("2026-06-01", n, unit))
    assert at(view, "2026-06-01") == "2"
    assert at(view, "2026-08-15") == "3"
    assert at(view, "2026-02-01") == "1"


def test_the_latest_dating_counts(hold: Hold) -> None:
    assert at(hold(weeks("2026-05-01", 13), weeks("2026-06-01", 13.0)), "2026-06-01") == "1"


def test_a_bare_status_tells_no_trimester_and_only_around_its_day(hold: Hold) -> None:
    view = hold(status("2026-06-01", "77386006"))
    assert (at(view, "2026-06-10"), at(view, "2026-09-01")) == ("any", None)
    assert at(hold(status("2026-06-01", "60001007")), "2026-06-10") == "no"


def test_a_condition_until_it_ends(hold: Hold) -> None:
    view = hold(condition("2026-01-10", "2026-08-30"))
    assert (at(view, "2026-05-01"), at(view, "2026-09-01"), at(view, "2025-12-01")) == ("any", None, None)


def test_a_birth_ends_it(hold: Hold) -> None:
    view = hold(due("2026-03-01", "2026-10-08"), observed("93857-1", "2026-09-20", valueDateTime="2026-09-20"))
    assert (at(view, "2026-09-10"), at(view, "2026-09-25")) == ("3", None)


def test_a_last_period_alone_makes_no_pregnancy(hold: Hold) -> None:
    period = observed("8665-2", "2026-04-01", valueDateTime="2026-03-20")
    assert at(hold(period), "2026-04-10") is None
    assert at(hold(period, status("2026-05-01", "77386006")), "2026-05-01") == "1"


VOID = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "refuted"}]}


def test_what_was_entered_in_error_says_nothing(hold: Hold) -> None:
    wrong = {**due("2026-03-01", "2026-10-08"), "status": "entered-in-error"}
    refuted = condition("2026-01-10", verificationStatus=VOID)
    assert at(hold(wrong, refuted), "2026-05-01") is None


def test_the_gestational_age_of_ones_own_birth_is_not_a_pregnancy(vault: Vault, hold: Hold) -> None:
    vault.configure(born="2026-05-01", sex="female")
    assert at(hold(weeks("2026-05-01", 34)), "2026-05-02") is None


def test_a_result_is_judged_by_its_trimester(hold: Hold) -> None:
    found = run(hold(result("718-7", 10.7, "g/dL", "2026-06-01"), due("2026-06-20", "2026-10-08")), test="hemoglobin")
    assert found.findings[0].data["judgement"] == "normal"
    assert found.findings[0].data["range_of"] == "pregnancy"
    assert "within the usual range at this stage of pregnancy (10.5 to 14.8)" in said(found)


def test_without_a_record_of_it_the_adult_range_holds_without_comment(hold: Hold) -> None:
    found = run(hold(result("718-7", 10.7, "g/dL", "2026-06-01")), test="hemoglobin")
    assert found.findings[0].data["judgement"] == "low"
    assert "pregnan" not in said(found).replace("pregnancy or a long illness", "")


def test_an_adult_range_in_pregnancy_says_so(hold: Hold) -> None:
    view = hold(result("5763-8", 80, "ug/dL", "2026-06-01"), result("33914-3", 70, "mL/min/{1.73_m2}", "2026-06-01"),
                result("718-7", 10.7, "g/dL", "2026-06-01"), status("2026-06-01", "77386006"))  # fmt: skip
    assert "outside pregnancy; Salus has none for pregnancy" in said(run(view, test="zinc"))
    kidneys = run(view, test="egfr")
    assert kidneys.findings[0].data["judgement"] == "unknown"
    assert "does not hold in pregnancy" in said(kidneys)
    assert "depends on the trimester" in said(run(view, test="hemoglobin"))


def test_the_laboratory_s_own_range_wins(hold: Hold) -> None:
    printed = [{"low": {"value": 11, "unit": "g/dL"}, "high": {"value": 16, "unit": "g/dL"}}]
    view = hold(result("718-7", 10.7, "g/dL", "2026-06-01", referenceRange=printed), due("2026-06-20", "2026-10-08"))
    found = run(view, test="hemoglobin").findings[0].data
    assert (found["judgement"], found["by"]) == ("low", "range")


def test_after_menopause(hold: Hold) -> None:
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "76498008"}]}
    menopause = {"resourceType": "Condition", "onsetDateTime": "2025-01-01", "code": code}
    view = hold(result("15067-2", 60, "[iU]/L", "2026-01-10"), result("10501-5", 60, "[iU]/L", "2024-01-10"), menopause)
    assert run(view, test="fsh").findings[0].data["judgement"] == "normal"
    assert run(view, test="lh").findings[0].data["judgement"] == "unknown"
    assert "depends on the day of the cycle" in said(run(view, test="lh"))


def test_a_date_too_vague_for_the_age_leaves_it_unknown(vault: Vault, hold: Hold) -> None:
    vault.configure(born="2008-06-10", sex="female")
    vague = run(hold(result("2276-4", 10, "ug/L", "2026")), test="ferritin")
    assert vague.findings[0].data["judgement"] == "unknown"
    assert "depends on the age on that day" in said(vague)
