"""Reading an export of Salus: what `salus.vault.export` wrote under `salus/`, in the order that makes it the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from salus.errors import Refused, Unreadable
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
from salus.vault.corrections import WHYS, Correction
from salus.vault.resources import Received

VERSION = 1
MANIFEST, RESOURCES, SAMPLES = "salus/manifest.json", "salus/resources.ndjson", "salus/samples/"
CONVERSATIONS, LEDGER, IMPORTS = "salus/conversations.ndjson", "salus/ledger.ndjson", "salus/imports.ndjson"
LONGEST_LINE = 64 << 20
MOST_MANIFEST = 256 << 20
csv.field_size_limit(LONGEST_LINE)


def manifest(container: Container) -> Member | None:
    """The manifest of an export of Salus; None for another zip or folder."""
    for member in container.members():
        if member.name == MANIFEST and member.why_not is None:
            with container.open(member) as file:
                return member if b'"salus": "export"' in file.read(200) else None
    return None


def read(given: Given, context: Context) -> Iterator[Item]:
    """Everything of an export. Raises Unreadable for a damaged or newer one, Refused for another person's."""
    with Container(given) as container:
        found = manifest(container)
        if found is None:
            raise Unreadable(T("It is not an export of Salus."))
        about = _manifest(container, found)
        settings = {str(k): str(v) for k, v in about["settings"].items()}
        if not context.same_person:
            why = mismatch(context.person, settings.get("born"), settings.get("sex"))
            if why is not None:
                raise Refused(why)
        yield _decided(about, settings)
        members = {member.name: member for member in container.members()}
        total = sum(m.size for m in members.values() if m.name.startswith("salus/")) or 1
        done = 0
        for name, member in members.items():
            if not name.startswith("salus/"):
                yield Skipped(name, T("It is a copy for other programs; what it holds is in the export’s own part."))
            elif member.why_not is not None:
                yield Rejected(name, member.why_not)
        if RESOURCES in members:
            yield from _resources(container, members[RESOURCES])
            done += members[RESOURCES].size
        for name in sorted(n for n in members if n.startswith(SAMPLES)):
            context.progress(done / total, name)
            yield from _samples(container, members[name])
            done += members[name].size
        if CONVERSATIONS in members:
            for line in _lines(container, members[CONVERSATIONS]):
                yield from _talk(line)
        if LEDGER in members:
            for line in _lines(container, members[LEDGER]):
                yield Earlier(line)


def _manifest(container: Container, member: Member) -> dict[str, Any]:
    try:
        with container.open(member) as file:
            about = json.loads(file.read(MOST_MANIFEST))
        if int(about["version"]) > VERSION:
            raise Unreadable(T("This export was written by a newer Salus. Update Salus to import it."))
        assert isinstance(about["settings"], dict)
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise Unreadable(T("The export is damaged: its list of contents cannot be read.")) from error
    assert isinstance(about, dict)
    return about


def _decided(about: dict[str, Any], settings: dict[str, str]) -> Decided:
    try:
        aside = [
            Correction(str(c["ref"]), c["why"], str(c["note"]), datetime.fromisoformat(c["at"]), str(c["title"]))
            for c in about["corrections"]
            if c["why"] in WHYS
        ]
        apart = [(str(a), str(b)) for a, b in about["apart"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(T("The export is damaged: its list of contents cannot be read.")) from error
    return Decided(aside, apart, settings)


def _lines(container: Container, member: Member) -> Iterator[dict[str, Any]]:
    with container.open(member) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _line(member.name, number, line)


def _line(name: str, number: int, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8", "surrogateescape"))
        if not isinstance(found, dict):
            raise ValueError
        return found
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            T("The export is damaged: line {n} of {file} cannot be read.", n=number, file=name)
        ) from error


def _resources(container: Container, member: Member) -> Iterator[Item]:
    """Every version in the order it came; whose connection brought it goes before."""
    now: tuple[str, str] | None = None
    for number, line in enumerate(_lines(container, member), 1):
        try:
            place = (str(line["source"]), str(line["connection"]))
            raw = line["raw"].encode("utf-8", "surrogateescape")
            body = decode(raw)
            item = Received(
                str(line["type"]), str(line["id"]), raw, when(body), [Code(str(s), str(c)) for s, c in line["codes"]],
                line["stamp"], str(line["origin"]), title=str(line["title"]),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise Unreadable(
                T("The export is damaged: line {n} of {file} cannot be read.", n=number, file=member.name)
            ) from error
        if place != now:
            now = place
            yield Brought(*place)
        yield item


def _samples(container: Container, member: Member) -> Iterator[Item]:
    """Samples of one metric. The columns in milliseconds are read, the ones in words are for people."""
    now: tuple[str, str] | None = None
    known: set[tuple[str, str, str]] = set()
    with container.open(member) as file:
        rows = csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""))
        try:
            for row in rows:
                place = (row["source"], row["connection"])
                if place != now:
                    now = place
                    yield Brought(*place)
                if (*place, row["origin"]) not in known:
                    known.add((*place, row["origin"]))
                    yield Origins({row["origin"]: row["origin_kind"]})
                yield Sample(
                    row["metric"], int(row["start_ms"]), int(row["end_ms"]), _value(row), row["unit"], row["origin"],
                    row["as_written"] or None, int(row["created"]) if row["created"] else None, row["device"] or None,
                    row["detail"] or None,
                )  # fmt: skip
        except (KeyError, TypeError, ValueError, csv.Error, UnicodeDecodeError) as error:
            raise Unreadable(
                T("The export is damaged: line {n} of {file} cannot be read.", n=rows.line_num, file=member.name)
            ) from error


def _value(row: dict[str, str]) -> float | str:
    """A number as it was kept: whole where it was whole."""
    text = row["value"]
    if row["is_text"] == "1":
        return text
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _talk(line: dict[str, Any]) -> Iterator[Item]:
    try:
        turns = [(datetime.fromisoformat(t["at"]), str(t["question"]), dict(t["answer"])) for t in line["turns"]]
        yield Talk(str(line["title"]), datetime.fromisoformat(line["started"]), turns)
    except (KeyError, TypeError, ValueError):
        yield Rejected(str(line.get("title", "")), T("This conversation cannot be read."))
