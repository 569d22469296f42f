"""One measured value over one time span, from one device or app."""

from __future__ import annotations

from typing import NamedTuple


class Sample(NamedTuple):
    """(metric, start, end, value, unit, origin).

    `start` and `end` are milliseconds since 1970 UTC, equal for a point. `value` is a float of the record's own
    unit, or the category's text; `raw` the characters received where a float would not print them again.
    `origin` is the name of the device or app as its source wrote it. The rest is what else came with it:
    `created` (milliseconds since 1970 UTC), `device` (version and device, address stripped), `detail` (metadata as
    a JSON object).
    """

    metric: str
    start: int
    end: int
    value: float | str
    unit: str
    origin: str
    raw: str | None = None
    created: int | None = None
    device: str | None = None
    detail: str | None = None
