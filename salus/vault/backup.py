"""Back-ups: one file that holds a whole vault, still encrypted, with the wrapped keys; and its restoration, proven.

A stored zip: `keys.json`, `vault.db`, `ledger.db` (each sealed with the person's own data key) and `seal`, an
AES-256-GCM sealed list of their checksums and the digest of the facts. It ends in an HMAC over all of it, so that not
one byte can be changed. Taken from one moment of each database while others read and write; a batch that is still
being written is not in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import shutil
import struct
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from salus.errors import Damaged, Locked, NotFound, Refused, Unreadable
from salus.records.text import T
from salus.vault import recovery
from salus.vault.check import Checkup, check, digest
from salus.vault.database import Database, DatabaseError, spoken
from salus.vault.home import CODE, KEYS, KEYS_WITHIN, WAY, Home, Listed, code_opens
from salus.vault.keys import KeyFile, unwrap
from salus.vault.vault import FACTS, LEDGER, Vault
from salus.vault.whole_file import whole_file

VERSION = 1
HEAD, SEAL = "salus-backup.json", "seal"
SUFFIX = ".salus-backup"
KEPT = 3
"""Automatic back-ups kept unless the person says otherwise (setting `backups`)."""
MOST = 100
_MEMBERS = (HEAD, KEYS, FACTS, LEDGER, SEAL)
_LARGEST = {HEAD: 4096, KEYS: KEYS_WITHIN // 2, SEAL: 1 << 16}
_CHUNK = 1 << 20
_SEALED, _WHOLE = b"salus backup seal", b"salus backup whole"
_AUTHENTIC = 64
"""Characters at the end that prove the rest."""
_STAMP = f"%Y%m%dT%H%M%S%fZ{SUFFIX}"


@dataclass(frozen=True)
class Made:
    """A back-up file: how large, and the digest of the facts in it (None where it was not worked out)."""

    path: Path
    bytes: int
    digest: str | None


@dataclass(frozen=True)
class Kept:
    """An automatic back-up on this machine."""

    path: Path
    at: datetime
    bytes: int


@dataclass(frozen=True)
class Restored:
    """The person made of a back-up; `digest` is the same in the file and in the vault."""

    listed: Listed
    digest: str
    counts: dict[str, int]


def write(home: Home, listed: Listed, vault: Vault, path: Path, *, replace: bool = False, prove: bool = True) -> Made:
    """One encrypted file, written beside and then named: whole or not there. Raises Refused when the name is taken.

    `prove` works out the digest of the facts, by which `restore` proves that nothing is missing.
    """
    with home.workplace() as work, whole_file(path, replace=replace) as file:
        _copy(vault.facts, work / FACTS)
        _copy(vault.ledger.database, work / LEDGER)
        key = vault.facts.data_key
        facts: dict[str, Any] = {"at": datetime.now(UTC).isoformat(), "digest": None}
        if prove:
            with closing(Vault(work, key)) as copied:
                facts["digest"] = digest(copied)
        keys = KeyFile.read(home.vault_files(listed)[2]).encoded()
        facts["files"] = {KEYS: _sum(keys), **{name: _file_sum(work / name) for name in (FACTS, LEDGER)}}
        _zip(file, keys, work, _sealed(facts, key))
        whole = _authentic(file, key)
        file.seek(-len(whole), os.SEEK_END)
        file.write(whole)
        size = file.tell()
    return Made(path, size, facts["digest"])


def _copy(database: Database, target: Path) -> None:
    """One moment of a database in use, sealed with the same key: the file itself, or page by page."""
    try:
        if _as_it_is(database, target):
            return
        with closing(Database(target, database.data_key, None)) as made:
            database.connection.backup(made.connection)
            made.checkpoint()
    except DatabaseError as error:
        raise spoken(error, database.path) from error


def _as_it_is(database: Database, target: Path) -> bool:
    """Copies the file, if all that was committed is in it. While this reader holds it nobody moves pages into it."""
    db = database.connection
    db.execute("BEGIN")
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        behind = database.path.with_name(f"{database.path.name}-wal")
        if behind.exists() and behind.stat().st_size:
            return False
        shutil.copyfile(database.path, target)
        return True
    finally:
        db.execute("ROLLBACK")


def _zip(raw: BinaryIO, keys: bytes, work: Path, seal: bytes) -> None:
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as file:
        file.writestr(HEAD, json.dumps({"salus": "backup", "version": VERSION}))
        file.writestr(KEYS, keys)
        file.writestr(SEAL, seal)
        for name in (FACTS, LEDGER):
            file.write(work / name, name)
        file.comment = b"0" * _AUTHENTIC


def _authentic(file: BinaryIO, data_key: bytes) -> bytes:
    """What the file ends in: proof, by the person's key, that no byte before it was changed."""
    file.seek(0, os.SEEK_END)
    left = file.tell() - _AUTHENTIC
    file.seek(0)
    proof = hmac.new(_derived(data_key, _WHOLE), None, "sha256")
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        proof.update(chunk)
        left -= len(chunk)
    return proof.hexdigest().encode()


