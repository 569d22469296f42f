"""One word of medicine in its several dresses: English or French, plain or learned, American or British spelling.

Knows which words mean the same (lexicon.toml) and how a learned word is spelt in the other language; knows no names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.vault.memory.letters import fold, singular

LEARNED = 5
"""Letters from which a word is levelled; shorter ones are left as they are."""
_LEVEL = (
    ("oe", "e"), ("ae", "e"), ("ph", "f"), ("th", "t"), ("rrh", "r"), ("rh", "r"), ("ch", "c"), ("y", "i"), ("qu", "c"),
    ("k", "c"),
)  # fmt: skip
_PREFIX = re.compile(
    r"\b(post|pre|anti|hyper|hypo|peri|inter|intra|sub|micro|macro|poly|auto|ultra|trans|extra|neuro|cardio|naso|oro|utero|vaso|"
    r"broncho|osteo|femoro|sacro|cervico|thoraco|lombo|lumbo|mono|multi|pseudo|para|endo|tachy|brady)-(?=[a-z])"
)
_WORD = re.compile(r"[a-z0-9]+")
_TWICE = re.compile(r"([a-z])\1+")
_ENDS = tuple(
    (re.compile(end + "$"), to)
    for end, to in (
        (r"(?:itis|ite|iti)", "it"), (r"(?:osis|ose|osi)", "os"), (r"(?:oma|ome)", "om"), (r"(ul|ol)aire", r"\1ar"),
        (r"aire", "ari"), (r"(?:euse|eux|ous)", "ous"), (r"(?:eur|our)", "or"), (r"(?:enci|ence)", "enc"),
        (r"(?:anci|ance)", "anc"), (r"(?:ive|if)", "iv"), (r"isation", "ization"), (r"iser?", "ize"),
        (r"(?:ical|ice|ic)", "ic"), (r"(?:iene|ien|ian)", "ian"), (r"(?<=....)[ae]+", ""),
    )
)  # fmt: skip


@lru_cache(maxsize=1)
def _lexicon() -> tuple[list[tuple[str, re.Pattern[str], str]], dict[str, str], dict[str, str], frozenset[str]]:
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("lexicon.toml").read_text("utf-8"))
    phrases = [(fold(other), name) for name, listed in data["phrase"].items() for other in listed]
    single: dict[str, str] = {}
    for name, listed in data["word"].items():
        for other in listed:
            told = fold(other).split()
            if len(told) == 1:
                single.setdefault(singular(told[0]), name)
            else:
                phrases.append((fold(other), name))
    phrases.sort(key=lambda pair: -len(pair[0]))
    found = [
        (_WORD.findall(p)[0], re.compile(r"(?<![a-z0-9])" + re.escape(p) + r"(?![a-z0-9])"), f" {name} ")
        for p, name in phrases
    ]
    return found, single, dict(data["spelling"]), frozenset(data["keep"]["words"])


@lru_cache(maxsize=1)
def _by_first() -> dict[str, list[tuple[int, re.Pattern[str], str]]]:
    """The phrases by their first word, each with its place in the order they are tried in."""
    found: dict[str, list[tuple[int, re.Pattern[str], str]]] = {}
    for at, (first, pattern, name) in enumerate(_lexicon()[0]):
        found.setdefault(first, []).append((at, pattern, name))
    return found


def phrased(text: str) -> str:
    """Folded text with the phrases of the lexicon in the words they are compared by, and no hyphen after a prefix."""
    text = _PREFIX.sub(r"\1", text)
    known = _by_first()
    tries = [phrase for word in set(_WORD.findall(text)) for phrase in known.get(word, ())]
    for _, pattern, name in sorted(tries, key=lambda phrase: phrase[0]):
        text = pattern.sub(name, text)
    return text


@lru_cache(maxsize=32768)
def plain_word(word: str) -> str:
    """A folded singular word as it is compared: "renale" is "kidney", "gastrite" and "gastritis" are "gastrit"."""
    _, single, spelling, keep = _lexicon()
    if word in keep:
        return word
    found = single.get(word)
    if found is None and word.endswith("e"):
        found = single.get(word[:-1])
    return _level(found or word, spelling)


def _level(word: str, spelling: dict[str, str]) -> str:
    if len(word) < LEARNED or not word.isalpha():
        return word
    for written, meant in _LEVEL:
        word = word.replace(written, meant)
    word = _TWICE.sub(r"\1", word)
    for end, to in _ENDS:
        word, changed = end.subn(to, word, count=1)
        if changed:
            break
    for written, meant in spelling.items():
        word = word.replace(written, meant)
    return word


@lru_cache(maxsize=1)
def look_alike() -> frozenset[str]:
    """Words near to another word that are right as they are."""
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("lexicon.toml").read_text("utf-8"))
    return frozenset(data["keep"]["look_alike"])
