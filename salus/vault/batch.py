"""Writing: one import is one batch, in one transaction. It lands whole or not at all, and can be undone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from salus.errors import NotFound, Refused
from salus.records.text import T, Text
from salus.records.times import to_ms
from salus.vault import corrections, rollups, search
from salus.vault import person as persons
from salus.vault.apart import keep as keep_apart
from salus.vault.database import Connection, Database
from salus.vault.interning import Interning, Table
from salus.vault.resources import Received, Writer, recut, remove_batch

PATIENCE_MS = 3_600_000
"""An import waits for another to end rather than fail."""

FAMILIES = 20
"""Bits for the files that came back together in one import of an export."""
SETTLED_AFTER, SETTLED_ROWS = 6, 20_000
"""A metric whose many rows stopped coming is rolled up while the reader is still at the next one."""


@dataclass
class Report:
    """What a batch did: counts by kind of item, and each rejected item with its reason."""

    added: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[str, Text]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.added.total() + self.updated.total() + self.unchanged.total() + len(self.rejected)

    def plain(self) -> dict[str, Any]:
        """JSON-ready, reasons in English."""
        return {
            "added": dict(self.added),
            "updated": dict(self.updated),
            "unchanged": dict(self.unchanged),
            "rejected": [{"item": item, "why": why.plain()} for item, why in self.rejected],
        }


class Batch:
    """An open batch. Made by `open_batch`, which commits it."""

    def __init__(self, db: Connection, batch: int, connection: int, person: persons.Person) -> None:
        self.id, self.report, self.person = batch, Report(), person
        self._db, self._connection = db, connection
        aside, self._aside = corrections.marked(db)
        self._writer = Writer(db, batch, connection, person.zone, aside)
        self._touched: rollups.Touched = {}
        self._reach: rollups.Touched = {}
        self._longest: dict[int, int] = {}
        self._zone_before: str | None = None
        self._calls = 0
        self._families: dict[int, int] = {}
        self._entered: list[str] = []
        self._recent: dict[int, tuple[int, int]] = {}
        self._settled: set[int] = set()

    def interning(self) -> Interning:
        """Numbers for an importer to write sample rows with; hand new ones back by `intern`."""

        def table(query: str, *args: object) -> Table:
            known = {text: number for number, text in self._db.execute(query, args)}
            return Table(known, 0)

        labels = table("SELECT id, text FROM label")
        metrics = table("SELECT id, key FROM metric")
        for name, interned in (("label", labels), ("metric", metrics)):
            highest = self._db.execute(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()[0]  # noqa: S608
            interned.next_id = highest + 1
        return Interning(labels, metrics, self.origins())

    def origins(self) -> Table:
        """Numbers for the devices and apps of the connection that brings what comes now."""
        query = "SELECT name, id FROM origin WHERE connection = ?"
        known = dict(self._db.execute(query, (self._connection,)))
        return Table(known, self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM origin").fetchone()[0])

    def intern(
        self,
        labels: Sequence[tuple[int, str]],
        metrics: Sequence[tuple[int, str]],
        origins: Sequence[tuple[int, str, str]],
    ) -> None:
        """Records the numbers an importer handed out: (id, text), (id, key), (id, name, kind)."""
        self._db.executemany("INSERT INTO label (id, text) VALUES (?, ?)", labels)
        self._db.executemany("INSERT INTO metric (id, key) VALUES (?, ?)", metrics)
        self._db.executemany(
            f"INSERT INTO origin (id, connection, name, kind) VALUES (?, {self._connection}, ?, ?)",  # noqa: S608
            origins,
        )

    def add_samples(self, kind: str, metric: int, rows: Sequence[tuple[Any, ...]], span: tuple[int, int, int]) -> None:
        """Adds rows of one metric: (start, span, origin, value, unit, created, device, detail, raw),
        0 or '' where there is none. `span` is (first start, last end, longest span) over the rows. A row already
        there counts as unchanged.
        """
        insert = f"INSERT OR IGNORE INTO sample VALUES ({int(metric)}, ?, ?, ?, ?, ?, {self.id}, ?, ?, ?, ?)"  # noqa: S608
        cursor = self._db.executemany(insert, rows)
        new = cursor.rowcount
        if new:
            low, high = self._reach.get(metric, span[:2])
            self._reach[metric] = (min(low, span[0]), max(high, span[1]))
        if self._aside:
            new -= self._set_aside(metric, span)
        self.report.added[kind] += new
        self.report.unchanged[kind] += len(rows) - new
        self._calls += 1
        self._settle()
        if new:
            self._recent[metric] = (self._calls, self._recent.get(metric, (0, 0))[1] + new)
            first, last, longest = span
            have = self._touched.get(metric)
            self._touched[metric] = (min(first, have[0]), max(last, have[1])) if have else (first, last)
            self._longest[metric] = max(longest, self._longest.get(metric, 0))

    def _set_aside(self, metric: int, span: tuple[int, int, int]) -> int:
        """Samples that the person set aside stay so when their file comes again; how many of those just added."""
        (key,) = self._db.execute("SELECT key FROM metric WHERE id = ?", (metric,)).fetchone()
        return sum(
            corrections.shift(self._db, where, "sample", "sample_aside")
            for where in self._aside.get(key, ())
            if span[0] <= where.start <= span[1]
        )

    def _settle(self) -> None:
        """Rolls up, once, each large metric that has not been added to for a while."""
        for metric, (call, rows) in list(self._recent.items()):
            if self._calls - call >= SETTLED_AFTER and rows >= SETTLED_ROWS and metric not in self._settled:
                self._settled.add(metric)
                self._keep_longest()
                rollups.refresh(self._db, self.person, {metric: self._touched.pop(metric)})
                del self._recent[metric]

    def _keep_longest(self) -> None:
        for metric, longest in self._longest.items():
            self._db.execute("UPDATE metric SET longest = max(longest, ?) WHERE id = ?", (longest, metric))
        self._longest.clear()

    def add(self, item: Received) -> str:
        """Adds one resource; returns what became of it."""
        if item.came is not None:
            families = self._families
            item = item._replace(came=-(self.id << FAMILIES) - families.setdefault(item.came, len(families) + 1))
        outcome = self._writer.add(item)
        getattr(self.report, outcome)[item.counted or item.type] += 1
        return outcome

    def switch(self, source: str, name: str) -> None:
        """What comes from here on is what another connection brought before. Numbers of origins are its own."""
        self._writer.flush()
        self._connection = connection_id(self._db, source, name)
        self._writer.switch(self._connection)

    def decide(
        self, aside: Sequence[corrections.Correction], apart: Sequence[tuple[str, str]], settings: Mapping[str, str],
        entered: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """What the person had decided about records that are still to come (or are here already).

        Settings are taken only where the vault holds nothing yet. `entered` is what the entries by hand were called.
        """
        self._entered = sorted(entered)
        self._writer.flush()
        if settings and self._first():
            told = {key: value for key, value in settings.items() if value and key != search.INDEXED}
            persons.write(self._db, **told)
            if settings.get("zone", self.person.zone_name) != self.person.zone_name:
                self._zone_before = self.person.zone_name
            self.person = persons.read(self._db)
        for one, other in apart:
            keep_apart(self._db, one, other)
        for found in aside:
            corrections.restore(self._db, found)
        refs, self._aside = corrections.marked(self._db)
        self._writer.respect(refs, self.person.zone)

    def _first(self) -> bool:
        """True while nothing but this batch is in the vault."""
        query = "SELECT EXISTS (SELECT 1 FROM resource) OR EXISTS (SELECT 1 FROM sample)"
        others = self._db.execute("SELECT count(*) FROM batch WHERE id != ? AND undone IS NULL", (self.id,)).fetchone()
        return not others[0] and not self._db.execute(query).fetchone()[0]

    def is_aside(self, ref: str) -> bool:
        """Did the person set this very record aside?"""
        return self._db.execute("SELECT 1 FROM correction WHERE ref = ?", (ref,)).fetchone() is not None

    def reject(self, item: str, why: Text) -> None:
        self.report.rejected.append((item, why))

    def adopt_zone(self, name: str) -> bool:
        """Takes the zone an import carries when the person's is still unknown. True when it did."""
        if self.person.zone_known:
            return False
        try:
            persons.zone(name)
        except Exception:
            return False
        persons.write(self._db, zone=name, zone_known="1")
        if name == self.person.zone_name:
            return False
        self._zone_before = self.person.zone_name
        self.person = persons.read(self._db)
        return True

    def finish(self) -> None:
        """Roll-ups and the report; called once by `open_batch`."""
        self._writer.flush()
        self._keep_longest()
        self.report.added, self.report.unchanged = +self.report.added, +self.report.unchanged
        if self._zone_before is not None:
            rollups.refresh_all(self._db, self.person)
            recut(self._db, self.person.zone)
        else:
            rollups.refresh(self._db, self.person, self._touched)
        reach = {str(metric): span for metric, span in self._reach.items()}
        kept = {**self.report.plain(), "zone_before": self._zone_before, "reach": reach}
        if self._entered:
            kept["entered"] = self._entered
        self._db.execute(
            "UPDATE batch SET ended = ?, report = ? WHERE id = ?",
            (to_ms(datetime.now(UTC)), json.dumps(kept, ensure_ascii=False), self.id),
        )


