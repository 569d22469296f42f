"""What is set aside is seen by nothing, comes back exactly, and stays aside whatever is imported again."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salus.errors import NotFound, Refused, UsageError
from salus.records.sample import Sample
from salus.records.times import Period
from salus.vault import corrections
from salus.vault.check import check, digest
from salus.vault.resources import Received
from salus.vault.timeline import events
from salus.vault.vault import Vault
from tests.vault.conftest import KEY, sample

Make = Callable[..., Received]
DAY = datetime(2024, 3, 5, 8, tzinfo=UTC)


def everything(vault: Vault) -> Any:
    """All that a view tells, but what is set aside."""
    view = vault.view()
    return (
        [r.ref for r in view.resources("Observation", "Condition", "DocumentReference")],
        view.counts(),
        view.titles("Observation", "Condition"),
        view.metrics(),
        list(view.newest_per_code("Observation", "http://loinc.org")),
        {
            m.key: (
                view.days(m.key),
                view.samples(m.key),
                view.samples(m.key, newest=1),
                view.metric_span(m.key),
                view.device_changes(m.key),
            )
            for m in view.metrics()
        },
        [e.ref for e in events(view)],
        view.searchable(),
        [h.ref for h in view.search("Test")],
    )


def test_a_resource_vanishes_and_comes_back(vault: Vault, bring: Any, observation: Make) -> None:
    bring(vault, [observation("a"), observation("b", day="2024-04-01")])
    before, mark = everything(vault), digest(vault)
    made = vault.set_aside("Observation/b", "wrong", "  not fasting ")
    view = vault.view()
    assert (made.ref, made.why, made.note, made.title) == ("Observation/b", "wrong", "not fasting", "Test")
    assert view.resource("Observation/b") is None
    kept = view.resource("Observation/b", aside=True)
    assert kept is not None and kept.body["id"] == "b"
    assert [r.ref for r in view.resources("Observation")] == ["Observation/a"] and view.counts() == {"Observation": 1}
    assert [r.ref for _, r in view.newest_per_code("Observation", "http://loinc.org")] == ["Observation/a"]
    assert [e.ref for e in events(view)] == ["Observation/a"]
    assert view.set_aside() == vault.corrections() == [made] or view.set_aside()[0].ref == made.ref
    assert digest(vault) != mark and check(vault).ok
    vault.put_back("Observation/b")
    assert everything(vault) == before and digest(vault) == mark and vault.corrections() == []


def test_a_sample_vanishes_and_comes_back(vault: Vault, bring: Any) -> None:
    rows = [
        sample(
            "body_weight",
            DAY + timedelta(days=i),
            0,
            80.0 + i,
            "kg",
            "Scale",
            raw="80.0",
            detail='{"a":1}',
            device="D",
            created=5,
        )
        for i in range(3)
    ]
    bring(vault, rows)
    before, mark = everything(vault), digest(vault)
    ref = vault.view().samples("body_weight")[2].ref
    made = vault.set_aside(ref, "not_mine")
    view = vault.view()
    assert made.title == "weight" and [s.value for s in view.samples("body_weight")] == [80.0, 81.0]
    assert [d.total for d in view.days("body_weight")] == [80.0, 81.0]
    assert view.sample_at(ref) is None
    aside = view.sample_at(ref, aside=True)
    assert aside == rows[2]
    vault.put_back(ref)
    assert everything(vault) == before and digest(vault) == mark


def test_all_samples_of_a_metric(vault: Vault, bring: Any) -> None:
    bring(vault, [sample("body_weight", DAY, 0, 80.0, "kg", "Scale")])
    vault.set_aside(vault.view().samples("body_weight")[0].ref, "wrong")
    view = vault.view()
    assert view.metrics() == [] and view.days("body_weight") == [] and view.metric_span("body_weight") is None
    assert check(vault).ok


def test_several_values_over_one_span_are_told_apart(vault: Vault, bring: Any) -> None:
    bring(
        vault,
        [
            sample("heart_rate", DAY, 0, 60.0, "/min", "A"),
            sample("heart_rate", DAY, 0, 61.0, "/min", "A"),
            sample("heart_rate", DAY, 0, 60.0, "/min", "B"),
            sample("heart_rate", DAY, 1, 60.0, "/min", "A"),
        ],
    )
    refs = [s.ref for s in vault.view().samples("heart_rate")]
    assert len(set(refs)) == 4
    vault.set_aside(Sample("heart_rate", *(2 * (int(DAY.timestamp() * 1000),)), 60.0, "/min", "A").ref, "wrong")
    left = [(s.value, s.origin, s.end - s.start) for s in vault.view().samples("heart_rate")]
    assert sorted(left) == [(60.0, "A", 60_000), (60.0, "B", 0), (61.0, "A", 0)]


def test_a_whole_number_and_a_text_have_their_own_marks() -> None:
    def ref(value: Any) -> str:
        return Sample("x", 0, 0, value, "", "o").ref

    assert ref(5) == ref(5.0) and ref(5) != ref("5") and ref(0.0) == ref(-0.0) and ref(1e-7) != ref(0.0)


def test_setting_the_watch_aside_lets_the_phone_count(vault: Vault, bring: Any) -> None:
    bring(
        vault,
        [
            sample("steps", DAY, 60, 1000.0, "{steps}", "Ana’s Apple Watch"),
            sample("steps", DAY, 60, 900.0, "{steps}", "iPhone"),
            sample("steps", DAY + timedelta(hours=2), 60, 50.0, "{steps}", "iPhone"),
        ],
    )
    vault.configure(priorities="Ana’s Apple Watch")
    mark = digest(vault)
    assert [d.total for d in vault.view().days("steps")] == [1050.0]
    watch = next(s.ref for s in vault.view().samples("steps") if "Watch" in s.origin)
    vault.set_aside(watch, "wrong")
    assert [(d.total, d.n) for d in vault.view().days("steps")] == [(950.0, 2)]
    vault.put_back(watch)
    assert [d.total for d in vault.view().days("steps")] == [1050.0] and digest(vault) == mark


def test_a_night_is_told_anew(vault: Vault, bring: Any) -> None:
    evening = datetime(2024, 3, 5, 20, tzinfo=UTC)
    stages = [
        sample("sleep", evening, 120, "core", "", "Watch"),
        sample("sleep", evening + timedelta(hours=2), 210, "deep", "", "Watch"),
        sample("sleep", evening + timedelta(hours=8), 120, "rem", "", "Watch"),
    ]
    bring(vault, stages)
    mark, before = digest(vault), vault.view().days("sleep")
    assert [d.total for d in before] == [450.0]
    middle = next(s.ref for s in vault.view().samples("sleep") if s.value == "deep")
    vault.set_aside(middle, "wrong")
    assert sum(d.total or 0 for d in vault.view().days("sleep")) == 240.0 and len(vault.view().days("sleep")) == 2
    assert sum(d.total or 0 for d in vault.view().days("sleep_deep")) == 0
    vault.put_back(middle)
    assert vault.view().days("sleep") == before and digest(vault) == mark


def test_one_figure_of_a_blood_pressure(vault: Vault, bring: Any) -> None:
    bring(
        vault,
        [
            sample("systolic", DAY, 0, 128.0, "mm[Hg]", "By hand"),
            sample("diastolic", DAY, 0, 82.0, "mm[Hg]", "By hand"),
        ],
    )
    for key in ("systolic", "diastolic"):
        vault.set_aside(vault.view().samples(key)[0].ref, "wrong")
    assert vault.view().metrics() == []


def test_a_newer_version_stays_aside(vault: Vault, bring: Any, observation: Make) -> None:
    bring(vault, [observation("a", "5.0", stamp=1)])
    vault.set_aside("Observation/a", "wrong")
    bring(vault, [observation("a", "6.0", stamp=2)])
    bring(vault, [observation("a", "4.0", stamp=0)])
    assert vault.view().resource("Observation/a") is None and check(vault).ok
    vault.put_back("Observation/a")
    found = vault.view().resource("Observation/a")
    assert found is not None and str(found.body["valueQuantity"]["value"]) == "6.0" and check(vault).ok


def test_the_same_again_stays_aside_also_after_an_undo(vault: Vault, bring: Any, observation: Make) -> None:
    items = [
        observation("a"),
        sample("heart_rate", DAY, 0, 60.0, "/min", "A"),
        sample("heart_rate", DAY, 0, 61, "/min", "A"),
    ]
    first = bring(vault, items)
    ref = next(s.ref for s in vault.view().samples("heart_rate") if s.value == 60)
    vault.set_aside("Observation/a", "wrong")
    vault.set_aside(ref, "wrong")
    again = bring(vault, items)
    assert again.report.added.total() == 0 and again.report.unchanged == {"Observation": 1, "Sample": 2}
    bring(vault, items, name="elsewhere")  # another connection brings the same
    assert [s.value for s in vault.view().samples("heart_rate")] == [61, 61]
    assert vault.view().resource("Observation/a") is None
    assert first.batch is not None
    vault.undo(first.batch)
    bring(vault, items)
    assert [s.value for s in vault.view().samples("heart_rate")] == [61, 61]
    assert vault.view().resource("Observation/a") is None and check(vault).ok
    vault.put_back(ref)
    vault.put_back("Observation/a")
    assert len(vault.view().samples("heart_rate")) == 4 and check(vault).ok


def test_undo_of_the_batch_that_brought_it(vault: Vault, bring: Any, observation: Make) -> None:
    empty = digest(vault)
    outcome = bring(vault, [observation("a"), sample("heart_rate", DAY, 0, 60.0, "/min", "A")])
    refs = ["Observation/a", vault.view().samples("heart_rate")[0].ref]
    for ref in refs:
        vault.set_aside(ref, "wrong")
    vault.undo(outcome.batch)
    assert vault.view().resource("Observation/a", aside=True) is None
    for ref in refs:
        vault.put_back(ref)
    assert digest(vault) == empty and check(vault).ok


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "Observation",
        "Observation/none",
        "Observation/",
        "/a",
        "sample/",
        "sample/heart_rate/1/2",
        "sample/x/1/0/0123456789",
        "sample/heart_rate/9999999999999999999999/0/0123456789",
        "sample/heart_rate/1_0/0/0123456789",
        "sample/heart_rate/-1/-1/zz",
        "samples/heart_rate/2024-01-01/2024-01-02",
        "a\0b",
        "Observation/\ud800",
        "sample/heart_rate/١/0/0123456789",
        "x" * 10000,
    ],
)
def test_what_is_not_there(vault: Vault, bring: Any, observation: Make, ref: str) -> None:
    bring(vault, [observation("a"), sample("heart_rate", DAY, 0, 60.0, "/min", "A")])
    with pytest.raises(NotFound):
        vault.set_aside(ref, "wrong")
    with pytest.raises(NotFound):
        vault.put_back(ref)
    assert vault.view().resource(ref) is None and vault.view().sample_at(ref) is None
    assert vault.corrections() == []


def test_reasons_and_twice(vault: Vault, bring: Any, observation: Make) -> None:
    bring(vault, [observation("a")])
    with pytest.raises(UsageError):
        vault.set_aside("Observation/a", "whatever")
    vault.set_aside("Observation/a", "wrong", "x\ud800" + "y" * 5000)
    assert len(vault.corrections()[0].note) == corrections.NOTE
    with pytest.raises(Refused):
        vault.set_aside("Observation/a", "wrong")
    with pytest.raises(NotFound):
        vault.put_back("Observation/b")
    assert [e.kind for e in vault.ledger.entries(1)] == ["correct"]


def test_kept_apart(vault: Vault) -> None:
    vault.keep_apart("Condition/b", "Condition/a")
    vault.keep_apart("Condition/a", "Condition/b")
    assert vault.view().apart() == frozenset({frozenset({"Condition/a", "Condition/b"})})
    with pytest.raises(UsageError):
        vault.keep_apart("Condition/a", "Condition/a")
    vault.join_again("Condition/b", "Condition/a")
    with pytest.raises(NotFound):
        vault.join_again("Condition/a", "Condition/b")
    assert vault.view().apart() == frozenset()


WAIT = """
import sys, time
from pathlib import Path
from salus.vault.vault import Vault
with Vault(Path(sys.argv[1]), bytes(range(32))) as vault:
    with vault.batch("test", "files", "slow") as batch:
        print("writing", flush=True); sys.stdin.readline()
