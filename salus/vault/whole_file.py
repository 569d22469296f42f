"""A file that is there whole or not at all, for its owner only, also when the machine stops half-way.

Where the system can, it has no name until it is whole; else it is written under a hidden name beside.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from salus.errors import NotFound, Refused
from salus.records.text import T
from salus.vault.keys import sync_folder


@contextmanager
def whole_file(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A file to write, read and seek in, named `path` at the end if nothing was raised.

    Raises NotFound where there is no such folder, Refused when the name is taken (unless `replace`) or the file cannot
    be written.
    """
    try:
        if os.path.lexists(path) and (not replace or path.is_dir()):
            raise _taken(path)
        if not path.parent.is_dir():
            raise NotFound(T("There is no folder {path} to write to.", path=str(path.parent)))
        with _nameless(path) as (file, named):
            yield file
            file.flush()
            os.fsync(file.fileno())
            named(replace)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise _taken(path) from error
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        why = getattr(error, "strerror", None) or ""
        raise Refused(T("{path} cannot be written: {why}.", path=str(path), why=why)) from error


def _taken(path: Path) -> Refused:
    return Refused(T("There is already a file {path}. Choose another name.", path=str(path)))


@contextmanager
def _nameless(path: Path) -> Iterator[tuple[BinaryIO, _Naming]]:
    beside = path.with_name(f".salus-{secrets.token_hex(8)}.part")
    flag = getattr(os, "O_TMPFILE", 0)
    handle = -1
    if flag and Path("/proc/self/fd").is_dir():
        with contextlib.suppress(OSError):  # a file system that cannot
            handle = os.open(path.parent, flag | os.O_RDWR, 0o600)
    if handle >= 0:
        with open(handle, "w+b") as file:
            yield file, _Naming(path, beside, file)
        return
    try:
        with open(beside, "x+b", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            yield file, _Naming(path, beside, None)
    finally:
        beside.unlink(missing_ok=True)


class _Naming:
    """Gives the written file its name; a name that is taken meanwhile is not written over."""

    def __init__(self, path: Path, beside: Path, nameless: BinaryIO | None) -> None:
        self._path, self._beside, self._nameless = path, beside, nameless

    def __call__(self, replace: bool) -> None:
        if self._nameless is not None:
            root = os.open("/", os.O_RDONLY)  # a folder is named only so that the link under /proc is followed
            try:
                source = f"/proc/self/fd/{self._nameless.fileno()}"
                os.link(source, self._beside if replace else self._path, src_dir_fd=root)
            finally:
                os.close(root)
            if replace:
                os.replace(self._beside, self._path)
            return
        if replace:
            os.replace(self._beside, self._path)
            return
        try:
            os.link(self._beside, self._path)
        except FileExistsError:
            raise
        except OSError:  # no hard links there
            self._beside.rename(self._path)
