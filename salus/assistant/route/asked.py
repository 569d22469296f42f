"""The arguments of the records skill, as the routes make them."""

from __future__ import annotations

from typing import NamedTuple

from salus.records.times import Period


class Asked(NamedTuple):
    """Which kind of record, what is asked, about what, of which days."""

    kind: str
    ask: str
    about: str | None
    period: Period | None
