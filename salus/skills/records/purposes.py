"""What a medicine is taken for: only what the records say, in `reasonCode` or the problem that a reason points to.

Tells a purpose ("for my blood pressure") from a name; never what a medicine could be for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import tomli as tomllib

from salus.knowledge.phrases import PhraseBook, tokens
from salus.records.finding import Unknown
from salus.records.resource import Resource, codings, concept_text
from salus.records.text import TN, T
from salus.skills.records.entry import plain
from salus.skills.records.match import answers, asked
from salus.skills.records.reach import target
from salus.vault.memory.facts import NOTHING, Concept, concept
from salus.vault.memory.tables import table
from salus.vault.view import VaultView

ICD10 = "icd10"


class Reason(NamedTuple):
    """One recorded reason: its name (or its code where it has none), every word of it, and what it is coded as."""

    name: str
    words: str
    what: Concept


@dataclass(frozen=True)
class Purpose:
    """A row of `purposes.toml`."""

    reasons: tuple[tuple[str, ...], ...]
    unless: tuple[tuple[str, ...], ...]
    icd10: tuple[str, ...]


def reasons(view: VaultView, resource: Resource) -> tuple[Reason, ...]:
    """The reasons of a request, statement or administration; the problem a reference points to has its own name."""
    found: list[Reason] = []
    body = resource.body
    for code in _listed(body.get("reasonCode")):
        found += _reason([code])
    for reference in _listed(body.get("reasonReference")):
        shown = reference.get("display")
        pointed = target(view, body, reference, ("Condition", "Observation", "DiagnosticReport")) or {}
        found += _reason([{"text": shown}] if shown else [], pointed.get("code"))
    return tuple({reason.name: reason for reason in found}.values())


def _reason(concepts: list[Any], more: Any = None) -> list[Reason]:
    known = [one for one in (*concepts, more) if isinstance(one, Mapping)]
    names = [plain(concept_text(one)) for one in known]
    words = [text for one in known for text in (str(one.get("text") or ""), *(code.display for code in codings(one)))]
    read = [concept(one) for one in known]
    whole = (
        Concept(frozenset().union(*(c.codes for c in read)), tuple(n for c in read for n in c.names))
        if read
        else (NOTHING)
    )
    name = next(filter(None, names), "") or next((code.code for one in known for code in codings(one)), "")
    return [Reason(name, " · ".join(filter(None, words)), whole)] if name else []


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Mapping)]


# What is asked -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _book() -> PhraseBook[Purpose]:
    text = resources.files("salus.skills.records").joinpath("purposes.toml").read_text("utf-8")
    book: PhraseBook[Purpose] = PhraseBook()
    for row in tomllib.loads(text)["purpose"]:
        purpose = Purpose(_split(row["reasons"]), _split(row.get("unless", ())), tuple(row.get(ICD10, ())))
        for phrase in row["words"]:
            book.add(phrase, purpose)
    return book


def _split(phrases: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(token.word for token in tokens(phrase)) for phrase in phrases)


def is_purpose(about: str | None) -> bool:
    """Whether the person's words name what a medicine is for (a problem), and no medicine."""
    if not about:
        return False
    return bool(_purposes(about)) or bool(_rows(about))


@lru_cache(maxsize=256)
def _purposes(about: str) -> tuple[Purpose, ...]:
    """The rows that the words name, where they name nothing else: "pulmonary hypertension" is not "hypertension"."""
    found, rest = _book().find(about), about
    for hit in found:
        rest = rest[: hit.start] + " " * (hit.end - hit.start) + rest[hit.end :]
    return tuple(hit.item for hit in found) if asked(rest, "medications").empty else ()


@lru_cache(maxsize=256)
def _rows(about: str) -> frozenset[str]:
    """The conditions that the memory's table knows by this name."""
    return table("conditions").of(Concept(frozenset(), (plain(about),)))


def meant(about: str, found: Iterable[Reason]) -> tuple[Reason, ...]:
    """The recorded reasons that are what the person asks about."""
    return tuple(one for one in found if any(_fits(row, one) for row in _purposes(about)) or _same(about, one))


def _fits(purpose: Purpose, reason: Reason) -> bool:
    here = [token.word for token in tokens(reason.words)]
    if any(_has(here, phrase) for phrase in purpose.unless):
        return False
    codes = [code.replace(".", "") for system, code in reason.what.codes if system == ICD10]
    coded = any(code.startswith(start.replace(".", "")) for code in codes for start in purpose.icd10)
    return coded or any(_has(here, phrase) for phrase in purpose.reasons)


def _has(here: list[str], phrase: tuple[str, ...]) -> bool:
    return any(tuple(here[at : at + len(phrase)]) == phrase for at in range(len(here) - len(phrase) + 1))


def _same(about: str, reason: Reason) -> bool:
    """The same problem by the words, by their synonyms, or by the memory's table of conditions."""
    wanted = asked(about, "problems")
    if not wanted.empty and answers(wanted, reason.words, "problems") is not None:
        return True
    known = _rows(about)
    if not known:
        return False
    conditions = table("conditions")
    told = conditions.of(reason.what)
    return any(one in known or conditions.above(one) & known for one in told)


ASK = T("Ask your doctor or pharmacist what each of your medicines is for.")


def not_said(about: str, unsaid: int) -> Unknown:
    """No reason that is recorded is the one asked for; `unsaid` current medicines have none at all."""
    if not unsaid:
        return Unknown(T("No medicine in your records is recorded as being for “{about}”.", about=about), ASK)
    said = TN(
        "Your records do not say which medicine is for “{about}”: {n} current medicine has no recorded reason.",
        "Your records do not say which medicine is for “{about}”: {n} current medicines have no recorded reason.",
        unsaid, about=about,
    )  # fmt: skip
    return Unknown(said, ASK)
