"""Numbers for strings: the same string is the same number, and nobody else takes it meanwhile."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from salus.vault.interning import Interning, Table
from salus.vault.vault import Vault


@given(st.lists(st.text(max_size=3), max_size=40), st.dictionaries(st.text(max_size=3), st.integers(1, 99), max_size=5))
def test_one_number_each_and_each_fresh_once(words: list[str], known: dict[str, int]) -> None:
    table = Table(dict(known), 100)
    numbers = {word: table.id(word) for word in words}
    assert {word: table.id(word) for word in words} == numbers
    fresh = table.drain()
    assert [text for _, text in fresh] == [w for w in dict.fromkeys(words) if w not in known]
    assert table.drain() == []
    assert len(set(numbers.values()) - set(known.values())) == len(fresh)


def test_the_first_kind_of_an_origin_stays() -> None:
    tables = Interning(Table({}, 1), Table({}, 1), Table({}, 1))
    assert tables.origin("A", "watch") == tables.origin("A", "app")
    assert tables.kinds == {"A": "watch"}


def test_a_vault_hands_out_what_it_has(vault: Vault) -> None:
    with vault.batch("a", "b", "c") as batch:
        batch.intern([(5, "kg")], [(7, "steps")], [(9, "W", "watch")])
        tables = batch.interning()
        assert (tables.labels.id("kg"), tables.metrics.id("steps"), tables.origins.id("W")) == (5, 7, 9)
        assert (tables.labels.id("x"), tables.metrics.id("y"), tables.origins.id("z")) == (6, 8, 10)
    with vault.batch("other", "b", "c") as batch:
        tables = batch.interning()
        assert tables.origins.id("W") == 10  # another connection's watch is another origin
