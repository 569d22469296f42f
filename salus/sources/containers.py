"""Files inside what was given: a file itself, a folder, a zip or a gzip, read as streams and within limits.

Nothing is unpacked to disk. Limits (against bombs and mistakes): 16 GiB unpacked in all, 200 times a member's packed
size once it is over 16 MiB, 200,000 members, names that stay inside.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from salus.errors import Unreadable
from salus.records.text import T, Text
from salus.sources.given import Given

MAX_TOTAL = 16 << 30
MAX_RATIO = 200
RATIO_FROM = 16 << 20
MAX_MEMBERS = 200_000

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(RuntimeError, NotImplementedError, ValueError, KeyError, IndexError, OverflowError),
)
"""What the standard library's readers raise at a file that is not what it says."""


@dataclass(frozen=True)
class Member:
    """One file inside. `size` is its unpacked size as declared; `why_not` is set when it must not be read."""

    name: str
    size: int
    packed: int
    why_not: Text | None = field(default=None, compare=False)
    place: int = 0
    """Which entry of a zip it is: two entries may have one name."""

    @property
    def base(self) -> str:
        return PurePosixPath(self.name).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


class Container:
    """The members of what was given. Use as a context manager."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._zip: zipfile.ZipFile | None = None
        self._file: BinaryIO | None = None
        self._total = 0
        if not given.is_folder() and given.head(4)[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            self._file = given.open()
            try:
                self._zip = zipfile.ZipFile(self._file)
            except _BROKEN as error:
                self._file.close()
                raise Unreadable(
                    T(
                        "{name} is not a whole zip file: it is cut short or damaged. Copy or export it again.",
                        name=given.name,
                    )
                ) from error

    @property
    def is_zip(self) -> bool:
        return self._zip is not None

    def members(self) -> list[Member]:
        """Files, by name; folders and the Mac's own side files left out."""
        if self._zip is not None:
            infos = self._zip.infolist()
            if len(infos) > MAX_MEMBERS:
                raise Unreadable(
                    T("{name} holds more than {n} files; Salus does not open it.", name=self._given.name, n=MAX_MEMBERS)
                )
            found = [_zip_member(info, place) for place, info in enumerate(infos) if not info.is_dir()]
        elif self._given.is_folder():
            found = list(_folder_members(self._given.path))
        else:
            size = self._given.size()
            found = [Member(Path(self._given.name).name, size, size)]
        return [m for m in found if not m.name.startswith("__MACOSX/") and m.base not in (".DS_Store", "Thumbs.db")]

    @contextmanager
    def open(self, member: Member) -> Iterator[BinaryIO]:
        """A stream of one member, limits enforced while reading. Raises Unreadable."""
        if member.why_not is not None:
            raise Unreadable(member.why_not)
        stream: BinaryIO
        if self._zip is not None:
            try:
                stream = self._zip.open(self._zip.infolist()[member.place])  # type: ignore[assignment]
            except _BROKEN as error:
                if "password" in str(error) or "encrypted" in str(error):
                    raise Unreadable(T("{item} needs a password.", item=member.name)) from error
                raise Unreadable(T("{item} cannot be opened: {why}.", item=member.name, why=str(error))) from error
        else:
            try:
                inside = self._given.is_folder()
                stream = open(self._given.path / member.name, "rb") if inside else self._given.open()
            except OSError as error:
                raise Unreadable(
                    T("{item} cannot be opened: {why}.", item=member.name, why=error.strerror or "")
                ) from error
        if member.suffix == ".gz":
            stream = gzip.GzipFile(fileobj=stream)  # type: ignore[assignment]
        guarded = io.BufferedReader(_Limited(self, member, stream), 1 << 20)
        try:
            yield guarded
        finally:
            guarded.close()
            stream.close()

    def charge(self, size: int) -> None:
        self._total += size
        if self._total > MAX_TOTAL:
            name, gib = self._given.name, MAX_TOTAL >> 30
            raise Unreadable(T("{name} unpacks to more than {gib} GiB; Salus stops here.", name=name, gib=gib))

    def close(self) -> None:
        if self._zip is not None:
            self._zip.close()
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Container:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _zip_member(info: zipfile.ZipInfo, place: int) -> Member:
    name = info.filename.replace("\\", "/")
    why: Text | None = None
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":"):
        why = T("its name points outside the zip file")
    elif info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        why = T("it unpacks to more than {n} times its size, as a zip bomb does", n=MAX_RATIO)
    return Member(info.filename, info.file_size, info.compress_size, why, place)


def _folder_members(folder: Path) -> Iterator[Member]:
    for root, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(files):
            path = Path(root, name)
            if path.is_symlink() or not path.is_file():
                continue
            size = path.stat().st_size
            yield Member(path.relative_to(folder).as_posix(), size, size)


class _Limited(io.RawIOBase):
    """Counts what comes out of a stream, and turns a broken one into a sentence."""

    def __init__(self, container: Container, member: Member, stream: BinaryIO) -> None:
        self._container, self._member, self._stream, self._seen = container, member, stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        try:
            data = self._stream.read(len(view))
        except _BROKEN as error:
            raise Unreadable(
                T(
                    "{item} is damaged or cut short inside: it could be read only to byte {at}.",
                    item=self._member.name,
                    at=self._seen,
                )
            ) from error
        self._seen += len(data)
        self._container.charge(len(data))
        if self._seen > RATIO_FROM and self._seen > MAX_RATIO * max(self._member.packed, 1):
            raise Unreadable(
                T(
                    "{item} unpacks to more than {n} times its size, as a zip bomb does; Salus does not read it.",
                    item=self._member.name,
                    n=MAX_RATIO,
                )
            )
        view[: len(data)] = data
        return len(data)
