"""Reading in another process, on the machine's other core: starting it, the frames it sends, its end. Knows no format.

A frame is a four-byte length and a marshalled tuple. Nothing is written to disk; the specification (which may hold a
key) goes by standard input. The last frame is ("end",) or ("fail", error class, template, arguments).
"""

from __future__ import annotations

import contextlib
import gc
import marshal
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import IO, Any

import salus
from salus import errors
from salus.errors import SalusError, Unreadable
from salus.records.text import T, Text

HELD_FRAMES = 16
"""At most this many frames wait in memory."""

Frame = tuple[Any, ...]
Emit = Callable[[Frame], None]


def frames(module: str, specification: Any, name: str) -> Generator[Frame, None, None]:
    """The frames of `module`'s `serve`, in order. Raises what it failed with, or Unreadable where it died."""
    for _, frame in side_by_side(module, [specification], name):
        yield frame


def side_by_side(module: str, specifications: Sequence[Any], name: str) -> Generator[tuple[int, Frame], None, None]:
    """The frames of several workers as they come, each with the number of its worker; a worker's own are in order."""
    held: queue.Queue[tuple[int, bytes]] = queue.Queue(HELD_FRAMES)
    stopped = threading.Event()
    workers: list[subprocess.Popen[bytes]] = []
    threads: list[threading.Thread] = []
    try:
        for number, specification in enumerate(specifications):
            worker = _started(module, specification)
            workers.append(worker)
            threads.append(threading.Thread(target=_pump, args=(number, worker.stdout, held, stopped), daemon=True))
            threads[-1].start()
        running = set(range(len(workers)))
        while running:
            number, data = held.get()
            if not data:
                if number not in running:
                    continue  # its pipe closed after its end
                raise Unreadable(T("Reading {name} stopped half-way. Nothing of it was kept; try again.", name=name))
            frame = marshal.loads(data)  # noqa: S302 - from our own process
            if frame[0] == "end":
                running.discard(number)
            elif frame[0] == "fail":
                raise getattr(errors, frame[1])(Text(frame[2], frame[3]))
            else:
                yield number, frame
    finally:
        stopped.set()
        for worker in workers:
            worker.kill()
        for thread in threads:
            thread.join()
        for worker in workers:
            if worker.stdout is not None:
                worker.stdout.close()
            worker.wait()


def _started(module: str, specification: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", module]
    places = [str(Path(salus.__file__).parent.parent), *filter(None, sys.path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    worker = subprocess.Popen(  # noqa: S603 - a module of our own
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert worker.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it died at once: its pipe's end will say so
        worker.stdin.write(marshal.dumps(specification))
        worker.stdin.close()
    return worker


def _pump(number: int, stdout: IO[bytes], held: queue.Queue[tuple[int, bytes]], stopped: threading.Event) -> None:
    """Keeps a worker's pipe empty, so that it never waits for a roll-up over here; ends with empty bytes."""

    def put(data: bytes) -> None:
        while not stopped.is_set():
            with contextlib.suppress(queue.Full):
                held.put((number, data), timeout=0.2)
                return

    while not stopped.is_set() and len(size := stdout.read(4)) == 4:
        length = struct.unpack("<I", size)[0]
        data = stdout.read(length)
        if len(data) != length:  # the worker was killed in the middle
            break
        put(data)
    put(b"")


def serve(source: str, read: Callable[[Any, Emit], None], stdin: IO[bytes], stdout: IO[bytes]) -> None:
    """The other side: reads what the specification says and sends its frames."""
    specification = marshal.loads(stdin.read())  # noqa: S302 - from our own process

    def emit(frame: Frame) -> None:
        data = marshal.dumps(frame)
        stdout.write(struct.pack("<I", len(data)))
        stdout.write(data)

    gc.freeze()
    gc.disable()  # what is sent holds no cycles, and there are millions of it
    try:
        read(specification, emit)
        emit(("end",))
    except SalusError as error:
        emit(("fail", type(error).__name__, error.text.template, plain_args(error.text)))
    except BrokenPipeError:
        return
    except Exception as error:
        why = T(
            "Salus made a mistake while reading it ({source}, {what}). Nothing of it was kept. Please report this.",
            source=source, what=type(error).__name__,
        )  # fmt: skip
        emit(("fail", "Unreadable", why.template, why.args))
    stdout.flush()


def plain_args(text: Text) -> dict[str, Any]:
    """A text's arguments as what can go through the pipe."""
    return {key: value if isinstance(value, (int, float)) else str(value) for key, value in text.args.items()}
