"""One record, or one reading of a device, ready to show in a dialog: what, when, from whom, and whether it is used."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from salus.assistant.words import words
from salus.errors import NotFound
from salus.faces.web.evidence import LONGEST_JSON
from salus.faces.web.together import PAIR, beside
from salus.faces.web.told import called, capital, said_briefly, source_title
from salus.records.metrics import metric
from salus.records.resource import Resource
from salus.records.text import T, Text
from salus.records.times import When, from_ms
from salus.records.units import Quantity
from salus.vault.corrections import Correction
from salus.vault.view import VaultView, exact


@dataclass(frozen=True)
class Opened:
    """`value` is its figure when it has one; `aside` is set where the person set it aside; `json` as received.

    `document` says that its text can be read on a page of its own. `beside` are readings taken with it (the lower
    figure of a blood pressure). A `pair` says nothing but them, and is never set aside without them.
    """

    ref: str
    title: str
    value: Quantity | Text | When | str | None
    time: When | datetime | None
    origin: str
    source: Text | str
    note: str
    aside: Correction | None
    json: str = ""
    cut: bool = False
    document: bool = False
    beside: tuple[tuple[str, Quantity, str], ...] = ()
    pair: bool = False


def opened(view: VaultView, ref: str, lang: str) -> Opened:
    """Raises NotFound."""
    aside = next((one for one in view.set_aside() if one.ref == ref), None)
    if ref.startswith("sample/"):
        return _sample(view, ref, lang, aside)
    found = view.resource(ref, aside=aside is not None)
    if found is None:
        raise NotFound(T("This record is no longer in the vault. It may have been undone since."))
    return _resource(view, found, lang, aside)


def _resource(view: VaultView, found: Resource, lang: str, aside: Correction | None) -> Opened:
    text = msgspec.json.format(found.raw, indent=2).decode("utf-8", "replace")
    name = called(found, words("fr" if lang == "fr" else "en"))
    return Opened(
        found.ref, name, said_briefly(found.body), found.time, found.origin,
        source_title(found.connection, lang), _notes(found.body), aside, text[:LONGEST_JSON],
        len(text) > LONGEST_JSON, bool(view.text_of(found.ref)) and found.type in READ, beside(view, found.ref, lang),
        found.type == PAIR,
    )  # fmt: skip


READ = frozenset({"DocumentReference", "Composition", "DiagnosticReport", "Binary", "QuestionnaireResponse"})
"""Types whose text has a page of its own."""


def _notes(body: dict[str, Any]) -> str:
    notes = body.get("note")
    found = notes if isinstance(notes, list) else []
    return "\n".join(str(n["text"]) for n in found if isinstance(n, dict) and n.get("text"))


def _sample(view: VaultView, ref: str, lang: str, aside: Correction | None) -> Opened:
    found = view.sample_at(ref, aside=aside is not None)
    if found is None:
        raise NotFound(T("This record is no longer in the vault. It may have been undone since."))
    row, number = metric(found.metric), exact(found)
    value = Quantity(number, row.ucum(found.unit)) if number is not None else str(found.value)
    known = {o.name: o.connection for o in view.origins()}
    zone = view.person.zone
    return Opened(
        ref, capital(row.name(lang)), value, from_ms(found.start, zone), found.origin,
        source_title(known.get(found.origin, ""), lang), _detail_note(found.detail), aside,
        beside=beside(view, ref, lang),
    )  # fmt: skip


def _detail_note(detail: str | None) -> str:
    try:
        read = json.loads(detail or "{}", parse_float=Decimal)
    except ValueError:
        return ""
    return str(read.get("note") or "") if isinstance(read, dict) else ""
