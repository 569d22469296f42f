"""The reconciled view of one vault: the same real-world thing once, with every record of it, conflicts shown.

`remember` tells it, `memory_index` finds an entry by a record, `digest` proves that two memories say the same.
"""

from __future__ import annotations

from salus.vault.memory.entry import KINDS, Conflict, Entry, Join, Kind
from salus.vault.memory.remembering import all_rules, digest, memory_index, remember

__all__ = ["KINDS", "Conflict", "Entry", "Join", "Kind", "all_rules", "digest", "memory_index", "remember"]
