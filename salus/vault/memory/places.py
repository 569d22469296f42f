"""Are two names of places or people one? By their telling words, short or long form."""

from __future__ import annotations

from functools import lru_cache

from salus.vault.memory.folding import words

_TITLES = frozenset(
    {
        "dr",
        "doctor",
        "docteur",
        "pr",
        "prof",
        "professor",
        "professeur",
        "md",
        "mr",
        "mrs",
        "ms",
        "mme",
        "m",
        "do",
        "np",
        "rn",
        "phd",
        "pa",
        "mlle",
        "miss",
    }
)
_FILLER = frozenset(
    {"the", "of", "de", "du", "des", "le", "la", "les", "et", "and", "d", "l", "at", "inc", "llc", "pc", "sarl"}
)
_SHORT = {
    "hosp": "hospital",
    "hopital": "hospital",
    "ctr": "center",
    "centre": "center",
    "chu": "hospital university center",
    "ch": "hospital center",
    "hospitalier": "hospital",
    "universitaire": "university",
    "clinique": "clinic",
    "st": "saint",
    "gen": "general",
    "univ": "university",
    "med": "medical",
    "cabinet": "practice",
}


@lru_cache(maxsize=4096)
def telling(name: str) -> frozenset[str]:
    """The words that tell one name from another; digits that made-up people carry are dropped."""
    found: set[str] = set()
    for word in words(name):
        if word not in _TITLES and word not in _FILLER and not word.replace(".", "").isdigit():
            found.update(_SHORT.get(word, word).split())
    return frozenset(found)


def same_name(a: str, b: str) -> bool | None:
    """True when one name's words are all in the other's; None where one is not named."""
    one, other = telling(a), telling(b)
    if not one or not other:
        return None
    return one <= other or other <= one


def same_person(a: str, b: str) -> bool | None:
    """The same for people: initials stand for given names."""
    one, other = telling(a), telling(b)
    if not one or not other:
        return None
    if one <= other or other <= one:
        return True
    left, right = one - other, other - one
    return (bool(one & other) and all(len(w) == 1 and any(o.startswith(w) for o in right) for w in left)) or (
        bool(one & other) and all(len(w) == 1 and any(o.startswith(w) for o in left) for w in right)
    )
