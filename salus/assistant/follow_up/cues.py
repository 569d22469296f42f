"""The phrases of `lexicon.toml`, and which of them a question says."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.assistant.route.lexicon import small_words
from salus.knowledge.phrases import PhraseBook, Token, fold, singular, tokens
from salus.records.units import normal, parse_unit


@lru_cache(maxsize=1)
def _data() -> dict[str, dict[str, list[str]]]:
    text = resources.files("salus.assistant.follow_up").joinpath("lexicon.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=64)
def _book(section: str, key: str) -> PhraseBook[str]:
    made: PhraseBook[str] = PhraseBook()
    for phrase in _data()[section][key]:
        made.add(phrase, key)
    return made


def section(name: str) -> dict[str, list[str]]:
    """The phrase lists of one section, by key."""
    return _data()[name]


@lru_cache(maxsize=1)
def weak() -> frozenset[str]:
    """Folded words of a kind of record that are verbs or details: they name no subject."""
    return frozenset(fold(phrase) for phrase in _data()["weak"]["words"])


def spans(section: str, text: str, key: str = "words") -> list[tuple[int, int]]:
    """Where phrases of a list stand in the text."""
    return [(found.start, found.end) for found in _book(section, key).find(text)]


@lru_cache(maxsize=1)
def _leads() -> list[tuple[str, ...]]:
    phrases = (tuple(t.word for t in tokens(phrase)) for phrase in _data()["leads"]["words"])
    return sorted(phrases, key=len, reverse=True)


def lead(text: str) -> int:
    """Where the question goes on after "and", "what about", "et pour" … at its beginning; 0 where none stands."""
    words = tokens(text)
    for phrase in _leads():
        if tuple(t.word for t in words[: len(phrase)]) == phrase:
            return words[len(phrase) - 1].end
    return 0


@lru_cache(maxsize=1)
def _filler() -> frozenset[str]:
    single = (tokens(phrase) for phrase in _data()["filler"]["words"])
    return frozenset(words[0].word for words in single if len(words) == 1)


def content(text: str, taken: list[tuple[int, int]]) -> list[Token]:
    """The words that name something: not in a span taken, no small word, no filler, no figure alone."""
    marks = [*taken, *spans("filler", text), *spans("pronouns", text)]
    return [
        token for token in tokens(text)
        if not any(a <= token.start < b for a, b in marks) and token.word not in small_words()
        and token.word not in _filler() and token.word != "%" and not token.word.isdigit()
    ]  # fmt: skip


_IN_UNIT = re.compile(
    r"(?:\b(?:in|into|en|as|to)\s+|^\s*)(?P<unit>[%°µμA-Za-z][\w°µμ%/.^*]*(?:/[\w.]+)?)", re.IGNORECASE
)


def unit(text: str) -> tuple[str, int, int] | None:
    """ "in mg/dL", "en livres": the UCUM unit asked for and where it stands."""
    for found in _IN_UNIT.finditer(text):
        word = found["unit"].rstrip(".?!")
        named = next((key for key in _data()["units"] if _named(key, word)), None)
        ucum = named or (normal(word) if "/" in word and parse_unit(normal(word)) is not None else None)
        if ucum is not None:
            return ucum, found.start("unit"), found.start("unit") + len(word)
    return None


def _named(key: str, word: str) -> bool:
    wanted = singular(fold(word))
    return any(singular(fold(one)) == wanted for one in _data()["units"][key])
