"""The devices and apps that wrote samples, and which of them wins where two overlap."""

from __future__ import annotations

from dataclasses import dataclass

from salus.vault.database import Connection
from salus.vault.person import Person

KINDS = ("watch", "phone", "app")
"""The default order: what is worn, before what is carried, before what other apps say."""


@dataclass(frozen=True)
class Origin:
    """One device or app of one connection."""

    id: int
    connection: str
    name: str
    kind: str


def origins(db: Connection, person: Person) -> list[Origin]:
    """All origins, the one that wins first: the person's own order, then watch, phone, other; then by name."""
    own = {name: index for index, name in enumerate(person.priorities)}
    found = [
        Origin(*row)
        for row in db.execute(
            "SELECT o.id, c.source, o.name, o.kind FROM origin o JOIN connection c ON c.id = o.connection "
            "ORDER BY c.source, c.name, o.name"
        )
    ]

    def order(origin: Origin) -> tuple[int, int, str, str]:
        kind = KINDS.index(origin.kind) if origin.kind in KINDS else len(KINDS)
        return own.get(origin.name, len(own)), kind, origin.name, origin.connection

    return sorted(found, key=order)


def ranks(db: Connection, person: Person) -> dict[int, int]:
    """Origin id to its place: 0 wins over everything."""
    return {origin.id: rank for rank, origin in enumerate(origins(db, person))}
