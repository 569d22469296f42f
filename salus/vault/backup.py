"""Back-ups: one file that holds a whole vault, still encrypted, with the wrapped keys; and its restoration, proven.

A stored zip: `keys.json`, `vault.db`, `ledger.db` (each sealed with the person's own data key) and `seal`, an
AES-256-GCM sealed list of their checksums, counts and the digest of the facts. Taken from one moment of each database
while others read and write; a batch that is still being written is not in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from salus.errors import Damaged, NotFound, Refused, Unreadable
from salus.records.text import T
from salus.vault import recovery
from salus.vault.check import check, digest
from salus.vault.database import Database
from salus.vault.home import KEYS, WAY, Home, Listed, code_opens
from salus.vault.keys import KeyFile, sync_folder, unwrap
from salus.vault.vault import FACTS, LEDGER, Vault

VERSION = 1
HEAD, SEAL = "salus-backup.json", "seal"
SUFFIX = ".salus-backup"
KEPT = 3
"""Automatic back-ups kept unless the person says otherwise (setting `backups`)."""
_MEMBERS = (HEAD, KEYS, FACTS, LEDGER, SEAL)
_CHUNK = 1 << 20
_STAMP = re.compile(r"(\d{8}T\d{6}\d*Z)")


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
    if path.exists() and not replace:
        raise Refused(T("There is already a file {path}. Choose another name.", path=str(path)))
    if not path.parent.is_dir():
        raise NotFound(T("There is no folder {path} to write the back-up to.", path=str(path.parent)))
    work = home.beside(f"copy-{secrets.token_hex(6)}")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        _copy(vault.facts, work / FACTS)
        _copy(vault.ledger.database, work / LEDGER)
        key = vault.facts.data_key
        facts: dict[str, Any] = {"at": datetime.now(UTC).isoformat(), "digest": None}
        if prove:
            with closing(Vault(work, key)) as copied:
                facts["digest"] = digest(copied)
        keys = KeyFile.read(home.vault_files(listed)[2]).encoded()
        facts["files"] = {KEYS: _sum(keys), **{name: _file_sum(work / name) for name in (FACTS, LEDGER)}}
        _zip(beside, keys, work, _sealed(facts, key))
        os.replace(beside, path)
        sync_folder(path.parent)
    except OSError as error:
        raise Refused(
            T("The back-up {path} cannot be written: {why}.", path=str(path), why=error.strerror or "")
        ) from error
    finally:
        beside.unlink(missing_ok=True)
        shutil.rmtree(work, ignore_errors=True)
    return Made(path, path.stat().st_size, facts["digest"])


def _copy(database: Database, target: Path) -> None:
    """One moment of a database in use, page by page, sealed with the same key."""
    with closing(Database(target, database.data_key, None)) as made:
        database.connection.backup(made.connection)
        made.checkpoint()


def _zip(path: Path, keys: bytes, work: Path, seal: bytes) -> None:
    with open(path, "wb", opener=lambda p, f: os.open(p, f, 0o600)) as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as file:
            file.writestr(HEAD, json.dumps({"salus": "backup", "version": VERSION}))
            file.writestr(KEYS, keys)
            file.writestr(SEAL, seal)
            for name in (FACTS, LEDGER):
                file.write(work / name, name)
        raw.flush()
        os.fsync(raw.fileno())


def _seal_key(data_key: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"salus backup seal").derive(data_key)


def _sealed(facts: dict[str, Any], data_key: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_seal_key(data_key)).encrypt(nonce, json.dumps(facts).encode(), HEAD.encode())


def _unsealed(seal: bytes, data_key: bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(AESGCM(_seal_key(data_key)).decrypt(seal[:12], seal[12:], HEAD.encode()))
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
    """The name the person of a back-up was listed by. Raises NotFound, Unreadable."""
    with _opened(path) as file:
        return KeyFile.parse(file.read(KEYS), path.name).label


def _opened(path: Path) -> zipfile.ZipFile:
    if not path.is_file():
        raise NotFound(T("There is no file {path}.", path=str(path)))
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable(T("{path} is not a Salus back-up, or it is damaged.", path=str(path))) from error
    infos = file.infolist()
    stored = all(i.compress_type == zipfile.ZIP_STORED and i.file_size == i.compress_size for i in infos)
    if sorted(i.filename for i in infos) != sorted(_MEMBERS) or not stored:
        file.close()
        raise Unreadable(T("{path} is not a Salus back-up, or it is damaged.", path=str(path)))
    return file


def restore(home: Home, path: Path, secret: str, label: str | None = None) -> Restored:
    """A new person of this home from a back-up, by passphrase or recovery code.

    Nothing is made unless every file has its checksum, every record can be read and the digest is the one written
    down. Raises Locked, Damaged, Unreadable, NotFound; Refused when the name is taken.
    """
    person_id = secrets.token_hex(8)
    try:
        with _opened(path) as file:
            if int(json.loads(file.read(HEAD))["version"]) > VERSION:
                raise Unreadable(T("{path} was written by a newer Salus. Update Salus to restore it.", path=str(path)))
            keys = KeyFile.parse(file.read(KEYS), path.name)
            keys.label = (label or keys.label).strip()
            if any(listed.label.casefold() == keys.label.casefold() for listed in home.persons()):
                raise Refused(
                    T("There is already a person called “{name}”. Choose another name for the restored one.",
                      name=keys.label)
                )  # fmt: skip
            data_key = _key(keys, secret)
            facts = _unsealed(file.read(SEAL), data_key, path)
            folder = home.beside(person_id)
            for name in (FACTS, LEDGER):
                with file.open(name) as packed:
                    if _unpacked(packed, folder / name) != facts["files"][name]:
                        raise _damaged(path)
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError) as error:
        shutil.rmtree(home.beside(person_id), ignore_errors=True)
        raise _damaged(path) from error
    except BaseException:
        shutil.rmtree(home.beside(person_id), ignore_errors=True)
        raise
    try:
        with closing(Vault(folder, data_key)) as vault:
            found = check(vault)
            if not found.ok or found.digest is None or facts["digest"] not in (None, found.digest):
                raise _damaged(path)
            vault.ledger.write("restore", digest=found.digest, made=facts["at"])
        keys.write(folder / KEYS)
        return Restored(home.adopt(folder, person_id), found.digest, found.counts)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _key(keys: KeyFile, secret: str) -> bytes:
    if recovery.read(secret) is not None:
        return code_opens(keys, secret)
    return unwrap(keys.wraps.get(WAY, {}), secret)


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
    folder = home.copies(listed)
    found = []
    for path in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        stamp = _STAMP.search(path.name)
        if stamp:
            at = datetime.strptime(stamp[1], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
            found.append(Kept(path, at, path.stat().st_size))
    return sorted(found, key=lambda kept: kept.at, reverse=True)


def keep(home: Home, listed: Listed, vault: Vault) -> Kept | None:
    """One more automatic back-up, the oldest beyond the person's number removed; None when they want none."""
    wanted = vault.person.preferences.get("backups", str(KEPT))
    most = int(wanted) if wanted.isdigit() else KEPT
    folder = home.copies(listed)
    if most:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        at = datetime.now(UTC)
        write(home, listed, vault, folder / f"{at:%Y%m%dT%H%M%S%f}Z{SUFFIX}", prove=False)
    kept = automatic(home, listed)
    for old in kept[most:]:
        old.path.unlink(missing_ok=True)
    return kept[0] if most else None
