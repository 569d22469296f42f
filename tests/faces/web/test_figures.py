"""Figures in sentences and cards: linked to the finding they come from, and to nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.assistant.words import words
from salus.faces.web.cards import HEIGHT, WIDTH, bar, card, course, place
from salus.faces.web.figures import parse, parts
from salus.records.units import Quantity


def finding(value: Any, unit: str | None = None, **more: Any) -> dict[str, Any]:
    base = {
        "id": "f1", "kind": "result", "statement": "", "value": value, "unit": unit, "time": None, "method": "",
        "evidence": ["e1"], "caveats": [], "also": [], "data": {},
    }  # fmt: skip
    return {**base, **more}


def linked(text: str, *findings: dict[str, Any], lang: Any = "en") -> list[tuple[str, str]]:
    return [(p.text, p.finding) for p in parts(text, findings, lang) if p.finding]


@pytest.mark.parametrize(
    ("text", "given", "lang", "found"),
    [
        ("LDL: 3.10\u00a0mmol/L.", finding(3.1, "mmol/L"), "en", ["3.10\u00a0mmol/L"]),
        ("LDL : 3,10\u00a0mmol/L.", finding(3.1, "mmol/L"), "fr", ["3,10\u00a0mmol/L"]),
        ("You took 58,474\u00a0steps.", finding(58474, "{steps}"), "en", ["58,474\u00a0steps"]),
        ("Vous avez fait 58\u202f474\u00a0pas.", finding(58474, "{steps}"), "fr", ["58\u202f474\u00a0pas"]),
        ("You slept 7 h 24 min.", finding(444, "min"), "en", ["7 h 24 min"]),
        ("It is 6.4%.", finding(6.4, "%"), "en", ["6.4%"]),
        ("It went down by 0.43\u00a0kg.", finding(-0.43, "kg/mo"), "en", ["0.43"]),
        ("Up to 3.00.", finding(4.2, "mmol/L", data={"high": 3.0}), "en", ["3.00"]),
        ("Jusqu’à 3,00.", finding(4.2, "mmol/L", data={"high": 3.0}), "fr", ["3,00"]),
        ("Up to 3\u00a0mmol/L.", finding(4.2, "mmol/L", data={"high": 3.0}), "en", ["3\u00a0mmol/L"]),
        ("Up to 5.20.", finding(4.2, "mmol/L", data={"high": 5.2}), "en", ["5.20"]),
        ("It is 200\u00a0mg/dL.", finding(5.2, "mmol/L", also=[{"value": 200.0, "unit": "mg/dL"}]), "en",
         ["200\u00a0mg/dL"]),
        ("On 3\u00a0March 2026 it was 3.", finding(3, None), "en", ["3"]),
        ("Le 3\u00a0mars 2026.", finding(2026, None), "fr", []),
        ("Le 1er\u00a0mars 2026.", finding(1, None), "fr", []),
        ("Vitamin B12 and A1c.", finding(12, None, data={"n": 1}), "en", []),
        ("It was 15.2.", finding(5.2, None), "en", []),
        ("It was 5.25.", finding(5.2, None), "en", []),
        ("Blood group: positive.", finding("positive"), "en", ["positive"]),
        ("Your last one was on 13\u00a0October 2026.", finding("2026-10-13"), "en", ["13\u00a0October 2026"]),
        ("Metformin 500 mg tablet, since 2025.", finding("Metformin 500 mg tablet"), "en", ["Metformin 500 mg tablet"]),
        ("Positively.", finding("Positive"), "en", []),
        ("3 more are over.", finding("Metformin", data={"more": 3}), "en", []),
        ("From 60 to under 80.", finding(82, "mm[Hg]", data={"low": 60.0, "high": 80.0}), "en", ["60", "80"]),
    ],
)  # fmt: skip
def test_the_right_figures_are_linked(text: str, given: dict[str, Any], lang: Any, found: list[str]) -> None:
    assert [figure for figure, _ in linked(text, given, lang=lang)] == found


def test_each_figure_goes_to_its_own_finding() -> None:
    first, second = finding(4.2, "mmol/L"), {**finding(2.1, "mmol/L"), "id": "f2"}
    assert linked("4.2\u00a0mmol/L and 2.1\u00a0mmol/L", first, second) == [
        ("4.2\u00a0mmol/L", "f1"), ("2.1\u00a0mmol/L", "f2")]  # fmt: skip


@given(st.text(alphabet="LDL 0123456789.,()−-%:\u00a0\u202fmol/é", max_size=60), st.sampled_from(["en", "fr"]))
def test_no_character_is_lost_or_moved(text: str, lang: Any) -> None:
    pieces = parts(text, [finding(5, "%", data={"low": 1, "high": 12.5})], lang)
    assert "".join(p.before + p.text + p.after for p in pieces) == text


@given(st.decimals(-100_000, 100_000, places=2), st.sampled_from(["en", "fr"]))
def test_every_written_quantity_is_found_again(value: Decimal, lang: Any) -> None:
    written = words(lang).say(Quantity(value, "mmol/L"))
    found = linked(f"LDL {written}.", finding(float(value), "mmol/L"), lang=lang)
    assert len(found) == 1
    assert parse(found[0][0].split("\u00a0mmol")[0], lang) in (value, abs(value))


def test_a_card_shows_the_digits_of_the_statement() -> None:
    shown = card(finding(3.1, "mmol/L", statement="LDL: 3.10\u00a0mmol/L."), "en")
    assert shown["value"] == "3.10\u00a0mmol/L"


def test_a_card_without_a_value_shows_none() -> None:
    assert card(finding(None, statement="Nothing."), "en")["value"] == ""
    assert card(finding(True, statement="It is."), "fr")["value"] == words("fr").say("Oui")


def test_a_card_without_a_test_is_named_by_its_code() -> None:
    ldl = {"system": "http://loinc.org", "code": "13457-7"}
    change = finding(-0.4, "mmol/L", kind="change", statement="Your LDL went down by 0.4.", code=ldl)
    assert card(change, "en")["title"] == "LDL cholesterol" and card(change, "fr")["title"].startswith("Cholest")
    assert card(finding(1, None, code={"system": "http://loinc.org", "code": "0-0"}), "en")["title"] == ""


def test_unknown_has_no_place_and_no_bar() -> None:
    assert place("unknown") is None and place(None) is None
    shown = card(finding(5.0, "mmol/L", data={"judgement": "unknown", "low": 1.0, "high": 2.0}), "en")
    assert shown["place"] is None and shown["bar"] is None


@given(st.floats(-1e6, 1e6), st.none() | st.floats(-1e5, 1e5), st.none() | st.floats(-1e5, 1e5))
def test_a_bar_stays_in_its_drawing(value: float, low: float | None, high: float | None) -> None:
    drawn = bar(value, low, high)
    if drawn is not None and (low is None or high is None or low <= high):
        assert 0 <= drawn.at <= WIDTH and drawn.left >= 0 and drawn.width >= 0
        assert drawn.left + drawn.width <= WIDTH + 0.1


def test_the_mark_is_outside_the_band_when_the_value_is() -> None:
    inside, above, below = bar(5, 4, 6), bar(7, 4, 6), bar(3, 4, 6)
    assert inside and above and below
    assert inside.left <= inside.at <= inside.left + inside.width
    assert above.at > above.left + above.width
    assert below.at < below.left


def test_a_course_goes_from_left_to_right_and_up_means_more() -> None:
    drawn = course([["2026-01-01", 1.0], ["2026-01-02", 2.0], ["2026-01-05", 9.0]])
    assert drawn
    spots = [tuple(map(float, pair.split(","))) for pair in drawn.line.split()]
    assert [x for x, _ in spots] == sorted(x for x, _ in spots)
    assert spots[2][1] < spots[1][1] < spots[0][1] <= HEIGHT
    assert course([["2026-01-01", 1.0]]) is None and course([["x", 1], ["y", 2], ["z", 3]]) is None
