"""Two workers number the same strings each in its own way; here the first number a string got becomes its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from salus.sources.contract import Named, Rows
from salus.vault.interning import Interning

Row = tuple[Any, ...]
Instead = tuple[dict[int, int], dict[int, int], dict[int, int]]
"""Of labels, metrics and origins: a worker's number to the one that counts."""


class Joining:
    """What each worker's numbers stand for. With one worker nothing is ever renumbered."""

    def __init__(self, interning: Interning, workers: int) -> None:
        self._labels = dict(interning.labels.known)
        self._metrics = dict(interning.metrics.known)
        self._origins = dict(interning.origins.known)
        self._instead: list[tuple[dict[int, int], dict[int, int], dict[int, int]]] = [
            ({}, {}, {}) for _ in range(workers)
        ]

    def named(
        self,
        worker: int,
        labels: Sequence[tuple[int, str]],
        metrics: Sequence[tuple[int, str]],
        origins: Sequence[tuple[int, str, str]],
    ) -> Named:
        """The strings that are new to both workers."""
        for_labels, for_metrics, for_origins = self._instead[worker]
        return Named(
            [(number, text) for number, text in labels if _new(self._labels, text, number, for_labels)],
            [(number, key) for number, key in metrics if _new(self._metrics, key, number, for_metrics)],
            [(number, name, kind) for number, name, kind in origins if _new(self._origins, name, number, for_origins)],
        )

    def rows(self, worker: int, metric: int, rows: list[Row], span: tuple[int, int, int]) -> Rows:
        """Rows in the numbers that count."""
        label, metrics, origin = self._instead[worker]
        if label or origin:
            rows = [
                (
                    *(start, length, origin.get(who, who), value, label.get(unit, unit), created),
                    *(label.get(device, device), label.get(detail, detail) if detail.__class__ is int else detail, raw),
                )
                for start, length, who, value, unit, created, device, detail, raw in rows
            ]
        return Rows("Record", metrics.get(metric, metric), rows, span)


def _new(known: dict[str, int], text: str, number: int, instead: dict[int, int]) -> bool:
    have = known.setdefault(text, number)
    if have != number:
        instead[number] = have
    return have == number
