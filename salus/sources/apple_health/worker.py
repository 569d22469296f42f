"""The other core: reads an Apple Health export and sends its frames (see `second_core`).

Started by `reading` with where the file is, its key if it is sealed, and the numbers in use.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from salus.sources import second_core
from salus.sources.given import Given
from salus.vault.interning import Interning, Table


def specifications(given: Given, interning: Interning, parts: int) -> list[tuple[Any, ...]]:
    """One for each process; their numbers do not meet."""
    tables = (interning.labels, interning.metrics, interning.origins)
    place = (str(given.path), given.name, given.key)
    return [
        (*place, part if parts > 1 else None, [(table.known, table.next_id + part, parts) for table in tables])
        for part in range(parts)
    ]


def work(specified: tuple[Any, ...], emit: second_core.Emit) -> None:
    from salus.sources.apple_health.export import read

    path, name, key, part, numbers = specified
    labels, metrics, origins = (Table(known, next_id, step) for known, next_id, step in numbers)
    read(Given(Path(path), name, key), Interning(labels, metrics, origins), emit, part)


if __name__ == "__main__":
    try:
        second_core.serve("apple_health", work, sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        sys.exit(1)
