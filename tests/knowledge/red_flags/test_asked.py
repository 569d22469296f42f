"""A question about the record or the past does not alarm; the same said of now does, whatever is asked beside it."""

import tomllib
from pathlib import Path

import pytest

from salus.knowledge.red_flags import read, triage

ROWS = tomllib.loads((Path(__file__).parent / "asked.toml").read_text("utf-8"))
CASES = [(name.split("_")[0], name.split("_")[1], text) for name, texts in ROWS.items() for text in texts]
ASKED = [(lang, text) for kind, lang, text in CASES if kind == "asked"]


@pytest.mark.parametrize(("kind", "lang", "text"), CASES)
def test_asked_or_now(kind, lang, text):
    assert triage(text, lang=lang).level == ("none" if kind == "asked" else "emergency")


@pytest.mark.parametrize(("lang", "text"), ASKED)
def test_a_symptom_beside_the_question_alarms(lang, text):
    beside = "I have crushing chest pain." if lang == "en" else "J'ai mal à la poitrine."
    for whole in (f"{text} {beside}", f"{beside} {text}"):
        assert triage(whole, lang=lang).level == "emergency"


def test_there_are_enough_of_both_kinds_in_both_languages():
    assert all(len(rows) >= 30 for rows in ROWS.values())
    assert len(set(CASES)) == len(CASES)


def test_a_wish_to_die_is_heard_whatever_is_asked():
    for text in ("when was my last suicide attempt?", "have I ever wanted to die?", "quand ai-je voulu me suicider ?"):
        assert triage(text, lang="en").level == "emergency"


def test_what_is_heard_says_that_it_is_asked():
    (stroke,) = read("have I had a stroke?")
    assert (stroke.concept, stroke.asked, stroke.counts) == ("stroke", True, False)
    (stroke,) = read("My face feels funny, have I had a stroke?")
    assert (stroke.asked, stroke.counts) == (False, True)


FRONTS = ("When was my last tetanus shot, {}", "have I had tests? {}", "list my medications, {}", "show my ECG and {}")
BACKS = ("{}, is it in my record?", "{}. Ai-je eu un vaccin ?")
PHRASES = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8"))


@pytest.mark.parametrize("whole", [*FRONTS, *BACKS])
def test_a_question_about_the_record_hides_no_emergency(whole):
    alarms = [text for name in ("emergency_en", "emergency_fr") for text, _ in PHRASES[name]]
    assert [text for text in alarms if triage(whole.format(text), lang="en").level != "emergency"] == []
