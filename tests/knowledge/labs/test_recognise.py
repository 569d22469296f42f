"""Tests and panels named in questions, in both languages."""

import time

import pytest

from salus.knowledge.labs import panels, recognise
from salus.knowledge.labs import tests as lab_tests


def keys(text, lang=None):
    return [(s.kind, s.key) for s in recognise(text, lang)]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("How is my cholesterol?", "en", [("panel", "lipids")]),
        ("What was my total cholesterol?", "en", [("test", "total_cholesterol")]),
        ("mon cholestérol total", "fr", [("test", "total_cholesterol")]),
        ("is my bad cholesterol high", "en", [("test", "ldl_cholesterol")]),
        ("mauvais cholestérol et bon cholestérol", "fr", [("test", "ldl_cholesterol"), ("test", "hdl_cholesterol")]),
        ("non-HDL cholesterol", "en", [("test", "non_hdl_cholesterol")]),
        ("my a1c", "en", [("test", "hba1c")]),
        ("hemoglobine glyquee", "fr", [("test", "hba1c")]),
        ("glycémie à jeun", "fr", [("test", "glucose_fasting")]),
        ("ma glycémie", "fr", [("test", "glucose")]),
        ("my sugar", "en", [("test", "glucose")]),
        ("How are my kidneys?", "en", [("panel", "kidney")]),
        ("Comment vont mes reins ?", "fr", [("panel", "kidney")]),
        ("mon foie", "fr", [("panel", "liver")]),
        ("ma créat", "fr", [("test", "creatinine")]),
        ("créatinine urinaire", "fr", [("test", "urine_creatinine")]),
        ("tension artérielle", "fr", [("panel", "blood_pressure")]),
        ("blood pressure and pulse", "en", [("panel", "blood_pressure"), ("test", "heart_rate")]),
        ("NFS", "fr", [("panel", "cbc")]),
        ("white blood cells", "en", [("test", "white_cells")]),
        ("fer", "fr", [("test", "iron")]),
        ("fer", "en", []),
        ("troponin", "en", [("test", "troponin_i"), ("test", "troponin_t")]),
        ("the environment", "en", []),
        ("ta montre", "fr", []),
    ],
)
def test_questions(text, lang, expected):
    assert keys(text, lang) == expected


@pytest.mark.parametrize("row", [*lab_tests().values(), *panels().values()], ids=lambda r: r.key)
def test_every_word_of_a_row_leads_to_it(row):
    for lang, words in (("en", (row.en, *row.words_en)), ("fr", (row.fr, *row.words_fr))):
        for word in (*words, *row.words):
            assert row.key in {key for _, key in keys(word, lang)}, (word, lang)


def test_a_name_means_one_thing_but_troponin():
    for lang in ("en", "fr"):
        for row in [*lab_tests().values(), *panels().values()]:
            for word in (row.en if lang == "en" else row.fr, *row.words):
                found = recognise(word, lang)
                whole = [s for s in found if s.start == found[0].start]
                assert len(whole) == 1 or word.startswith("troponin"), word


def test_spans_are_in_the_original_text():
    text = "Et l’hémoglobine, alors ?"
    (spot,) = recognise(text, "fr")
    assert text[spot.start : spot.end] == spot.words == "hémoglobine"


def test_it_is_fast():
    text = "How has my bad cholesterol changed since March, and what about my haemoglobin and kidneys?"
    recognise(text, "en")
    start = time.perf_counter()
    for _ in range(200):
        recognise(text, "en")
    assert (time.perf_counter() - start) / 200 < 0.001
