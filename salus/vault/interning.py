"""Small integers for repeated strings, decided wherever a file is parsed, written where the vault is open.

An importer that parses in another process is given a snapshot; while it holds the vault's write lock nobody else can
take the numbers it hands out.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """Text to id; `fresh` holds what was added since the last `drain`. Tables that work side by side step alike, each
    from a number of its own, so that no two hand out the same."""

    known: dict[str, int]
    next_id: int
    step: int = 1
    fresh: list[tuple[int, str]] = field(default_factory=list)

    def id(self, text: str) -> int:
        found = self.known.get(text)
        if found is None:
            found = self.known[text] = self.next_id
            self.next_id += self.step
            self.fresh.append((found, text))
        return found

    def drain(self) -> list[tuple[int, str]]:
        fresh, self.fresh = self.fresh, []
        return fresh


@dataclass
class Interning:
    """The three tables an importer of samples needs, and the kinds of new origins."""

    labels: Table
    metrics: Table
    origins: Table
    kinds: dict[str, str] = field(default_factory=dict)

    def origin(self, name: str, kind: str) -> int:
        self.kinds.setdefault(name, kind)
        return self.origins.id(name)
