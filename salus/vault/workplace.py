"""A hidden folder in which something is made, gone afterwards; what a stopped process had left is gone too."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from salus.errors import Refused
from salus.records.text import T

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]

_NAME = ".work-"


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A new folder inside `folder`, removed at the end unless it was moved. What is put there must be sealed.

    Raises Refused when it cannot be made.
    """
    try:
        for place in (folder.parent, folder):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        _tidy(folder)
        made = folder / f"{_NAME}{secrets.token_hex(6)}"
        made.mkdir(mode=0o700)
        handle = _held(made)
    except OSError as error:
        raise Refused(T("Salus may not write {path}. Check its owner and permissions.", path=str(folder))) from error
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def _tidy(folder: Path) -> None:
    for left in folder.glob(f"{_NAME}*"):
        with contextlib.suppress(OSError):
            handle = _held(left)
            if handle is not None:  # nobody works there any more
                shutil.rmtree(left, ignore_errors=True)
                os.close(handle)


def _held(folder: Path) -> int | None:
    """Holds a folder until closed or stopped. OSError when another process does; None where nothing can be held."""
    if fcntl is None:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle
