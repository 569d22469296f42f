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


def specification(given: Given, interning: Interning) -> tuple[Any, ...]:
    tables = (interning.labels, interning.metrics, interning.origins)
    return str(given.path), given.name, given.key, [(table.known, table.next_id) for table in tables]


def work(specified: tuple[Any, ...], emit: second_core.Emit) -> None:
    from salus.sources.apple_health.export import read

    path, name, key, numbers = specified
    labels, metrics, origins = (Table(known, next_id) for known, next_id in numbers)
    read(Given(Path(path), name, key), Interning(labels, metrics, origins), emit)


if __name__ == "__main__":
    try:
        second_core.serve("apple_health", work, sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        sys.exit(1)
