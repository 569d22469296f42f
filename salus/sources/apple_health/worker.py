"""The other core: reads an Apple Health export and writes frames to its standard output.

Started by `reading` with a specification on standard input (where the file is, its key if it is sealed, the numbers
in use). Nothing is written to disk. A frame is a four-byte length and a marshalled tuple; the last is ("end",) or
("fail", template, arguments).
"""

from __future__ import annotations

import gc
import marshal
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

from salus.errors import SalusError
from salus.records.text import T
from salus.sources.given import Given
from salus.vault.interning import Interning, Table


def specification(given: Given, interning: Interning) -> bytes:
    tables = (interning.labels, interning.metrics, interning.origins)
    numbers = [(table.known, table.next_id) for table in tables]
    return marshal.dumps((str(given.path), given.name, given.key, numbers))


def main(stdin: BinaryIO, stdout: BinaryIO) -> None:
    from salus.sources.apple_health.export import plain_args, read

    path, name, key, numbers = marshal.loads(stdin.read())
    labels, metrics, origins = (Table(known, next_id) for known, next_id in numbers)
    interning = Interning(labels, metrics, origins)

    def emit(frame: tuple[Any, ...]) -> None:
        data = marshal.dumps(frame)
        stdout.write(struct.pack("<I", len(data)))
        stdout.write(data)

    gc.freeze()
    gc.disable()  # rows hold no cycles, and there are millions of them
    try:
        read(Given(Path(path), name, key), interning, emit)
        emit(("end",))
    except SalusError as error:
        emit(("fail", type(error).__name__, error.text.template, plain_args(error.text)))
    except BrokenPipeError:
        return
    except Exception as error:
        why = T(
            "Salus made a mistake while reading it ({source}, {what}). Nothing of it was kept. Please report this.",
            source="apple_health", what=type(error).__name__,
        )  # fmt: skip
        emit(("fail", "Unreadable", why.template, why.args))
    stdout.flush()


if __name__ == "__main__":
    try:
        main(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        sys.exit(1)
