"""The key file of one person: a random 256-bit data key, wrapped by the passphrase, never stored bare.

The wrap is AES-256-GCM under an Argon2id key (RFC 9106, second recommended option: 64 MiB, 3 passes, 4 lanes).
Changing the passphrase rewraps the same data key; deleting the file makes the vault unreadable for ever. A wrong
passphrase costs the same Argon2 as a right one. The key file also carries the label a person chose to be listed by.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from salus.errors import Damaged, Locked, UsageError
from salus.records.text import T

VERSION = 1
MEMORY_KIB, PASSES, LANES = 65536, 3, 4
MIN_PASSPHRASE = 8
DATA_KEY, NONCE, SEAL = 32, 12, 16
"""Bytes of a data key, of a nonce, and of what AES-GCM adds."""
MOST_KIB, MOST_WORK = 1 << 21, 1 << 10
"""A key file that asks for more than this is not one of ours: it would only eat the machine's memory."""


@dataclass
class KeyFile:
    """What `keys.json` holds. `wraps` maps a way in ("passphrase", "recovery") to its wrapped data key."""

    label: str
    wraps: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> KeyFile:
        """Raises Damaged when the file is not what was written."""
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise _harmed(str(path)) from error
        return cls.parse(raw, str(path))

    @classmethod
    def parse(cls, raw: bytes, name: str) -> KeyFile:
        """The same from bytes; `name` is what to call them in an error."""
        try:
            data = json.loads(raw)
            found = cls(data["label"], data["wraps"])
            sound = isinstance(found.label, str) and isinstance(found.wraps, dict)
            if not sound or not all(isinstance(wrapped, dict) for wrapped in found.wraps.values()):
                raise ValueError
            if data["version"] != VERSION or raw != found.encoded():  # to the byte: no spelling of it is left open
                raise ValueError
            return found
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _harmed(name) from error

    @staticmethod
    def label_of(path: Path) -> str | None:
        """The label, also of a file that is otherwise damaged; None when even that cannot be read."""
        try:
            label = json.loads(path.read_bytes())["label"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return label if isinstance(label, str) and label else None

    def encoded(self) -> bytes:
        """What the file holds, to the byte."""
        body = {"version": VERSION, "label": self.label, "wraps": self.wraps}
        return json.dumps({**body, "check": _check(body)}).encode("ascii")

    def write(self, path: Path) -> None:
        """Writes beside, syncs, then renames: the old file or the new one, never half of one."""
        beside = path.with_suffix(".new")
        with open(beside, "wb", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write(self.encoded())
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        sync_folder(path.parent)


def _harmed(name: str) -> Damaged:
    return Damaged(T("The key file {path} is damaged. Put back a copy of it from a back-up.", path=name))


def sync_folder(folder: Path) -> None:
    """Makes a rename in `folder` durable; a no-op where folders cannot be opened (Windows)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _check(body: dict[str, Any]) -> str:
    """A checksum against accidents (a flipped byte); secrecy and authenticity come from the wraps."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def new_data_key() -> bytes:
    return secrets.token_bytes(DATA_KEY)


def wrap(data_key: bytes, passphrase: str) -> dict[str, Any]:
    """The data key under a passphrase. Raises UsageError for one that is too short to protect anything."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise UsageError(
            T("The passphrase is too short: use at least {n} characters; several words are best.", n=MIN_PASSPHRASE)
        )
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    params = {"kdf": "argon2id", "m": MEMORY_KIB, "t": PASSES, "p": LANES, "salt": _b64(salt)}
    key = _derive(passphrase, params)
    sealed = AESGCM(key).encrypt(nonce, data_key, json.dumps(params, sort_keys=True).encode())
    return {**params, "nonce": _b64(nonce), "key": _b64(sealed)}


def unwrap(wrapped: dict[str, Any], passphrase: str) -> bytes:
    """The data key. Raises Locked for a wrong passphrase, after the same work as for a right one; Damaged for a wrap
    that was not made by `wrap`.
    """
    try:
        params = {k: wrapped[k] for k in ("kdf", "m", "t", "p", "salt")}
        if params["kdf"] != "argon2id" or not all(type(params[k]) is int and params[k] > 0 for k in ("m", "t", "p")):
            raise ValueError
        if params["m"] > MOST_KIB or params["t"] * params["p"] > MOST_WORK:
            raise ValueError
        nonce, sealed = base64.b64decode(wrapped["nonce"]), base64.b64decode(wrapped["key"])
        if len(nonce) != NONCE or len(sealed) != DATA_KEY + SEAL:
            raise ValueError
        key = _derive(passphrase, params)
    except (KeyError, ValueError, TypeError, HashingError) as error:
        raise Damaged(T("The wrapped key of this vault is damaged. Put back the key file from a back-up.")) from error
    try:
        return AESGCM(key).decrypt(nonce, sealed, json.dumps(params, sort_keys=True).encode())
    except InvalidTag:
        raise Locked(T("That passphrase does not open this vault. Check it and try again.")) from None


def _derive(passphrase: str, params: dict[str, Any]) -> bytes:
    secret = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    salt = base64.b64decode(params["salt"])
    return hash_secret_raw(secret, salt, params["t"], params["m"], params["p"], 32, Type.ID)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
