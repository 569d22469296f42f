"""Records the person marked as wrong or not theirs: kept and shown, used by nothing until they are put back.

The mark belongs to the record, not to one version of it: a newer version of a record that was set aside, or the same
file imported again, stays set aside.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from salus.errors import NotFound, Refused, UsageError
from salus.records.metrics import metric
from salus.records.sample import Sample, mark
from salus.records.text import T
from salus.records.times import from_ms, to_ms
from salus.vault import person as persons
from salus.vault import rollups
from salus.vault.database import Connection, storable

Why = Literal["wrong", "not_mine"]
WHYS: tuple[Why, ...] = ("wrong", "not_mine")
NOTE = 2000
_SAMPLE = re.compile(r"sample/([^\0]+)/(0|-?[1-9][0-9]{0,16})/(0|[1-9][0-9]{0,16})/([0-9a-f]{10})")
_COLUMNS = "metric, start, span, origin, value, unit, batch, created, device, detail, raw"


@dataclass(frozen=True)
class Correction:
    """What was set aside (`ref`), why, the person's own words about it, when, and what it was called."""

    ref: str
    why: Why
    note: str
    at: datetime
    title: str


class Place(NamedTuple):
    """Where a sample's reference points: metric key, start, span (ms), and the mark of its value and origin."""

    metric: str
    start: int
    span: int
    mark: str


def place(ref: str) -> Place | None:
    """Reads "sample/<metric>/<start>/<span>/<mark>"; None for anything else."""
    match = _SAMPLE.fullmatch(ref)
    return Place(match[1], int(match[2]), int(match[3]), match[4]) if match else None


def corrections(db: Connection) -> list[Correction]:
    """Newest first."""
    rows = db.execute("SELECT ref, why, note, at, title FROM correction ORDER BY at DESC, ref")
    return [Correction(ref, why, note, from_ms(at), title) for ref, why, note, at, title in rows]


def sample_at(db: Connection, ref: str, *, aside: bool) -> Sample | None:
    """The sample a reference names, among those in use or those set aside."""
    where = place(storable(ref))
    if where is None:
        return None
    table = "sample_aside" if aside else "sample"
    for found, _ in _at(db, table, where):
        if mark(found) == where.mark:
            return found
    return None


def _at(db: Connection, table: str, where: Place) -> list[tuple[Sample, tuple[object, ...]]]:
    """Every sample of one span, each with its key."""
    rows = db.execute(  # `table` is one of two names of our own
        "SELECT s.start, s.start + s.span, s.value, u.text, o.name, nullif(s.raw, ''), nullif(s.created, 0), v.text, "  # noqa: S608
        "CASE typeof(s.detail) WHEN 'integer' THEN (SELECT text FROM label WHERE id = s.detail) ELSE s.detail END, "
        f"s.metric, s.span, s.origin, s.unit FROM {table} s JOIN metric m ON m.id = s.metric "
        "JOIN label u ON u.id = s.unit JOIN origin o ON o.id = s.origin LEFT JOIN label v ON v.id = s.device "
        "WHERE m.key = ? AND s.start = ? AND s.span = ?",
        (where.metric, where.start, where.span),
    ).fetchall()
    return [(Sample(where.metric, *r[:9]), (r[9], r[0], r[10], r[11], r[2], r[12])) for r in rows]


def set_aside(db: Connection, ref: str, why: str, note: str = "") -> Correction:
    """Marks a record. Raises UsageError for a reason there is not, NotFound, Refused when it is set aside already."""
    if why not in WHYS:
        raise UsageError(T("Say why: “wrong” or “not_mine”."))
    ref, note = storable(ref), storable(note)
    if db.execute("SELECT 1 FROM correction WHERE ref = ?", (ref,)).fetchone() is not None:
        raise Refused(T("The record {ref} is already set aside.", ref=ref))
    title = _take_sample(db, ref) if ref.startswith("sample/") else _take_resource(db, ref)
    made = Correction(ref, why, note.strip()[:NOTE], datetime.now(UTC), title)
    db.execute(
        "INSERT INTO correction (ref, why, note, title, at) VALUES (?, ?, ?, ?, ?)",
        (made.ref, made.why, made.note, made.title, to_ms(made.at)),
    )
    return made


