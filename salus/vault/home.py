"""The folder of one installation: which persons there are, under the labels they chose, and which is current.

    HOME/persons/<random id>/keys.json   the wrapped data key and the label
    HOME/persons/<random id>/vault.db    the facts        (encrypted)
    HOME/persons/<random id>/ledger.db   the ledger       (encrypted)
    HOME/current                         the id of the current person

Names, birth dates and all facts are inside the vaults only.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path

from salus.errors import Damaged, Locked, NotFound, Refused, UsageError
from salus.records.text import T
from salus.vault import keyring, recovery
from salus.vault import person as persons
from salus.vault.database import storable
from salus.vault.keys import KeyFile, new_data_key, sync_folder, unwrap, wrap
from salus.vault.person import Sex
from salus.vault.vault import FACTS, LEDGER, Vault
from salus.vault.workplace import workplace

KEYS = "keys.json"
WAY, CODE = "passphrase", "recovery"
Recovery = Literal["none", "unchecked", "checked"]


KEYS_WITHIN = 64 << 10
"""The key file stands within so many bytes of a back-up's beginning."""


def code_opens(keys: KeyFile, code: str) -> bytes:
    """The data key of a key file by its recovery code. Raises Locked for a wrong one, or where there is none."""
    wrapped = keys.wraps.get(CODE)
    if wrapped is None:
        raise Locked(T("This vault has no recovery code. Only its passphrase opens it."))
    try:
        return unwrap(wrapped, recovery.typed(code))
    except Locked as error:
        if recovery.read(code) is None:
            raise
        raise Locked(T("That recovery code does not open this vault. A newer code may have replaced it.")) from error


@dataclass(frozen=True)
class Listed:
    """What is known of a person without unlocking: an id, a label, whether they are the current one."""

    id: str
    label: str
    current: bool


