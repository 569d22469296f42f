"""The plain way in for samples: numbers the strings, refuses what cannot be, writes in lots by metric."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from salus.records.sample import Sample
from salus.records.text import T, Text
from salus.records.times import to_ms
from salus.vault.batch import Batch

FIRST_MS, LAST_MS = to_ms(datetime(1900, 1, 1, tzinfo=UTC)), to_ms(datetime(2101, 1, 1, tzinfo=UTC))
"""Samples outside are refused: no sensor wrote them."""

HELD = 2000
"""How many are held before they are written."""


def write_samples(batch: Batch, samples: Iterable[Sample]) -> None:
    """Plain samples into a batch, each in its metric."""
    slow = PlainSamples(batch)
    for sample in samples:
        slow.add(sample)
    slow.flush()


def _impossible(sample: Sample) -> Text | None:
    if sample.end < sample.start:
        return T("It ends before it starts.")
    if not FIRST_MS <= sample.start <= sample.end <= LAST_MS:
        return T("Its time cannot be right.")
    if not isinstance(sample.value, str) and not math.isfinite(sample.value):
        return T("Its value “{text}” is not a number.", text=str(sample.value))
    return None


class PlainSamples:
    """Samples of one batch. `interning` hands out the numbers that the fast way in shares."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._interning: Any = None
        self._held: dict[int, list[tuple[Any, ...]]] = {}
        self._count = 0

    @property
    def interning(self) -> Any:
        if self._interning is None:
            self._interning = self._batch.interning()
        return self._interning

    def forget(self) -> None:
        """The numbers handed out so far are another connection's."""
        self._interning = None

    def add(self, sample: Sample) -> None:
        if (why := _impossible(sample)) is not None:
            self._batch.reject(f"{sample.metric} {sample.origin}", why)
            return
        tables = self.interning
        metric = tables.metrics.id(sample.metric)
        device = tables.labels.id(sample.device) if sample.device else 0
        self._held.setdefault(metric, []).append((
            sample.start, sample.end - sample.start, tables.origin(sample.origin, "app"), sample.value,
            tables.labels.id(sample.unit), sample.created or 0, device, sample.detail or 0, sample.raw or "",
        ))  # fmt: skip
        self._count += 1
        if self._count >= HELD:
            self.flush()

    def flush(self) -> None:
        if not self._held:
            return
        tables = self.interning
        origins = [(number, name, tables.kinds.get(name, "app")) for number, name in tables.origins.drain()]
        self._batch.intern(tables.labels.drain(), tables.metrics.drain(), origins)
        for metric, rows in self._held.items():
            span = (min(r[0] for r in rows), max(r[0] + r[1] for r in rows), max(r[1] for r in rows))
            self._batch.add_samples("Sample", metric, rows, span)
        self._held, self._count = {}, 0
