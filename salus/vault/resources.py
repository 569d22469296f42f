"""Resources in the vault: every version kept, one in force per (type, id), found by code and by time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from salus.records.codes import Code
from salus.records.resource import Body, Resource, decode, when
from salus.records.times import When
from salus.vault import namesakes, observed, search, servers
from salus.vault.content import digest, pack, unpack
from salus.vault.database import Connection, storable
from salus.vault.references import Meant

LOT, LOT_BYTES = 500, 8 << 20
ASK_SINGLY, MOST_IDS = 20, 200_000
_INSERT = "INSERT INTO resource VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_HAVE = (
    "SELECT id, connection, digest, head, stamp, fid, batch, "
    "coalesce((SELECT text FROM term WHERE id = server), '') FROM resource WHERE type = ?"
)


class Received(NamedTuple):
    """A resource as a source hands it over: `raw` as received, the rest read from it.

    `stamp` is its `meta.lastUpdated` in milliseconds since 1970 UTC; `origin` who wrote it, in words; `counted` what
    a report counts it as (its type unless set); `title` what it is about, in its own words. `span` is what
    `time` is indexed by, where the source has worked it out already (for the person's zone). `server` tells who gave
    the id (`salus.vault.servers`); `came` is the number of the file it came in first, in an export given back.
    """

    type: str
    id: str
    raw: bytes
    time: When | None = None
    codes: Sequence[Code] = ()
    stamp: int | None = None
    origin: str = ""
    counted: str = ""
    title: str = ""
    span: tuple[int, int] | None = None
    server: str = ""
    came: int | None = None


class Have(NamedTuple):
    """One kept version of a record, as far as a new one is compared with it."""

    id: int
    connection: int
    digest: bytes
    head: int
    stamp: int | None
    fid: str
    batch: int
    server: str

    def holds(self, mark: bytes, server: str) -> bool:
        """The very same bytes, and not of another server."""
        return self.digest == mark and not servers.differ(self.server, server)


class Writer:
    """Adds resources for one batch. Says for each whether it was "added", "updated" or "unchanged".

    Rows are held back and written in lots; `flush` writes what is held. The vault's write lock is held throughout.
    """

    def __init__(
        self, db: Connection, batch: int, connection: int, zone: tzinfo, aside: frozenset[str] = frozenset()
    ) -> None:
        self._db, self._batch, self._connection, self._zone = db, batch, connection, zone
        self._aside = aside
        self._texts: list[tuple[int, str, str]] = []
        self._seen: list[tuple[int, str]] = []
        self._terms: dict[str, int] = {}
        self._next = db.execute("SELECT coalesce(max(id), 0) + 1 FROM resource").fetchone()[0]
        self._rows: list[tuple[Any, ...]] = []
        self._codes: list[tuple[str, int, int]] = []
        self._size = 0
        self._held: set[tuple[str, str]] = set()
        self._asked: dict[str, int] = {}
        self._known: dict[str, set[str] | None] = {}

    def add(self, item: Received) -> str:
        mark = digest(item.raw)
        have = self._have(item.type, item.id)
        if (have or self._may_exist(item.type, item.id)) and (named := self._namesake(item, mark, have)) is not None:
            item, have = named, self._have(item.type, named.id)
        head = None
        if have:
            if any(row.connection == self._connection and row.digest == mark for row in have):
                return "unchanged"
            head = next((row for row in have if row.head), None)
        newest = head is None or item.stamp is None or head.stamp is None or item.stamp >= head.stamp
        if head is not None and newest:
            self._db.execute("UPDATE resource SET head = 0 WHERE id = ?", (head.id,))
        first, last = item.span or (item.time.span_ms(self._zone) if item.time else (None, None))
        number, content = self._next, pack(item.raw)
        self._next += 1
        in_force = -1 if self._aside and f"{item.type}/{item.id}" in self._aside else 1
        self._rows.append((
            number, item.type, item.id, in_force if newest else 0, item.title[:200], first, last, item.stamp,
            self._connection, self._batch, self._term(item.origin) if item.origin else 0, mark, content,
            item.came, self._term(item.server) if item.server else None,
        ))  # fmt: skip
        if (id_ := namesakes.unmarked(item.id)) != item.id:
            self._db.execute("INSERT OR IGNORE INTO namesake VALUES (?, ?, ?)", (item.type, id_, item.id))
        if item.codes:
            self._codes += [(code[1], self._term(code[0]), number) for code in item.codes]
        if item.type == observed.TYPE and (seen := observed.entry(number, item.type, item.raw)) is not None:
            self._seen.append(seen)
        if (text := search.entry(number, item.type, item.title, item.raw)) is not None:
            self._texts.append(text)
        self._held.add((item.type, item.id))
        known = self._known.get(item.type)
        if known is not None:
            known.add(item.id)
        self._size += len(content)
        if len(self._rows) >= LOT or self._size >= LOT_BYTES:
            self.flush()
        if head is None:
            return "added"
        return "unchanged" if head.digest == mark else "updated"

    def _namesake(self, item: Received, mark: bytes, have: list[Have]) -> Received | None:
        """The same item under a marked id, when the record kept under its own is another one."""
        if namesakes.is_global(item.id) or any(row.holds(mark, item.server) for row in have):
            return None
        if item.came is not None and any(row.batch == self._batch for row in have):
            return None  # the vault it was exported from had told them apart
        have = have + self._marked(item.type, item.id)
        if not any(row.head for row in have):
            return None
        if (same := next((row for row in have if row.holds(mark, item.server)), None)) is not None:
            return item._replace(id=same.fid)
        body = decode(item.raw)
        for row in sorted((row for row in have if row.head), key=lambda row: (row.fid != item.id, row.id)):
            if not self._another(row, item, body):
                return None if row.fid == item.id else item._replace(id=row.fid)
        if not any(row.fid == item.id for row in have):
            return None
        return item._replace(id=f"{item.id}.{namesakes.mark(body, item.server)}")

    def _another(self, row: Have, item: Received, body: Body) -> bool:
        content, author = self._db.execute(
            "SELECT r.content, coalesce(o.text, '') FROM resource r LEFT JOIN term o ON o.id = r.origin "
            "WHERE r.id = ?", (row.id,)
        ).fetchone()  # fmt: skip
        kept = namesakes.Sent(decode(unpack(content)), row.server, author)
        return namesakes.another(item.type, item.id, kept, namesakes.Sent(body, item.server, item.origin))

    def _marked(self, type_: str, fid: str) -> list[Have]:
        """Every version of the records kept under this id with a mark."""
        if any(held == type_ and namesakes.is_marked(other, fid) for held, other in self._held):
            self.flush()
        rows = self._db.execute(f"{_HAVE} AND fid > ? AND fid < ?", (type_, f"{fid}.", f"{fid}/"))
        return [found for found in map(Have._make, rows) if namesakes.is_marked(found.fid, fid)]

    def switch(self, connection: int) -> None:
        """Further resources belong to another connection."""
        self._connection = connection

    def respect(self, aside: frozenset[str], zone: tzinfo) -> None:
        """Further resources of these references are set aside; dates are cut in this zone."""
        self._aside, self._zone = aside, zone

    def flush(self) -> None:
        self._db.executemany(_INSERT, self._rows)
        self._db.executemany("INSERT OR IGNORE INTO resource_code VALUES (?, ?, ?)", self._codes)
        search.write(self._db, self._texts)
        observed.write(self._db, self._seen)
        self._rows, self._codes, self._texts, self._seen, self._size = [], [], [], [], 0
        self._held.clear()

    def _have(self, type_: str, fid: str) -> list[Have]:
        """Every version there is."""
        if (type_, fid) in self._held:
            self.flush()
        elif not self._may_exist(type_, fid):
            return []
        return [Have._make(row) for row in self._db.execute(f"{_HAVE} AND fid = ?", (type_, fid))]

    def _may_exist(self, type_: str, fid: str) -> bool:
        """False when surely new: after a few of one type, its ids are read at once rather than asked one by one."""
        if type_ not in self._known:
            asked = self._asked[type_] = self._asked.get(type_, 0) + 1
            if asked <= ASK_SINGLY:
                return True
            rows = self._db.execute("SELECT fid FROM resource WHERE type = ? LIMIT ?", (type_, MOST_IDS + 1)).fetchall()
            own = {held for held_type, held in self._held if held_type == type_}
            ids = {row[0] for row in rows} | own
            self._known[type_] = ids | set(map(namesakes.unmarked, ids)) if len(rows) <= MOST_IDS else None
        known = self._known[type_]
        return known is None or fid in known

    def _term(self, text: str) -> int:
        found = self._terms.get(text)
        if found is None:
            self._db.execute("INSERT OR IGNORE INTO term (text) VALUES (?)", (text,))
            found = int(self._db.execute("SELECT id FROM term WHERE text = ?", (text,)).fetchone()[0])
            self._terms[text] = found
        return found


def recut(db: Connection, zone: tzinfo) -> None:
    """Indexes dates without a time anew, by the days of another zone."""
    moved = []
    for number, content in db.execute("SELECT id, content FROM resource WHERE last > first"):
        time = when(decode(unpack(content)))
        if time is not None:
            moved.append((*time.span_ms(zone), number))
    db.executemany("UPDATE resource SET first = ?, last = ? WHERE id = ?", moved)


def remove_batch(db: Connection, batch: int) -> None:
    """Takes away what a batch brought and puts the version before it back in force."""
    touched = db.execute("SELECT DISTINCT type, fid FROM resource WHERE batch = ?", (batch,)).fetchall()
    db.execute(
        "DELETE FROM resource_code WHERE resource IN (SELECT id FROM resource WHERE batch = ?)",
        (batch,),
    )
    search.remove_batch(db, batch)
    observed.remove_batch(db, batch)
    db.execute("DELETE FROM resource WHERE batch = ?", (batch,))
    aside = {ref for (ref,) in db.execute("SELECT ref FROM correction")}
    for type_, fid in touched:
        query = "SELECT id, stamp FROM resource WHERE type = ? AND fid = ? ORDER BY id"
        rows = db.execute(query, (type_, fid)).fetchall()
        db.execute("UPDATE resource SET head = 0 WHERE type = ? AND fid = ?", (type_, fid))
        if rows:
            head = -1 if f"{type_}/{fid}" in aside else 1
            db.execute("UPDATE resource SET head = ? WHERE id = ?", (head, _in_force(rows)))


def _in_force(rows: list[tuple[int, int | None]]) -> int:
    """Replays the rule of `Writer.add` over what is left."""
    head = rows[0]
    for row in rows[1:]:
        if row[1] is None or head[1] is None or row[1] >= head[1]:
            head = row
    return head[0]


_COLUMNS = (
    "r.type, r.fid, r.content, coalesce(l.text, ''), c.source || '/' || c.name, coalesce(r.came, r.batch) "
    "FROM resource r JOIN connection c ON c.id = r.connection LEFT JOIN term l ON l.id = r.origin "
)


def _resource(row: tuple[str, str, bytes, str, str, int], meant: Meant) -> Resource:
    """`raw` is as received; in its body the references are by the ids of this vault."""
    type_, fid, content, origin, connection, batch = row
    raw = unpack(content)
    body = decode(raw)
    if meant:
        meant.mend(body, batch)
    found = Resource(type_, fid, raw, when(body), origin, connection, batch)
    found.__dict__["body"] = body
    return found


def select(
    db: Connection,
    types: Sequence[str],
    *,
    codes: Iterable[Code] | None = None,
    first_ms: int | None = None,
    last_ms: int | None = None,
    limit: int | None = None,
) -> Iterator[Resource]:
    """Resources in force of these types, newest first (undated last); only those of `codes` or touching the span."""
    where = [f"r.head = 1 AND r.type IN ({', '.join('?' * len(types))})"]
    args: list[object] = [*types]
    if codes is not None:
        wanted = list(codes)
        pairs = " OR ".join("(k.code = ? AND s.text = ?)" for _ in wanted) or "0"
        where.append(
            f"r.id IN (SELECT k.resource FROM resource_code k JOIN term s ON s.id = k.system WHERE {pairs})"  # noqa: S608
        )
        args += [x for code in wanted for x in (code.code, code.system)]
    if first_ms is not None:
        where.append("r.last >= ?")
        args.append(first_ms)
    if last_ms is not None:
        where.append("r.first <= ?")
        args.append(last_ms)
    order = " ORDER BY r.first IS NULL, r.first DESC, r.id DESC"
    tail = f" LIMIT {int(limit)}" if limit is not None else ""
    query = f"SELECT {_COLUMNS} WHERE {' AND '.join(where)}{order}{tail}"
    meant = Meant(db)
    for row in db.execute(query, args):
        yield _resource(row, meant)


def one(db: Connection, type_: str, fid: str, *, aside: bool = False) -> Resource | None:
    """The resource in force; with `aside` also one that was set aside."""
    heads = "r.head != 0" if aside else "r.head = 1"
    query = f"SELECT {_COLUMNS} WHERE {heads} AND r.type = ? AND r.fid = ?"
    row = db.execute(query, (storable(type_), storable(fid))).fetchone()
    return _resource(row, Meant(db)) if row else None


def newest_per_code(db: Connection, type_: str, system: str) -> Iterator[tuple[str, Resource]]:
    """For each code of `system`, the newest resource in force that carries it (undated ones last)."""
    rows = db.execute(
        "SELECT k.code, r.id, max(coalesce(r.first, -1e18)) FROM resource_code k JOIN resource r ON r.id = k.resource "
        "JOIN term s ON s.id = k.system WHERE r.head = 1 AND r.type = ? AND s.text = ? GROUP BY k.code",
        (type_, system),
    ).fetchall()
    meant = Meant(db)
    for code, row_id, _ in rows:
        row = db.execute(f"SELECT {_COLUMNS} WHERE r.id = ?", (row_id,)).fetchone()
        yield code, _resource(row, meant)
