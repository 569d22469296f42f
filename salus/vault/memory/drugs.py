"""Reading a medicine's name: ingredients, salt, strength, form, slow release. In English and French, brand or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from itertools import accumulate
from typing import Any

import tomli as tomllib

from salus.vault.memory.folding import words
from salus.vault.memory.medicine_names import Names, names
from salus.vault.memory.strengths import PATTERN, Strength, number, spread, strengths, unitless
from salus.vault.memory.tables import table

METALS = frozenset({"calcium", "magnesium", "zinc", "sodium", "potassium"})
_GLUED = re.compile(
    r"([a-z]{5,})(hydrochlorid|hydrobromid|succinat|besilat|tartrat|maleat|fumarat|mesilat|sulfat|phosphat|acetat|citrat|"
    r"natrium|kalium|calcium|magnesium|dipropionat|propionat|furoat|valerat)\b"
)
"""A salt glued to its medicine, as in German: "Metoprololsuccinat"."""
_PARTS = re.compile(r"\s*[/+;,&]\s*|\s+(?:and|et|y|und|with|avec)\s+")


@dataclass(frozen=True, slots=True)
class Drug:
    """`rows` are ingredients of the table (empty when unknown), `rest` the name without strength and form words."""

    rows: frozenset[str]
    rest: str
    salts: frozenset[str]
    strengths: frozenset[Strength]
    forms: frozenset[str]
    slow: bool


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


@lru_cache(maxsize=4096)
def read(name: str) -> Drug:
    """What one written name says."""
    listed = _words()
    parts = [words(part) for part in _PARTS.split(_GLUED.sub(r"\1 \2", PATTERN.sub(" ", spread(name))))]
    found = [word for part in parts for word in part]
    starts = frozenset(accumulate(len(part) for part in parts))
    rows, branded, taken = _means(found, starts)
    rows = _by_strength(_closer(rows, found), name)
    left = [word for word, used in zip(found, taken, strict=True) if not used]
    forms = {listed.forms[word] for word in left if word in listed.forms} or branded
    slow = any(word in listed.slow for word in found) or any(_row(r).get("slow") for r in rows)
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
        strengths(name) or _unwritten(name, rows, found, taken),
        frozenset(forms),
        slow,
    )


def _means(found: list[str], starts: frozenset[int]) -> tuple[set[str], set[str], list[bool]]:
    """The rows its words mean, the forms its brands are of, and which words say so."""
    known, listed = names(), _words()
    rows: set[str] = set()
    branded: set[str] = set()
    taken = [False] * len(found)
    at = 0
    trade, of_trade = known.branded(found)
    while at < len(found):
        means, size = _phrase(known, found, at)
        if at == 0 and of_trade > size:
            means, size = trade, of_trade
        if not means:
            means, size = known.sounding(found, at)
        if not means or (size == 1 and _is_salt(known, found, at, starts, taken)):
            at += 1
            continue
        rows |= means
        branded.update(filter(None, (listed.brands.get(tuple(found[at : at + size])),)))
        taken[at : at + size] = [True] * size
        at += size
    if not rows:
        for at, word in enumerate(found):
            if word not in listed.forms and word not in listed.filler and (means := known.slipped(word)):
                rows |= means
                taken[at] = True
    return rows, branded, taken


def _is_salt(known: Names, found: list[str], at: int, starts: frozenset[int], taken: list[bool]) -> bool:
    """True for the "sodium" of "levothyroxine sodium" or "sodium valproate", which is no ingredient of its own."""
    word = found[at]
    if word not in _words().salts and word not in METALS:
        return False
    if at and at not in starts and taken[at - 1]:
        return True
    after = at + 1
    if word in METALS - {"sodium", "potassium"} or after >= len(found) or after in starts:
        return False
    means, size = _phrase(known, found, after)
    return bool(means) and not (size == 1 and (found[after] in _words().salts or found[after] in METALS))


def _phrase(known: Names, found: list[str], at: int) -> tuple[frozenset[str], int]:
    for size in range(min(known.longest, len(found) - at), 0, -1):
        means = known.phrases.get(tuple(found[at : at + size]))
        if means:
            return means, size
    return frozenset(), 0


@lru_cache(maxsize=1)
def _strong() -> dict[str, tuple[Strength, str]]:
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("dosage.toml").read_text("utf-8"))
    return {row: ((Decimal(n), unit, per), other) for row, (n, unit, per, other) in data["by_strength"].items()}


def _by_strength(rows: set[str], name: str) -> set[str]:
    """Where a strength makes an ingredient another medicine ("insulin glargine 300 units/mL")."""
    for row, (strength, other) in _strong().items():
        if rows == {row} and strength in {(n.normalize(), unit, per) for n, unit, per in strengths(name)}:
            return {other}
    return rows


def _unwritten(name: str, rows: set[str], found: list[str], taken: list[bool]) -> frozenset[Strength]:
    """The strength of "Eliquis 5" or "Percocet 5-325", where no unit is written."""
    if len(rows) > 1:
        return unitless(name, len(rows))
    last = max((at for at, used in enumerate(taken) if used), default=-1)
    if rows and 0 <= last < len(found) - 1 and (amount := number(found[last + 1])) is not None:
        after = found[last + 2 : last + 3]
        if amount and (not after or after[0] in _words().forms):
            return frozenset({(amount.normalize(), "", "")})
    return frozenset()


def _row(id_: str) -> Mapping[str, Any]:
    return table("ingredients").rows.get(id_, {})


def _closer(rows: set[str], found: list[str]) -> set[str]:
    """Where a name holds an ingredient and a salt of it that is a medicine of its own ("metoprolol … succinate")."""
    listed = table("ingredients").rows
    for row in list(rows):
        if _row(row).get("salts"):
            salts = {_words().salts[w] for w in found if w in _words().salts}
            for other in listed:
                if other.startswith(f"{row} ") and other.removeprefix(f"{row} ") in salts:
                    rows = (rows - {row}) | {other}
    return rows


def best(called: Iterable[str], codes: Iterable[tuple[str, str]]) -> Drug:
    """All names and codes of one medicine taken together: the ones that say most are believed."""
    read_all = [read(name) for name in called]
    known = [d.rows for d in read_all if d.rows]
    rows = max(known, key=len, default=frozenset())
    if not rows:
        for system, code in sorted(codes):
            if system in ("rxnorm", "atc"):
                rows = frozenset(
                    of
                    for row in table("ingredients").by_code(system, code)
                    if system != "atc" or len(code) == 7
                    for of in _row(row).get("of", (row,))
                )
                if system == "atc":
                    rows = rows or names().atc.get(code, frozenset())
            if rows:
                break
    said = [d for d in read_all if d.strengths]
    return Drug(
        rows,
        next((d.rest for d in read_all if d.rest), "") if not rows else "",
        frozenset(s for d in read_all for s in d.salts),
        said[0].strengths if said else frozenset(),
        frozenset(f for d in read_all for f in d.forms),
        any(d.slow for d in read_all) or any(_row(r).get("slow") for r in rows),
    )
