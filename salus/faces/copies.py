"""Automatic back-ups after something changed: made by every face the same way, and never in the way of what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from salus.errors import SalusError
from salus.records.text import T, Text
from salus.vault import backup
from salus.vault.home import Home, Listed
from salus.vault.vault import Vault

ENOUGH = timedelta(hours=20)
"""After something small (one entry by hand) a new back-up is made when the last is older than this: a few entries in a
row must not push out the ones made before, nor wait for gigabytes to be copied each time.
"""


def keep_copy(home: Home, listed: Listed, vault: Vault, *, small: bool = False) -> Text | None:
    """One more automatic back-up, the oldest beyond the person's number removed. What went wrong, or None."""
    try:
        if small and (kept := backup.automatic(home, listed)) and datetime.now(UTC) - kept[0].at < ENOUGH:
            return None
        backup.keep(home, listed, vault)
    except SalusError as error:
        return T("The automatic back-up was not made: {why}", why=error.text)
    return None
