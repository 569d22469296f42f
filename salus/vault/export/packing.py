"""The members of an export's zip, written as they are read: nothing is held whole."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from typing import Any


class Packing:
    """`counts` says how many things of each kind were written."""

    def __init__(self, file: zipfile.ZipFile, counts: Counter[str]) -> None:
        self._file, self._counts = file, counts

    def lines(self, name: str, lines: Iterable[bytes], count: str | None = None) -> None:
        """A member of lines; not written when there is none."""
        n = 0
        stream: Any = None
        try:
            for line in lines:
                if stream is None:
                    stream = self._file.open(name, "w", force_zip64=True)
                stream.write(line + b"\n")
                n += 1
        finally:
            if stream is not None:
                stream.close()
        if count is not None:
            self._counts[count] += n

    def table(
        self, name: str, columns: Iterable[str], table: Iterable[Iterable[Any]], count: str | None = None
    ) -> None:
        """A CSV member with a heading; empty values are empty cells."""
        n = 0
        with self._file.open(name, "w", force_zip64=True) as stream:
            text = io.TextIOWrapper(stream, "utf-8", newline="")
            out = csv.writer(text)
            out.writerow(columns)
            for row in table:
                out.writerow(row)
                n += 1
            text.flush()
            text.detach()
        if count is not None:
            self._counts[count] += n

    def put(self, name: str, data: bytes) -> None:
        self._file.writestr(name, data)
