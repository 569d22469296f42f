"""The readable text of documents and notes, for the search inside the vault. Reads text, HTML, RTF and XML parts;
knows nothing of PDF or pictures.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from typing import Any

from salus.records.resource import Body, concept_text, decode, each, first

WHOLE = frozenset({
    "DocumentReference", "Composition", "DiagnosticReport", "Binary", "ClinicalImpression", "Communication",
    "QuestionnaireResponse", "CarePlan", "Media", "Consent", "Electrocardiogram",
})  # fmt: skip
"""Types that are mostly text: always read."""
MARKS = (b'"note"', b'"valueString"', b'"comment"', b'"patientInstruction"')
"""Bytes that say another record carries a note."""
LONGEST = 2_000_000
"""Characters of one record's text that are indexed."""

_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.S | re.I)
_BREAK = re.compile(r"</(?:p|div|tr|li|h\d|table|section|paragraph|item|title)>|<br\s*/?>", re.I)
_SPACES = re.compile(r"[ \t\r\f\v]+")
_RTF = re.compile(r"\\'([0-9a-f]{2})|\\u(-?\d+) ?\??|\\(par|line|tab)\b ?|\\[a-z]+-?\d* ?|[{}]|\\\*", re.I)


def carries_text(type_: str, raw: bytes) -> bool:
    """Cheap: may this record hold text worth finding?"""
    return type_ in WHOLE or any(mark in raw for mark in MARKS)


def text_of(type_: str, raw: bytes) -> str:
    """The readable text, parts one after the other; '' when there is none. Never raises."""
    try:
        body = decode(raw)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(body, dict):
        return ""
    parts = dict.fromkeys(part for part in (_clean(p) for p in _parts(type_, body)) if part)
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
        yield _markup(str(first(body, "text.div") or ""))


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
            yield _markup(str(first(section, "text.div") or ""))
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
        return _rtf(_decoded(data, kind))
    if kind.startswith(("text/plain", "text/markdown")):
        return _decoded(data, kind)
    if "html" in kind or "xml" in kind:
        return _markup(_decoded(data, kind))
    return _decoded(data, kind) if kind.startswith("text/") else ""


def _decoded(data: bytes, kind: str) -> str:
    named = re.search(r"charset=\"?([\w-]+)", kind)
    for encoding in (named[1] if named else "utf-8", "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def _markup(text: str) -> str:
    return html.unescape(_TAG.sub(" ", _BREAK.sub("\n", text)))


def _rtf(text: str) -> str:
    def said(match: re.Match[str]) -> str:
        if match[1]:
            return bytes.fromhex(match[1]).decode("cp1252", "replace")
        if match[2]:
            return chr(int(match[2]) % 65536)
        return "\n" if match[3] else ""

    return _RTF.sub(said, text)


def _clean(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.replace("\0", "").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
