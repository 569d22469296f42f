"""The system's keyring as a comfort: it may hold the data key of a vault. Optional, never needed."""

from __future__ import annotations

import base64
import contextlib
from typing import Any

from salus.errors import Missing
from salus.records.text import T

SERVICE = "salus"


def _backend() -> Any | None:
    try:
        import keyring
        from keyring.backends import fail

        backend = keyring.get_keyring()
    except ImportError:
        return None
    return None if isinstance(backend, fail.Keyring) else backend


def read(person_id: str) -> bytes | None:
    """The data key kept for a person, or None."""
    backend = _backend()
    if backend is None:
        return None
    with contextlib.suppress(Exception):  # a keyring that is locked or gone is no keyring
        found = backend.get_password(SERVICE, person_id)
        return base64.b64decode(found) if found else None
    return None


def write(person_id: str, data_key: bytes) -> None:
    backend = _backend()
    if backend is None:
        raise Missing(
            T("This machine has no keyring Salus can use. Install one with “pip install salus[keyring]” on a desktop.")
        )
    backend.set_password(SERVICE, person_id, base64.b64encode(data_key).decode())


def forget(person_id: str) -> None:
    backend = _backend()
    if backend is not None:
        with contextlib.suppress(Exception):  # nothing kept is nothing to forget
            backend.delete_password(SERVICE, person_id)
