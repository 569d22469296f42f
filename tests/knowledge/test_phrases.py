"""Phrases are found whatever accents, case and plurals, and the spans point into the text as given."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.knowledge.phrases import PhraseBook, fold, tokens


def book(*phrases):
    made = PhraseBook()
    for phrase in phrases:
        made.add(phrase, phrase)
    return made


def test_folding_takes_accents_case_and_ligatures_away():
    assert fold("Œstradiol ÉLEVÉ à Noël") == "oestradiol eleve a noel"


@pytest.mark.parametrize(
    ("phrase", "text", "seen"),
    [
        ("hémoglobine glyquée", "Mon HEMOGLOBINE GLYQUEE ?", "HEMOGLOBINE GLYQUEE"),
        ("platelet", "my platelets", "platelets"),
        ("triglycérides", "le triglycéride", "triglycéride"),
        ("allergy", "my allergies", "allergies"),
        ("INR", "l’INR d’hier", "INR"),
        ("non-HDL", "non HDL", "non HDL"),
        ("neutrophils (%)", "Neutrophils %", "Neutrophils %"),
    ],
)
def test_it_finds_other_spellings(phrase, text, seen):
    (found,) = book(phrase).find(text)
    assert text[found.start : found.end] == seen


def test_decomposed_accents_keep_their_spans():
    text = unicodedata.normalize("NFD", "une créatinine élevée")
    (found,) = book("créatinine").find(text)
    assert unicodedata.normalize("NFC", text[found.start : found.end]) == "créatinine"


def test_the_longest_wins_wherever_it_starts():
    found = book("total", "total cholesterol", "cholesterol level check").find("total cholesterol level check")
    assert [f.item for f in found] == ["total", "cholesterol level check"]


def test_only_whole_words():
    assert book("iron").find("environment") == []


def test_one_phrase_may_stand_for_several_items():
    made = PhraseBook()
    made.add("troponin", "I")
    made.add("troponins", "T")
    made.add("troponin", "I")
    assert [f.item for f in made.find("Troponin?")] == ["I", "T"]


def test_a_phrase_without_a_word_is_refused():
    with pytest.raises(ValueError, match="no word"):
        PhraseBook().add("…", 1)


words = st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x17F), min_size=1, max_size=8)


@given(st.lists(words, min_size=1, max_size=8), st.data())
def test_what_was_added_is_found_and_spans_never_overlap(parts, data):
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first + 1, len(parts)))
    phrase, text = " ".join(parts[first:last]), " ".join(parts)
    found = book(phrase).find(text)
    assert found
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert {tuple(t.word for t in tokens(text[f.start : f.end])) for f in found} == {
        tuple(t.word for t in tokens(phrase))
    }
