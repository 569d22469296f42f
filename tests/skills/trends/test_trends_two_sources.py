"""Measurements of the records that several sources tell, and those that the person wrote down too: each once."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from salus.records.finding import Finding
from salus.records.times import Period
from salus.sources.by_hand import Pressure, Reading, add
from salus.vault.vault import Vault
from tests.skills.trends.conftest import run, said
from tests.skills.two_sources import NOW, Body, observation, senders

WEIGHT = "29463-7"
YEAR = Period(NOW.date().replace(month=1, day=1), NOW.date())


def weight(value: float, at: str, unit: str = "kg") -> Body:
    return observation(WEIGHT, value, unit, at, vital=True)


def pressure(upper: int, lower: int, at: str) -> Body:
    body = observation("85354-9", 0, "", at, vital=True)
    del body["valueQuantity"]
    parts = [("8480-6", upper), ("8462-4", lower)]
    return body | {"component": [
        {"code": {"coding": [{"system": "http://loinc.org", "code": code}]},
         "valueQuantity": {"value": value, "unit": "mm[Hg]", "code": "mm[Hg]"}} for code, value in parts
    ]}  # fmt: skip


def refs(finding: Finding) -> set[str]:
    return {one.ref for one in finding.evidence}


A = [weight(80, "2026-03-03T08:00:00+01:00"), weight(82, "2026-06-10T08:00:00+02:00")]
B = [weight(80, "2026-03-03T07:00:00Z"), weight(180.8, "2026-06-10", "[lb_av]")]


def test_averages_counts_and_charts_take_each_measurement_once(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    view = senders(vault, tmp_path / "in", A, B, A[:1])
    mean = run(view, metric="body_weight", measure="average", period=YEAR)
    assert mean.findings[0].value == Decimal("81.0") and mean.findings[0].data["readings"] == 2
    assert len(refs(mean.findings[0])) == 5
    assert len(mean.findings[0].data["points"]) == 2
    assert run(view, metric="body_weight", measure="count", period=YEAR).findings[0].value == 2
    newest = run(view, metric="body_weight", measure="latest").findings[0]
    assert refs(newest) == {"Observation/s0-1", "Observation/s1-1"}


def test_kept_apart_they_are_two(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    senders(vault, tmp_path / "in", A[:1], B[:1])
    vault.keep_apart("Observation/s0-0", "Observation/s1-0")
    assert run(vault.view(NOW), metric="body_weight", measure="count", period=YEAR).findings[0].value == 2


def test_two_values_of_one_moment_are_told_and_in_no_mean(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    view = senders(vault, tmp_path / "in", A, [weight(88, "2026-06-10T08:00:00+02:00")])
    newest = run(view, metric="body_weight", measure="latest")
    assert "82" in said(newest) and "88" in said(newest) and "does not choose" in said(newest)
    mean = run(view, metric="body_weight", measure="average", period=YEAR)
    assert mean.findings[0].value == Decimal("80.0") and "Left out" in said(mean) and "88" in said(mean)
    assert refs(mean.findings[0]) == {"Observation/s0-0", "Observation/s0-1", "Observation/s1-0"}


def test_nothing_but_a_dispute_gives_no_figure(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    view = senders(vault, tmp_path / "in", A[:1], [weight(88, "2026-03-03T07:00:00Z")])
    found = run(view, metric="body_weight", measure="average", period=YEAR)
    assert not found.findings and "80" in said(found) and "88" in said(found)


def test_a_pressure_of_two_sources_is_one_pressure(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    at = "2026-10-20T09:10:00+02:00"
    view = senders(vault, tmp_path / "in", [pressure(131, 84, at)], [pressure(131, 84, "2026-10-20T07:10:00Z")])
    newest = run(view, metric="blood_pressure", measure="latest")
    assert refs(newest.findings[0]) == {"Observation/s0-0", "Observation/s1-0"}
    assert run(view, metric="blood_pressure", measure="count", period=YEAR).findings[0].value == 1


# By hand and in the records ---------------------------------------------------------------------------------------


def test_a_reading_by_hand_that_the_records_hold_counts_once(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    add(vault, Reading("body_weight", Decimal("82.0"), "kg", datetime(2026, 6, 10, 6, 0, 20, tzinfo=UTC)))
    add(vault, Reading("body_weight", Decimal("80.0"), "kg", datetime(2026, 6, 1, 6, 0, tzinfo=UTC)))
    view = senders(vault, tmp_path / "in", [weight(82, "2026-06-10T06:00:00Z")])
    newest = run(view, metric="body_weight", measure="latest").findings[0]
    assert newest.value == Decimal("82.0") and "counts once" in newest.method.plain()
    assert any(one.ref == "Observation/s0-0" for one in newest.evidence)
    assert any(one.type == "samples" for one in newest.evidence)
    mean = run(view, metric="body_weight", measure="average", period=YEAR).findings[0]
    assert mean.value == Decimal("81.0") and mean.data["readings"] == 2
    assert "counts once" in mean.method.plain() and "Observation/s0-0" in refs(mean)


def test_another_value_or_minute_is_another_reading(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    add(vault, Reading("body_weight", Decimal("82.0"), "kg", datetime(2026, 6, 10, 6, 0, tzinfo=UTC)))
    view = senders(vault, tmp_path / "in", [weight(82, "2026-06-10T06:05:00Z"), weight(81, "2026-06-10T06:00:00Z")])
    mean = run(view, metric="body_weight", measure="average", period=YEAR).findings[0]
    assert "counts once" not in mean.method.plain()
    newest = run(view, metric="body_weight", measure="latest").findings[0]
    assert "counts once" not in newest.method.plain() and len(newest.evidence) == 1


def test_a_pressure_by_hand_and_in_the_records(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    add(vault, Pressure(Decimal(131), Decimal(84), datetime(2026, 10, 20, 7, 10, tzinfo=UTC)))
    view = senders(vault, tmp_path / "in", [pressure(131, 84, "2026-10-20T07:10:00Z")])
    newest = run(view, metric="blood_pressure", measure="latest")
    assert [f.value for f in newest.findings] == [131, 84]
    assert all("counts once" in f.method.plain() for f in newest.findings)
    assert "Observation/s0-0" in refs(newest.findings[0])
    mean = run(view, metric="blood_pressure", measure="average", period=YEAR)
    assert all("counts once" in f.method.plain() for f in mean.findings)
