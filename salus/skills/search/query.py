"""What can be asked of notes and documents: which words, by whom, over which days."""

from __future__ import annotations

from dataclasses import dataclass

from salus.records.times import Period


@dataclass(frozen=True)
class SearchQuery:
    """`words` are the person's own ("kidney", "mal de tête"); `by` names who wrote it ("cardiologist", "Dr Okonkwo").

    Neither: the newest documents.
    """

    words: str | None = None
    by: str | None = None
    period: Period | None = None
