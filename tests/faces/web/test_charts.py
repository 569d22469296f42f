"""A chart says in words and in a table what it draws, with the digits received, in each unit."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from salus.faces.web.charts import MOST_ROWS, Band, Line, Point, Shown, chart, of_days
from salus.faces.web.page import counter, render, teller
from salus.records.text import T

PARIS = ZoneInfo("Europe/Paris")
DAYS = [date(2026, 1, 1) + timedelta(days=30 * i) for i in range(4)]


def made(lang="en", **more):  # type: ignore[no-untyped-def]
    pairs = zip(DAYS, ("5.20", "3.9", "6.0", "5.10"), strict=True)
    points = [Point(day, Decimal(v), ref=f"Observation/{i}") for i, (day, v) in enumerate(pairs)]
    return chart(lang, T("Glucose"), [Line(T("Glucose"), points)], unit="mmol/L", zone=PARIS, **more)


def test_the_words_have_the_digits_received() -> None:
    c = made()
    data = json.loads(c.data)
    assert data["units"][0]["said"][0] == ["5.20\u00a0mmol/L", "3.9\u00a0mmol/L", "6.0\u00a0mmol/L", "5.10\u00a0mmol/L"]
    assert data["units"][0]["values"][0] == [5.2, 3.9, 6.0, 5.1]
    assert data["refs"][0] == ["Observation/0", "Observation/1", "Observation/2", "Observation/3"]
    assert "lowest 3.9" in c.summary and "highest 6.0" in c.summary and "last 5.10" in c.summary
    assert [row[2][0].partition("\u00a0")[0] for row in c.rows] == ["5.10", "6.0", "3.9", "5.20"]


def test_french_has_commas() -> None:
    assert json.loads(made("fr").data)["units"][0]["said"][0][0] == "5,20\u00a0mmol/L"


def test_another_unit_converts_values_bands_and_ranges() -> None:
    points = [Point(DAYS[0], Decimal("5"), low=Decimal("4"), high=None)]
    bands, others = [Band(None, Decimal("6"), T("Usual range"))], [Shown("mg/dL", lambda v: v * 18)]
    c = chart("en", T("Glucose"), [Line(T("Glucose"), points)], unit="mmol/L", bands=bands, others=others)
    own, other = json.loads(c.data)["units"]
    assert own["bands"] == [[None, 6.0]] and other["bands"] == [[None, 108.0]]
    assert other["values"] == [[90.0]] and other["low"] == [[72.0]] and other["high"] == [[None]]
    assert other["said"] == [["90\u00a0mg/dL"]] and c.units == ("mmol/L", "mg/dL") and c.own


def test_lines_with_other_moments_leave_gaps_not_zeros() -> None:
    noon = datetime(2026, 1, 1, 8, tzinfo=PARIS)
    lines = [Line(T("Upper"), [Point(noon, Decimal(120))]), Line(T("Lower"), [Point(DAYS[1], Decimal(80))])]
    c = chart("en", T("Pressure"), lines, unit="mm[Hg]", zone=PARIS)
    data = json.loads(c.data)
    assert data["x"] == sorted(data["x"]) and data["units"][0]["values"] == [[120.0, None], [None, 80.0]]
    assert c.rows[0][2] == ("", "80\u00a0mmHg")


def test_nothing_to_draw_is_said() -> None:
    c = chart("en", T("Glucose"), [Line(T("Glucose"), [])], unit="mmol/L")
    assert c.summary == "There are no values yet." and c.rows == ()
    html = shown(c)
    assert "plot" not in html and "There are no values yet." in html


def shown(c, lang="en") -> str:  # type: ignore[no-untyped-def]
    from salus.faces.web.page import _environment

    macro = _environment().get_template("_chart.html").module.chart  # type: ignore[attr-defined]
    return str(macro(c, teller(lang), counter(lang)))


def test_the_table_behind_it_is_a_real_one() -> None:
    html = shown(made(bands=[Band(Decimal(4), Decimal(6), T("Usual range"))]))
    assert html.count("<tr>") == 5 and "<th scope=\"row\">" in html and "aria-live=\"polite\"" in html
    assert "style=" not in html and "<script" not in html
    assert "Usual range" in html


def test_a_hostile_name_stays_text() -> None:
    c = chart("en", "</figure><script>x</script>", [Line('"><b>', [Point(DAYS[0], Decimal(1))])], unit="kg")
    html = shown(c)
    assert "<script" not in html and "<b>" not in html


def test_long_tables_are_cut_with_their_rest_counted() -> None:
    points = [Point(date(2020, 1, 1) + timedelta(days=i), Decimal(i)) for i in range(MOST_ROWS + 7)]
    c = chart("en", "Steps", [Line("Steps", points)], unit="{steps}")
    assert len(c.rows) == MOST_ROWS and c.more == 7


def test_points_of_a_finding() -> None:
    line = of_days("Steps", [["2026-10-26", 6927.0], ["2026-10-27T08:00:00+01:00", 12]])
    assert line.points[0].at == date(2026, 10, 26) and isinstance(line.points[1].at, datetime)


@given(st.lists(st.decimals(min_value=0, max_value=1000, places=2), min_size=1, max_size=30))
def test_every_value_is_in_the_table(values: list[Decimal]) -> None:
    points = [Point(date(2026, 1, 1) + timedelta(days=i), v) for i, v in enumerate(values)]
    c = chart("en", "X", [Line("X", points)], unit="kg")
    assert len(c.rows) == len(values)
    assert json.loads(c.data)["units"][0]["values"][0] == [float(v) for v in values]


def test_render_is_used_by_pages() -> None:
    assert render("problem.html", "en", text=T("There are no values yet.")).strip().startswith("<p")
