"""The tables of names: which codes, names and brands mean one thing. Facts in TOML beside this file, none in code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import tomli as tomllib

from salus.vault.memory import folding, loosening
from salus.vault.memory.facts import Concept
from salus.vault.memory.spelling import Speller
from salus.vault.memory.wording import look_alike

PREFIXED = frozenset({"icd10", "icd9", "atc"})
MOST_KNOWN = 20_000
SHORTEST_SLIP = 6
"""Letters of a word of a name in which a slip is forgiven."""
_SIDES = {"1": "right", "2": "left", "3": "both"}
CODED = ("snomed", "icd10", "icd9", "icpc", "rxnorm", "atc", "cvx", "loinc", "cpt", "ccam", "hcpcs")


class Table:
    """Rows by code, by the beginning of a code, and by name. A row's id is its first English name, folded."""

    def __init__(self, name: str) -> None:
        self.name = name
        text = resources.files("salus.vault.memory").joinpath(f"{name}.toml").read_text("utf-8")
        self.rows: dict[str, Mapping[str, Any]] = {}
        self._codes: dict[tuple[str, str], set[str]] = {}
        self._names: dict[str, set[str]] = {}
        self._brands: dict[tuple[str, ...], set[str]] = {}
        self._known: dict[tuple[Concept, tuple[str, ...] | None], frozenset[str]] = {}
        self._speller: Speller | None = None
        self._sites: frozenset[str] | None = None
        self.sides: dict[str, set[str]] = {}
        """Beginnings of ICD-10-CM codes whose next digit is the side: right (1), left (2), both (3) or none (0, 9)."""
        self._told: list[str] = []
        for row in tomllib.loads(text)["row"]:
            self._add(row)

    def _add(self, row: Mapping[str, Any]) -> None:
        id_ = str(row.get("id") or folding.fold(row["en"][0]))
        if id_ in self.rows:
            raise ValueError(f"two rows called {id_}")
        self.rows[id_] = row
        for system in CODED:
            for code in row.get(system, ()):
                bare = code.replace(".", "") if system in PREFIXED else code
                self._codes.setdefault((system, bare), set()).add(id_)
        for code in row.get("sides", ()):
            self.sides.setdefault(code.replace(".", ""), set()).add(id_)
        for brand in row.get("brands", ()):
            self._brands.setdefault(folding.words(brand), set()).add(id_)
        for name in (*row["en"], *row.get("fr", ()), *row.get("also", ()), *row.get("brands", ())):
            self._names.setdefault(folding.key(name), set()).add(id_)
            self._told.append(name)

    def by_code(self, system: str, code: str) -> frozenset[str]:
        """The rows of a code; for classifications, of the longest beginning of it that a row names."""
        if system not in PREFIXED:
            return frozenset(self._codes.get((system, code), ()))
        bare = code.replace(".", "").upper()
        for size in range(len(bare), 2, -1):
            if found := self._codes.get((system, bare[:size])) or (system == "icd10" and self.sides.get(bare[:size])):
                return frozenset(found)
        return frozenset()

    def side(self, code: str) -> str:
        """The side that a digit of an ICD-10-CM code tells; "" where it tells none."""
        bare = code.replace(".", "").upper()
        for size in range(len(bare) - 1, 2, -1):
            if bare[:size] in self.sides:
                return _SIDES.get(bare[size], "")
        return ""

    def by_name(self, name: str) -> frozenset[str]:
        return self.by_key(folding.key(name))

    def by_key(self, key: str) -> frozenset[str]:
        """The same for a name that is already as names are compared."""
        return frozenset(self._names.get(key, ()))

    def at_site(self, called: Iterable[str]) -> frozenset[str]:
        """The rows of a name that adds where in the body it is, where it is always there ("meniscectomy of knee")."""
        if self._sites is None:
            self._sites = frozenset(folding.key(site) for row in self.rows.values() for site in row.get("at", ()))
        for name in called:
            told = folding.key(name).split()
            for site in self._sites.intersection(told):
                rows = self.by_key(" ".join(word for word in told if word != site))
                if rows and all(site in map(folding.key, self.rows[row].get("at", ())) for row in rows):
                    return rows
        return frozenset()

    def by_brand(self, name: str) -> frozenset[str]:
        """The rows whose brand stands in a longer name; of two, the longer brand counts."""
        found = folding.words(name)
        for size in range(min(4, len(found)), 0, -1):
            rows = {row for at in range(len(found) - size + 1) for row in self._brands.get(found[at : at + size], ())}
            if rows:
                return frozenset(rows)
        return frozenset()

    def of(self, what: Concept, names: tuple[str, ...] | None = None) -> frozenset[str]:
        """The rows a concept means: by an exact code first, then by its names, then by a classification's code; what
        says it more closely counts.

        Empty where the table does not know it; several only where the table itself leaves it open.
        """
        found = self._known.get((what, names))
        if found is None:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            found = self._known[what, names] = self._of(what, names)
        return found

    def _of(self, what: Concept, names: tuple[str, ...] | None) -> frozenset[str]:
        named: frozenset[str] = frozenset()
        called = what.names if names is None else names
        for look in (self.by_name, self._loosely):
            named = next((rows for name in called if (rows := look(name))), frozenset())
            if named:
                break
        coded, exact = self._coded(what)
        if not named or not coded:
            return self._closest(named or coded)
        if both := named & coded:
            return self._closest(both)
        closer_code = frozenset(c for c in coded if self.above(c) & named)
        closer_name = frozenset(n for n in named if self.above(n) & coded)
        return self._closest(closer_code or closer_name or (coded if exact else named))

    def _loosely(self, name: str) -> frozenset[str]:
        """By the name without filler, or by its parts where each is known and all mean one thing."""
        bare = loosening.bare(name, self.name)
        for less in bare:
            if rows := self.by_name(less):
                return rows
        for whole in (name, *bare):
            found = [self.by_name(part) for part in loosening.parts(whole)]
            if found and found[0] and all(rows == found[0] for rows in found):
                return found[0]
        return self._corrected(name)

    def _corrected(self, name: str) -> frozenset[str]:
        """By the name with one slip mended in words no name of the table holds."""
        if self._speller is None:
            told = {word for name in self._told for word in folding.words(name)}
            self._speller = Speller(told | {f"{word}s" for word in told} | look_alike(), SHORTEST_SLIP)
        written = folding.fold(name).split()
        mended = [self._speller.meant(word) or word for word in written]
        if mended == list(written):
            return frozenset()
        right = " ".join(mended)
        return self.by_name(right) or next(
            (rows for less in loosening.bare(right, self.name) if (rows := self.by_name(less))), frozenset()
        )

    def _coded(self, what: Concept) -> tuple[frozenset[str], bool]:
        """The rows of its codes, of the closest system that knows one; whether that system is no classification."""
        for system in CODED:
            found = frozenset(row for kind, code in what.codes if kind == system for row in self.by_code(kind, code))
            if found:
                return found, system not in PREFIXED
        return frozenset(), False

    def above(self, id_: str) -> frozenset[str]:
        """Every row that a row is a kind of."""
        found: set[str] = set()
        wanted = list(self.rows[id_].get("under", ()))
        while wanted:
            one = wanted.pop()
            if one not in found:
                found.add(one)
                wanted += self.rows[one].get("under", ())
        return frozenset(found)

    def _closest(self, ids: Iterable[str]) -> frozenset[str]:
        rows = frozenset(ids)
        return rows - {upper for one in rows for upper in self.above(one)}


@lru_cache(maxsize=16)
def table(name: str) -> Table:
    """The table of that name, read once."""
    return Table(name)