"""


def test_it_waits_for_a_running_import_and_nothing_is_lost(vault: Vault, bring: Any, observation: Make) -> None:
    bring(vault, [observation("a"), observation("b")])
    process = subprocess.Popen(
        [sys.executable, "-c", WAIT, str(vault.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        done: list[str] = []

        def aside(ref: str) -> None:
            with Vault(vault.folder, KEY) as other:
                other.set_aside(ref, "wrong")
            done.append(ref)

        threads = [threading.Thread(target=aside, args=(f"Observation/{x}",)) for x in "ab"]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        assert done == [] and len(vault.view().resources("Observation")) == 2  # reading goes on
        process.stdin.write("\n")
        process.stdin.close()
        assert process.wait(20) == 0
        for thread in threads:
            thread.join(20)
        assert sorted(done) == ["Observation/a", "Observation/b"] and vault.view().resources("Observation") == []
    finally:
        process.kill()
        process.stdout.close()  # type: ignore[union-attr]


# Any sequence ends as the plain one ----------------------------------------------------------------------------

FILES = {
    0: [("a", "1.0"), ("b", "2.0"), 60.0, 61.0, ("steps", "Watch", 0, 60, 100.0), ("steps", "iPhone", 0, 60, 90.0)],
    1: [
        ("a", "1.5"),
        ("c", "3.0"),
        61.0,
        62,
        ("steps", "iPhone", 30, 60, 70.0),
        ("sleep", "Watch", -600, 120, "core"),
        ("sleep", "Watch", -480, 200, "deep"),
        ("sleep", "Watch", -120, 60, "rem"),
    ],
    2: [("b", "2.0"), 60.0, ("steps", "Watch", 900, 300, 55.0), ("sleep", "Watch", -480, 200, "deep")],
}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.sampled_from([0, 1, 2])),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("aside"), st.integers(0, 11)),
        st.tuples(st.just("back"), st.integers(0, 11)),
    ),
    max_size=14,
)


def _items(observation: Make, number: int) -> list[Any]:
    made: list[Any] = []
    for item in FILES[number]:  # type: ignore[attr-defined]
        if isinstance(item, tuple) and len(item) == 2:
            made.append(observation(item[0], item[1]))
        elif isinstance(item, tuple):
            key, origin, offset, minutes, value = item
            made.append(
                sample(
                    key, DAY + timedelta(minutes=offset), minutes, value, "{steps}" if key == "steps" else "", origin
                )
            )
        else:
            made.append(sample("heart_rate", DAY, 0, item, "/min", "A"))
    return made


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_sequence(tmp_path_factory: Any, bring: Any, observation: Make, steps: list[tuple[str, int]]) -> None:
    """With everything put back at the end, the vault is as if nothing had ever been set aside."""
    ends = []
    for with_corrections in (True, False):
        folder = tmp_path_factory.mktemp("v")
        with Vault(folder, KEY) as vault:
            vault.configure(zone="Europe/Paris", zone_known="1", priorities="Watch")
            for step, number in steps:
                _do(vault, bring, observation, step, number, with_corrections)
                assert len(vault.view().samples("heart_rate")) >= 0
            aside = [c.ref for c in vault.corrections()]
            for ref in aside:
                vault.put_back(ref)
            assert check(vault).ok
            ends.append(digest(vault))
    assert ends[0] == ends[1]


def _do(vault: Vault, bring: Any, observation: Make, step: str, number: int, with_corrections: bool) -> None:
    if step == "import":
        bring(vault, _items(observation, number))
    elif step == "undo":
        left = [i.id for i in vault.imports() if i.undone is None]
        if left:
            vault.undo(left[number % len(left)])
    elif with_corrections and step == "aside":
        view = vault.view()
        keys = ("heart_rate", "steps", "sleep")
        refs = [r.ref for r in view.resources("Observation")] + [s.ref for k in keys for s in view.samples(k)]
        if refs:
            vault.set_aside(refs[number % len(refs)], "wrong")
    elif with_corrections and (found := vault.corrections()):
        vault.put_back(found[number % len(found)].ref)


def test_periods_do_not_see_it(vault: Vault, bring: Any) -> None:
    bring(vault, [sample("body_weight", DAY + timedelta(days=i), 0, 80.0 + i, "kg", "Scale") for i in range(4)])
    ref = vault.view().samples("body_weight")[1].ref
    vault.set_aside(ref, "wrong")
    day = (DAY + timedelta(days=1)).date()
    assert (
        vault.view().samples("body_weight", Period(day, day))
        == []
        == vault.view().days("body_weight", Period(day, day))
    )


def test_a_large_vault_rolls_up_only_the_day(vault: Vault) -> None:
    with vault.batch("test", "files", "x") as batch:
        tables = batch.interning()
        metric, unit = tables.metrics.id("heart_rate"), tables.labels.id("/min")
        origin = tables.origin("Watch", "watch")
        batch.intern(
            tables.labels.drain(), tables.metrics.drain(), [(n, name, "watch") for n, name in tables.origins.drain()]
        )
        rows = [(n * 60_000, 0, origin, 60.0 + n % 40, unit, 0, 0, 0, "") for n in range(200_000)]
        batch.add_samples("Sample", metric, rows, (0, rows[-1][0], 0))
    found = vault.view().samples("heart_rate", newest=3000)[1000:1005]
    best = 9.0
    for one in found:
        began = time.perf_counter()
        vault.set_aside(one.ref, "wrong")
        best = min(best, time.perf_counter() - began)
    assert best < 0.1
    for one in found:
        vault.put_back(one.ref)
    number = vault.imports()[0].id
    vault.undo(number)
    assert vault.view().metrics() == [] and check(vault).ok