def restore(db: Connection, found: Correction) -> None:
    """A correction made elsewhere (in an export), for records that are here already or still to come."""
    done = db.execute(
        "INSERT OR IGNORE INTO correction (ref, why, note, title, at) VALUES (?, ?, ?, ?, ?)",
        (found.ref, found.why, found.note, found.title, to_ms(found.at)),
    ).rowcount
    if not done:
        return
    if found.ref.startswith("sample/"):
        _move(db, found.ref, "sample", "sample_aside")
    else:
        type_, _, fid = found.ref.partition("/")
        db.execute("UPDATE resource SET head = -1 WHERE type = ? AND fid = ? AND head = 1", (type_, fid))


def put_back(db: Connection, ref: str) -> None:
    """Uses a record again, exactly as before. Raises NotFound when it is not set aside."""
    ref = storable(ref)
    if not db.execute("DELETE FROM correction WHERE ref = ?", (ref,)).rowcount:
        raise NotFound(T("The record {ref} is not set aside.", ref=ref))
    if ref.startswith("sample/"):
        _move(db, ref, "sample_aside", "sample")
    else:
        type_, _, fid = ref.partition("/")
        db.execute("UPDATE resource SET head = 1 WHERE type = ? AND fid = ? AND head = -1", (type_, fid))


def _take_resource(db: Connection, ref: str) -> str:
    type_, _, fid = ref.partition("/")
    row = db.execute("SELECT title FROM resource WHERE type = ? AND fid = ? AND head = 1", (type_, fid)).fetchone()
    if row is None:
        raise NotFound(T("There is no record {ref} in the vault.", ref=ref))
    db.execute("UPDATE resource SET head = -1 WHERE type = ? AND fid = ? AND head = 1", (type_, fid))
    return str(row[0])


def _take_sample(db: Connection, ref: str) -> str:
    found = sample_at(db, ref, aside=False)
    if found is None or not _move(db, ref, "sample", "sample_aside"):
        raise NotFound(T("There is no record {ref} in the vault.", ref=ref))
    return metric(found.metric).en


def _move(db: Connection, ref: str, source: str, target: str) -> bool:
    """One sample from one table to the other, and its days rolled up anew."""
    where = place(ref)
    if where is None or not shift(db, where, source, target):
        return False
    (metric_id,) = db.execute("SELECT id FROM metric WHERE key = ?", (where.metric,)).fetchone()
    rollups.refresh(db, persons.read(db), {metric_id: (where.start, where.start + where.span)})
    return True


def shift(db: Connection, where: Place, source: str, target: str) -> int:
    """How many samples of that mark were moved (none or one). Leaves roll-ups alone."""
    moved = 0
    for found, key in _at(db, source, where):
        if mark(found) != where.mark:
            continue
        one = "metric = ? AND start = ? AND span = ? AND origin = ? AND value = ? AND unit = ?"
        db.execute(f"INSERT OR IGNORE INTO {target} SELECT {_COLUMNS} FROM {source} WHERE {one}", key)  # noqa: S608
        moved += db.execute(f"DELETE FROM {source} WHERE {one}", key).rowcount  # noqa: S608
    return moved


def marked(db: Connection) -> tuple[frozenset[str], dict[str, list[Place]]]:
    """(references of resources, places of samples by metric) that are set aside, for an import to respect."""
    refs = [ref for (ref,) in db.execute("SELECT ref FROM correction")]
    samples: dict[str, list[Place]] = {}
    for ref in refs:
        if (where := place(ref)) is not None:
            samples.setdefault(where.metric, []).append(where)
    return frozenset(ref for ref in refs if not ref.startswith("sample/")), samples


def plain(found: Correction) -> dict[str, str]:
    """JSON-ready."""
    return {
        "ref": found.ref, "why": found.why, "note": found.note, "at": found.at.isoformat(), "title": found.title,
    }  # fmt: skip


def fingerprint(db: Connection) -> str:
    """Stable over what is set aside and kept apart (for the digest of a vault)."""
    aside = db.execute("SELECT ref, why, note FROM correction ORDER BY ref").fetchall()
    apart = db.execute("SELECT a, b FROM apart ORDER BY a, b").fetchall()
    samples = db.execute(
        "SELECT m.key, s.start, s.span, o.name, s.value, u.text FROM sample_aside s JOIN metric m ON m.id = s.metric "
        "JOIN origin o ON o.id = s.origin JOIN label u ON u.id = s.unit ORDER BY 1, 2, 3, 4, 5, 6"
    ).fetchall()
    text = json.dumps([aside, apart, samples], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest() if aside or apart or samples else ""
