"""Runs the worker and turns its frames into items: the vault is written here while the file is parsed over there."""

from __future__ import annotations

import contextlib
import marshal
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import IO, Any

import salus
from salus import errors
from salus.errors import Refused, Unreadable
from salus.records.codes import Code
from salus.records.resource import title, when
from salus.records.text import T, Text
from salus.sources.apple_health import elements
from salus.sources.apple_health.worker import specification
from salus.sources.contract import Context, Item, Named, Rejected, Rows, Skipped, Zone
from salus.sources.fhir.receive import NotAResource, body_of
from salus.sources.given import Given
from salus.sources.identity import mismatch
from salus.vault.resources import Received

HELD_FRAMES = 24
"""At most this many frames (of some 8,000 rows) wait in memory."""


def read(given: Given, context: Context) -> Iterator[Item]:
    """Items in the order of the file. Raises Refused for another person's export, Unreadable for none at all."""
    command = [sys.executable, "-P", "-m", "salus.sources.apple_health.worker"]
    places = [str(Path(salus.__file__).parent.parent), *filter(None, sys.path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    with subprocess.Popen(  # noqa: S603 - our own module, the file's path goes by standard input
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as worker:
        assert worker.stdin is not None and worker.stdout is not None
        frames = None
        try:
            worker.stdin.write(specification(given, context.interning()))
            worker.stdin.close()
            frames = _frames(worker.stdout, worker.kill)
            for frame in frames:
                item = _item(frame, context)
                if frame[0] == "end":
                    return
                if item is not None:
                    yield item
            raise Unreadable(T("Reading {name} stopped half-way. Nothing of it was kept; try again.", name=given.name))
        finally:
            if frames is not None:
                frames.close()
            worker.kill()


def _frames(stdout: IO[bytes], kill: Callable[[], None]) -> Generator[tuple[Any, ...], None, None]:
    """Frames in order. A thread keeps the pipe empty, so that the worker never waits for a roll-up over here."""
    held: queue.Queue[bytes] = queue.Queue(HELD_FRAMES)

    stopped = threading.Event()

    def put(data: bytes) -> None:
        while not stopped.is_set():
            with contextlib.suppress(queue.Full):
                held.put(data, timeout=0.2)
                return

    def pump() -> None:
        while not stopped.is_set() and len(size := stdout.read(4)) == 4:
            length = struct.unpack("<I", size)[0]
            data = stdout.read(length)
            if len(data) != length:  # the worker was killed in the middle
                break
            put(data)
        put(b"")

    thread = threading.Thread(target=pump, daemon=True)
    thread.start()
    try:
        while data := held.get():
            yield marshal.loads(data)
    finally:
        stopped.set()
        kill()
        thread.join()


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
    elif kind == "fail":
        raise getattr(errors, frame[1])(Text(frame[2], frame[3]))
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
