"""The plain way in for samples: numbers the strings, refuses what cannot be, writes in lots by metric."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from salus.records.sample import Sample
from salus.records.text import T, Text
from salus.records.times import to_ms
from salus.vault.batch import Batch
from salus.vault.interning import Interning

FIRST_MS, LAST_MS = to_ms(datetime(1900, 1, 1, tzinfo=UTC)), to_ms(datetime(2101, 1, 1, tzinfo=UTC))
"""Samples outside are refused: no sensor wrote them."""

LARGEST = 1e300
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
    if sample.created is not None and not FIRST_MS <= sample.created <= LAST_MS:
        return T("Its time cannot be right.")
    if not isinstance(sample.value, str) and not abs(sample.value) <= LARGEST:
        return T("Its value “{text}” is not a number.", text=str(sample.value))
    return None


class PlainSamples:
    """Samples of one batch. `interning` hands out the numbers that the fast way in shares."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._interning: Interning | None = None
        self._held: dict[int, list[tuple[Any, ...]]] = {}
        self._count = 0

    @property
    def interning(self) -> Interning:
        if self._interning is None:
            self._interning = self._batch.interning()
        return self._interning

    def switch(self, source: str, connection: str) -> None:
        """What comes now is another connection's: it has origins of its own."""
        self.flush()
        self._batch.switch(source, connection)
        if self._interning is not None:
            self._interning = Interning(self._interning.labels, self._interning.metrics, self._batch.origins())

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
        if self._interning is None:
            return
        tables = self._interning
        origins = [(number, name, tables.kinds.get(name, "app")) for number, name in tables.origins.drain()]
        self._batch.intern(tables.labels.drain(), tables.metrics.drain(), origins)
        for metric, rows in self._held.items():
            span = (min(r[0] for r in rows), max(r[0] + r[1] for r in rows), max(r[1] for r in rows))
            self._batch.add_samples("Sample", metric, rows, span)
        self._held, self._count = {}, 0
