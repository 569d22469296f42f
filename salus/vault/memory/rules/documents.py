"""Documents and reports: the same document brought twice, and the documents that only look alike."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from salus.records.resource import Resource, concept_text, each
from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.memory.dates import earliest, moment
from salus.vault.memory.entry import Kind, Value
from salus.vault.memory.facts import Concept, Context, Fact, concept, identifiers, source_of
from salus.vault.memory.folding import key
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, first_code, newest
from salus.vault.memory.places import same_person
from salus.vault.memory.rule import CERTAIN, EXACT, FIRM, MONTH, Rule, at

KIND: Kind = "documents"
TYPES = ("DocumentReference", "Composition", "DiagnosticReport")

SAME_ID = Rule("same_identifier", "same", T("the same document number"), CERTAIN)
SAME_CONTENT = Rule("same_content", "same", T("the same content, word for word"), EXACT)
SAME_TITLE = Rule("same_title_time_author", "same", T("the same title at the same time by the same author"), FIRM)
OTHER_CONTENT = Rule("other_content", "different", T("their words differ"))
OTHER_TIME = Rule("other_time", "different", T("written at another time"))
OTHER = Rule("other_document", "different", T("two different documents"))
RULES = (SAME_ID, SAME_CONTENT, SAME_TITLE, OTHER_CONTENT, OTHER_TIME, OTHER)


@dataclass(slots=True)
class Document(Fact):
    what: Concept
    title: str
    content: frozenset[str]
    results: int
    author: str
    time: When | None
    ids: frozenset[tuple[str, str]]
    status: str


def read(ctx: Context, resource: Resource) -> Document | None:
    """None for what was entered in error."""
    body = resource.body
    if body.get("status") == "entered-in-error":
        return None
    what = concept(body.get("code") if resource.type == "DiagnosticReport" else body.get("type"))
    held = next((str(t) for path in ("content.attachment.title", "presentedForm.title") for t in each(body, path)), "")
    title = str(body.get("description") or body.get("title") or "") or held or what.title
    author = next(
        (
            n
            for path in ("author", "performer", "resultsInterpreter")
            for ref in _list(body.get(path))
            if (n := ctx.name(body, ref))
        ),
        "",
    )
    content, ids, source = _content(body), identifiers(body), source_of(resource)
    time = resource.time
    day = time.first.isoformat() if time else "?"
    names = {key(title), *(key(n) for n in what.names)} - {""}
    blocks = (
        *(f"i:{s}:{v}" for s, v in ids),
        *(f"h:{h}" for h in content),
        *(f"n:{n}:{day}" for n in names),
        *(f"c:{s}:{c}:{day}" for s, c in what.codes),
    )
    results = len(_list(body.get("result")))
    sign = (source, resource.type, what, key(title), content, author, time and time.text, ids, results)
    return Document(
        resource,
        resource.ref,
        source,
        blocks,
        sign,
        what,
        title,
        content,
        results,
        author,
        time,
        ids,
        str(body.get("status") or ""),
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []


def _content(body: Mapping[str, object]) -> frozenset[str]:
    """Marks of what is attached: a digest of the words (for text, whatever its line ends), or the stated hash."""
    found: set[str] = set()
    for path in ("content.attachment", "presentedForm"):
        for part in each(dict(body), path):
            if not isinstance(part, Mapping):
                continue
            if isinstance(part.get("data"), str):
                try:
                    data = base64.b64decode(part["data"], validate=False)
                except (binascii.Error, ValueError):
                    continue
                if str(part.get("contentType") or "").startswith("text/"):
                    data = b" ".join(data.split())
                found.add(hashlib.sha256(data).hexdigest())
            elif isinstance(part.get("hash"), str):
                found.add(f"sha1:{part['hash']}")
    return frozenset(found)


def compare(ctx: Context, a: Document, b: Document) -> Rule | None:
    """What the rules say of two documents."""
    if a.ids & b.ids and a.resource.type == b.resource.type:
        return SAME_ID
    same = bool(a.content & b.content)
    close = moment(a.time, b.time, ctx.zone)
    named = key(a.title) == key(b.title) or bool(a.what.codes & b.what.codes)
    if same and named and (close != "apart" or near_day(a, b)):
        return SAME_CONTENT
    if same:
        return SAME_CONTENT if close == "same" else OTHER_TIME if close == "apart" else None
    if a.content and b.content and {h[:5] == "sha1:" for h in a.content} == {h[:5] == "sha1:" for h in b.content}:
        return OTHER_CONTENT
    if close == "apart":
        return OTHER_TIME
    if a.author and b.author and not same_person(a.author, b.author):
        return OTHER
    if not named or close == "unknown" or a.resource.type != b.resource.type:
        return None
    if key(a.title) != key(b.title) and not a.author:
        return None
    if a.source == b.source and (a.results or b.results or close != "same"):
        return None
    return SAME_TITLE if close == "same" else at(SAME_TITLE, MONTH)


def near_day(a: Document, b: Document) -> bool:
    """The same words under one title within a week: one document, dated by when each got it."""
    return a.time is not None and b.time is not None and abs((a.time.first - b.time.first).days) <= 7


def say(ctx: Context, group: Group[Document]) -> Said:
    """The record that carries the words speaks."""
    facts = group.facts
    held = [f for f in facts if f.content]
    main = newest(held or facts, lambda f: f.time)
    kind = main.what.title
    detail: list[tuple[Text, Value]] = [(T("Kind"), kind)] if kind and kind != main.title else []
    if author := next((f.author for f in [main, *facts] if f.author), ""):
        detail.append((T("Author"), author))
    if conclusion := str(main.body.get("conclusion") or concept_text(main.body.get("conclusionCode")) or ""):
        detail.append((T("Conclusion"), conclusion))
    code = first_code(main.body.get("code") if main.resource.type == "DiagnosticReport" else main.body.get("type"))
    return Said(main, main.title, code, "done", earliest([f.time for f in facts if f.time]), None, detail)
