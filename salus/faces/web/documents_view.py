"""Documents and notes to read: the list, what a search finds with its words marked, one document's text and files.

Text is shown as text, whatever the document was: markup of a record never reaches the page as markup.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from salus.assistant.words import words
from salus.errors import NotFound
from salus.faces.web.told import capital, source_title
from salus.faces.wording import TYPE
from salus.knowledge.phrases import fold
from salus.records.finding import Lang
from salus.records.resource import Body, Resource, each, first, title
from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.search import CLOSE, OPEN, Hit
from salus.vault.view import VaultView

LETTERS = ("DocumentReference", "Composition", "Binary", "ClinicalImpression", "Communication", "Consent", "Media")
REPORTS = ("DiagnosticReport", "QuestionnaireResponse")
KINDS: dict[str, tuple[str, ...]] = {"": (*LETTERS, *REPORTS), "letters": LETTERS, "reports": REPORTS}
"""What a list can be limited to."""
AT_ONCE, MOST_HITS, LEAD, LONGEST = 40, 50, 180, 200_000
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Listed:
    """One line. `lead` is its beginning, or the passage that was found with the words marked."""

    ref: str
    title: str
    type: Text
    time: When | None
    origin: str
    lead: Markup


@dataclass(frozen=True)
class File:
    """An attachment that the record carries. `number` finds it again."""

    number: int
    name: str
    kind: str
    bytes: int


@dataclass(frozen=True)
class Document:
    """One document: `paragraphs` of its readable text, `files` it carries, `links` to what it only points at."""

    ref: str
    title: str
    type: Text
    time: When | None
    origin: str
    source: Text | str
    paragraphs: Sequence[Markup]
    cut: bool
    files: Sequence[File]
    links: Sequence[str]
    aside: bool


def listed(view: VaultView, kind: str, page: int, lang: Lang) -> tuple[list[Listed], bool]:
    """(a page of documents, newest first; whether there are more)."""
    types = KINDS.get(kind, KINDS[""])
    found = view.resources(*types, limit=(page + 1) * AT_ONCE + 1)
    here = found[page * AT_ONCE : (page + 1) * AT_ONCE]
    return [_listed(view, one, lang) for one in here], len(found) > (page + 1) * AT_ONCE


def _listed(view: VaultView, one: Resource, lang: Lang) -> Listed:
    text, name = view.text_of(one.ref), _named(one, lang)
    lead = " ".join(text.split()).removeprefix(name).strip()
    shown = escape(lead[:LEAD] + ("…" if len(lead) > LEAD else ""))
    return Listed(one.ref, name, _type(one.type), one.time, one.origin, shown)


def _type(type_: str) -> Text:
    return TYPE.get(type_, T("{name}", name=type_))


def _named(one: Resource, lang: Lang) -> str:
    own = title(one.body) or str(first(one.body, "title") or "")
    return capital(own or words(lang).say(_type(one.type)))


def found(view: VaultView, asked: str, lang: Lang) -> tuple[list[Listed], bool]:
    """(documents and notes that hold all the words, best first; False where only some words were found)."""
    hits, whole = view.search(asked, MOST_HITS), True
    if not hits and len(_WORD.findall(asked)) > 1:
        hits, whole = view.search(asked, MOST_HITS, any_word=True), False
    return [_hit(hit, lang) for hit in hits], whole


def _hit(hit: Hit, lang: Lang) -> Listed:
    name = capital(hit.title or words(lang).say(_type(hit.type)))
    return Listed(hit.ref, name, _type(hit.type), hit.time, hit.origin, marked(hit.snippet))


def marked(snippet: str) -> Markup:
    """A passage with the words that were found marked; everything else is text."""
    safe = str(escape(snippet))
    opened = safe.count(OPEN) == safe.count(CLOSE)
    made = safe.replace(OPEN, "<mark>" if opened else "").replace(CLOSE, "</mark>" if opened else "")
    return Markup(made)  # noqa: S704 - escaped above; only our own marks are added


def document(view: VaultView, ref: str, asked: str, lang: Lang) -> Document:
    """Raises NotFound. The words of `asked` are marked in its text."""
    one = view.resource(ref, aside=True)
    if one is None:
        raise NotFound(T("This record is no longer in the vault. It may have been undone since."))
    text = view.text_of(ref)
    shown = text[:LONGEST]
    return Document(
        ref, _named(one, lang), _type(one.type), one.time, one.origin, source_title(one.connection, lang),
        [highlighted(part, asked) for part in re.split(r"\n\s*\n", shown) if part.strip()], len(text) > LONGEST,
        [_file(n, found, one, lang) for n, found in enumerate(_attachments(one.body))],
        [str(a["url"]) for a in _all_attachments(one.body) if "data" not in a and isinstance(a.get("url"), str)],
        view.resource(ref) is None,
    )  # fmt: skip


def highlighted(text: str, asked: str) -> Markup:
    """The text with every word that begins like one of those asked for marked; accents do not count."""
    wanted = [fold(word) for word in _WORD.findall(asked)]
    if not wanted:
        return escape(text)
    made, at = Markup(), 0
    for match in _WORD.finditer(text):
        if any(fold(match[0]).startswith(word) for word in wanted):
            made += escape(text[at : match.start()]) + Markup("<mark>{}</mark>").format(match[0])
            at = match.end()
    return made + escape(text[at:])


# Files ------------------------------------------------------------------------------------------------------------


def _all_attachments(body: Body) -> Iterator[dict[str, Any]]:
    if body.get("resourceType") == "Binary":
        yield body
    for path in ("content.attachment", "presentedForm", "content"):
        yield from (a for a in each(body, path) if isinstance(a, dict) and ("data" in a or "url" in a))


def _attachments(body: Body) -> Iterator[dict[str, Any]]:
    yield from (a for a in _all_attachments(body) if isinstance(a.get("data"), str) and a["data"])


def file_of(view: VaultView, ref: str, number: int, lang: Lang) -> tuple[File, bytes]:
    """An attachment's name and bytes. Raises NotFound, also where its data cannot be read."""
    one = view.resource(ref, aside=True)
    carried = list(_attachments(one.body)) if one else []
    if one is None or not 0 <= number < len(carried):
        raise NotFound(T("There is no such file in the vault."))
    return _file(number, carried[number], one, lang), _data(carried[number])


def _data(attachment: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode("".join(attachment["data"].split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotFound(T("The file cannot be read: its data is damaged.")) from None


_ENDINGS = {
    "application/pdf": "pdf", "text/plain": "txt", "text/html": "html", "text/rtf": "rtf", "application/rtf": "rtf",
    "image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif", "application/xml": "xml", "text/xml": "xml",
    "application/dicom": "dcm", "application/json": "json", "application/fhir+json": "json", "text/markdown": "md",
    "text/csv": "csv",
}  # fmt: skip


def _file(number: int, attachment: dict[str, Any], one: Resource, lang: Lang) -> File:
    kind = str(attachment.get("contentType") or "").split(";")[0].strip().lower()
    named = str(attachment.get("title") or "") or _named(one, lang)
    return File(number, safe_name(named, _ENDINGS.get(kind, "")), kind, len(attachment["data"]) * 3 // 4)


def safe_name(name: str, ending: str) -> str:
    """A file name that names no folder and hides no ending."""
    plain = "".join(c for c in name if c.isprintable() and c not in '/\\:*?"<>|').strip(". ")[:120] or "document"
    return plain if not ending or plain.lower().endswith(f".{ending}") else f"{plain}.{ending}"
