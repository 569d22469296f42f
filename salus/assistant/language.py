"""Which of the two languages a question is in: by its small words, else by the names in it, else the person's own."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.knowledge.labs import panels
from salus.knowledge.labs import tests as lab_tests
from salus.knowledge.phrases import fold, singular
from salus.records.finding import Lang
from salus.records.metrics import metrics

_WORD = re.compile(r"[^\W\d_]+")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’](?=\w)", re.IGNORECASE)
_ENGLISH = re.compile(r"(?<=\w)['’](?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    text = resources.files("salus.assistant").joinpath("language.toml").read_text("utf-8")
    return {lang: frozenset(words) for lang, words in tomllib.loads(text).items()}


def detect(text: str, default: Lang) -> Lang:
    """ "en" or "fr"."""
    small = _words()
    bare = _ENGLISH.sub(" ", text)
    elided = len(_ELIDED.findall(bare))
    found = [w.casefold() for w in _WORD.findall(_ELIDED.sub(" ", bare))]
    english = sum(w in small["en"] for w in found) + len(_ENGLISH.findall(text))
    french = elided + sum(w in small["fr"] for w in found) + sum(any(c in "éèêàâçùûîïôœ" for c in w) for w in found)
    if english == french:
        plain = [singular(fold(w)) for w in found]
        english, french = (sum(w in names for w in plain) for names in _names())
    if english == french:
        return default
    return "en" if english > french else "fr"


@lru_cache(maxsize=1)
def _names() -> tuple[frozenset[str], frozenset[str]]:
    """Folded words of the names of tests and metrics, and of `language.toml`, that one language alone uses."""
    english: list[str] = list(_words()["names_en"])
    french: list[str] = list(_words()["names_fr"])
    for test in lab_tests().values():
        english += [test.en, *test.words_en]
        french += [test.fr, *test.words_fr]
    for panel in panels().values():
        english += [panel.en, *panel.words_en]
        french += [panel.fr, *panel.words_fr]
    for metric in metrics().values():
        english += [metric.en, *metric.words_en]
        french += [metric.fr, *metric.words_fr]
    one, two = (
        frozenset(singular(fold(word)) for name in names for word in _WORD.findall(name)) for names in (english, french)
    )
    return one - two, two - one
