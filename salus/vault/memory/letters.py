"""Letters as they are compared: without case, accents and typography; a word without its plural."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SPECIAL = str.maketrans(
    {
        "œ": "oe",
        "Œ": "OE",
        "æ": "ae",
        "Æ": "AE",
        "ß": "ss",
        "’": "'",
        "ʼ": "'",
        "‑": "-",
        "–": "-",
        "—": "-",
        "−": "-",
        "µ": "u",
        "μ": "u",
    }
)


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Lower case, no accents or ligatures, plain dashes and apostrophes: "Cœur" is "coeur"."""
    stripped = unicodedata.normalize("NFKD", text.translate(_SPECIAL).lower())
    return "".join(c for c in stripped if not unicodedata.combining(c))


def singular(word: str) -> str:
    """A folded word without a simple English or French plural."""
    if len(word) > 3:
        if word.endswith("ies"):
            return word[:-3] + "y"
        if word.endswith(("aux", "eux", "oux")):
            return word[:-1]
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            return word[:-1]
    return word
