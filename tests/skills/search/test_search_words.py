"""Synonyms in two languages, endings, and the passage quoted. No vault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.skills.search.passage import LONGEST, clean, passage
from salus.skills.search.words import spots, stem, things


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("kidney", "Échographie des reins : normale."),
        ("rein", "The kidneys are of normal size."),
        ("foie", "Liver function is normal."),
        ("smoking", "Never smoked."),
        ("tabac", "He smokes ten a day."),
        ("mal de tête", "Complains of headaches."),
        ("scanner", "CT scan of the chest."),
        ("infarctus", "Father had a heart attack at 61."),
        ("œil", "Pas d'atteinte des YEUX."),
        ("nerve", "ni des nerfs"),
    ],
)
def test_one_word_finds_the_other(asked: str, text: str) -> None:
    (thing,) = things(asked)
    assert spots(thing, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [("os", "Ostéopathe et oscillation"), ("rate", "heart rated first"), ("knee", "He kneels."), ("cou", "beaucoup"),
     ("rein", "reine"), ("ct", "fact and act")],
)  # fmt: skip
def test_a_part_of_a_word_finds_nothing(asked: str, text: str) -> None:
    (thing,) = things(asked)
    assert not spots(thing, text)


def test_several_things_are_told_apart() -> None:
    assert [thing.said for thing in things("kidney stone treatment")] == ["kidney", "stone", "treatment"]


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=14))
def test_a_stem_begins_its_word_and_keeps_four_letters(word: str) -> None:
    assert word.startswith(stem(word))
    assert len(stem(word)) >= min(4, len(word))


@given(st.text(st.sampled_from("abc .!?\n"), min_size=1, max_size=900), st.data())
def test_a_passage_is_literal_and_short(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    found = passage(text, at).removeprefix("… ").removesuffix(" …").strip()
    assert len(found) <= LONGEST + 2
    assert found in " ".join(text.split()) or not found


def test_a_long_sentence_is_cut_around_the_word() -> None:
    text = "alpha " * 200 + "needle " + "omega " * 200
    assert "needle" in passage(text, text.index("needle"))


def test_marks_that_turn_text_round_are_taken_out() -> None:
    assert clean("a\u202eb\x00c") == "a b c"
