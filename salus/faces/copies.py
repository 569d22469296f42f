"""Automatic back-ups after something changed: made by every face the same way, and never in the way of what changed."""

from __future__ import annotations

from salus.errors import SalusError
from salus.records.text import T, Text
from salus.vault import backup
from salus.vault.home import Home, Listed
from salus.vault.vault import Vault


def keep_copy(home: Home, listed: Listed, vault: Vault) -> Text | None:
    """One more automatic back-up, the oldest beyond the person's number removed. What went wrong, or None."""
    try:
        backup.keep(home, listed, vault)
    except SalusError as error:
        return T("The automatic back-up was not made: {why}", why=error.text)
    return None
