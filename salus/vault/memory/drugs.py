"""Reading a medicine's name: ingredients, salt, strength, form, slow release. In English and French, brand or not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.vault.memory.folding import fold, words
from salus.vault.memory.tables import table

Strength = tuple[Decimal, str, str]
"""(amount, "mg" | "unit" | "%" | "meq" …, per what: "" | "ml" | "h" | "dose")"""

_STRENGTH = re.compile(
    r"(\d+(?:[ ,.]\d{3})*(?:[.,]\d+)?)\s*"
    r"(mg|mcg|ug|microgrammes?|micrograms?|milligrammes?|milligrams?|g|grammes?|grams?|ui|iu|units?|unites?|unt|u|%|meq|"
    r"mmol)(?![a-z])"
    r"(?:\s*/\s*(?:(\d+(?:[.,]\d+)?)\s*)?(ml|actuat|doses?|h|hr|hour|bouffee|inhalation|puff)(?![a-z]))?"
)
_UNITS: dict[str, tuple[str, int | str]] = {
    "mg": ("mg", 1),
    "milligramme": ("mg", 1),
    "milligram": ("mg", 1),
    "mcg": ("mg", "0.001"),
    "ug": ("mg", "0.001"),
    "microgramme": ("mg", "0.001"),
    "microgram": ("mg", "0.001"),
    "g": ("mg", 1000),
    "gramme": ("mg", 1000),
    "gram": ("mg", 1000),
    "ui": ("unit", 1),
    "iu": ("unit", 1),
    "unit": ("unit", 1),
    "unite": ("unit", 1),
    "u": ("unit", 1),
    "unt": ("unit", 1),
    "%": ("%", 1),
    "meq": ("meq", 1),
    "mmol": ("mmol", 1),
}
_PER = {
    "actuat": "dose",
    "dose": "dose",
    "doses": "dose",
    "bouffee": "dose",
    "inhalation": "dose",
    "puff": "dose",
    "hr": "h",
    "hour": "h",
    "h": "h",
    "ml": "ml",
}


@dataclass(frozen=True, slots=True)
class Drug:
    """`rows` are ingredients of the table (empty when unknown), `rest` the name without strength and form words."""

    rows: frozenset[str]
    rest: str
    salts: frozenset[str]
    strengths: frozenset[Strength]
    forms: frozenset[str]
    slow: bool


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[tuple[str, ...], frozenset[str]], int]:
    """Every name and brand as words, with the ingredients it means; and the longest."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for id_, row in table("ingredients").rows.items():
        means = frozenset(row.get("of", (id_,)))
        for name in (*row["en"], *row.get("fr", ()), *row.get("also", ()), *row.get("brands", ())):
            found.setdefault(words(name), means)
    return found, max(map(len, found))


@dataclass(frozen=True)
class _Words:
    salts: dict[str, str]
    forms: dict[str, str]
    slow: frozenset[str]
    filler: frozenset[str]
    brands: dict[tuple[str, ...], str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("dosage.toml").read_text("utf-8"))

    def flat(group: str) -> dict[str, str]:
        return {word: name for name, listed in data[group].items() for phrase in listed for word in words(phrase)}

    def one(group: str) -> frozenset[str]:
        return frozenset(word for phrase in data["words"][group] for word in words(phrase))

    brands = {words(brand): form for form, listed in data["brand"].items() for brand in listed}
    return _Words(flat("salt"), flat("form"), one("slow"), one("filler"), brands)


def _number(text: str) -> Decimal | None:
    bare = re.sub(r"(?<=\d)[ ,.](?=\d{3}(?:\D|$))", "", text) if re.fullmatch(r"\d{1,3}(?:[ ,]\d{3})+", text) else text
    try:
        return Decimal(bare.replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        return None


@lru_cache(maxsize=4096)
def strengths(text: str) -> frozenset[Strength]:
    """Every strength written in a text, in mg (or units), per what."""
    found: set[Strength] = set()
    for amount, unit, n, per in _STRENGTH.findall(fold(text)):
        value, times = _number(amount), _number(n) if n else Decimal(1)
        name, factor = _UNITS[unit if unit in _UNITS else unit.rstrip("s")]
        if value is not None and times:
            found.add(((value * Decimal(factor) / times).normalize(), name, _PER.get(per, "")))
    return frozenset(found)


@lru_cache(maxsize=4096)
def read(name: str) -> Drug:
    """What one written name says."""
    phrases, longest = _phrases()
    listed, found = _words(), list(words(_STRENGTH.sub(" ", fold(name))))
    rows: set[str] = set()
    branded: set[str] = set()
    taken = [False] * len(found)
    at = 0
    while at < len(found):
        for size in range(min(longest, len(found) - at), 0, -1):
            means = phrases.get(tuple(found[at : at + size]))
            if means:
                rows |= means
                branded.update(filter(None, (listed.brands.get(tuple(found[at : at + size])),)))
                taken[at : at + size] = [True] * size
                at += size
                break
        else:
            at += 1
    rows = _closer(rows, found)
    left = [word for word, used in zip(found, taken, strict=True) if not used]
    forms = {listed.forms[word] for word in left if word in listed.forms} or branded
    slow = any(word in listed.slow for word in found) or any(table("ingredients").rows[r].get("slow") for r in rows)
    salts = {listed.salts[word] for word in left if word in listed.salts}
    rest = " ".join(
        sorted(
            {
                w
                for w in left
                if w not in listed.forms
                and w not in listed.filler
                and w not in listed.salts
                and w not in listed.slow
                and not w.replace(".", "").isdigit()
            }
        )
    )
    return Drug(
        frozenset(rows),
        "" if rows else rest or " ".join(found),
        frozenset(salts),
        strengths(name),
        frozenset(forms),
        slow,
    )


def _closer(rows: set[str], found: list[str]) -> set[str]:
    """Where a name holds an ingredient and a salt of it that is a medicine of its own ("metoprolol … succinate")."""
    names = table("ingredients").rows
    for row in list(rows):
        if names[row].get("salts"):
            salts = {_words().salts[w] for w in found if w in _words().salts}
            for other in names:
                if other.startswith(f"{row} ") and other.removeprefix(f"{row} ") in salts:
                    rows = (rows - {row}) | {other}
    return rows


def best(names: Iterable[str], codes: Iterable[tuple[str, str]]) -> Drug:
    """All names and codes of one medicine taken together: the ones that say most are believed."""
    read_all = [read(name) for name in names]
    known = [d.rows for d in read_all if d.rows]
    rows = max(known, key=len, default=frozenset())
    if not rows:
        for system, code in sorted(codes):
            if system in ("rxnorm", "atc"):
                rows = frozenset(
                    of
                    for row in table("ingredients").by_code(system, code)
                    if system != "atc" or len(code) == 7
                    for of in table("ingredients").rows[row].get("of", (row,))
                )
            if rows:
                break
    said = [d for d in read_all if d.strengths]
    return Drug(
        rows,
        next((d.rest for d in read_all if d.rest), "") if not rows else "",
        frozenset(s for d in read_all for s in d.salts),
        said[0].strengths if said else frozenset(),
        frozenset(f for d in read_all for f in d.forms),
        any(d.slow for d in read_all) or any(table("ingredients").rows[r].get("slow") for r in rows),
    )
