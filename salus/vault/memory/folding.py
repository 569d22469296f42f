"""Words as they are compared: without case, accents, plurals, typography and the dress of the language."""

from __future__ import annotations

import re
from functools import lru_cache

from salus.vault.memory.letters import fold as fold
from salus.vault.memory.letters import singular as singular
from salus.vault.memory.wording import phrased, plain_word

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
ORDERED = frozenset(plain_word(word) for word in ("without", "sans", "not", "non", "no", "pas", "except", "sauf"))
LETTERED = frozenset(
    [
        "hepatitis", "hepatite", "vitamin", "vitamine", "type", "group", "groupe", "strep", "streptococcus",
        "streptocoque", "influenza", "grippe", "hemophilia", "hemophilie", "haemophilia", "apo",
        "apolipoprotein", "apolipoproteine", "class", "lipoprotein", "lipoproteine", "immunoglobulin",
        "immunoglobuline", "ig", "factor", "facteur", "protein", "proteine", "hep", "hepa", "toxin", "toxine",
        "serogroup", "serogroupe", "virus", "coxsackie", "lp",
    ]
)  # fmt: skip
"""Words after which "a" is a letter, not the English article or the French "à"."""
LONG = 6
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_NUMBERED = frozenset({"type", "stage", "stade", "grade", "class", "classe", "nyha", "factor", "facteur"})


@lru_cache(maxsize=16384)
def words(text: str) -> tuple[str, ...]:
    """The folded words of a text in order; numbers keep their decimals ("2,5" is "2.5")."""
    found = [singular(w.replace(",", ".")) for w in _WORD.findall(_APOSTROPHE.sub(" ", fold(plain(text))))]
    return tuple(_ROMAN[w] if w in _ROMAN and i and found[i - 1] in _NUMBERED else w for i, w in enumerate(found))


def _is_article(written: tuple[str, ...], at: int) -> bool:
    """True for the "a" of "a cold" or "appareil à pression", not for that of "hepatitis A vaccine"."""
    if written[at] != "a" or at == len(written) - 1 or written[at + 1].isdigit():
        return False
    return at == 0 or written[at - 1] not in LETTERED


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """A name whatever its filler and, where it is short, its word order: "Hypertension, essential (disorder)".

    A long name, and one that says what is not ("without"), keeps its order: there the order is the meaning.
    """
    written = words(phrased(_NOTHING.sub(" ", fold(plain(text)))))
    told = [plain_word(w) for at, w in enumerate(written) if w not in EMPTY and not _is_article(written, at)]
    if not told:
        told = list(words(text))
    if len(told) > LONG or not ORDERED.isdisjoint(told):
        return " ".join(told)
    return " ".join(sorted(set(told)))


@lru_cache(maxsize=16384)
def plain(name: str) -> str:
    """A term without the terminology's own tag: "Asthma (disorder)" is "Asthma"."""
    return _TAG.sub("", name).strip()
