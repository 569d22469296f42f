"""The phrases of `lexicon.toml` and the names of metrics, ready to be found in a question."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.knowledge.phrases import PhraseBook, fold, singular
from salus.records.metrics import metrics


@lru_cache(maxsize=1)
def _data() -> dict[str, dict[str, list[str]]]:
    text = resources.files("salus.assistant.route").joinpath("lexicon.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=64)
def book(section: str) -> PhraseBook[str]:
    """The phrases of one section, each standing for its key."""
    made: PhraseBook[str] = PhraseBook()
    for key, phrases in _data()[section].items():
        for phrase in phrases:
            made.add(phrase, key)
    return made


@lru_cache(maxsize=64)
def _books(section: str) -> dict[str, PhraseBook[str]]:
    made: dict[str, PhraseBook[str]] = {}
    for key, phrases in _data()[section].items():
        made[key] = PhraseBook()
        for phrase in phrases:
            made[key].add(phrase, key)
    return made


def heard_in(section: str, text: str) -> tuple[str, ...]:
    """Every key of a section one of whose phrases is in the text, also inside a longer phrase of another key."""
    return tuple(key for key, phrases in _books(section).items() if phrases.find(text))


@lru_cache(maxsize=2)
def metric_book(lang: str) -> PhraseBook[str]:
    """Names and synonyms of metrics; those of the other language too where no one could mistake them (long ones)."""
    made: PhraseBook[str] = PhraseBook()
    for row in metrics().values():
        own, other = (row.words_fr, row.words_en) if lang == "fr" else (row.words_en, row.words_fr)
        for phrase in (row.name(lang), *own, row.name("en" if lang == "fr" else "fr")):
            made.add(phrase, row.key)
        for phrase in other:
            if len(phrase) > 5:
                made.add(phrase, row.key)
    return made


@lru_cache(maxsize=1)
def _short() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (key, re.compile(rf"(?<![\w.,])(?<!\d )(?:{'|'.join(map(re.escape, names))})(?![\w+-])", _case(names)))
        for key, names in _data()["short"].items()
    ]


def _case(names: list[str]) -> int:
    """A chemical symbol is written with its capital; a word as one likes."""
    return 0 if any(name[0].isupper() for name in names) else re.IGNORECASE


def short_names(text: str) -> list[tuple[str, int, int]]:
    """The very short names in a text ("K+", "temp", "km"), each with its key; none after a figure ("10 km")."""
    return [(key, *found.span()) for key, pattern in _short() for found in pattern.finditer(text)]


@lru_cache(maxsize=1)
def needing() -> frozenset[str]:
    """Metrics that are heard only beside a word of their own matter."""
    return frozenset(_data()["needs"])


@lru_cache(maxsize=1)
def small_words() -> frozenset[str]:
    """Folded, singular words that say nothing about which record is meant."""
    return frozenset(singular(fold(word)) for word in _data()["small"]["words"])
