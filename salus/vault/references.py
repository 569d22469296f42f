"""What a record's references mean where several servers gave one id: the record that the same file brought.

Knows the vault's namesakes; a vault without any has nothing to mend.
"""

from __future__ import annotations

from typing import Any

from salus.records.resource import Body
from salus.vault.database import Connection


class Meant:
    """The namesakes of a vault as of now."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._twins: dict[tuple[str, str], list[str]] = {}
        for type_, id_, fid in db.execute("SELECT type, id, fid FROM namesake"):
            self._twins.setdefault((type_, id_), [id_]).append(fid)
        self._known: dict[tuple[str, str, int], str | None] = {}

    def __bool__(self) -> bool:
        return bool(self._twins)

    def reference(self, text: str, batch: int) -> str:
        """A reference of a record of that batch (`Resource.batch`), by the id the vault keeps its target under."""
        parts = text.split("/_history/")[0].split("/")
        key = (parts[-2], parts[-1]) if len(parts) >= 2 else ("", "")
        if key not in self._twins:
            return text
        fid = self._of(*key, batch)
        return f"{key[0]}/{fid}" if fid is not None and fid != key[1] else text

    def _of(self, type_: str, id_: str, batch: int) -> str | None:
        """Of the records that bear an id, the one of which that batch brought a version."""
        if (type_, id_, batch) not in self._known:
            brought = "SELECT 1 FROM resource WHERE type = ? AND fid = ? AND coalesce(came, batch) = ?"
            found = (
                fid for fid in self._twins[type_, id_] if self._db.execute(brought, (type_, fid, batch)).fetchone()
            )
            self._known[type_, id_, batch] = next(found, None)
        return self._known[type_, id_, batch]

    def mend(self, body: Body, batch: int) -> None:
        """Rewrites every reference in a decoded record of that batch."""
        stack: list[Any] = [body]
        while stack:
            one = stack.pop()
            if isinstance(one, dict):
                text = one.get("reference")
                if isinstance(text, str) and not text.startswith("#"):
                    one["reference"] = self.reference(text, batch)
                stack += one.values()
            elif isinstance(one, list):
                stack += one
