"""The readable text of documents and notes, for the search inside the vault. Reads text, HTML, RTF and XML parts;
knows nothing of PDF or pictures.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from salus.records.resource import Body, concept_text, decode, each, first
from salus.vault.markup import text_of_markup, text_of_rtf

WHOLE = frozenset({
    "DocumentReference", "Composition", "DiagnosticReport", "Binary", "ClinicalImpression", "Communication",
    "QuestionnaireResponse", "CarePlan", "Media", "Consent", "Electrocardiogram",
})  # fmt: skip
"""Types that are mostly text: always read."""
MARKS = (b'"note"', b'"valueString"', b'"comment"', b'"patientInstruction"')
"""Bytes that say another record carries a note."""
LONGEST = 2_000_000
"""Characters of one record's text that are indexed."""

_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u202f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff]")
"""Among them the marks that stand around what a search found."""


def carries_text(type_: str, raw: bytes) -> bool:
    """Cheap: may this record hold text worth finding?"""
    return type_ in WHOLE or any(mark in raw for mark in MARKS)


def text_of(type_: str, raw: bytes) -> str:
    """The readable text, parts one after the other; '' when there is none. Never raises."""
    try:
        body = decode(raw)
        if not isinstance(body, dict):
            return ""
        parts = dict.fromkeys(part for part in (_clean(p) for p in _parts(type_, body)) if part)
    except (ValueError, ArithmeticError, RecursionError):
        return ""
    return "\n\n".join(parts)[:LONGEST]


def _parts(type_: str, body: Body) -> Iterator[str]:
    if type_ in WHOLE:
        for path in ("description", "title", "conclusion", "summary", "type.text", "content.attachment.title"):
            yield from _strings(body, path)
        for attachment in (*each(body, "content.attachment"), *each(body, "presentedForm"), *each(body, "content")):
            yield _attachment(attachment)
        if type_ == "Binary":
            yield _attachment(body)
        yield from _sections(body.get("section"))
        yield from _strings(body, "payload.contentString")
        yield from _strings(body, "item.text")
        yield from (str(v) for item in each(body, "item") for v in _answers(item))
        for code in each(body, "conclusionCode"):
            yield concept_text(code)
    for path in ("note.text", "valueString", "comment", "patientInstruction", "dosageInstruction.patientInstruction"):
        yield from _strings(body, path)
    if type_ in ("Composition", "DiagnosticReport"):
        yield text_of_markup(str(first(body, "text.div") or ""))


def _strings(body: Body, path: str) -> Iterator[str]:
    yield from (value for value in each(body, path) if isinstance(value, str))


def _answers(item: Any) -> Iterator[str]:
    yield from (value for value in each(item, "answer.valueString") if isinstance(value, str))
    for inside in each(item, "item"):
        yield from _strings(inside, "text")
        yield from _answers(inside)


def _sections(sections: Any, depth: int = 0) -> Iterator[str]:
    for section in sections if isinstance(sections, list) and depth < 10 else ():
        if isinstance(section, dict):
            yield str(section.get("title") or "")
            yield text_of_markup(str(first(section, "text.div") or ""))
            yield from _sections(section.get("section"), depth + 1)


def _attachment(attachment: Any) -> str:
    """The text of an attachment that carries its data; '' for a picture, a PDF or a link."""
    if not isinstance(attachment, dict) or not isinstance(attachment.get("data"), str):
        return ""
    kind = str(attachment.get("contentType") or "text/plain").lower()
    try:
        data = base64.b64decode(attachment["data"], validate=False)
    except (binascii.Error, ValueError):
        return ""
    return readable(data, kind)


def readable(data: bytes, kind: str) -> str:
    """The text of bytes of a MIME type; '' for what holds none Salus can read."""
    if "rtf" in kind:
        return text_of_rtf(_decoded(data, kind))
    if kind.startswith(("text/plain", "text/markdown")):
        return _decoded(data, kind)
    if "html" in kind or "xml" in kind:
        return text_of_markup(_decoded(data, kind))
    return _decoded(data, kind) if kind.startswith("text/") else ""


def _decoded(data: bytes, kind: str) -> str:
    named = re.search(r"charset=\"?([\w-]+)", kind)
    if named is None and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in (named[1] if named else "utf-8", "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode("latin-1")


def _clean(text: str) -> str:
    """One form for each character, no half ones, no control characters; blank lines and spaces once."""
    if not text.isascii():
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = unicodedata.normalize("NFC", whole)
    lines = (_SPACES.sub(" ", line).strip() for line in _CONTROL.sub("", text).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
