"""The members of an export's zip, written as they are read: nothing is held whole. Knows the checksum of each."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import IO, Any, BinaryIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def no_formula(cell: Any) -> Any:
    """A cell that no spreadsheet runs: a text that begins like a formula gets an apostrophe; a number stays one."""
    if not isinstance(cell, str) or not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


class _Summed(io.RawIOBase):
    """A member being written, and its SHA-256."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.sum, self.size = stream, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.sum.update(data)
        self.size += len(data)
        return self._stream.write(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


class Packing:
    """`counts` says how many things of each kind were written; `sums` (SHA-256, bytes) of each member."""

    def __init__(self, file: zipfile.ZipFile, counts: Counter[str]) -> None:
        self._file, self._counts = file, counts
        self.sums: dict[str, tuple[str, int]] = {}

    @contextmanager
    def _member(self, name: str) -> Iterator[BinaryIO]:
        summed = _Summed(self._file.open(name, "w", force_zip64=True))
        with io.BufferedWriter(summed, 1 << 18) as stream:
            yield stream
        self.sums[name] = summed.sum.hexdigest(), summed.size

    def lines(self, name: str, lines: Iterable[bytes], count: str | None = None) -> None:
        """A member of lines; not written when there is none."""
        n = 0
        every = iter(lines)
        first = next(every, None)
        if first is not None:
            with self._member(name) as stream:
                for line in chain((first,), every):
                    stream.write(line + b"\n")
                    n += 1
        if count is not None:
            self._counts[count] += n

    def table(
        self, name: str, columns: Iterable[str], table: Iterable[Iterable[Any]], count: str | None = None, *,
        for_people: bool = True,
    ) -> None:  # fmt: skip
        """A CSV member with a heading; empty values are empty cells. `for_people`: no cell can be a formula."""
        n = 0
        with self._member(name) as stream:
            text = io.TextIOWrapper(stream, "utf-8", newline="")
            out = csv.writer(text)
            out.writerow(columns)
            for row in table:
                out.writerow(map(no_formula, row) if for_people else row)
                n += 1
            text.flush()
            text.detach()
        if count is not None:
            self._counts[count] += n

    def put(self, name: str, data: bytes) -> None:
        with self._member(name) as stream:
            stream.write(data)
