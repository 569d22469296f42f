"""Runs the worker and turns its frames into items: the vault is written here while the file is parsed over there."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

from salus.errors import Refused
from salus.records.codes import Code
from salus.records.resource import title, when
from salus.records.text import Text
from salus.sources import second_core
from salus.sources.apple_health import elements
from salus.sources.apple_health.export import is_large
from salus.sources.apple_health.joining import Joining
from salus.sources.apple_health.worker import specifications
from salus.sources.contract import Context, Item, Rejected, Skipped, Zone
from salus.sources.fhir.receive import NotAResource, body_of
from salus.sources.given import Given
from salus.sources.identity import mismatch
from salus.vault.resources import Received


def read(given: Given, context: Context) -> Iterator[Item]:
    """Items as they come. Raises Refused for another person's export, Unreadable for none at all."""
    interning = context.interning()
    parts = 2 if (os.cpu_count() or 1) > 1 and is_large(given) else 1
    joining = Joining(interning, parts)
    done, zones = [0.0] * parts, Counter[str]()
    specified = specifications(given, interning, parts)
    frames = second_core.side_by_side("salus.sources.apple_health.worker", specified, given.name)
    with contextlib.closing(frames):
        for worker, frame in frames:
            kind = frame[0]
            if kind == "rows":
                yield joining.rows(worker, *frame[1:])
            elif kind == "names":
                yield joining.named(worker, *frame[1:])
            elif kind == "progress":
                done[worker] = frame[1]
                context.progress(sum(done) / parts, "export.xml")
            elif kind == "zones":
                zones.update(frame[1])
            elif kind == "me":
                _same_person(frame[1], context)
            else:
                yield _item(frame, context)
    if zones:
        yield Zone(max(zones, key=lambda zone: (zones[zone], zone)))


def _item(frame: tuple[Any, ...], context: Context) -> Item:
    kind = frame[0]
    if kind == "reject":
        return Rejected(frame[1], Text(frame[2], frame[3]))
    if kind == "skip":
        return Skipped(frame[1], Text(frame[2], frame[3]))
    counted, type_, fid, raw, codes, stamp, origin = frame[1:]
    try:
        body = body_of(raw)
    except NotAResource as error:
        return Rejected(f"{type_} {fid}", error.text)
    if type_ == "Patient" and (why := _mismatch(context, body.get("birthDate"), body.get("gender"))) is not None:
        return Rejected(f"{type_}/{fid}", why)
    codes = [Code(*c) for c in codes]
    return Received(type_, fid, raw, when(body), codes, stamp, origin, counted, _title(body))


def _title(body: dict[str, Any]) -> str:
    return title(body) or str(body.get("activity") or body.get("classification") or "")


def _mismatch(context: Context, born: Any, sex: Any) -> Text | None:
    if context.same_person:
        return None
    return mismatch(context.person, born if isinstance(born, str) else None, sex if isinstance(sex, str) else None)


def _same_person(me: dict[str, str], context: Context) -> None:
    why = _mismatch(context, me.get("HKCharacteristicTypeIdentifierDateOfBirth"), elements.sex(me))
    if why is not None:
        raise Refused(why)
