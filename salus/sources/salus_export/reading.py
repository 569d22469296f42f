"""Reading an export of Salus: what `salus.vault.export` wrote under `salus/`, in the order that makes it the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from salus.errors import Refused, Unreadable, UsageError
from salus.records.codes import Code
from salus.records.resource import decode, when
from salus.records.sample import Sample
from salus.records.text import T
from salus.sources.containers import Container, Member
from salus.sources.contract import (
    Brought,
    Context,
    Decided,
    Earlier,
    Item,
    Origins,
    Rejected,
    Skipped,
    Talk,
)  # fmt: skip
from salus.sources.given import Given
from salus.sources.identity import mismatch
from salus.sources.salus_export.parts import CONTENTS, MANIFEST, Parts
from salus.vault.corrections import WHYS, Correction
from salus.vault.person import SEXES, zone
from salus.vault.resources import Received

VERSION = 1
RESOURCES, SAMPLES = "salus/resources.ndjson", "salus/samples/"
CONVERSATIONS, LEDGER = "salus/conversations.ndjson", "salus/ledger.ndjson"
COLUMNS = (
    "metric", "start_ms", "end_ms", "value", "is_text", "unit", "origin", "origin_kind", "source", "connection",
    "as_written", "created", "device", "detail",
)  # fmt: skip
LONGEST_FIELD = 64 << 20
MOST_MANIFEST = 256 << 20
csv.field_size_limit(LONGEST_FIELD)
_NO_LIST = T("The export is damaged: its list of contents cannot be read.")


def prefix(members: Iterable[Member]) -> str | None:
    """The folder that an export of Salus was packed in again ("" for none); None for another zip or folder.

    One of its two lists is enough: a damaged export is one too, and must not be read as what it holds copies of.
    """
    for member in members:
        for own in (MANIFEST, CONTENTS):
            if member.name == own or member.name.endswith("/" + own):
                return member.name.removesuffix(own)
    return None


def read(given: Given, context: Context) -> Iterator[Item]:
    """Everything of an export. Raises Unreadable for a damaged or newer one, Refused for another person's."""
    with Container(given) as container:
        every = container.members()
        inside = prefix(every)
        if inside is None:
            raise Unreadable(T("It is not an export of Salus."))
        parts = Parts(container, every, inside)
        about = _manifest(parts)
        settings = _settings(about["settings"])
        if not context.same_person:
            why = mismatch(context.person, settings.get("born"), settings.get("sex"))
            if why is not None:
                raise Refused(why)
        yield _decided(about, settings)
        for name in parts.others:
            yield Skipped(name, T("It is no part of the export."))
        if parts.has(RESOURCES):
            yield from _resources(parts, context)
        for name in parts.inside(SAMPLES):
            yield from _samples(parts, name, context)
        if parts.has(CONVERSATIONS):
            for line in _lines(parts, CONVERSATIONS, context):
                yield from _talk(line)
        if parts.has(LEDGER):
            for line in _lines(parts, LEDGER, context):
                yield Earlier(line)
        parts.hold_the_rest()


def _manifest(parts: Parts) -> dict[str, Any]:
    with parts.open(MANIFEST) as file:
        raw = file.read(MOST_MANIFEST + 1)
    try:
        about = json.loads(raw)
        version = int(about["version"])
        if about["salus"] != "export" or not isinstance(about["settings"], dict):
            raise ValueError
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise Unreadable(_NO_LIST) from error
    if version > VERSION:
        raise Unreadable(T("This export was written by a newer Salus. Update Salus to import it."))
    assert isinstance(about, dict)
    return about


def _settings(found: dict[str, Any]) -> dict[str, str]:
    """Those that can be: a date that is none, or a zone unknown here, is not taken over."""
    settings = {str(key): value for key, value in found.items() if isinstance(value, str)}
    known: dict[str, Callable[[str], object]] = {
        "born": date.fromisoformat, "sex": SEXES.index, "lang": ("en", "fr").index, "zone": zone,
    }  # fmt: skip
    for key, check in known.items():
        try:
            check(settings.get(key) or "")
        except (ValueError, UsageError):
            settings.pop(key, None)
    return settings


