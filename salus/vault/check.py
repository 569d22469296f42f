"""Is the vault whole? Every page's seal, every record, every roll-up's key, the ledger's chain; and a digest of it all.

The digest is over what the vault says, not how it is stored: two vaults with the same facts have the same digest.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from salus.errors import Damaged, Locked, SalusError
from salus.records.resource import decode
from salus.records.text import T, Text
from salus.vault import corrections
from salus.vault.content import digest as content_digest
from salus.vault.content import unpack
from salus.vault.database import Connection, Database, DatabaseError
from salus.vault.home import Home, Listed
from salus.vault.ledger import Ledger
from salus.vault.vault import Vault

MOST_NAMED = 20


@dataclass
class Checkup:
    """`problems` is empty for a whole vault. `counts` says what was read."""

    problems: list[Text] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    digest: str | None = None

    @property
    def ok(self) -> bool:
        return not self.problems


def check_files(home: Home, listed: Listed, passphrase: str) -> Checkup:
    """Like `check` for a vault that may not open at all: says which file is damaged. Raises only Locked, for a
    passphrase that is wrong (which is no damage).
    """
    found = Checkup()
    facts, ledger, _ = home.vault_files(listed)
    try:
        data_key = home.data_key(listed, passphrase)
    except Locked:
        raise
    except SalusError as error:
        found.problems.append(error.text)
        return found
    _file(facts, data_key, "facts", found)
    _file(ledger, data_key, "ledger", found)
    return found


def _file(path: Path, data_key: bytes, kind: str, found: Checkup) -> None:
    if not path.is_file() or not path.stat().st_size:
        found.problems.append(T("The vault file {path} is missing. Restore a back-up.", path=str(path)))
        return
    try:
        with closing(Database(path, data_key, kind)) as database:
            (_facts if kind == "facts" else _ledger)(database, found)
    except (DatabaseError, MemoryError, SalusError) as error:
        found.problems.append(
            error.text if isinstance(error, SalusError) else T("{file}: {what}", file=path.name, what=str(error))
        )


def check(vault: Vault) -> Checkup:
    """Reads every page and every record of an open vault."""
    found = Checkup()
    _facts(vault.facts, found)
    _ledger(vault.ledger.database, found)
    return found


def _facts(database: Database, found: Checkup) -> None:
    _pages(database, found)
    try:
        _records(database.connection, found)
        found.digest = _digest(database.connection)
    except (DatabaseError, MemoryError, Damaged) as error:
        found.problems.append(T("Some records cannot be read: {why}", why=str(error)))


def _ledger(database: Database, found: Checkup) -> None:
    _pages(database, found)
    try:
        found.counts["ledger entries"], broken = Ledger(database).verified()
        if broken is not None:
            found.problems.append(T("The ledger's chain is broken at entry {seq}.", seq=broken))
    except (DatabaseError, MemoryError, ValueError) as error:
        found.problems.append(T("Some entries of the ledger cannot be read: {why}", why=str(error)))


def _pages(database: Database, found: Checkup) -> None:
    """Every page's seal, then the structure."""
    name = database.path.name
    try:
        db = database.connection
        bad = [row[0] for row in db.execute("PRAGMA cipher_integrity_check")]
        bad += [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found.counts[f"pages in {name}"] = int(db.execute("PRAGMA page_count").fetchone()[0])
        extra = database.path.stat().st_size - found.counts[f"pages in {name}"] * _page_size(db)
        if extra > 0 and not _behind(database.path):
            bad.append("there are bytes after the last page")
    except (DatabaseError, MemoryError) as error:
        bad = [str(error)]
    found.problems += [T("{file}: {what}", file=name, what=str(line)) for line in bad[:MOST_NAMED]]


def _page_size(db: Connection) -> int:
    return int(db.execute("PRAGMA page_size").fetchone()[0] or db.execute("PRAGMA cipher_page_size").fetchone()[0])


def _behind(path: Path) -> bool:
    """True while a write-ahead file holds what the main file does not yet."""
    beside = path.with_name(path.name + "-wal")
    return beside.exists() and beside.stat().st_size > 0


def _records(db: Connection, found: Checkup) -> None:
    count, bad = 0, 0
    for type_, fid, mark, content in db.execute("SELECT type, fid, digest, content FROM resource"):
        count += 1
        try:
            raw = unpack(content)
            if content_digest(raw) != mark:
                raise ValueError("digest")
            decode(raw)
        except Exception:
            bad += 1
            if bad <= MOST_NAMED:
                found.problems.append(T("The record {ref} is damaged.", ref=f"{type_}/{fid}"))
    found.counts["resources"] = count
    found.counts["samples"] = db.execute("SELECT count(*) FROM sample").fetchone()[0]
    found.counts["days"] = db.execute("SELECT count(*) FROM day").fetchone()[0]
    found.counts["imports"] = db.execute("SELECT count(*) FROM batch WHERE ended IS NOT NULL").fetchone()[0]
    orphans = db.execute(
        "SELECT count(*) FROM sample WHERE origin NOT IN (SELECT id FROM origin) OR unit NOT IN (SELECT id FROM label) "
        "OR batch NOT IN (SELECT id FROM batch) OR metric NOT IN (SELECT id FROM metric)"
    ).fetchone()[0]
    orphans += db.execute("SELECT count(*) FROM batch WHERE ended IS NULL").fetchone()[0]
    if orphans:
        found.problems.append(T("{n} entries point to something that is not there.", n=orphans))
    heads = db.execute(
        "SELECT count(*) FROM (SELECT 1 FROM resource GROUP BY type, fid HAVING sum(abs(head)) != 1)"
    ).fetchone()[0]
    if heads:
        found.problems.append(T("{n} records have no version in force, or more than one.", n=heads))


_LOGICAL = (
    # Every version of a resource with what brought it, which is in force, and its codes.
    "SELECT 'r', r.type, r.fid, r.head, r.title, hex(r.digest), c.source, c.name, coalesce(l.text, '') FROM resource r "
    "JOIN connection c ON c.id = r.connection LEFT JOIN term l ON l.id = r.origin ORDER BY 2, 3, 6, 7, 8",
    "SELECT 'k', r.type, r.fid, hex(r.digest), k.code, s.text FROM resource_code k "
    "JOIN resource r ON r.id = k.resource JOIN term s ON s.id = k.system ORDER BY 2, 3, 4, 5, 6",
    "SELECT 'd', m.key, d.day, d.n, d.total, d.low, d.high, coalesce(o.name, ''), coalesce(l.text, '') FROM day d "
    "JOIN metric m ON m.id = d.metric LEFT JOIN origin o ON o.id = d.origin LEFT JOIN label l ON l.id = d.unit "
    "ORDER BY m.key, d.day",
)
_SAMPLES = (
    "SELECT 's', s.start, s.span, c.source, c.name, o.name, o.kind, s.value, u.text, s.created, v.text, "
    "CASE typeof(s.detail) WHEN 'integer' THEN (SELECT text FROM label WHERE id = s.detail) ELSE s.detail END, s.raw "
    "FROM sample s JOIN label u ON u.id = s.unit JOIN origin o ON o.id = s.origin "
    "JOIN connection c ON c.id = o.connection LEFT JOIN label v ON v.id = s.device WHERE s.metric = ? "
    "ORDER BY s.start, s.span"
)


def digest(vault: Vault) -> str:
    """SHA-256 over the facts (resources, samples, roll-ups), independent of row numbers and batch history."""
    return _digest(vault.facts.connection)


def _digest(db: Connection) -> str:
    whole = hashlib.sha256()
    for query in _LOGICAL:
        for row in db.execute(query):
            whole.update(repr(tuple(round(x, 6) if isinstance(x, float) else x for x in row)).encode())
    for metric_id, key in db.execute("SELECT id, key FROM metric ORDER BY key").fetchall():
        whole.update(repr(key).encode() if db.execute(
            "SELECT 1 FROM sample WHERE metric = ? LIMIT 1", (metric_id,)).fetchone() else b"")
        same: list[str] = []  # rows of one span have no order of their own beyond their text
        place: tuple[int, int] | None = None
        for row in db.execute(_SAMPLES, (metric_id,)):
            if (row[1], row[2]) != place:
                whole.update("".join(sorted(same)).encode())
                same, place = [], (row[1], row[2])
            same.append(repr(row))
        whole.update("".join(sorted(same)).encode())
    whole.update(corrections.fingerprint(db).encode())
    return whole.hexdigest()
