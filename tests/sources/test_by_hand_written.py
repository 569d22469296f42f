"""What people type, in both languages: figures, units, blood pressures, moments, names; wrong, it is a usage error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.errors import UsageError
from salus.sources.by_hand import written

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 25, 9, 15, tzinfo=PARIS)

AMOUNTS = [
    ("82.50 kg", "82.50", "kg", ""),
    ("82,5kg", "82.5", "kg", ""),
    ("82,5 kilos", "82.5", "kg", ""),
    ("180 lbs", "180", "[lb_av]", ""),
    ("12 000 pas", "12000", "{steps}", ""),
    ("12 000 pas", "12000", "{steps}", ""),
    ("1 234,5 kg", "1234.5", "kg", ""),
    ("< 0.5 mg/L", "0.5", "mg/L", "<"),
    ("≥100", "100", "", ">="),
    ("<=3", "3", "", "<="),
    ("5'10\"", "70", "[in_i]", ""),
    ("5 ft 10 in", "70", "[in_i]", ""),
    ("12 st 4 lb", "172", "[lb_av]", ""),
    ("1m75", "1.75", "m", ""),
    ("1,75 m", "1.75", "m", ""),
    ("38°2", "38.2", "Cel", ""),
    ("38.2°C", "38.2", "Cel", ""),
    ("38,2 °c", "38.2", "Cel", ""),
    ("98.6F", "98.6", "[degF]", ""),
    ("37 degrés", "37", "", ""),
    ("3kg200", "3.200", "kg", ""),
    ("1h30", "90", "min", ""),
    ("1e-7", "1E-7", "", ""),
    (".5 mg", "0.5", "mg", ""),
    ("4,5 G/L", "4.5", "10*9/L", ""),
    ("4.5 ×10⁹/L", "4.5", "10*9/L", ""),
    ("250 000 /mm3", "250000", "/mm3", ""),
    ("3.10", "3.10", "", ""),
    ("72 bpm", "72", "/min", ""),
    ("72 battements par minute", "72", "/min", ""),
    ("5,6 mmol/l", "5.6", "mmol/l", ""),
    ("−3", "-3", "", ""),
    ("120 µg/L", "120", "ug/L", ""),
    ("97 %", "97", "%", ""),
    ("97 pour cent", "97", "%", ""),
    ("2 bouffées", "2", "{puffs}", ""),
    ("0", "0", "", ""),
    ("  7  ", "7", "", ""),
    ("12 oranges", "12", "oranges", ""),
    ("6.5%", "6.5", "%", ""),
]


@pytest.mark.parametrize(("text", "value", "unit", "sign"), AMOUNTS, ids=lambda x: str(x))
def test_amounts(text: str, value: str, unit: str, sign: str) -> None:
    found = written.amount(text)
    assert (str(found.value), found.unit, found.sign) == (str(Decimal(value)), unit, sign)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "kg",
        "5 5",
        "5.5.5",
        "12:30",
        "5..",
        "5,",
        "1,234,567",
        "1.234.567",
        "5/6",
        "NaN",
        "inf",
        "-",
        "5(3)",
        "<",
        "≤ x",
        "1" * 200,
        "\ud800",
        "5 \x07",
        "12 345 67",
        "128/82",
        "1e999",
        "5 = 6",
        "two",
        "0x10",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    with pytest.raises(UsageError):
        written.amount(text)


PRESSURES = [
    ("128/82", 128, 82),
    ("13/8", 130, 80),
    ("13,5/8", 135, 80),
    ("12.8/8.2", 128, 82),
    ("128 sur 82", 128, 82),
    ("128 over 82", 128, 82),
    ("128-82", 128, 82),
    ("128 82", 128, 82),
    ("13 sur 8", 130, 80),
    ("13/8 cmHg", 130, 80),
    ("128/82 mmHg", 128, 82),
    ("20/13", 200, 130),
    ("17.1/10.9 kPa", 128, 82),
    ("13/8 mmHg", 13, 8),
    ("128 / 82 mm Hg", 128, 82),
    ("9/5", 90, 50),
    ("128/8", 128, 8),
]


@pytest.mark.parametrize(("text", "high", "low"), PRESSURES)
def test_pressures(text: str, high: int, low: int) -> None:
    assert written.pressure(text) == (Decimal(high), Decimal(low))


@pytest.mark.parametrize(
    "text", ["", "128", "a/b", "128/82/64", "1288/82", "128/82 kg", "/82", "128/", "٣/٤x", "128/82 64", "x" * 100]
)
def test_no_pressures(text: str) -> None:
    assert written.pressure(text) is None


MOMENTS = [
    ("08:30", "2026-11-25T08:30+01:00"),
    ("8h30", "2026-11-25T08:30+01:00"),
    ("8h", "2026-11-25T08:00+01:00"),
    ("7:30 am", "2026-11-25T07:30+01:00"),
    ("8pm", "2026-11-25T20:00+01:00"),
    ("22:00", "2026-11-24T22:00+01:00"),
    ("12:30 am", "2026-11-25T00:30+01:00"),
    ("minuit", "2026-11-25T00:00+01:00"),
    ("ce matin", "2026-11-25T08:00+01:00"),
    ("hier", "2026-11-24T12:00+01:00"),
    ("hier soir", "2026-11-24T20:00+01:00"),
    ("yesterday at 8:30pm", "2026-11-24T20:30+01:00"),
    ("8h30 hier", "2026-11-24T08:30+01:00"),
    ("avant-hier 8h", "2026-11-23T08:00+01:00"),
    ("2026-11-24 08:30", "2026-11-24T08:30+01:00"),
    ("2026-11-24T08:30:00Z", "2026-11-24T08:30+00:00"),
    ("24/11/2026 à 8h30", "2026-11-24T08:30+01:00"),
    ("24/11/26", "2026-11-24T12:00+01:00"),
    ("11/24/2026", "2026-11-24T12:00+01:00"),
    ("24/11", "2026-11-24T12:00+01:00"),
    ("24/12", "2025-12-24T12:00+01:00"),
    ("24 novembre 2026 à 8h", "2026-11-24T08:00+01:00"),
    ("1er mars 2026", "2026-03-01T12:00+01:00"),
    ("Nov 24, 2026 8:30am", "2026-11-24T08:30+01:00"),
    ("2 hours ago", "2026-11-25T07:15+01:00"),
    ("il y a 20 minutes", "2026-11-25T08:55+01:00"),
    ("lundi 8h", "2026-11-23T08:00+01:00"),
    ("last monday at 9am", "2026-11-23T09:00+01:00"),
    ("mercredi", "2026-11-18T12:00+01:00"),
    ("today", "2026-11-25T09:15+01:00"),
    ("aujourd’hui à 7h", "2026-11-25T07:00+01:00"),
    ("now", "2026-11-25T09:15+01:00"),
    ("", "2026-11-25T09:15+01:00"),
    ("2026-03-29 02:30", "2026-03-29T03:30+02:00"),
    ("2026-10-25 02:30", "2026-10-25T02:30+02:00"),
    ("29/02/2024", "2024-02-29T12:00+01:00"),
    ("2026-07-01 08:00", "2026-07-01T08:00+02:00"),
]


@pytest.mark.parametrize(("text", "expected"), MOMENTS)
def test_moments(text: str, expected: str) -> None:
    found = written.moment(text, NOW, PARIS)
    right = datetime.fromisoformat(expected)
    assert found.timestamp() == right.timestamp() and found.utcoffset() == right.utcoffset()


def test_just_after_midnight() -> None:
    late = datetime(2026, 11, 25, 0, 10, tzinfo=PARIS)
    assert written.moment("23:50", late, PARIS) == datetime(2026, 11, 24, 23, 50, tzinfo=PARIS)
    assert written.moment("00:05", late, PARIS) == datetime(2026, 11, 25, 0, 5, tzinfo=PARIS)
    assert written.moment("hier", late, PARIS).date() == date(2026, 11, 24)
    assert written.moment("today 23:50", late, PARIS) == datetime(
        2026, 11, 25, 23, 50, tzinfo=PARIS
    )  # said so: asked about
    assert written.moment(None, late, PARIS) == late
    utc = late.astimezone(ZoneInfo("UTC"))
    assert written.moment("00:05", utc, PARIS) == datetime(
        2026, 11, 25, 0, 5, tzinfo=PARIS
    )  # the person's day, not UTC's


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "demain",
        "25:00",
        "24:00",
        "8",
        "8:60",
        "13:00 pm",
        "0pm",
        "0001-01-01 08:30",
        "9999-12-31",
        "31/02/2026",
        "32/01/2026",
        "abc",
        "x" * 500,
        "2026",
        "2026-11",
        "\ud800",
        "-1 days ago",
        "9999 weeks ago",
        "29/02/2025",
        "8:30 8:30",
        "8:30 xyz",
        "00/00/2026",
    ],
)
def test_no_moments(text: str) -> None:
    with pytest.raises(UsageError):
        written.moment(text, NOW, PARIS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", "2026"),
        ("2026-11", "2026-11"),
        ("24/11/2026", "2026-11-24"),
        ("11/2026", "2026-11"),
        ("novembre 2026", "2026-11"),
        ("Nov. 2026", "2026-11"),
        ("en 2019", "2019"),
        ("depuis mars 2020", "2020-03"),
        ("hier", "2026-11-24"),
        ("3 days ago", "2026-11-22"),
        ("the 3rd of May 2020", "2020-05-03"),
        ("2026-11-24T08:30:00Z", "2026-11-24T08:30:00Z"),
    ],
)
def test_days_as_precise_as_written(text: str, expected: str) -> None:
    assert written.when(text, NOW.date()).text == expected


@pytest.mark.parametrize(
    "text", ["", "abc", "0999", "3000", "1899", "2026-13", "2026-02-30", "spring", "mars", "24/11/2026 8h", "\ud800"]
)
def test_no_days(text: str) -> None:
    with pytest.raises(UsageError):
        written.when(text, NOW.date())


METRICS = {
    "weight": "body_weight",
    "Poids": "body_weight",
    "body_weight": "body_weight",
    "temperature": "body_temperature",
    "fièvre": "body_temperature",
    "Temp": "body_temperature",
    "glucose": "blood_glucose",
    "glycémie": "blood_glucose",
    "blood sugar": "blood_glucose",
    "SpO2": "blood_oxygen",
    "saturation": "blood_oxygen",
    "pouls": "heart_rate",
    "pulse": "heart_rate",
    "FC": "heart_rate",
    "peak flow": "peak_flow",
    "débit de pointe": "peak_flow",
    "taille": "height",
    "tour de taille": "waist",
    "bp": written.PRESSURE,
    "Tension": written.PRESSURE,
    "TA": written.PRESSURE,
    "blood_pressure": written.PRESSURE,
    "pas": "steps",
    "peak-flow": "peak_flow",
    "blood-pressure": written.PRESSURE,
    "xyz": None,
    "": None,
    "\ud800": None,
}


@pytest.mark.parametrize("text", ["2026-13-01", "2026/13/01", "2026-02-30"])
def test_a_date_that_begins_with_its_year_has_a_month_next(text: str) -> None:
    with pytest.raises(UsageError):
        written.when(text, date(2026, 11, 25))
    with pytest.raises(UsageError):
        written.moment(text, datetime(2026, 11, 25, 9, tzinfo=UTC), UTC)


@pytest.mark.parametrize(("name", "key"), METRICS.items())
def test_names_of_readings(name: str, key: str | None) -> None:
    assert written.metric_named(name) == key


TESTS = {
    "ferritin": "ferritin",
    "Ferritine": "ferritin",
    "LDL": "ldl_cholesterol",
    "cholestérol LDL": "ldl_cholesterol",
    "HbA1c": "hba1c",
    "TSH": "tsh",
    "vitamine D": "vitamin_d",
    "B12": "vitamin_b12",
    "CRP": "crp",
    "glycémie à jeun": "glucose_fasting",
    "xyz": None,
    "": None,
    "LDL and HDL": None,
    "\ud800": None,
}


@pytest.mark.parametrize(("name", "key"), TESTS.items())
def test_names_of_tests(name: str, key: str | None) -> None:
    assert written.test_named(name) == key


likely = st.text(alphabet="0123456789.,:/-+<> hkgmCF°%'\"éàlsurovatpj\u00a0eE*×⁹ \n", max_size=24)
words = st.lists(
    st.sampled_from(
        [
            "yesterday",
            "hier",
            "at",
            "à",
            "8h30",
            "08:30",
            "le",
            "24",
            "novembre",
            "2026",
            "ago",
            "il y a",
            "2",
            "lundi",
            "last",
            "dernier",
            "noon",
            "24/11",
            "pm",
            "29",
            "feb",
            ",",
            "of",
            "en",
            "kg",
            "st",
            "lb",
        ]
    ),
    max_size=6,
)
anything = st.one_of(st.text(max_size=100), likely, words.map(" ".join))


@given(anything)
def test_nothing_but_usage_errors(text: str) -> None:
    readers: list[Callable[[str], Any]] = [
        written.amount,
        written.unit,
        written.pressure,
        written.metric_named,
        written.test_named,
        lambda t: written.moment(t, NOW, PARIS),
        lambda t: written.when(t, NOW.date()),
    ]
    for read in readers:
        with suppress(UsageError):
            read(text)


@given(st.decimals(min_value=0, max_value=99999, places=2), st.sampled_from(["kg", " kg", "\u00a0kg"]))
def test_digits_stay_as_typed(value: Decimal, unit: str) -> None:
    for text in (f"{value}{unit}", f"{value}{unit}".replace(".", ",")):
        assert str(written.amount(text).value) == str(value)