class Home:
    """`folder`, else SALUS_HOME, else the platform's data folder."""

    def __init__(self, folder: Path | None = None) -> None:
        chosen = folder or (Path(os.environ["SALUS_HOME"]) if os.environ.get("SALUS_HOME") else None)
        self.folder = (chosen or user_data_path("salus")).absolute()
        self._persons = self.folder / "persons"
        self._current = self.folder / "current"

    def persons(self) -> list[Listed]:
        """Everyone, by label; one whose key file is damaged is listed too, by id when its label cannot be read."""
        if not self._persons.is_dir():
            return []
        current = self._read_current()
        found = [p for p in self._persons.iterdir() if not p.name.startswith(".") and (p / KEYS).is_file()]
        return sorted(
            (Listed(p.name, KeyFile.label_of(p / KEYS) or p.name, p.name == current) for p in found),
            key=lambda listed: (listed.label.casefold(), listed.id),
        )

    def add(
        self,
        label: str,
        passphrase: str,
        *,
        born: date | None,
        sex: Sex | None,
        zone: str | None = None,
        lang: str | None = None,
        country: str | None = None,
        name: str | None = None,
    ) -> Listed:
        """Creates an empty vault. The first person becomes the current one.

        Raises Refused when the label is taken, UsageError for a weak passphrase, a bad zone or an empty label.
        """
        label = self.free_label(label)
        if zone:
            persons.zone(zone)
        machine = persons.machine_zone()
        data_key = new_data_key()
        keys = KeyFile(label, {WAY: wrap(data_key, passphrase)})
        person_id = secrets.token_hex(8)
        folder = self.beside(person_id)
        with Vault(folder, data_key) as vault, vault.facts.writing() as db:
            persons.write(
                db,
                name=name or label,
                born=born.isoformat() if born else "",
                sex=sex or "",
                zone=zone or machine,
                zone_known="1" if zone or machine != "UTC" else "0",
                lang=lang or "en",
                country=(country or "").upper(),
            )
        keys.write(folder / KEYS)
        return self.adopt(folder, person_id)

    def free_label(self, label: str) -> str:
        """A name to list a new person by, tidied. Raises UsageError for an empty one, Refused for one that is taken."""
        label = " ".join(storable(label).split())
        if not label:
            raise UsageError(T("Give the person a name to be listed by."))
        if any(listed.label.casefold() == label.casefold() for listed in self.persons()):
            raise Refused(T("There is already a person called “{name}”. Choose another name.", name=label))
        return label

    def find(self, name: str | None = None) -> Listed:
        """The person of that label or id; without a name the current one. Raises NotFound."""
        everyone = self.persons()
        if name is None:
            for listed in everyone:
                if listed.current:
                    return listed
            raise NotFound(T("There is no person yet. Create one with “salus person add NAME”, or try “salus demo”."))
        for listed in everyone:
            if name == listed.id or " ".join(name.split()).casefold() == listed.label.casefold():
                return listed
        raise NotFound(T("There is no person called “{name}”. “salus person list” shows who there is.", name=name))

    def use(self, name: str) -> Listed:
        """Makes a person the current one."""
        listed = self.find(name)
        self._write_current(listed.id)
        return Listed(listed.id, listed.label, True)

    def open(self, listed: Listed, passphrase: str) -> Vault:
        """Unlocks a vault. Raises Locked for a wrong passphrase, Damaged for a harmed file."""
        return self._open(listed, self.data_key(listed, passphrase), WAY)

    def data_key(self, listed: Listed, passphrase: str) -> bytes:
        """The key the vault's files are sealed with. Raises Locked, or Damaged for a harmed key file."""
        wraps = KeyFile.read(self._persons / listed.id / KEYS).wraps
        return unwrap(wraps.get(WAY, {}), passphrase)

    def _open(self, listed: Listed, data_key: bytes, by: str) -> Vault:
        folder = self._persons / listed.id
        for path in (folder / FACTS, folder / LEDGER):
            if not path.is_file() or not path.stat().st_size:  # opening it would make a new, empty one
                raise Damaged(T("The vault file {path} is missing. Restore a back-up.", path=str(path)))
        vault = Vault(folder, data_key)
        vault.ledger.write("unlock", by=by)
        return vault

    def open_from_keyring(self, listed: Listed) -> Vault:
        """Unlocks with the data key the system's keyring holds. Raises Locked when it holds none."""
        data_key = keyring.read(listed.id)
        if data_key is None:
            raise Locked(T("The system keyring holds no key for {name}. Give the passphrase.", name=listed.label))
        return self._open(listed, data_key, "keyring")

    def remember(self, listed: Listed, passphrase: str) -> None:
        """Lets the system's keyring open this vault from now on. Raises Missing where there is no keyring."""
        keyring.write(listed.id, self.data_key(listed, passphrase))

    def change_passphrase(self, listed: Listed, old: str, new: str) -> None:
        """Rewraps the same data key; nothing is re-encrypted."""
        path = self._persons / listed.id / KEYS
        keys = KeyFile.read(path)
        keys.wraps[WAY] = wrap(self.data_key(listed, old), new)
        keys.write(path)

    # The recovery code -----------------------------------------------------------------------------------------

    def recovery(self, listed: Listed) -> Recovery:
        """Whether there is a recovery code, and whether the person has shown that they wrote it down."""
        found = KeyFile.read(self._persons / listed.id / KEYS).wraps.get(CODE)
        if found is None:
            return "none"
        return "checked" if found.get("checked") else "unchecked"

    def new_recovery(self, listed: Listed, passphrase: str) -> str:
        """A new recovery code, shown this once; one made before opens nothing any more. Raises Locked."""
        path = self._persons / listed.id / KEYS
        keys, code = KeyFile.read(path), recovery.new_code()
        keys.wraps[CODE] = {**wrap(self.data_key(listed, passphrase), code), "checked": False}
        keys.write(path)
        return code

    def recovery_checked(self, listed: Listed) -> None:
        """The person typed part of the code back: it is written down."""
        path = self._persons / listed.id / KEYS
        keys = KeyFile.read(path)
        if CODE in keys.wraps:
            keys.wraps[CODE]["checked"] = True
            keys.write(path)

    def key_by_code(self, listed: Listed, code: str) -> bytes:
        """The data key by the recovery code. Raises Locked for a wrong one, or where there is none."""
        return code_opens(KeyFile.read(self._persons / listed.id / KEYS), code)

    def open_with_code(self, listed: Listed, code: str) -> Vault:
        """Unlocks a vault by its recovery code. Raises Locked for a wrong one."""
        return self._open(listed, self.key_by_code(listed, code), CODE)

    def reset_passphrase(self, listed: Listed, code: str, new: str) -> None:
        """A new passphrase, by the recovery code. Nothing is re-encrypted; the code stays good."""
        path = self._persons / listed.id / KEYS
        data_key = self.key_by_code(listed, code)
        keys = KeyFile.read(path)
        keys.wraps[WAY] = wrap(data_key, new)
        keys.write(path)

    def delete(self, listed: Listed) -> None:
        """Destroys the keys first, then the files. There is no way back."""
        folder = self._persons / listed.id
        keyring.forget(listed.id)
        path = folder / KEYS
        if path.exists():
            size = path.stat().st_size
            with open(path, "r+b") as file:
                file.write(os.urandom(size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            sync_folder(folder)
        shutil.rmtree(folder, ignore_errors=True)
        self._delete_copies(listed)
        if self._read_current() == listed.id:
            self._current.unlink(missing_ok=True)
            if remaining := self.persons():
                self._write_current(remaining[0].id)

    def copies(self, listed: Listed) -> Path:
        """Where the automatic back-ups of a person are."""
        return self.folder / "backups" / listed.id

    def _delete_copies(self, listed: Listed) -> None:
        """Automatic back-ups hold the wrapped keys at their beginning: overwritten before they are removed."""
        folder = self.copies(listed)
        for path in folder.glob("*") if folder.is_dir() else ():
            with contextlib.suppress(OSError), open(path, "r+b") as file:
                file.write(os.urandom(min(path.stat().st_size, KEYS_WITHIN)))
                file.flush()
                os.fsync(file.fileno())
        shutil.rmtree(folder, ignore_errors=True)

    def adopt(self, folder: Path, person_id: str) -> Listed:
        """Takes a whole vault folder, made beside the others, as a person of this home (a restored back-up)."""
        os.replace(folder, self._persons / person_id)
        sync_folder(self._persons)
        if self._read_current() is None:
            self._write_current(person_id)
        return self.find(person_id)

    def beside(self, person_id: str) -> Path:
        """A new hidden folder in which to make a vault before `adopt`."""
        folder = self._persons / f".{person_id}"
        for place in (self.folder, self._persons, folder):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def workplace(self) -> AbstractContextManager[Path]:
        """A hidden folder beside the vaults for what is being made. See `salus.vault.workplace`."""
        return workplace(self._persons)

    def vault_files(self, listed: Listed) -> tuple[Path, Path, Path]:
        """(facts, ledger, keys) of a person."""
        folder = self._persons / listed.id
        return folder / FACTS, folder / LEDGER, folder / KEYS

    def _read_current(self) -> str | None:
        try:
            return self._current.read_text("ascii").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def _write_current(self, person_id: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._current.with_suffix(".new")
        beside.write_text(person_id, "ascii")
        os.replace(beside, self._current)
