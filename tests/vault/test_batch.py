"""Batches: whole or nothing, nothing twice, and undone without a trace."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from salus.errors import NotFound, Refused
from salus.records.codes import LOINC, Code
from salus.records.sample import Sample
from salus.records.text import T
from salus.sources.contract import Rejected, Zone
from salus.vault.check import check, digest
from salus.vault.vault import Vault

AT = 1_770_000_000_000


def steps(count: int, seed: int = 1, at: int = AT) -> list[Sample]:
    rng = random.Random(seed)
    return [
        Sample(
            "steps",
            s := at + i * 400_000,
            s + rng.randrange(0, 900_000),
            rng.randrange(1, 500),
            "count",
            rng.choice("AB"),
        )
        for i in range(count)
    ]


def everything(vault: Vault) -> str:
    assert check(vault).ok
    return digest(vault)


def test_a_failure_in_the_middle_leaves_nothing(vault: Vault, observation: Callable[..., Any]) -> None:
    before = everything(vault)
    with pytest.raises(RuntimeError), vault.batch("fhir", "files", "x") as batch:
        for i in range(2000):
            batch.add(observation(f"o{i}"))
        raise RuntimeError
    assert everything(vault) == before
    assert vault.imports() == []


def test_a_source_that_fails_leaves_nothing_and_a_sentence(vault: Vault, bring: Callable[..., Any]) -> None:
    def items() -> Any:
        yield from steps(3000)
        raise ZeroDivisionError

    before = everything(vault)
    outcome = bring(vault, items())
    assert outcome.batch is None and "mistake" in outcome.report.rejected[0][1].plain()
    assert everything(vault) == before


def test_the_same_again_adds_nothing(vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]) -> None:
    items = [*steps(500), *[observation(f"o{i}") for i in range(700)]]
    first = bring(vault, items)
    state = everything(vault)
    again = bring(vault, items)
    assert first.report.added.total() == 1200
    assert again.report.added.total() == again.report.updated.total() == 0
    assert again.report.unchanged.total() == 1200
    assert everything(vault) == state


def test_a_repeated_item_in_one_file_counts_as_unchanged(
    vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    o = observation("o1")
    report = bring(vault, [o, *[observation(f"p{i}") for i in range(40)], o, *steps(3), *steps(3)]).report
    assert report.added == {"Observation": 41, "Sample": 3}
    assert report.unchanged == {"Observation": 1, "Sample": 3}


def test_two_values_over_one_span_are_two_samples(vault: Vault, bring: Callable[..., Any]) -> None:
    one = Sample("heart_rate", AT, AT, 60, "/min", "W")
    bring(vault, [one, one._replace(value=61), one._replace(unit="Hz", value=1), one._replace(origin="V"), one])
    assert len(vault.view().samples("heart_rate")) == 4


def test_undo_restores_the_exact_state(
    vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    bring(vault, [*steps(300, 1), observation("o1", "1.0"), observation("o2", "2.0")])
    state = everything(vault)
    second = bring(vault, [*steps(300, 2, AT + 7_777_000), *steps(300, 1), observation("o1", "1.5"), observation("o3")])
    assert second.report.updated == {"Observation": 1}
    assert everything(vault) != state
    vault.undo(second.batch)
    assert everything(vault) == state
    body = vault.view().resource("Observation/o1")
    assert body is not None and str(body.body["valueQuantity"]["value"]) == "1.0"


def test_undo_of_everything_is_an_empty_vault(
    vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    empty = everything(vault)
    batches = [
        bring(
            vault,
            [
                *steps(200, n),
                Sample("sleep", AT, AT + 3_600_000 * n, "core", "", "W"),
                observation(f"o{n % 2}", f"{n}.0"),
            ],
        )
        for n in range(1, 5)
    ]
    for one in random.Random(3).sample(batches, 4):
        vault.undo(one.batch)
    assert everything(vault) == empty
    assert vault.view().metrics() == []


def test_undo_removes_what_a_later_import_of_the_same_connection_saw_unchanged(
    vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    items = [*steps(50), observation("o1")]
    first = bring(vault, items)
    bring(vault, items)
    vault.undo(first.batch)
    assert vault.view().samples("steps") == [] and vault.view().resource("Observation/o1") is None


def test_what_another_connection_brought_too_stays(
    vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    items = [*steps(50), observation("o1")]
    bring(vault, items, name="other")
    state = everything(vault)
    mine = bring(vault, items, name="mine")
    assert mine.report.unchanged == {"Observation": 1}
    vault.undo(mine.batch)
    assert everything(vault) == state
    assert vault.view().resource("Observation/o1") is not None and len(vault.view().samples("steps")) == 50


def test_undo_of_the_older_batch_keeps_the_newer_version(
    vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    first = bring(vault, [observation("o1", "1.0")])
    bring(vault, [observation("o1", "2.0")])
    vault.undo(first.batch)
    found = vault.view().resource("Observation/o1")
    assert found is not None and str(found.body["valueQuantity"]["value"]) == "2.0"
    assert check(vault).ok


def test_an_older_version_does_not_come_into_force(
    vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    bring(vault, [observation("o1", "2.0", stamp=2000)])
    bring(vault, [observation("o1", "1.0", stamp=1000)])
    found = vault.view().resource("Observation/o1")
    assert found is not None and str(found.body["valueQuantity"]["value"]) == "2.0"
    assert check(vault).ok


def test_undo_says_what_it_cannot_do(vault: Vault, bring: Callable[..., Any]) -> None:
    with pytest.raises(NotFound):
        vault.undo(99)
    batch = bring(vault, steps(5)).batch
    vault.undo(batch)
    with pytest.raises(Refused):
        vault.undo(batch)


def test_a_zone_is_taken_once_and_given_back(
    vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    vault.configure(zone="UTC", zone_known="0")
    bring(vault, [*steps(100), observation("o1")])
    state = everything(vault)
    taken = bring(vault, [*steps(100, 5), Zone("Asia/Kathmandu")])
    assert taken.zone == "Asia/Kathmandu" and vault.person.zone_name == "Asia/Kathmandu"
    assert bring(vault, [*steps(1, 8), Zone("Europe/Paris")]).zone is None
    assert vault.person.zone_name == "Asia/Kathmandu"
    vault.undo(vault.imports()[0].id)
    vault.undo(taken.batch)
    assert vault.person.zone_name == "UTC" and not vault.person.zone_known
    assert everything(vault) == state


@pytest.mark.parametrize("name", ["Nowhere/Land", "", "../../etc/passwd", "\x00", "Europe"])
def test_a_zone_that_is_none_is_passed_over(vault: Vault, bring: Callable[..., Any], name: str) -> None:
    vault.configure(zone="UTC", zone_known="0")
    assert bring(vault, [*steps(2), Zone(name)]).zone is None
    assert vault.person.zone_name == "UTC"


def test_dates_without_a_time_move_with_the_zone(
    vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    from datetime import date

    from salus.records.times import Period

    bring(vault, [observation("o1", day="2024-03-01")])
    for zone in ("America/New_York", "Pacific/Kiritimati", "Europe/Paris"):
        vault.configure(zone=zone)
        day = Period(date(2024, 3, 1), date(2024, 3, 1))
        before, after = Period(None, date(2024, 2, 29)), Period(date(2024, 3, 2), None)
        assert [r.id for r in vault.view().resources("Observation", period=day)] == ["o1"]
        assert vault.view().resources("Observation", period=before) == []
        assert vault.view().resources("Observation", period=after) == []


def test_rejections_are_kept_with_the_report(vault: Vault, bring: Callable[..., Any]) -> None:
    bring(vault, [*steps(1), Rejected("line 3", T("It is {what}.", what="broken"))])
    (only,) = vault.imports()
    assert only.report["rejected"] == [{"item": "line 3", "why": "It is broken."}]
    assert only.ended is not None and only.ended >= only.started


def test_a_file_that_brings_nothing_is_no_batch(vault: Vault, bring: Callable[..., Any]) -> None:
    assert bring(vault, []).batch is None
    assert bring(vault, [Rejected("x", T("No."))]).batch is None
    assert vault.imports() == []


def test_resources_are_found_by_code_and_in_order(
    vault: Vault, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    days = ["2024-03-01", "2023-01", "2025", "2024-03-02T10:00:00+02:00"]
    bring(vault, [observation(f"o{i}", day=day) for i, day in enumerate(days)] + [observation("other", code="718-7")])
    found = vault.view().resources("Observation", codes=[Code(LOINC, "2093-3")])
    assert [r.id for r in found] == ["o2", "o3", "o0", "o1"]
    assert dict(vault.view().newest_per_code("Observation", LOINC))["2093-3"].id == "o2"
    assert vault.view(datetime(2026, 1, 1, tzinfo=UTC)).counts() == {"Observation": 5}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"end": AT - 1}, "ends before"),
        ({"start": -(2**60)}, "time"),
        ({"end": 2**61}, "time"),
        ({"value": float("nan")}, "number"),
        ({"value": float("inf")}, "number"),
    ],
)
def test_an_impossible_sample_is_listed(
    vault: Vault, bring: Callable[..., Any], changes: dict[str, Any], why: str
) -> None:
    report = bring(vault, [*steps(2), steps(1)[0]._replace(**changes)]).report
    assert report.added.total() == 2 and why in report.rejected[0][1].plain()
