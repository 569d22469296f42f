"""No figure is said that was not computed: seeded faults are caught, clean sentences pass."""

from __future__ import annotations

from decimal import Decimal

import pytest

from salus.assistant.ask import ask
from salus.assistant.verify import checked, figures
from salus.assistant.words import words
from salus.records.finding import Evidence, Finding
from salus.records.text import T
from salus.records.times import When
from salus.records.units import Quantity
from salus.vault.view import VaultView

WHEN = When.parse("2026-10-13")
FINDING = Finding(
    kind="result",
    statement=T("LDL: {value} on {date}.", value=Quantity(Decimal("3.06"), "mmol/L"), date=WHEN),
    value=Decimal("3.06"),
    unit="mmol/L",
    code=None,
    time=WHEN,
    method=T("As recorded."),
    evidence=(Evidence("Observation", "Observation/1", "Laboratory", WHEN, "LDL: 3.06 mmol/L"),),
    also=(Quantity(Decimal("118"), "mg/dL"),),
)


@pytest.mark.parametrize(
    "sentence", ["LDL: 3.06 mmol/L on 13 October 2026.", "That is 118 mg/dL.", "Nothing to count here.", "LDL is 3.06."]
)
def test_clean(sentence: str) -> None:
    assert checked(sentence, figures([FINDING], words("en"))) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "LDL: 3.60 mmol/L.",
        "LDL: 3.06 on 14 October 2026.",
        "That is 119 mg/dL.",
        "It fell by 12 %.",
        "In 2025 it was 3.06.",
        "LDL: 30.6 mmol/L.",
    ],
)  # fmt: skip
def test_faults_are_caught(sentence: str) -> None:
    assert checked(sentence, figures([FINDING], words("en"))) is None


def test_french_figures() -> None:
    assert checked("LDL : 3,06 mmol/L le 13 octobre 2026.", figures([FINDING], words("fr"))) is not None
    assert checked("LDL : 3,60 mmol/L le 13 octobre 2026.", figures([FINDING], words("fr"))) is None


def test_no_template_of_the_sample_questions_is_silenced(view: VaultView) -> None:
    for question in ("How is my cholesterol?", "Which of my results are out of range?", "How many steps last week?"):
        assert ask(view, question).sentences


def test_a_french_comma_is_a_decimal_mark() -> None:
    finding = Finding(
        kind="result", statement=T("{v}", v=Quantity(Decimal("0.498"), "mg/dL")), value=Decimal("0.498"), unit="mg/dL",
        code=None, time=None, method=T("As recorded."), evidence=(),
    )  # fmt: skip
    allowed = figures([finding], words("fr"))
    assert checked("de 0,498 à 0,498", allowed, "fr") is not None
    assert checked("498 mg/dL", allowed, "fr") is None
    assert checked("0,499 mg/dL", allowed, "fr") is None
