"""Words as they are compared: without case, accents, plurals and typography. Knows no meaning."""

from __future__ import annotations

import re
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
_WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|%|\+")
_TAG = re.compile(
    r"\s*\((?:disorder|finding|situation|procedure|regime/therapy|substance|organism|product|event|"
    r"morphologic abnormality|physical object|qualifier value|observable entity|clinical drug|medicinal product)\)\s*$",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\b(?:not otherwise specified|not elsewhere classified|not specified|unspecified|nos|sans precision|"
    r"non precisee?s?|sans autre indication|sai)\b"
)
_APOSTROPHE = re.compile(r"\b(?:l|d|qu|s|n)'|'s\b|s'(?=\s|$)")
EMPTY = frozenset(
    {
        "the",
        "of",
        "and",
        "in",
        "on",
        "to",
        "for",
        "by",
        "at",
        "le",
        "la",
        "les",
        "un",
        "une",
        "de",
        "du",
        "des",
        "et",
        "au",
        "aux",
        "en",
        "due",
    }
)
"""Words that do not tell one thing from another."""
ORDERED = frozenset({"without", "sans", "not", "non", "no", "pas", "except", "sauf"})
LONG = 6
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_NUMBERED = frozenset({"type", "stage", "stade", "grade", "class", "classe", "nyha", "factor", "facteur"})


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


@lru_cache(maxsize=16384)
def words(text: str) -> tuple[str, ...]:
    """The folded words of a text in order; numbers keep their decimals ("2,5" is "2.5")."""
    found = [singular(w.replace(",", ".")) for w in _WORD.findall(_APOSTROPHE.sub(" ", fold(plain(text))))]
    return tuple(_ROMAN[w] if w in _ROMAN and i and found[i - 1] in _NUMBERED else w for i, w in enumerate(found))


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """A name whatever its filler and, where it is short, its word order: "Hypertension, essential (disorder)".

    A long name, and one that says what is not ("without"), keeps its order: there the order is the meaning.
    """
    told = [w for w in words(_NOTHING.sub(" ", fold(plain(text)))) if w not in EMPTY]
    if not told:
        told = list(words(text))
    if len(told) > LONG or not ORDERED.isdisjoint(told):
        return " ".join(told)
    return " ".join(sorted(set(told)))


@lru_cache(maxsize=16384)
def plain(name: str) -> str:
    """A term without the terminology's own tag: "Asthma (disorder)" is "Asthma"."""
    return _TAG.sub("", name).strip()
