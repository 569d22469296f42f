"""An independent count of what a file holds: xml.etree and json, nothing of Salus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from salus.sources.importing import Outcome


def items_of_xml(raw: bytes) -> int:
    """Every Record wherever it stands, and every other element directly inside HealthData but the export's date."""
    root = ElementTree.fromstring(raw[raw.index(b"<HealthData") :])
    nested = sum(1 for child in root for _ in child.iter("Record") if child.tag != "Record")
    return nested + sum(1 for child in root if child.tag != "ExportDate")


def items_of_json(path: Path) -> int:
    """Entries of a Bundle or list (Bundles inside counted through), non-empty lines of NDJSON, or one."""
    text = path.read_text("utf-8-sig")
    if path.suffix in (".ndjson", ".jsonl"):
        return sum(1 for line in text.splitlines() if line.strip())
    return _of(json.loads(text))


def _of(body: Any) -> int:
    if isinstance(body, list):
        return sum(_of(item.get("resource", item)) if isinstance(item, dict) else 1 for item in body)
    if isinstance(body, dict) and body.get("resourceType") == "Bundle":
        return sum(_of(e.get("resource")) if isinstance(e, dict) else 1 for e in body.get("entry") or [])
    return 1


def accounted(outcome: Outcome) -> int:
    """added + updated + unchanged + rejected."""
    r = outcome.report
    return r.added.total() + r.updated.total() + r.unchanged.total() + len(r.rejected)
