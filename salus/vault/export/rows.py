"""What is read from a vault to be given back: every version of every record, every sample, every decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from salus.vault.content import unpack
from salus.vault.database import Connection

_SAMPLES = {False: "sample", True: "sample_aside"}


class Version(NamedTuple):
    """One version of a resource: `head` 1 in force, 0 replaced by a newer one, -1 set aside by the person.

    `came` is the number that versions of one file share, `server` who gave the id (`salus.vault.servers`).
    """

    type: str
    id: str
    head: int
    title: str
    stamp: int | None
    source: str
    connection: str
    origin: str
    raw: bytes
    codes: list[tuple[str, str]]
    came: int
    server: str


class Row(NamedTuple):
    """One sample with all that came with it. `aside` is True for one that was set aside."""

    start: int
    end: int
    value: float | int | str
    unit: str
    origin: str
    kind: str
    source: str
    connection: str
    device: str | None
    created: int | None
    detail: str | None
    raw: str
    aside: bool


def versions(db: Connection) -> Iterator[Version]:
    """All of them, in the order they came, so that what is in force follows from reading them again."""
    codes: dict[int, list[tuple[str, str]]] = {}
    for number, system, code in db.execute(
        "SELECT k.resource, s.text, k.code FROM resource_code k JOIN term s ON s.id = k.system ORDER BY 1, 2, 3"
    ):
        codes.setdefault(number, []).append((system, code))
    yield from _versions(db, "", (), codes)


def in_force(db: Connection, type_: str) -> Iterator[Version]:
    """Those of one type that are in force, without their indexed codes."""
    yield from _versions(db, "WHERE r.type = ? AND r.head = 1 ", (type_,), {})


def shown(db: Connection) -> Iterator[Version]:
    """Those in force and those set aside, by type, without their indexed codes."""
    yield from _versions(db, "WHERE r.head != 0 ", (), {})


def _versions(
    db: Connection, where: str, args: tuple[str, ...], codes: dict[int, list[tuple[str, str]]]
) -> Iterator[Version]:
    for number, type_, fid, head, title, stamp, source, connection, origin, content, came, server in db.execute(
        "SELECT r.id, r.type, r.fid, r.head, r.title, r.stamp, c.source, c.name, coalesce(l.text, ''), r.content, "  # noqa: S608
        "coalesce(r.came, r.batch), coalesce(s.text, '') "
        "FROM resource r JOIN connection c ON c.id = r.connection LEFT JOIN term l ON l.id = r.origin "
        f"LEFT JOIN term s ON s.id = r.server {where}"
        "ORDER BY r.id",
        args,
    ):
        raw = unpack(content)
        yield Version(
            type_, fid, head, title, stamp, source, connection, origin, raw, codes.get(number, []), came, server
        )


def sampled(db: Connection) -> list[str]:
    """Metrics with at least one sample, also one set aside."""
    rows = db.execute(
        "SELECT key FROM metric m WHERE EXISTS (SELECT 1 FROM sample WHERE metric = m.id) "
        "OR EXISTS (SELECT 1 FROM sample_aside WHERE metric = m.id) ORDER BY key"
    )
    return [key for (key,) in rows]


def samples(db: Connection, metric: str) -> Iterator[Row]:
    """All samples of one metric by time, then those set aside."""
    for aside in (False, True):
        for row in db.execute(
            "SELECT s.start, s.start + s.span, s.value, u.text, o.name, o.kind, c.source, c.name, v.text, "  # noqa: S608 - one of two
            "nullif(s.created, 0), CASE typeof(s.detail) WHEN 'integer' THEN "
            "(SELECT text FROM label WHERE id = s.detail) ELSE s.detail END, s.raw "
            f"FROM {_SAMPLES[aside]} s JOIN metric m ON m.id = s.metric JOIN label u ON u.id = s.unit "
            "JOIN origin o ON o.id = s.origin JOIN connection c ON c.id = o.connection "
            "LEFT JOIN label v ON v.id = s.device WHERE m.key = ? ORDER BY s.start, s.span",
            (metric,),
        ):
            yield Row._make((*row, aside))


def days(db: Connection) -> Iterator[tuple[Any, ...]]:
    """(metric, day number, n, total, low, high, origin) of every rolled-up day."""
    yield from db.execute(
        "SELECT m.key, d.day, d.n, d.total, d.low, d.high, coalesce(o.name, '') FROM day d "
        "JOIN metric m ON m.id = d.metric LEFT JOIN origin o ON o.id = d.origin ORDER BY m.key, d.day"
    )


def settings(db: Connection) -> dict[str, str]:
    return dict(db.execute("SELECT key, value FROM setting ORDER BY key"))


def apart(db: Connection) -> list[list[str]]:
    return [[a, b] for a, b in db.execute("SELECT a, b FROM apart ORDER BY a, b")]
