"""What must alarm alarms, what must not does not, and the numbers are the country's."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.knowledge.emergency_numbers import countries, numbers
from salus.knowledge.red_flags import read, rules, triage
from salus.knowledge.red_flags.lexicon import lexicon

PHRASES = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8"))
CASES = [
    (name.split("_")[0], name.split("_")[1], *((row, None) if isinstance(row, str) else row))
    for name, rows in PHRASES.items()
    for row in rows
]
ALARMS = [text for level, _, text, _ in CASES if level == "emergency"]


@pytest.mark.parametrize(("level", "lang", "text", "rule"), CASES)
def test_phrases(level, lang, text, rule):
    said = triage(text, lang=lang)
    assert said.level == level
    assert rule is None or rule in [reason.rule for reason in said.reasons]
    assert bool(said.call) == (level == "emergency")
    assert bool(said.reasons) == bool(said.advice) == (level != "none")


def in_french(text):
    """The French of a text made of a data file's own words."""
    return text.args["words"].fr


def test_there_are_enough_phrases_of_both_kinds_in_both_languages():
    assert len(CASES) >= 80
    assert all(len(PHRASES[k]) >= 20 for k in ("emergency_en", "emergency_fr", "none_en", "none_fr"))


def test_the_number_is_the_countrys():
    assert triage("chest pain", lang="en", country="US").call == "911"
    assert triage("chest pain", lang="en", country="gb").call == "999"
    french = triage("mal à la poitrine", lang="fr", country="FR")
    assert french.call == "15"
    assert "le 15 maintenant" in in_french(french.advice[0])


@pytest.mark.parametrize("country", [None, "", "XX"])
def test_an_unknown_country_gives_112_and_says_so(country):
    english = triage("chest pain", lang="en", country=country)
    assert english.call == "112"
    assert "112 or your local emergency number" in english.advice[0].plain()
    assert "votre numéro d'urgence local" in in_french(triage("chest pain", lang="fr", country=country).advice[0])


def test_a_crisis_names_the_crisis_line():
    said = triage("I want to die", lang="en", country="US")
    assert (said.level, said.call) == ("emergency", "988")
    assert "988" in said.advice[0].plain()
    assert "911" in said.advice[0].plain()
    assert triage("Je veux mourir", lang="fr", country="FR").call == "3114"
    assert triage("I want to die", lang="en", country="EG").call == "123"


def test_a_crisis_with_an_overdose_calls_for_help_first():
    said = triage("I want to die and I took too many pills", lang="en", country="US")
    assert said.call == "911"
    assert said.reasons[0].rule == "suicide"
    assert any("1-800-222-1222" in advice.plain() for advice in said.advice)


def test_reasons_carry_their_source_and_the_words_of_the_language():
    (reason,) = triage("j'ai mal à la poitrine", lang="fr").reasons
    assert in_french(reason.text) == rules()["chest_pain"].fr
    assert reason.source == "NICE CG95, recent-onset chest pain (2016)"


def test_the_lower_reasons_stay_but_only_the_highest_gives_advice():
    said = triage("I fainted and now I can't breathe", lang="en")
    assert {reason.rule for reason in said.reasons} == {"faint", "cannot_breathe"}
    assert len(said.advice) == 1


@pytest.mark.parametrize("text", ALARMS)
@pytest.mark.parametrize("more", [" My wife says it's nothing.", " Comment va mon cholestérol ?", " I have no fever."])
def test_saying_more_never_lowers(text, more):
    assert triage(text + "." + more, lang="en").level == "emergency"


@pytest.mark.parametrize("text", ALARMS)
def test_case_and_accents_do_not_matter(text):
    assert triage(text.upper(), lang="en").level == "emergency"


@given(st.text(max_size=200))
def test_any_text_is_read_without_failing(text):
    for heard in read(text):
        assert 0 <= heard.start < heard.end <= len(text)


def test_what_is_heard_says_how():
    (no,) = read("no chest pain")
    assert (no.concept, no.negated, no.counts) == ("chest_pain", True, False)
    (father,) = read("my father had a stroke in 1990")
    assert (father.concept, father.about_other, father.past) == ("stroke", True, True)
    (asked,) = read("what are the signs of a stroke?")
    assert (asked.asked, asked.negated) == (True, False)
    text = "Ma sœur a du mal à respirer"
    sister = read(text)[0]
    assert sister.about_other
    assert sister.counts
    assert text[sister.start : sister.end] == "du mal à respirer"


def test_every_rule_is_complete_and_can_fire():
    assert len(rules()) >= 25
    for rule in rules().values():
        assert rule.fires(rule.concepts)
        assert not rule.fires(frozenset())
        for lang in ("en", "fr"):
            assert rule.text(lang)
            assert rule.level != "emergency" or "{call}" in rule.advice(lang)
            assert not set(rule.advice(lang)) & set("<>")
        assert rule.source
        assert 2000 < rule.source_year <= 2026
        assert rule.level in ("urgent", "emergency")
        assert not rule.reviewed_by


def test_every_concept_serves_a_rule():
    used = frozenset().union(*(rule.concepts for rule in rules().values()))
    assert lexicon().concepts == used
    assert lexicon().never_asked <= lexicon().concepts


def test_numbers_have_sources_and_wait_for_verification():
    assert {"FR", "US", "GB", "DE", "ES"} <= countries()
    for country in countries():
        one = numbers(country)
        assert one.known
        assert one.emergency
        assert one.source
        assert one.verified_on == ""
    assert not numbers(None).known
