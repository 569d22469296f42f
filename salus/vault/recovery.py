"""The recovery code: a second way to the same data key, printed once and kept by the person on paper.

24 random characters (120 bits) of Crockford's base 32 and one that tells a slip of the pen, in five groups of five.
Easily confused characters are read alike (O is 0; I and L are 1), case and spaces do not count.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping

from salus.errors import Locked
from salus.records.text import T

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 5, 5
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A fresh code: "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP - 1))
    return shown(body + _check(body))


def _check(body: str) -> str:
    """A character over all the others, each weighed by its place: finds any one wrong and any two swapped.

    A polynomial over the field of 32 elements (x^5 + x^2 + 1): every place has a weight of its own.
    """
    value = 0
    for character in body:
        value = _times_x(value) ^ ALPHABET.index(character)
    return ALPHABET[_times_x(value)]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled


def shown(code: str) -> str:
    """A code in its groups."""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def _plain(text: str) -> str:
    return re.sub(r"[\s\-–—_.]", "", unicodedata.normalize("NFKC", text)).upper().translate(_ALIKE)


def read(text: str) -> str | None:
    """The code a person typed, as it was shown; None when it cannot be one."""
    plain = _plain(text)
    if len(plain) != GROUPS * GROUP or set(plain) - set(ALPHABET) or _check(plain[:-1]) != plain[-1]:
        return None
    return shown(plain)


def typed(text: str) -> str:
    """The same. Raises Locked, with the reason, when it cannot be a code."""
    code = read(text)
    if code is None:
        raise Locked(
            T("That is not a recovery code: it has {n} groups of {m} letters and digits. Look for a slip.",
              n=GROUPS, m=GROUP)
        )  # fmt: skip
    return code


def asked() -> tuple[int, int]:
    """Which two groups to type back, counted from 1, in order."""
    first, second = sorted(secrets.SystemRandom().sample(range(1, GROUPS + 1), 2))
    return first, second


def matches(code: str, groups: Mapping[int, str]) -> bool:
    """Do the groups typed back (number from 1 to text) belong to the code? No group is no proof."""
    parts = code.split("-")
    return bool(groups) and all(
        1 <= number <= len(parts) and _same(_plain(text), parts[number - 1]) for number, text in groups.items()
    )


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode())
