"""Server-sent events of one piece of work: kept in order, so that reading twice gives the same events.

Any thread writes; any number of readers follow, from the start or from the event they saw last.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

BEAT_SECONDS = 15.0


def event(kind: str, data: str, number: int | None = None) -> bytes:
    """One event on the wire (WHATWG HTML, server-sent events): line feeds only, data split by line."""
    head = f"event: {kind}\n" + (f"id: {number}\n" if number is not None else "")
    return (head + "".join(f"data: {line}\n" for line in data.splitlines() or [""]) + "\n").encode()


class Channel:
    """`put` adds an event for good, `report` one that only the latest of is of use (progress), `end` closes."""

    def __init__(self) -> None:
        self._events: list[tuple[str, str]] = []
        self._passing: tuple[int, str, str] = (0, "", "")
        self._ended = False
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def put(self, kind: str, data: str) -> None:
        with self._lock:
            self._events.append((kind, data))
        self._wake()

    def report(self, kind: str, data: str) -> None:
        with self._lock:
            self._passing = (self._passing[0] + 1, kind, data)
        self._wake()

    def end(self) -> None:
        with self._lock:
            self._ended = True
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            waiting = list(self._waiting)
        for loop, bell in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(bell.set)

    async def read(self, after: int = 0) -> AsyncIterator[bytes]:
        """Events beyond number `after`, as bytes to send, until the end; a comment now and then keeps it open."""
        bell, seen = asyncio.Event(), 0
        mine = (asyncio.get_running_loop(), bell)
        with self._lock:
            self._waiting.add(mine)
        try:
            while True:
                bell.clear()
                with self._lock:
                    fresh, ended, passing = self._events[after:], self._ended, self._passing
                if passing[0] > seen and not ended:
                    seen = passing[0]
                    yield event(passing[1], passing[2])
                for kind, data in fresh:
                    after += 1
                    yield event(kind, data, after)
                if ended and not fresh:
                    return
                if not fresh:
                    try:
                        await asyncio.wait_for(bell.wait(), BEAT_SECONDS)
                    except TimeoutError:
                        yield b": still here\n\n"
        finally:
            with self._lock:
                self._waiting.discard(mine)


def stream(request: Request, channel: Channel) -> StreamingResponse:
    """A channel as server-sent events, from the event the browser saw last."""
    seen = request.headers.get("last-event-id", "")
    after = int(seen) if seen.isascii() and seen.isdigit() else 0
    return StreamingResponse(channel.read(after), media_type="text/event-stream")