def _derived(data_key: bytes, purpose: bytes) -> bytes:
    """A key of its own for one purpose, from the person's."""
    return HKDF(SHA256(), 32, None, purpose).derive(data_key)


def _sealed(facts: dict[str, Any], data_key: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_derived(data_key, _SEALED)).encrypt(nonce, json.dumps(facts).encode(), HEAD.encode())


def _unsealed(seal: bytes, data_key: bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(AESGCM(_derived(data_key, _SEALED)).decrypt(seal[:12], seal[12:], HEAD.encode()))
    except (InvalidTag, ValueError) as error:
        raise _damaged(path) from error
    assert isinstance(found, dict)
    return found


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _file_sum(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(path: Path) -> Damaged:
    return Damaged(T("The back-up {path} is damaged or was changed. Use another one.", path=str(path)))


def label_of(path: Path) -> str:
    """The name the person of a back-up was listed by. Raises NotFound, Unreadable, Damaged."""
    with _opened(path) as (file, _):
        return _keys(file, path).label


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, BinaryIO]]:
    """A file that looks like a back-up. Raises NotFound, Unreadable; Damaged for one that cannot be read on."""
    if not os.path.isfile(path):  # noqa: PTH113 - a name can be too long, or hold a zero byte
        raise NotFound(T("There is no file {path}.", path=str(path)))
    try:
        with open(path, "rb") as raw, zipfile.ZipFile(raw) as file:
            infos = file.infolist()
            stored = all(i.compress_type == zipfile.ZIP_STORED and i.file_size == i.compress_size for i in infos)
            small = all(i.file_size <= _LARGEST.get(i.filename, i.file_size) for i in infos)
            if sorted(i.filename for i in infos) != sorted(_MEMBERS) or not stored or not small:
                raise zipfile.BadZipFile
            yield file, raw
    except zipfile.BadZipFile as error:
        raise Unreadable(T("{path} is not a Salus back-up, or it is damaged.", path=str(path))) from error
    except OSError as error:
        raise Unreadable(T("{path} cannot be read: {why}.", path=str(path), why=error.strerror or "")) from error
    except (ValueError, KeyError, TypeError, EOFError, RuntimeError, struct.error, OverflowError) as error:
        raise _damaged(path) from error


def _keys(file: zipfile.ZipFile, path: Path) -> KeyFile:
    try:
        return KeyFile.parse(file.read(KEYS), path.name)
    except Damaged as error:
        raise _damaged(path) from error