def _decided(about: dict[str, Any], settings: dict[str, str]) -> Decided:
    try:
        aside = [
            Correction(str(c["ref"]), c["why"], str(c["note"]), _aware(c["at"]), str(c["title"]))
            for c in about["corrections"]
            if c["why"] in WHYS
        ]
        apart = [(str(a), str(b)) for a, b in about["apart"] if a != b]
        entered = [str(name) for name in about.get("entered", ())]
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(_NO_LIST) from error
    return Decided(aside, apart, settings, entered)


def _aware(text: Any) -> datetime:
    """An instant. Raises ValueError or TypeError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not 1900 <= found.year <= 2200:
        raise ValueError(text)
    return found


def _lines(parts: Parts, name: str, context: Context) -> Iterator[dict[str, Any]]:
    with parts.open(name) as file:
        for number, line in enumerate(file, 1):
            if number % 1000 == 1:
                context.progress(parts.done, name)
            if line.strip():
                yield _line(name, number, line)


def _line(name: str, number: int, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8", "surrogateescape"))
        if not isinstance(found, dict):
            raise ValueError
        return found
    except (ValueError, RecursionError) as error:
        raise _bad_line(number, name) from error


def _bad_line(number: int, name: str) -> Unreadable:
    return Unreadable(T("The export is damaged: line {n} of {file} cannot be read.", n=number, file=name))


def _resources(parts: Parts, context: Context) -> Iterator[Item]:
    """Every version in the order it came; whose connection brought it goes before."""
    now: tuple[str, str] | None = None
    for number, line in enumerate(_lines(parts, RESOURCES, context), 1):
        try:
            place = (str(line["source"]), str(line["connection"]))
            raw = line["raw"].encode("utf-8", "surrogateescape")
            body = decode(raw)
            item = Received(
                str(line["type"]), str(line["id"]), raw, when(body), [Code(str(s), str(c)) for s, c in line["codes"]],
                line["stamp"], str(line["origin"]), title=str(line["title"]), server=str(line.get("server", "")),
                came=int(line["came"]) if "came" in line else None,
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise _bad_line(number, RESOURCES) from error
        if place != now:
            now = place
            yield Brought(*place)
        yield item


def _samples(parts: Parts, name: str, context: Context) -> Iterator[Item]:
    """Samples of one metric. The columns in milliseconds are read, the ones in words are for people."""
    now: tuple[str, str] | None = None
    known: set[tuple[str, str, str]] = set()
    with parts.open(name) as file:
        rows = csv.reader(io.TextIOWrapper(file, "utf-8", newline=""))
        try:
            place = itemgetter(*map(next(rows, []).index, COLUMNS))
            for number, row in enumerate(rows):
                (metric, start, end, value, is_text, unit, origin, kind, source, connection, raw, created, device,
                 detail) = place(row)  # fmt: skip
                if number % 10_000 == 0:
                    context.progress(parts.done, name)
                if (source, connection) != now:
                    now = (source, connection)
                    yield Brought(*now)
                if (source, connection, origin) not in known:
                    known.add((source, connection, origin))
                    yield Origins({origin: kind})
                yield Sample(
                    metric, int(start), int(end), value if is_text == "1" else _figure(value), unit, origin,
                    raw or None, int(created) if created else None, device or None, detail or None,
                )  # fmt: skip
        except (TypeError, ValueError, IndexError, OverflowError, csv.Error) as error:
            raise _bad_line(rows.line_num, name) from error


def _figure(text: str) -> float:
    """A number as it was kept: whole where it was whole."""
    return int(text) if len(text) < 19 and text.lstrip("-").isdecimal() else float(text)


def _talk(line: dict[str, Any]) -> Iterator[Item]:
    try:
        turns = [(_aware(t["at"]), str(t["question"]), dict(t["answer"])) for t in line["turns"]]
        yield Talk(str(line["title"]), _aware(line["started"]), turns)
    except (KeyError, TypeError, ValueError):
        yield Rejected(str(line.get("title", "")), T("This conversation cannot be read."))