def connection_id(db: Connection, source: str, name: str) -> int:
    """The number of a connection, made when it is new."""
    now = to_ms(datetime.now(UTC))
    db.execute("INSERT OR IGNORE INTO connection (source, name, created) VALUES (?, ?, ?)", (source, name, now))
    found = db.execute("SELECT id FROM connection WHERE source = ? AND name = ?", (source, name)).fetchone()
    return int(found[0])


@contextmanager
def open_batch(database: Database, source: str, name: str, path: str) -> Iterator[Batch]:
    """A batch of one connection (`source`, `name`). Committed with its roll-ups at the end, or nothing of it is.

    Ends in a truncating checkpoint, so that a committed batch never sits in the write-ahead file only.
    """
    with database.writing(PATIENCE_MS) as db:
        now = to_ms(datetime.now(UTC))
        connection = connection_id(db, source, name)
        batch_id = db.execute(
            "INSERT INTO batch (connection, path, started) VALUES (?, ?, ?)", (connection, path, now)
        ).lastrowid
        batch = Batch(db, batch_id, connection, persons.read(db))
        yield batch
        batch.finish()
    database.checkpoint()


def _remove_samples(db: Connection, batch: int, reach: Mapping[str, Sequence[int]] | None) -> rollups.Touched:
    """Removes the samples of a batch; what that touched. `reach` is where they are, when the batch wrote it down: the
    rest need not be read.
    """
    if reach is None:
        places = [(metric, -(2**62), 2**62) for (metric,) in db.execute("SELECT id FROM metric").fetchall()]
    else:
        places = [(int(metric), first, last) for metric, (first, last) in reach.items()]
    touched: rollups.Touched = {}
    for place in places:
        where = "FROM sample WHERE metric = ? AND start BETWEEN ? AND ? AND batch = ?"
        first, last = db.execute(f"SELECT min(start), max(start + span) {where}", (*place, batch)).fetchone()
        if first is not None:
            touched[place[0]] = (first, last)
            db.execute(f"DELETE {where}", (*place, batch))
    db.execute("DELETE FROM sample_aside WHERE batch = ?", (batch,))
    return touched


def undo(database: Database, batch_id: int) -> None:
    """Removes what a batch added. Raises NotFound for a number that is not there, Refused when already undone."""
    with database.writing(PATIENCE_MS) as db:
        row = db.execute("SELECT undone, report FROM batch WHERE id = ?", (batch_id,)).fetchone()
        if row is None:
            raise NotFound(T("There is no import number {id}. “salus imports” lists them.", id=batch_id))
        if row[0] is not None:
            raise Refused(T("Import {id} was already undone.", id=batch_id))
        report = json.loads(row[1])
        remove_batch(db, batch_id)
        touched = _remove_samples(db, batch_id, report.get("reach"))
        before = report.get("zone_before")
        if before is not None:  # the batch had set the zone: the days before it were cut in another
            persons.write(db, zone=before, zone_known="0")
            rollups.refresh_all(db, persons.read(db))
            recut(db, persons.read(db).zone)
        else:
            rollups.refresh(db, persons.read(db), touched)
        db.execute("UPDATE batch SET undone = ? WHERE id = ?", (to_ms(datetime.now(UTC)), batch_id))
    database.checkpoint()