def restore(home: Home, path: Path, secret: str, label: str | None = None) -> Restored:
    """A new person of this home from a back-up, by passphrase or recovery code.

    Nothing is made unless no byte of the file was changed, every record can be read and the digest is the one written
    down. Raises Locked, Damaged, Unreadable, NotFound; Refused when the name is taken, UsageError for an empty one.
    """
    with _opened(path) as (file, raw):
        if int(json.loads(file.read(HEAD))["version"]) > VERSION:
            raise Unreadable(T("{path} was written by a newer Salus. Update Salus to restore it.", path=str(path)))
        keys = _keys(file, path)
        keys.label = home.free_label(keys.label if label is None else label)
        data_key = _key(keys, secret, path)
        if not hmac.compare_digest(file.comment, _authentic(raw, data_key)):
            raise _damaged(path)
        facts = _unsealed(file.read(SEAL), data_key, path)
        with home.workplace() as folder:
            try:
                for name in (FACTS, LEDGER):
                    with file.open(name) as packed:
                        if _unpacked(packed, folder / name) != facts["files"][name]:
                            raise _damaged(path)
                found = _proven(folder, data_key, facts, path)
                keys.write(folder / KEYS)
                return Restored(home.adopt(folder, secrets.token_hex(8)), found.digest or "", found.counts)
            except OSError as error:
                raise spoken(DatabaseError("disk I/O"), home.folder) from error


def _proven(folder: Path, data_key: bytes, facts: dict[str, Any], path: Path) -> Checkup:
    """What was unpacked, read to the last record. Raises Damaged unless it is what was written down."""
    try:
        with closing(Vault(folder, data_key)) as vault:
            found = check(vault)
            if not found.ok or found.digest is None or facts["digest"] not in (None, found.digest):
                raise _damaged(path)
            vault.ledger.write("restore", digest=found.digest, made=facts["at"])
            return found
    except Damaged as error:
        raise _damaged(path) from error


def _key(keys: KeyFile, secret: str, path: Path) -> bytes:
    """What looks like a recovery code may still be somebody's passphrase. Raises Locked, Damaged."""
    try:
        if recovery.read(secret) is not None and CODE in keys.wraps:
            with contextlib.suppress(Locked):
                return code_opens(keys, secret)
        return unwrap(keys.wraps.get(WAY, {}), secret)
    except Damaged as error:
        raise _damaged(path) from error


def _unpacked(packed: Any, target: Path) -> str:
    """Writes a member out; its SHA-256."""
    whole = hashlib.sha256()
    with open(target, "wb", opener=lambda p, f: os.open(p, f, 0o600)) as out:
        while chunk := packed.read(_CHUNK):
            whole.update(chunk)
            out.write(chunk)
        _sync(out)
    return whole.hexdigest()


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


# Automatic ones -------------------------------------------------------------------------------------------------


def automatic(home: Home, listed: Listed) -> list[Kept]:
    """The automatic back-ups of a person, newest first."""
    found = []
    folder = home.copies(listed)
    for path in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        with contextlib.suppress(ValueError, OSError):  # a name of somebody else's, or just removed
            at = datetime.strptime(path.name, _STAMP).replace(tzinfo=UTC)
            if at.strftime(_STAMP) != path.name:
                continue
            found.append(Kept(path, at, path.stat().st_size))
    return sorted(found, key=lambda kept: kept.at, reverse=True)


def wanted(vault: Vault) -> int:
    """How many automatic back-ups the person wants kept; 0 for none."""
    text = vault.person.preferences.get("backups", "")
    return min(int(text), MOST) if text.isascii() and text.isdecimal() else KEPT


def keep(home: Home, listed: Listed, vault: Vault) -> Kept | None:
    """One more automatic back-up, the oldest beyond the person's number removed; None when they want none.

    Raises Refused when it cannot be written: the older ones then stay.
    """
    most = wanted(vault)
    if most:
        folder = home.copies(listed)
        try:
            for place in (folder.parent, folder):
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise Refused(T("{path} cannot be written: {why}.", path=str(folder), why=error.strerror or "")) from error
        write(home, listed, vault, folder / datetime.now(UTC).strftime(_STAMP), prove=False)
    kept = automatic(home, listed)
    for old in kept[most:]:
        with contextlib.suppress(OSError):
            old.path.unlink()
    return kept[0] if most and kept else None
