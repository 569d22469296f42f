"""Entries by hand: kept with the digits typed, questioned where odd, and used by the answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salus.assistant.ask import ask
from salus.errors import Refused, UsageError
from salus.records.resource import quantity
from salus.records.times import When
from salus.sources.by_hand import Entry, Note, Pressure, Reading, ResultEntry, Symptom, Taken, add, questions, written
from salus.vault.check import digest
from salus.vault.timeline import events
from salus.vault.vault import Vault
from salus.vault.view import exact

NOW = datetime(2026, 11, 25, 9, 15, tzinfo=UTC)
AT = NOW - timedelta(hours=1)
D = Decimal


def reading(metric: str, text: str, at: datetime = AT, note: str = "") -> Reading:
    found = written.amount(text)
    return Reading(metric, found.value, found.unit or written.default_unit(metric), at, note)


def result(name: str, text: str, on: str = "2026-10-03", **more: Any) -> ResultEntry:
    found = written.amount(text)
    when = When.parse(on)
    assert when is not None
    return ResultEntry(name, written.test_named(name), found.value, found.unit, when, comparator=found.sign, **more)


def told(vault: Vault, question: str) -> str:
    answer = ask(vault.view(NOW), question)
    assert answer.findings, (question, answer.plain())
    return str(answer.plain()["answer"]).replace("\u00a0", " ")


def test_a_reading_keeps_unit_and_digits(vault: Vault) -> None:
    added = add(vault, reading("body_weight", "82.50 kg", note=" after breakfast "))
    (found,) = vault.view().samples("body_weight")
    assert (
        added.refs == (found.ref,) and found.unit == "kg" and str(exact(found)) == "82.50" and found.origin == "By hand"
    )
    assert found.detail == '{"note": "after breakfast"}'
    add(vault, reading("body_weight", "180 lb", AT + timedelta(minutes=1)))
    assert [s.unit for s in vault.view().samples("body_weight")] == ["kg", "[lb_av]"]
    assert "180 lb" in told(vault, "What is my weight?") or "180" in told(vault, "What is my weight?")
    assert added.batch is not None
    vault.undo(added.batch)
    assert len(vault.view().samples("body_weight")) == 1
    assert vault.ledger.entries(2)[1].kind == "add"


def test_the_same_again_adds_nothing(vault: Vault) -> None:
    first = add(vault, reading("body_weight", "82 kg"))
    mark, imports = digest(vault), len(vault.imports())
    again = add(vault, reading("body_weight", "82 kg"))
    assert again.batch is None and again.refs == () and digest(vault) == mark and len(vault.imports()) == imports
    vault.set_aside(first.refs[0], "wrong")
    with pytest.raises(Refused):
        add(vault, reading("body_weight", "82 kg"))
    assert len(vault.imports()) == imports
    add(vault, reading("body_weight", "82.1 kg"))


def test_answers_use_what_was_added(vault: Vault) -> None:
    add(vault, reading("body_weight", "82,5 kg"))
    add(vault, Pressure(D(128), D(82), AT, D(64)))
    add(vault, Taken("Ramipril", "5 mg", "every morning", since=When.parse("2024-03")))
    add(vault, result("ferritin", "12.0 µg/L", low=D(15), high=D(150), laboratory="Labo du Marché"))
    add(vault, Note("Chute dans l’escalier, hématome au genou.", AT))
    add(vault, Symptom("headache", AT, 6, note="after screen work"))
    assert "82.5 kg" in told(vault, "What is my weight?")
    pressure = told(vault, "my blood pressure")
    assert "128" in pressure and "82" in pressure
    assert "128" in told(vault, "Quelle est ma tension ?")
    assert "Ramipril" in told(vault, "Which medicines do I take?")
    assert "Ramipril" in told(vault, "Quels médicaments est-ce que je prends ?")
    assert "12.0" in told(vault, "ferritin")
    assert [h.type for h in vault.view().search("hematome")] == ["DocumentReference"]
    assert [h.ref for h in vault.view().search("escalier")] == [h.ref for h in vault.view().search("genou")]
    assert vault.view().search("screen")[0].type == "Observation"
    kinds = {e.kind for e in events(vault.view())}
    assert {"reading", "medication", "result", "document", "symptom"} <= kinds


def test_results_as_printed(vault: Vault) -> None:
    (ref,) = add(vault, result("CRP", "< 0,50 mg/L", "2026-10", low=D("0"), high=D("5.0"))).refs
    body = vault.view().resource(ref)
    assert body is not None and body.time is not None and body.time.text == "2026-10"
    value = quantity(body.body["valueQuantity"])
    assert value is not None and str(value.value) == "0.50" and value.unit == "mg/L"
    assert (
        body.body["valueQuantity"]["comparator"] == "<"
        and str(body.body["referenceRange"][0]["high"]["value"]) == "5.0"
    )
    (ref,) = add(vault, ResultEntry("Blood group", None, "A positive", "", When.of_day(date(2020, 1, 2)))).refs
    other = vault.view().resource(ref)
    assert (
        other is not None
        and other.body["valueString"] == "A positive"
        and other.body["code"] == {"text": "Blood group"}
    )


def test_how_long_something_lasted(vault: Vault) -> None:
    add(vault, reading("mindful_minutes", "20 min"))
    (found,) = vault.view().samples("mindful_minutes")
    assert found.end - found.start == 20 * 60_000
    assert [d.total for d in vault.view().days("mindful_minutes")] == [20.0]


def test_amounts_add_up(vault: Vault) -> None:
    for n, hour in ((2, 3), (1, 2)):
        add(vault, reading("inhaler_use", f"{n} puffs", NOW - timedelta(hours=hour)))
    assert sum(d.total or 0 for d in vault.view().days("inhaler_use")) == 3


BAD: list[Callable[[], Entry]] = [
    lambda: Reading("body_weight", D("NaN"), "kg", AT),
    lambda: Reading("body_weight", D("Infinity"), "kg", AT),
    lambda: Reading("body_weight", D("1e30"), "kg", AT),
    lambda: Reading("sleep", D(7), "h", AT),
    lambda: Reading("sleep_deep", D(7), "h", AT),
    lambda: Reading("nonsense", D(7), "", AT),
    lambda: Reading("body_weight", D("8" + "0" * 40), "kg", AT),
    lambda: Reading("body_weight", D(80), "kg", datetime(2026, 1, 1)),
    lambda: Reading("body_weight", D(80), "kg", datetime(1, 1, 1, tzinfo=UTC)),
    lambda: Reading("body_weight", D(80), "kg", datetime(9999, 12, 31, tzinfo=UTC)),
    lambda: Reading("mindful_minutes", D(20), "kg", AT),
    lambda: Reading("mindful_minutes", D(20000), "min", AT),
    lambda: Reading("mindful_minutes", D(-1), "min", AT),
    lambda: Pressure(D(128), D("NaN"), AT),
    lambda: Pressure(D(128), D(82), AT, D("sNaN")),
    lambda: ResultEntry(" ", None, D(1), "", When.of_day(date(2026, 1, 1))),
    lambda: ResultEntry("x", None, " ", "", When.of_day(date(2026, 1, 1))),
    lambda: ResultEntry("x", None, D(1), "", When.of_day(date(999, 1, 1))),
    lambda: ResultEntry("x", None, D(1), "", When.of_day(date(2026, 1, 1)), D("NaN")),
    lambda: Taken(""),
    lambda: Taken("x", since=When.of_day(date(1, 1, 1))),
    lambda: Symptom(" ", AT),
    lambda: Symptom("x", AT, 11),
    lambda: Symptom("x", AT, -1),
    lambda: Symptom("x", AT, until=datetime(1, 1, 1, tzinfo=UTC)),
    lambda: Note(" \n ", AT),
    lambda: Note("\0", AT),
    lambda: Note("x" * 300_000, AT),
]


@pytest.mark.parametrize("make", BAD, ids=range(len(BAD)))
def test_what_cannot_be_kept(vault: Vault, make: Callable[[], Entry]) -> None:
    before = digest(vault)
    questions(vault.view(NOW), make())  # asking never fails
    with pytest.raises(UsageError):
        add(vault, make())
    assert digest(vault) == before and vault.imports() == []


texts = st.text(max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.builds(
            Reading,
            st.sampled_from(["body_weight", "steps", "blood_glucose", "height", "mindful_minutes", "x"]),
            st.decimals(),
            texts,
            st.just(AT),
            texts,
        ),
        st.builds(Pressure, st.decimals(), st.decimals(), st.just(AT), st.none() | st.decimals(), texts),
        st.builds(
            ResultEntry,
            texts,
            st.none() | st.sampled_from(["ferritin", "nonsense"]),
            st.decimals() | texts,
            texts,
            st.just(When.of_day(date(2026, 1, 1))),
            st.none() | st.decimals(),
        ),
        st.builds(Taken, texts, texts, texts, st.none(), st.none(), st.booleans(), texts, texts),
        st.builds(Symptom, texts, st.just(AT), st.none() | st.integers(-3, 13), st.none(), texts),
        st.builds(Note, texts, st.just(AT), texts),
    )
)
def test_anything_is_kept_or_refused_in_a_sentence(vault: Vault, entry: Entry) -> None:
    for question in questions(vault.view(NOW), entry):
        assert question.plain()
    try:
        add(vault, entry)
    except (UsageError, Refused) as error:
        assert error.text.plain()


# Questions -----------------------------------------------------------------------------------------------------


def asked(vault: Vault, entry: Entry) -> str:
    return " ".join(question.plain() for question in questions(vault.view(NOW), entry))


@pytest.mark.parametrize(
    ("entry", "hint"),
    [
        (reading("body_weight", "82 kg"), ""),
        (reading("body_weight", "820 kg"), "unusual"),
        (reading("body_weight", "180 cm"), "no unit"),
        (reading("body_temperature", "101"), "[degF]"),
        (reading("body_temperature", "38.2 C"), ""),
        (reading("body_temperature", "98.6 F"), ""),
        (reading("height", "175 cm"), ""),
        (reading("height", "175 m"), "cm"),
        (reading("height", "1m75"), ""),
        (reading("height", "5'10"), ""),
        (reading("blood_glucose", "5.6 mg/dL"), "mmol/L"),
        (reading("blood_glucose", "5.6 mmol/L"), ""),
        (reading("blood_glucose", "1,05 g/L"), ""),
        (reading("steps", "8,542 steps"), "8542"),
        (reading("steps", "8542"), ""),
        (reading("heart_rate", "640"), "unusual"),
        (reading("body_weight", "82 kg", NOW + timedelta(days=2)), "still to come"),
        (reading("body_weight", "82 kg", NOW + timedelta(minutes=5)), ""),
        (reading("body_weight", "82 kg", datetime(1970, 1, 1, tzinfo=UTC)), "before the birth"),
        (reading("body_weight", "82 bananas"), "no unit"),
        (Pressure(D(128), D(82), AT), ""),
        (Pressure(D(82), D(128), AT), "upper"),
        (Pressure(D(13), D(8), AT), "unusual"),
        (Pressure(D(128), D(82), AT, D(640)), "unusual"),
        (Pressure(D(128), D(8), AT), "unusual"),
        (result("ferritin", "12 µg/L"), ""),
        (result("ferritin", "12"), "no unit"),
        (result("ferritin", "12 bananas"), "no unit Salus knows"),
        (result("potassium", "41 mmol/L"), "unusual"),
        (result("LDL", "3.1 mg/dL"), "mmol/L"),
        (result("LDL", "3.1 mmol/L"), ""),
        (result("créatinine", "85 mg/dL"), "umol/L"),
        (result("creatinine", "85 µmol/L"), ""),
        (result("HbA1c", "48 %"), "mmol/mol"),
        (result("HbA1c", "6.5 %"), ""),
        (result("hémoglobine", "13.5 g/L"), "g/dL"),
        (result("CRP", "180 mg/L"), ""),
        (result("CRP", "0.3 mg/L"), ""),
        (result("TSH", "0.01 mU/L"), ""),
        (result("ferritin", "2400 µg/L"), ""),
        (result("sodium", "14 mmol/L"), "unusual"),
        (result("glucose", "95 mmol/L"), "mg/dL"),
        (result("ferritin", "12 µg/L", "2027-01-01"), "still to come"),
        (result("ferritin", "12 µg/L", "1950"), "before the birth"),
        (result("ferritin", "12 µg/L", low=D(9), high=D(3)), "lower limit"),
        (result("xyz", "12"), ""),
        (Taken("x", since=When.of_day(date(2027, 1, 1))), "still to come"),
        (Taken("x", since=When.of_day(date(2026, 1, 2)), until=When.of_day(date(2026, 1, 1))), "ended before"),
        (Taken("x"), ""),
        (Symptom("x", AT, 3, AT - timedelta(hours=1)), "ended before"),
        (Symptom("x", NOW + timedelta(days=1)), "still to come"),
        (Note("x", AT), ""),
    ],
)
def test_what_is_asked(vault: Vault, entry: Entry, hint: str) -> None:
    said = asked(vault, entry)
    assert (hint in said) if hint else said == ""


def test_a_jump_is_asked_about(vault: Vault) -> None:
    add(vault, reading("body_weight", "82 kg", AT - timedelta(days=3)))
    assert "before was" in asked(vault, reading("body_weight", "60 kg"))
    assert "Did you mean" in asked(vault, reading("body_weight", "181 kg")) and "[lb_av]" in asked(
        vault, reading("body_weight", "181 kg")
    )
    assert asked(vault, reading("body_weight", "80 kg")) == ""
    assert asked(vault, reading("body_weight", "181 lb")) == ""
    assert asked(vault, reading("body_weight", "60 kg", AT - timedelta(days=9))) == ""  # before it


@pytest.mark.parametrize(
    ("born", "entries"),
    [
        (
            date(2026, 9, 20),
            [
                "body_weight 3.4 kg",
                "body_weight 5.1 kg",
                "height 50 cm",
                "heart_rate 155",
                "body_temperature 37.4",
                "respiratory_rate 45",
            ],
        ),
        (
            date(2023, 1, 5),
            ["body_weight 14 kg", "height 95 cm", "heart_rate 120", "body_temperature 39.8", "respiratory_rate 30"],
        ),
        (date(2018, 1, 5), ["body_weight 26 kg", "height 1m25", "peak_flow 180", "heart_rate 110"]),
    ],
)
def test_children_are_not_asked_absurd_things(vault: Vault, born: date, entries: list[str]) -> None:
    vault.configure(born=born.isoformat())
    for number, line in enumerate(entries):
        key, _, text = line.partition(" ")
        entry = reading(key, text, AT - timedelta(days=40 - number * 5))
        assert asked(vault, entry) == "", line
        add(vault, entry)
    assert asked(vault, Pressure(D(85), D(50), AT)) == ""


def test_a_baby_that_lost_much_is_asked_about(vault: Vault) -> None:
    vault.configure(born="2026-09-20")
    add(vault, reading("body_weight", "5.1 kg", AT - timedelta(days=3)))
    assert "before was" in asked(vault, reading("body_weight", "3.9 kg"))
