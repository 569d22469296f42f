"""Which documents and notes answer, and the piece of each that does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from salus.knowledge.phrases import tokens
from salus.records.resource import Resource, concept_text, each, title
from salus.skills.records.reach import name_of, specialty
from salus.skills.search.passage import clean, passage
from salus.skills.search.query import SearchQuery
from salus.skills.search.words import Thing, spots, spots_in, stems, things
from salus.vault.view import VaultView

WRITTEN = ("DocumentReference", "Composition", "DiagnosticReport", "ClinicalImpression", "Communication")
"""Types of record that are documents, for a search by who wrote them."""
NOT_VALID = ("entered-in-error", "superseded", "cancelled")
MOST_HITS, MOST_LOOKED_AT = 60, 400
_AUTHORS = ("author", "resultsInterpreter", "performer", "assessor", "sender")
_HELD = ("content.attachment.title", "presentedForm.title")
_LABELS = frozenset({"dr", "doctor", "docteur", "pr", "prof", "professor", "professeur", "mr", "mrs", "ms", "mme", "m"})


@dataclass(frozen=True)
class Document:
    """One document that answers: what it is called, who wrote it, and a literal piece of it."""

    resource: Resource
    title: str
    who: str
    passage: str


def find(view: VaultView, query: SearchQuery) -> list[Document]:
    """Best first where words were looked for, else newest first."""
    wanted = things(query.words) if query.words else []
    by = _people(query.by)
    found = [_document(view, resource, wanted, text) for resource, text in _candidates(view, query, wanted)]
    kept = [one for one in found if one is not None and (not by or _written_by(view, one, by))]
    if not wanted:
        kept.sort(key=lambda one: one.resource.time.sort_key() if one.resource.time else (view.today.min, 0.0),
                  reverse=True)  # fmt: skip
    return kept


def _people(by: str | None) -> list[Thing]:
    return [one for one in things(by or "") if stems(one.said) and not set(stems(one.said)) <= _LABELS]


def _candidates(view: VaultView, query: SearchQuery, wanted: list[Thing]) -> Iterator[tuple[Resource, str]]:
    """Records whose text may answer, with that text; those of the days asked about."""
    seen: set[str] = set()
    for ref in _refs(view, query, wanted):
        if ref in seen or len(seen) >= MOST_LOOKED_AT:
            continue
        seen.add(ref)
        resource = view.resource(ref)
        if resource is None or resource.body.get("status") in NOT_VALID:
            continue
        inside = query.period is None or (
            resource.time is not None and query.period.covers(resource.time, view.person.zone) is not False
        )
        text = clean(view.text_of(ref)) if inside else ""
        if text.strip():
            yield resource, text


def _refs(view: VaultView, query: SearchQuery, wanted: list[Thing]) -> Iterable[str]:
    if not wanted:
        return [resource.ref for resource in view.resources(*WRITTEN, period=query.period)]
    scores: dict[str, float] = {}
    thing = max(wanted, key=lambda one: len(one.said))
    for phrase in thing.phrases:
        for hit in view.search(" ".join(phrase), MOST_HITS):
            scores[hit.ref] = max(scores.get(hit.ref, 0.0), hit.score)
    return sorted(scores, key=lambda ref: (-scores[ref], ref))


def _document(view: VaultView, resource: Resource, wanted: list[Thing], text: str) -> Document | None:
    """The document where every thing looked for is in its text or its title; else None."""
    name = _title(resource)
    words, at = tokens(text), None
    for thing in wanted:
        here = spots_in(thing, words)
        if not here and not spots(thing, name):
            return None
        if here and not _only_title(here[0].start, text, name):
            at = here[0].start if at is None else min(at, here[0].start)
        elif len(here) > 1:
            at = here[1].start if at is None else min(at, here[1].start)
    start = _after_title(text, name) if at is None else at
    return Document(resource, name, _who(view, resource), passage(text, start))


def _only_title(at: int, text: str, name: str) -> bool:
    """Whether a place in the text is where it repeats its own title."""
    return bool(name) and text.startswith(name) and at < len(name)


def _after_title(text: str, name: str) -> int:
    """Where the text itself begins, after the titles it starts with."""
    at = len(name) if name and text.startswith(name) else 0
    while at < len(text) and text[at].isspace():
        at += 1
    lines = text[at:].split("\n\n", 1)
    short = len(lines) > 1 and len(lines[0]) < 80 and not lines[0].rstrip().endswith((".", "!", "?"))
    return _skipped(text, at + len(lines[0])) if short else min(at, max(len(text) - 1, 0))


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return min(at, max(len(text) - 1, 0))


def _title(resource: Resource) -> str:
    body = resource.body
    described = body.get("description") if isinstance(body.get("description"), str) else ""
    held = next((str(one) for path in _HELD for one in each(body, path)), "")
    own = body.get("title") if isinstance(body.get("title"), str) else ""
    return str(described or own or held or title(body) or concept_text(body.get("type")) or resource.type)


def _writers(body: dict[str, Any]) -> Iterator[Any]:
    for path in _AUTHORS:
        value = body.get(path)
        yield from value if isinstance(value, list) else [value] if value else []


def _who(view: VaultView, resource: Resource) -> str:
    return next((name for one in _writers(resource.body) if (name := name_of(view, resource.body, one))), "")


def _written_by(view: VaultView, document: Document, by: list[Thing]) -> bool:
    """Whether the writer's name, profession or house, or the document's own title, is what was asked for."""
    body = document.resource.body
    words = " · ".join(
        part for one in _writers(body) for part in (name_of(view, body, one), specialty(view, body, one)) if part
    )
    everything = f"{words} · {document.title}"
    return all(spots(one, everything) for one in by)
