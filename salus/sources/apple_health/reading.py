"""Runs the worker and turns its frames into items: the vault is written here while the file is parsed over there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from salus.errors import Refused
from salus.records.codes import Code
from salus.records.resource import title, when
from salus.records.text import Text
from salus.sources import second_core
from salus.sources.apple_health import elements
from salus.sources.apple_health.worker import specification
from salus.sources.contract import Context, Item, Named, Rejected, Rows, Skipped, Zone
from salus.sources.fhir.receive import NotAResource, body_of
from salus.sources.given import Given
from salus.sources.identity import mismatch
from salus.vault.resources import Received


def read(given: Given, context: Context) -> Iterator[Item]:
    """Items in the order of the file. Raises Refused for another person's export, Unreadable for none at all."""
    specified = specification(given, context.interning())
    frames = second_core.frames("salus.sources.apple_health.worker", specified, given.name)
    with contextlib.closing(frames):
        for frame in frames:
            item = _item(frame, context)
            if item is not None:
                yield item


def _item(frame: tuple[Any, ...], context: Context) -> Item | None:
    kind = frame[0]
    if kind == "rows":
        return Rows("Record", *frame[1:])
    if kind == "names":
        return Named(*frame[1:])
    if kind == "item":
        counted, type_, fid, raw, codes, stamp, origin = frame[1:]
        try:
            body = body_of(raw)
        except NotAResource as error:
            return Rejected(f"{type_} {fid}", error.text)
        if type_ == "Patient" and (why := _mismatch(context, body.get("birthDate"), body.get("gender"))) is not None:
            return Rejected(f"{type_}/{fid}", why)
        codes = [Code(*c) for c in codes]
        return Received(type_, fid, raw, when(body), codes, stamp, origin, counted, _title(body))
    if kind == "reject":
        return Rejected(frame[1], Text(frame[2], frame[3]))
    if kind == "skip":
        return Skipped(frame[1], Text(frame[2], frame[3]))
    if kind == "zone":
        return Zone(frame[1])
    if kind == "progress":
        context.progress(frame[1], "export.xml")
    elif kind == "me":
        _same_person(frame[1], context)
    return None


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
