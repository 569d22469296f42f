"""FHIR JSON in its files: a single resource, a Bundle of any type, or NDJSON; each resource with its own bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import msgspec

from salus.records.text import T, Text
from salus.sources.fhir.receive import LARGEST, plain_error, why_not_json

MOST_DOCUMENT = 1 << 30
DEEPEST = 4
"""Bundles inside Bundles are followed this far."""
SUFFIXES = (".json", ".ndjson", ".jsonl", ".fhir")
LINES = (".ndjson", ".jsonl")
_HEAD = 1 << 16
_BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

Bytes = bytes | bytearray


class Piece(NamedTuple):
    """One resource's bytes as received, where it stood, its full URL; or, without bytes, why there is none."""

    where: str
    raw: bytes
    full_url: str | None = None
    why_not: Text | None = None


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"")
    fullUrl: str | None = None  # noqa: N815 - FHIR's name


class _Bundle(msgspec.Struct):
    resourceType: str = ""  # noqa: N815 - FHIR's name
    entry: list[msgspec.Raw] | None = None


_bundle = msgspec.json.Decoder(_Bundle)
_entry = msgspec.json.Decoder(_Entry)
_list = msgspec.json.Decoder(list[msgspec.Raw])


def looks_like(head: bytes) -> bool:
    """True for what starts like FHIR JSON, in any of its files."""
    text = _plain(head[:_HEAD])
    return text.lstrip()[:1] == b"{" and b'"resourceType"' in text


def are_lines(name: str) -> bool:
    """True when the name says that each line is a resource."""
    return name.lower().removesuffix(".gz").endswith(LINES)


def pieces(where: str, stream: BinaryIO, *, lines: bool) -> Iterator[Piece]:
    """Every resource of one file, in order. What cannot be read is a piece with `why_not`.

    `where` is put before each entry's or line's number; `lines` says that the name promises NDJSON.
    """
    head = stream.read(_HEAD)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = (head + stream.read(MOST_DOCUMENT)).decode("utf-16")
            yield from _document_or_lines(where, text.encode(), 0)
        except UnicodeError:
            yield Piece(where, b"", why_not=T("Its text is neither UTF-8 nor whole UTF-16."))
        return
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _is_lines(head, lines):
        yield from _lines(where, head, stream)
        return
    whole = bytearray(head)
    while data := stream.read(1 << 20):
        whole += data
        if len(whole) > MOST_DOCUMENT:
            yield Piece(where, b"", why_not=T("It is larger than {n} MB.", n=MOST_DOCUMENT >> 20))
            return
    yield from _document_or_lines(where, whole, 0)


def _plain(head: bytes) -> bytes:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf")


def _is_lines(head: bytes, named: bool) -> bool:
    """NDJSON: the first line is a whole object, or the name says so and nothing seen speaks against it."""
    first, newline, rest = head.lstrip().partition(b"\n")
    if not newline or not rest.strip():
        return named
    try:
        msgspec.json.decode(first, type=msgspec.Raw)
    except _BROKEN:
        return rest.lstrip()[:1] == b"{" and (named or first.strip()[:1] not in (b"{", b"["))
    return True


def _document_or_lines(where: str, raw: Bytes, depth: int) -> Iterator[Piece]:
    try:
        bundle = _bundle.decode(raw)
    except msgspec.ValidationError:  # JSON, but no Bundle: whoever reads it says what it lacks
        if raw[:64].lstrip()[:1] == b"[":
            yield from _array(where, raw, depth)
        else:
            yield Piece(where, bytes(raw))
        return
    except _BROKEN as error:
        text = bytes(raw)
        if _mostly_lines(text):
            for number, line in enumerate(text.split(b"\n"), 1):
                if line.strip():
                    yield from _line(where, number, line)
        else:
            yield Piece(where, b"", why_not=why_not_json(text, error))
        return
    if bundle.resourceType != "Bundle":
        yield Piece(where, bytes(raw))
        return
    if depth >= DEEPEST:
        yield Piece(where, b"", why_not=T("It is a Bundle too deep inside other Bundles."))
        return
    for number, raw_entry in enumerate(bundle.entry or []):
        yield from _of_entry(f"{where}, entry {number}" if where else f"entry {number}", raw_entry, depth)


def _array(where: str, raw: Bytes, depth: int) -> Iterator[Piece]:
    """A bare list of resources or of entries, as some tools write a Bundle without its shell."""
    try:
        items = _list.decode(raw)
    except _BROKEN as error:
        yield Piece(where, b"", why_not=why_not_json(bytes(raw), error))
        return
    for number, item in enumerate(items):
        at = f"{where}, entry {number}" if where else f"entry {number}"
        if b'"resource"' in bytes(item):
            yield from _of_entry(at, item, depth)
        else:
            yield Piece(at, bytes(item))


def _of_entry(where: str, raw: msgspec.Raw, depth: int) -> Iterator[Piece]:
    try:
        entry = _entry.decode(raw)
    except _BROKEN as error:
        yield Piece(where, b"", why_not=T("It is not a Bundle entry ({what}).", what=plain_error(error)))
        return
    resource = bytes(entry.resource)
    if not resource or resource == b"null":
        yield Piece(where, b"", why_not=T("The entry holds no resource."))
    elif _is_bundle(resource):
        yield from _document_or_lines(where, resource, depth + 1)
    else:
        yield Piece(where, resource, entry.fullUrl)


def _mostly_lines(raw: bytes) -> bool:
    """NDJSON under another name, or with its first line broken."""
    if b"\n" not in raw.strip():
        return False
    lines = [line for line in raw.split(b"\n") if line.strip()]
    whole = sum(line.lstrip()[:1] == b"{" and line.rstrip()[-1:] == b"}" for line in lines)
    return whole * 2 > len(lines)


def _is_bundle(raw: bytes) -> bool:
    if b'"Bundle"' not in raw:
        return False
    try:
        return _bundle.decode(raw).resourceType == "Bundle"
    except _BROKEN:
        return False


def _lines(where: str, head: bytes, stream: BinaryIO) -> Iterator[Piece]:
    """Line by line; a line over the limit is passed over without being held."""
    held, size, number, too_long = [b""], 0, 0, False
    data = head
    while data:
        cut = data.rfind(b"\n")
        if cut >= 0:
            held.append(data[:cut])
            for line in b"".join(held).split(b"\n"):
                number += 1
                if too_long:
                    yield Piece(_at(where, number), b"", why_not=_too_long())
                    too_long = False
                elif line.strip():
                    yield from _line(where, number, line)
            held, size = [], 0
        held.append(data[cut + 1 :])
        size += len(held[-1])
        if size > LARGEST:
            held, size, too_long = [], 0, True
        data = stream.read(1 << 20)
    rest = b"".join(held)
    if too_long:
        yield Piece(_at(where, number + 1), b"", why_not=_too_long())
    elif rest.strip():
        yield from _line(where, number + 1, rest)


def _at(where: str, number: int) -> str:
    return f"{where}, line {number}" if where else f"line {number}"


def _too_long() -> Text:
    return T("It is larger than {n} MB.", n=LARGEST >> 20)


def _line(where: str, number: int, line: bytes) -> Iterator[Piece]:
    if len(line) > LARGEST:
        yield Piece(_at(where, number), b"", why_not=_too_long())
    elif _is_bundle(line):
        yield from _document_or_lines(_at(where, number), line, 0)
    else:
        yield Piece(_at(where, number), line.strip())
