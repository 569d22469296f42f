"""The same memory whatever the order of records; each record in exactly one entry; a second import changes nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from salus.evals.reconciliation.held import Held, resource
from salus.evals.reconciliation.run import cases
from salus.evals.reconciliation.run import held as records_of
from salus.records.resource import Resource
from salus.vault.memory import KINDS, digest, memory_index, remember
from tests.vault.memory.kit import allergy, condition, held, ids, order, result, rows, told, vaccine

MADE = cases()


@lru_cache(maxsize=1)
def pool() -> tuple[tuple[Resource, ...], ...]:
    """The records of every made case, each case with ids of its own."""
    return tuple(
        tuple(replace(r, id=f"c{n}-{r.id}") for r in records_of(case) if r.type != "Patient")
        for n, case in enumerate(MADE)
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(MADE) - 1), min_size=1, max_size=25, unique=True), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_nothing_is_lost(chosen: list[int], shuffle: random.Random) -> None:
    records = [r for n in chosen for r in pool()[n]]
    entries = remember(Held(records))
    mixed = records[:]
    shuffle.shuffle(mixed)
    again = remember(Held(mixed))
    assert [entry.id for entry in entries] == [entry.id for entry in again]
    assert digest(entries) == digest(again)
    refs = [ref for entry in entries for ref in entry.refs]
    assert sorted(refs) == sorted({r.ref for r in records})


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, len(MADE) - 1), min_size=1, max_size=15, unique=True))
def test_a_second_connection_with_the_same_file_changes_only_who_brought_it(chosen: list[int]) -> None:
    records = [r for n in chosen for r in pool()[n]]
    second = [replace(r, connection="other/portal", batch=99) for r in records[:1]] + records[1:]
    whole = [replace(r, connection="other/portal", batch=99) for r in records]
    assert len({e.id for e in remember(Held(records))}) == len(remember(Held(records)))
    assert sorted(ref for e in remember(Held(second)) for ref in e.refs) == sorted(r.ref for r in records)
    once, twice = remember(Held(whole)), remember(Held([*whole, *whole]))
    assert digest(once) == digest(twice)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(MADE) - 1), min_size=1, max_size=10, unique=True), st.data())
def test_what_is_kept_apart_is_never_told_as_one(chosen: list[int], data: st.DataObject) -> None:
    records = [r for n in chosen for r in pool()[n]]
    merged = [entry for entry in remember(Held(records)) if len(entry.sources) > 1]
    if not merged:
        return
    entry = data.draw(st.sampled_from(merged))
    one, other = data.draw(st.permutations(entry.refs))[:2]
    index = memory_index(Held(records, [frozenset((one, other))]))
    assert index[one] != index[other]
    assert index.keys() == {r.ref for r in records}


def test_a_third_does_not_join_what_is_kept_apart() -> None:
    three = [condition("Asthma"), condition("Asthme"), condition("Bronchial asthma")]
    assert ids(told("problems", *three)) == [["A0", "B0", "C0"]]
    apart = [frozenset(("Condition/A0", "Condition/C0"))]
    split = ids(told("problems", *three, apart=apart))
    assert split == [["A0", "B0"], ["C0"]]
    assert split == ids(told("problems", *three, apart=apart))


def test_the_same_again_under_other_ids_joins_without_a_conflict() -> None:
    bodies = [condition("Asthma", on="1998"), order("Ramipril 5 mg", dose="1 tablet daily"), allergy("Peanut"),
              vaccine("Shingrix"), result("TSH", 2.4, "mIU/L")]  # fmt: skip
    entries = remember(held(bodies, bodies))
    assert [len(entry.sources) for entry in entries] == [2] * 5
    assert not [entry.conflicts for entry in entries if entry.conflicts]
    assert all(join.why.template for entry in entries for join in entry.joins)


def test_every_join_is_between_records_of_the_entry_and_names_its_rule() -> None:
    for case in MADE:
        for entry in remember(Held(records_of(case)), case["kind"]):
            assert len(entry.joins) == len(entry.sources) - 1
            for join in entry.joins:
                assert {join.a, join.b} <= set(entry.refs) and join.rule


def test_what_was_entered_in_error_or_names_nothing_is_among_the_rest() -> None:
    wrong = condition("Asthma", proof="entered-in-error")
    nameless = {"resourceType": "Immunization", "status": "completed"}
    view = held([wrong, nameless, {"resourceType": "Claim"}])
    assert [entry.kind for entry in remember(view)] == ["other"] * 3
    assert not remember(view, "problems", "immunizations")
    assert KINDS[-1] == "other"


def test_a_test_the_table_does_not_know_can_be_told_from_above() -> None:
    first = result("Zeta antibodies", 12, "U/mL", ("urn:lab:one", "Z1"))
    second = result("Anticorps zêta", 12, "U/mL", ("urn:lab:two", "77"))
    view = held(first, second)
    assert len(remember(view, "results")) == 2
    (entry,) = remember(view, "results", same_test=lambda code: "zeta" if code.code in ("Z1", "77") else None)
    assert len(entry.sources) == 2
    assert rows(first)[0].ref == "Observation/A0"


JUNK = st.sampled_from(
    [None, 1, -1.5, True, "", "x", [], {}, [1], [None], {"a": 1}, {"coding": "x"}, {"coding": [None, {"code": 5}]},
     {"value": "x"}, {"reference": 5}, {"text": 7}, "2024-13-99"]
)  # fmt: skip


def spoilt(value: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
    """The same with some of its parts replaced by what should not be there."""
    if draw(st.integers(0, 11)) == 0:
        return draw(JUNK)
    if isinstance(value, dict):
        return {k: v if k == "resourceType" else spoilt(v, draw) for k, v in value.items()}
    return [spoilt(v, draw) for v in value] if isinstance(value, list) else value


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(MADE) - 1), st.data())
def test_malformed_records_are_kept_and_harm_nothing(chosen: int, data: st.DataObject) -> None:
    records = []
    for source, bodies in MADE[chosen]["sources"].items():
        for n, body in enumerate(bodies):
            made = spoilt({k: v for k, v in body.items() if k != "id"}, data.draw)
            if isinstance(made, dict) and made.get("resourceType"):
                records.append(resource(made, source, n, 1))
    entries = remember(Held(records))
    assert sorted(ref for e in entries for ref in e.refs) == sorted({r.ref for r in records})
    assert digest(entries) == digest(remember(Held(records)))
