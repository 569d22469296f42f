"""The other core: decodes, judges and indexes FHIR files there, while they are compressed and written here."""

from __future__ import annotations

import contextlib
import pickle
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from salus.records.times import When
from salus.sources import second_core
from salus.sources.contract import Context, Item
from salus.sources.given import Given
from salus.vault import person as persons
from salus.vault.interning import Interning
from salus.vault.resources import Received

LOT, LOT_BYTES = 250, 1 << 20


def items(given: Given, context: Context) -> Iterator[Item]:
    """What the other side reads, in its order. Raises what it raises."""
    who = context.person
    specified = (
        *(str(given.path), given.name, given.key, context.same_person),
        *(who.born.isoformat() if who.born else None, who.sex, who.zone_name),
    )
    with contextlib.closing(second_core.frames("salus.sources.fhir.worker", specified, given.name)) as frames:
        for kind, what in frames:
            if kind == "lot":
                for type_, fid, raw, first, last, codes, stamp, origin, title, server in what:
                    span = None if first is None else (first, last)
                    yield Received(type_, fid, raw, None, codes, stamp, origin, "", title, span, server)
            elif kind == "progress":
                context.progress(what, "FHIR")
            else:
                yield pickle.loads(what)  # noqa: S301 - from our own process, through a pipe nobody else holds


def work(specified: tuple[Any, ...], emit: second_core.Emit) -> None:
    from salus.sources.fhir.reading import near

    path, name, key, same, born, sex, zone = specified
    place = persons.zone(zone)
    who = persons.Person(
        "", date.fromisoformat(born) if born else None, sex, place, zone, True, "en", None, ()
    )  # fmt: skip
    context = Context(who, same, _no_numbers, lambda fraction, what: emit(("progress", fraction)))
    lot: list[tuple[Any, ...]] = []
    size = 0
    for item in near(Given(Path(path), name, key), context):
        if isinstance(item, Received):
            first, last = item.time.span_ms(place) if isinstance(item.time, When) else (None, None)
            codes = [(code.system, code.code) for code in item.codes]
            lot.append((
                item.type, item.id, item.raw, first, last, codes, item.stamp, item.origin, item.title, item.server,
            ))  # fmt: skip
            size += len(item.raw)
            if len(lot) < LOT and size < LOT_BYTES:
                continue
        if lot:
            emit(("lot", lot))
            lot, size = [], 0
        if not isinstance(item, Received):
            emit(("other", pickle.dumps(item)))
    if lot:
        emit(("lot", lot))


def _no_numbers() -> Interning:
    raise NotImplementedError("resources need no interning")


if __name__ == "__main__":
    try:
        second_core.serve("fhir", work, sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        sys.exit(1)
