"""Which of the two languages a question is in, by its small words. Ties go to the person's own language."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

from salus.records.finding import Lang


@lru_cache(maxsize=1)
def _small_words() -> dict[str, frozenset[str]]:
    text = resources.files("salus.assistant").joinpath("language.toml").read_text("utf-8")
    return {lang: frozenset(words) for lang, words in tomllib.loads(text).items()}


_WORD = re.compile(r"[^\W\d_]+")


def detect(text: str, default: Lang) -> Lang:
    """ "en" or "fr"."""
    small = _small_words()
    found = [w.casefold() for w in _WORD.findall(text)]
    english = sum(w in small["en"] for w in found)
    french = sum(w in small["fr"] for w in found) + sum(any(c in "éèêàâçùûîïôœ" for c in w) for w in found)
    if english == french:
        return default
    return "en" if english > french else "fr"
