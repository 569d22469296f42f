"""One measured value over one time span, from one device or app."""

from __future__ import annotations

import hashlib
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

    @property
    def ref(self) -> str:
        """Finds this one sample again: sample/<metric>/<start>/<span>/<mark of value, unit and origin>."""
        return f"sample/{self.metric}/{self.start}/{self.end - self.start}/{mark(self)}"


def mark(sample: Sample) -> str:
    """Tells samples of one span apart: 40 bits over value, unit and origin. 5 and 5.0 are one value, "5" is a text."""
    value = sample.value if isinstance(sample.value, str) else float(sample.value) + 0.0  # -0.0 is 0.0
    return hashlib.sha256(f"{value!r}\0{sample.unit}\0{sample.origin}".encode()).hexdigest()[:10]
