"""The members of an export of Salus, each held to the checksum that was written down last."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from salus.errors import Unreadable
from salus.records.text import T
from salus.sources.containers import Container, Member

OWN, MANIFEST, CONTENTS = "salus/", "salus/manifest.json", "salus/contents.json"
COPIES = ("fhir/", "csv/", "documents/", "README.txt")
"""What the export holds for other programs and for people: all of it is in its own part too."""
MOST_CONTENTS = 16 << 20


class Parts:
    """What is under `salus/` by name, and the names of the `others`, which are no part of it. `prefix` is the folder it
    was packed in again.

    Raises Unreadable when a member is missing, was added, or cannot be read.
    """

    def __init__(self, container: Container, members: Sequence[Member], prefix: str) -> None:
        self._container = container
        mine = [m for m in members if m.name.startswith(prefix + OWN)]
        self._members = {m.name.removeprefix(prefix): m for m in mine}
        copies = tuple(prefix + name for name in (OWN, *COPIES))
        self.others = [m.name for m in members if not m.name.startswith(copies)]
        self._opened: set[str] = set()
        self._sums = self._contents()
        self._total, self._read = sum(m.size for m in mine) or 1, 0
        have = set(self._members) - {CONTENTS}
        if len(mine) != len(self._members) or have != set(self._sums):
            odd = sorted(have ^ set(self._sums))
            raise _changed(odd[0] if odd else MANIFEST)
        for member in mine:
            if member.why_not is not None:
                raise Unreadable(member.why_not)

    def _contents(self) -> dict[str, tuple[str, int]]:
        if CONTENTS not in self._members:
            raise _changed(CONTENTS)
        with self._container.open(self._members[CONTENTS]) as file:
            raw = file.read(MOST_CONTENTS)
        try:
            found: Any = json.loads(raw)["files"]
            return {str(name): (str(one["sha256"]), int(one["bytes"])) for name, one in found.items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
            raise _changed(CONTENTS) from error

    def has(self, name: str) -> bool:
        return name in self._members

    def inside(self, folder: str) -> list[str]:
        return sorted(name for name in self._members if name.startswith(folder))

    @property
    def done(self) -> float:
        """The part of the whole that was read."""
        return min(1.0, self._read / self._total)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A member to read to its end. Raises Unreadable when it is not what was written."""
        self._opened.add(name)
        with self._container.open(self._members[name]) as stream:
            summed = _Summed(self, stream)
            with io.BufferedReader(summed, 1 << 18) as file:
                yield file
                while file.read(1 << 18):
                    pass
            if (summed.sum.hexdigest(), summed.size) != self._sums[name]:
                raise _changed(name)

    def hold_the_rest(self) -> None:
        """Reads what was not asked for, to its checksum. Raises Unreadable when it is not what was written."""
        for name in sorted(set(self._members) - self._opened - {CONTENTS}):
            with self.open(name):
                pass

    def charge(self, size: int) -> None:
        self._read += size


class _Summed(io.RawIOBase):
    def __init__(self, parts: Parts, stream: BinaryIO) -> None:
        self._parts, self._stream = parts, stream
        self.sum, self.size = hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        data = self._stream.read(len(view))
        self.sum.update(data)
        self.size += len(data)
        self._parts.charge(len(data))
        view[: len(data)] = data
        return len(data)


def _changed(name: str) -> Unreadable:
    return Unreadable(
        T("The export is damaged or was changed: {file} is not as it was written. Nothing was taken.", file=name)
    )
