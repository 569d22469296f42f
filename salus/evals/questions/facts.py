"""From a case's declarative query to its expected facts: which reader answers which query. Computes nothing itself."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from salus.evals.questions import chart_facts, document_facts, phone_facts
from salus.evals.questions.fact import Fact, Query
from salus.sample import ZONE, Spec, export_zip, fhir_bundle

SPEC = Spec(end=date(2026, 11, 20))
"""The sample person the questions are about: fixed seed, last day and length."""
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo(ZONE))
"""When the questions are asked."""


@dataclass(frozen=True)
class Raw:
    """The sample's two files as bytes, and what the readers made of them."""

    bundle: bytes
    archive: bytes
    records: chart_facts.Records
    phone: phone_facts.Phone


def raw(spec: Spec = SPEC) -> Raw:
    """Generate and read the files."""
    bundle, archive = fhir_bundle(spec), export_zip(spec)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        clinical = [opened.read(n) for n in sorted(opened.namelist()) if "/clinical-records/" in n]
        xml = opened.read("apple_health_export/export.xml")
    return Raw(bundle, archive, chart_facts.Records(bundle, clinical), phone_facts.Phone(xml))


def expected(files: Raw, query: Query) -> list[Fact]:
    """The facts of one query. Raises ValueError when nothing answers it: such a case would test nothing."""
    kind = query["q"]
    if kind == "any":
        return [fact for part in query["of"] for fact in expected(files, part)]
    if kind == "words":
        return [Fact(words=query["words"])]
    if hasattr(phone_facts, kind) and kind in ("metric", "metric_direction"):
        facts: list[Fact] = getattr(phone_facts, kind)(files.phone, query)
    elif kind == "document":
        facts = document_facts.document(files.records, query)
    elif kind in ("result", "panel", "abnormal", "change", "direction", "resource"):
        facts = getattr(chart_facts, kind)(files.records, query)
    else:
        raise ValueError(f"unknown query {kind!r}")
    if not facts:
        raise ValueError(f"no facts for {dict(query)}")
    return facts
