"""Writing an export: a zip of everything, of FHIR only or of CSV only; or one FHIR Bundle for a name in .json.

The part under `salus/` is complete: importing it into an empty vault gives the same facts, memory and answers. The
parts under `fhir/`, `csv/` and `documents/` are for other programs and for people.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal, Protocol, cast
from urllib.parse import quote

import msgspec

from salus.records.metrics import metric
from salus.vault import corrections, namesakes
from salus.vault.database import Connection, DatabaseError, spoken, storable
from salus.vault.export import rows, tables
from salus.vault.export.observations import observation
from salus.vault.export.packing import Packing
from salus.vault.references import Meant
from salus.vault.timeline import entered
from salus.vault.vault import Vault
from salus.vault.whole_file import whole_file

Format = Literal["fhir", "csv"]
FORMATS: tuple[Format, ...] = ("fhir", "csv")
VERSION = 1
CONTENTS = "salus/contents.json"
"""The checksum of every member under `salus/`, written last."""
OWN = frozenset({"Workout", "WorkoutRoute", "Electrocardiogram", "ActivitySummary", "Correlation", "ClinicalRecord"})
"""Types of Salus's own: no FHIR program knows them."""
BY_HAND = "by_hand"
_encoder = msgspec.json.Encoder(decimal_format="number")


@dataclass
class Exported:
    """What was written: the file, its size, and how many things of each kind it holds."""

    path: Path
    bytes: int = 0
    counts: Counter[str] = field(default_factory=Counter)


def write(vault: Vault, path: Path, format: Format | None = None, *, replace: bool = False) -> Exported:
    """Writes beside and then names the file: whole or not there. `format` None is everything.

    Raises Refused when the name is taken or cannot be written, NotFound where there is no such folder. The ledger
    says so before the first byte is written.
    """
    made = Exported(path)
    bundle = path.suffix.lower() == ".json" and format != "csv"
    with whole_file(path, replace=replace) as raw:
        made.counts = pour(vault, raw, format, called=path.name, bundle=bundle)
        made.bytes = raw.seek(0, os.SEEK_END)
    return made


def pour(
    vault: Vault, out: Writable, format: Format | None = None, *, called: str, bundle: bool = False
) -> Counter[str]:
    """The same into anything that can be written to, front to back (a sealed upload, say). How many of each kind.

    The ledger says so, by what it is `called`, before the first byte.
    """
    counts: Counter[str] = Counter()
    try:
        with _moment(vault) as db:
            vault.ledger.write("export", to=storable(called), format=format or "everything")
            if bundle:
                _bundle(db, out, counts)
            else:
                with zipfile.ZipFile(cast("IO[bytes]", out), "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file:
                    _write(vault, db, Packing(file, counts), format)
    except DatabaseError as error:
        raise spoken(error, vault.facts.path) from error
    return counts


class Writable(Protocol):
    """Takes bytes, front to back."""

    def write(self, data: bytes, /) -> Any: ...


@contextmanager
def _moment(vault: Vault) -> Iterator[Connection]:
    """The facts as of one moment, whatever is written meanwhile."""
    db = vault.facts.connection
    db.execute("BEGIN")
    try:
        yield db
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")  # nothing was written


def _write(vault: Vault, db: Connection, out: Packing, format: Format | None) -> None:
    everything = format is None
    if everything:
        out.put("README.txt", README.encode())
        out.put("salus/manifest.json", _json({
            "salus": "export", "version": VERSION, "at": datetime.now(UTC).isoformat(), "settings": rows.settings(db),
            "corrections": [corrections.plain(c) for c in corrections.corrections(db)], "apart": rows.apart(db),
            "entered": sorted(entered(db)),
        }))  # fmt: skip
        out.lines("salus/resources.ndjson", map(_version, rows.versions(db)), "versions")
        for key in rows.sampled(db):
            name = f"salus/samples/{quote(key, safe='')}.csv"
            out.table(name, tables.SAMPLE_COLUMNS, tables.sample_rows(db, key), "samples", for_people=False)
        _said(vault, out)
        out.put(CONTENTS, _json({"salus": "contents", "files": {
            name: {"sha256": sum_, "bytes": size}
            for name, (sum_, size) in out.sums.items() if name.startswith("salus/")
        }}))  # fmt: skip
    if format in (None, "fhir"):
        for type_, lines in _by_type(db):
            out.lines(f"fhir/{type_}.ndjson", lines, type_)
        out.lines("fhir/Observation-readings.ndjson", _observations(db, all_of_them=not everything), "readings")
    if format in (None, "csv"):
        out.table("csv/records.csv", tables.RECORD_COLUMNS, tables.records(db), "records")
        out.table("csv/days.csv", tables.DAY_COLUMNS, tables.days(db), "days")
    if format == "csv":
        for key in rows.sampled(db):
            name = f"csv/samples/{quote(key, safe='')}.csv"
            out.table(name, tables.SAMPLE_COLUMNS, tables.sample_rows(db, key), "samples")
    if everything:
        for name, data in tables.documents(db):
            out.put(f"documents/{name}", data)


def _said(vault: Vault, out: Packing) -> None:
    out.lines("salus/conversations.ndjson", (
        _json({"title": c.title, "started": c.started.isoformat(), "turns": [
            {"at": t.at.isoformat(), "question": t.question, "answer": t.answer}
            for t in vault.conversations.turns(c.id)
        ]}) for c in reversed(vault.conversations.list())
    ), "conversations")  # fmt: skip
    out.lines("salus/ledger.ndjson", (
        _json({"seq": e.seq, "at": e.at.isoformat(), "kind": e.kind, "what": e.what, "hash": e.hash})
        for e in reversed(vault.ledger.entries())
    ), "ledger")  # fmt: skip
    out.lines("salus/imports.ndjson", (
        _json({"id": i.id, "source": i.source, "path": i.path, "started": i.started.isoformat(),
               "ended": i.ended.isoformat() if i.ended else None, "report": i.report,
               "undone": i.undone.isoformat() if i.undone else None}) for i in reversed(vault.imports())
    ), "imports")  # fmt: skip


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, default=str).encode("utf-8", "surrogateescape")


