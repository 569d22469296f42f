"""The recovery code: a second way to the same data key, printed once and kept by the person on paper.

24 random characters (120 bits) of Crockford's base 32 and one that tells a slip of the pen, in five groups of five.
Easily confused characters are read alike (O is 0; I and L are 1), case and spaces do not count.
"""

from __future__ import annotations

import re
import secrets
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
    """A character over all the others, each weighed by its place: finds any one wrong and any two swapped."""
    value = 0
    for character in body:
        value = (value * 2 + ALPHABET.index(character)) % 31
    return ALPHABET[value]


def shown(code: str) -> str:
    """A code in its groups."""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def _plain(text: str) -> str:
    return re.sub(r"[\s\-–—_.]", "", text).upper().translate(_ALIKE)


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
        1 <= number <= len(parts) and secrets.compare_digest(_plain(text).encode(), parts[number - 1].encode())
        for number, text in groups.items()
    )
