"""How hard a passphrase is to guess, from below: what looks like a word, a date or a pattern counts as little as it is.

Knows no list of leaked passwords beyond a few dozen; sends nothing anywhere. Words are counted as drawn from a list of
about 4,000 (12 bits each), single characters by their kind, and repeats and sequences as next to nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from math import log2

from salus.records.text import T, Text
from salus.vault.keys import MIN_PASSPHRASE

WORD_BITS, DIGIT_BITS, OTHER_BITS, YEAR_BITS = 12.0, log2(10), 5.0, 6.6
LETTER_BITS, LETTER_OF_SEVERAL = 4.7, 3.8
SCORES = (30.0, 42.0, 56.0, 72.0)
"""From which bits on a passphrase is poor, fair, good, strong. Argon2id makes each guess about 2**16 times dearer."""

COMMON = frozenset({
    "password", "passphrase", "passwort", "motdepasse", "azerty", "qwerty", "qwertz", "letmein", "welcome",
    "bonjour", "iloveyou", "jetaime", "admin", "salus", "health", "sante", "soleil", "doudou", "chouchou",
    "monkey", "dragon", "football", "master", "shadow", "princess", "sunshine", "superman", "secret", "test",
    "sample", "person", "correct", "horse", "battery", "staple",
})  # fmt: skip
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "1234567890")
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})
_PIECES = re.compile(r"[^\W\d_]+|\d+|[\W_]+")


@dataclass(frozen=True)
class Strength:
    """`score` from 0 (weak or not allowed) to 4; `bits`: guesses needed, as a power of two; `advice`: what to do."""

    score: int
    bits: float
    advice: Text


def strength(passphrase: str, known: tuple[str, ...] = ()) -> Strength:
    """`known` is what anyone may know of the person (their name, their birth year): it counts as nothing."""
    bits = _bits(passphrase, frozenset(part.casefold() for text in known for part in re.split(r"\W+", text) if part))
    score = sum(bits >= least for least in SCORES)
    if len(passphrase) < MIN_PASSPHRASE:
        return Strength(0, bits, T("At least {n} characters; four or five random words are best.", n=MIN_PASSPHRASE))
    return Strength(score, bits, ADVICE[score])


ADVICE = (
    T("Very easy to guess. Use four or five words that have nothing to do with each other."),
    T("Easy to guess. Add a word or two that nobody would expect."),
    T("It would hold for a while. One more unexpected word makes it good."),
    T("Good: hard to guess, even for someone who has the file."),
    T("Strong: practically not to be guessed."),
)


def _bits(text: str, known: frozenset[str]) -> float:
    total, seen = 0.0, set[str]()
    text, found = _without_common(text)
    total += 3.0 * found
    for piece in _PIECES.findall(text):
        folded = piece.casefold()
        plain = folded.translate(_LEET)
        if folded in seen or plain in known or folded in known:
            total += 1.0  # said already, or no secret
        elif piece.isalpha():
            total += _word(plain, piece)
        elif piece.isdigit():
            total += YEAR_BITS if re.fullmatch(r"(19|20)\d\d", piece) else _digits(piece)
        elif piece != " ":
            total += min(len(set(piece.strip())), 3) * OTHER_BITS
        seen.add(folded)
    return total


def _without_common(text: str) -> tuple[str, int]:
    """The text without words everyone tries first, also with digits for letters, and how many there were."""
    found = 0
    for word in sorted(COMMON, key=len, reverse=True):
        at = text.casefold().translate(_LEET).find(word)
        while at >= 0 and len(text.casefold()) == len(text):
            text, found = f"{text[:at]} {text[at + len(word) :]}", found + 1
            at = text.casefold().translate(_LEET).find(word)
    return text, found


def _word(plain: str, piece: str) -> float:
    if _run(plain):
        return 4.0
    changes = 1.5 if any(a.islower() and b.isupper() for a, b in pairwise(piece)) else 0.0
    if len(plain) <= 2:
        return len(plain) * LETTER_BITS + changes
    # A long run of letters is a word or several; nobody can tell from outside that it was drawn by dice.
    return min(len(plain) * LETTER_OF_SEVERAL, WORD_BITS * (1 + (len(plain) - 3) // 7)) + changes


def _digits(piece: str) -> float:
    return 4.0 if _run(piece) else len(piece) * DIGIT_BITS


def _run(text: str) -> bool:
    """A repeat, or a walk along the keyboard or the alphabet, either way."""
    if len(text) < 3:
        return False
    return len(set(text)) == 1 or any(text in row or text[::-1] in row for row in (*ROWS, ALPHABET))