def _version(version: rows.Version) -> bytes:
    return _json({
        "type": version.type, "id": version.id, "head": version.head, "title": version.title, "stamp": version.stamp,
        "source": version.source, "connection": version.connection, "origin": version.origin, "codes": version.codes,
        "came": version.came, "server": version.server, "raw": version.raw.decode("utf-8", "surrogateescape"),
    })  # fmt: skip


def _by_type(db: Connection) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Records in force by FHIR type, each on one line with its digits as received."""
    types = [t for (t,) in db.execute("SELECT DISTINCT type FROM resource WHERE head = 1 ORDER BY type")]
    known = dict(db.execute("SELECT fid, type FROM resource WHERE head = 1"))
    meant = Meant(db)
    for type_ in types:
        if type_ not in OWN:
            yield type_, (named(resolved(compact(v.raw), known), v, meant) for v in rows.in_force(db, type_))


_URN = re.compile(rb'"reference":"urn:uuid:([0-9A-Za-z.-]{1,64})"')


def resolved(line: bytes, known: Mapping[str, str]) -> bytes:
    """References that only held inside the file a record came in, as references by type and id."""
    if b'"urn:uuid:' not in line:
        return line

    def by_type(match: re.Match[bytes]) -> bytes:
        fid = match[1].decode()
        return f'"reference":"{known[fid]}/{fid}"'.encode() if fid in known else match[0]

    return _URN.sub(by_type, line)


_REFERENCE = re.compile(rb'"reference":"([^"\\\\#]+)"')


def named(line: bytes, version: rows.Version, meant: Meant) -> bytes:
    """The record under the id the vault keeps it by, where several servers gave one id; its references too."""
    if not meant:
        return line
    if namesakes.unmarked(version.id) != version.id:
        body = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        if "id" in body:
            body["id"] = msgspec.Raw(_json(version.id))
            line = msgspec.json.encode(body)
    return _REFERENCE.sub(
        lambda match: b'"reference":' + _json(meant.reference(match[1].decode(), version.came)), line
    )  # fmt: skip


def compact(raw: bytes) -> bytes:
    """JSON without the white space between its parts; digits and order stay."""
    return msgspec.json.format(raw, indent=-1)


def _observations(db: Connection, *, all_of_them: bool) -> Iterator[bytes]:
    """Samples as Observations: those written by hand, or all of them."""
    for key in rows.sampled(db):
        known = metric(key)
        for row in rows.samples(db, key):
            if not row.aside and (all_of_them or row.source == BY_HAND):
                yield _encoder.encode(observation(row, known))


def _bundle(db: Connection, raw: Writable, counts: Counter[str]) -> None:
    """One collection Bundle of everything in force."""
    raw.write(b'{"resourceType":"Bundle","type":"collection","timestamp":')
    raw.write(_json(datetime.now(UTC).isoformat(timespec="seconds")) + b',"entry":[')
    between = b""
    for type_, lines in _by_type(db):
        for line in lines:
            raw.write(between + b'{"resource":' + line + b"}")
            between = b",\n"
            counts[type_] += 1
    for line in _observations(db, all_of_them=True):
        raw.write(between + b'{"resource":' + line + b"}")
        between = b",\n"
        counts["readings"] += 1
    raw.write(b"]}\n")


README = """Everything Salus kept for you. THIS FILE IS NOT ENCRYPTED: keep it somewhere safe.

fhir/       your medical records in HL7 FHIR R4, one kind a file (NDJSON), for other health programs
csv/        the same as tables, and your devices' readings by day, for a spreadsheet
documents/  letters and reports as files
salus/      everything, complete: import this file into an empty Salus vault and nothing is missing

Tout ce que Salus gardait pour vous. CE FICHIER N'EST PAS CHIFFRÉ : gardez-le en lieu sûr.

fhir/       votre dossier médical en HL7 FHIR R4, un fichier par type (NDJSON), pour d'autres logiciels de santé
csv/        la même chose en tableaux, et les mesures de vos appareils par jour, pour un tableur
documents/  vos lettres et comptes rendus, en fichiers
salus/      tout, au complet : importez ce fichier dans un coffre Salus vide et rien ne manque
"""
