"""Records and readings as tables and files, for people and spreadsheets."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

from salus.records.metrics import metric
from salus.records.resource import codings, concept_text, decode, each, first, main_concept, quantity, when
from salus.vault import days as civil
from salus.vault.database import Connection
from salus.vault.export import rows
from salus.vault.export.observations import iso

_EXTENSIONS = {
    "text/plain": "txt", "text/html": "html", "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png",
    "text/xml": "xml", "application/xml": "xml", "application/hl7-sda+xml": "xml", "application/rtf": "rtf",
}  # fmt: skip
SAMPLE_COLUMNS = (
    "metric", "start", "end", "value", "unit", "origin", "origin_kind", "source", "connection", "device", "created",
    "detail", "as_written", "set_aside", "start_ms", "end_ms", "is_text",
)  # fmt: skip


def sample_rows(db: Connection, key: str) -> Iterator[tuple[Any, ...]]:
    for row in rows.samples(db, key):
        text = isinstance(row.value, str)
        yield (
            key, iso(row.start), iso(row.end), row.value if text else repr(row.value), row.unit, row.origin, row.kind,
            row.source, row.connection, row.device or "", row.created or "", row.detail or "", row.raw,
            int(row.aside), row.start, row.end, int(text),
        )  # fmt: skip


RECORD_COLUMNS = (
    "type", "id", "date", "title", "status", "system", "code", "value", "unit", "origin", "source", "set_aside",
)  # fmt: skip


def records(db: Connection) -> Iterator[tuple[Any, ...]]:
    for version in rows.shown(db):
        body = decode(version.raw)
        codes = codings(main_concept(body))
        value = quantity(body.get("valueQuantity"))
        status = body.get("status") or first(body, "clinicalStatus.coding.code") or body.get("lifecycleStatus") or ""
        said = value.value if value else body.get("valueString") or concept_text(body.get("valueCodeableConcept"))
        yield (
            version.type, version.id, _date(body), version.title, status, codes[0].system if codes else "",
            codes[0].code if codes else "", said, value.unit if value else "", version.origin,
            f"{version.source}/{version.connection}", int(version.head < 0),
        )  # fmt: skip


def _date(body: dict[str, Any]) -> str:
    found = when(body)
    return found.text if found else ""


def days(db: Connection) -> Iterator[tuple[Any, ...]]:
    for key, day, n, total, low, high, origin in rows.days(db):
        yield key, civil.of(day).isoformat(), n, total, low, high, metric(key).unit, origin


def documents(db: Connection) -> Iterator[tuple[str, bytes]]:
    """Every attachment that carries its data, as a file named after its document."""
    number = 0
    for version in rows.shown(db):
        if b'"data"' not in version.raw:
            continue
        body = decode(version.raw)
        found = [*each(body, "content.attachment"), *each(body, "presentedForm"), body]
        for attachment in found:
            data = attachment.get("data") if isinstance(attachment, dict) else None
            if not isinstance(data, str) or not data:
                continue
            try:
                content = base64.b64decode(data)
            except ValueError:
                continue
            if not content:
                continue
            number += 1
            kind = str(attachment.get("contentType") or "").split(";")[0].strip().lower()
            title = safe(str(attachment.get("title") or version.title or version.type))[:60]
            yield f"{number:04d}-{title}.{_EXTENSIONS.get(kind, 'bin')}", content


def safe(name: str) -> str:
    """A part of a file name on any system."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "document"


DAY_COLUMNS = ("metric", "day", "n", "total", "low", "high", "unit", "origin")
