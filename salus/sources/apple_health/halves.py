"""A large export.xml cut in two at a record between two top-level elements, so that two processes parse it at once.

Both halves find the same cut by themselves: the first line that begins a record exactly one space in, at or after the
middle. That is a top-level element only in a file indented as Apple indents it, which is checked first; any other file
is read by one process.
"""

from __future__ import annotations

import io
import re
from typing import BinaryIO

LARGE = 48 << 20
"""Smaller files are read by one process."""
PIECE = 1 << 20
_INDENTED = re.compile(rb"<HealthData[^<>]*>\r?\n <[A-Z]")
CUT = b"\n <Record "


def indented(head: bytes) -> bool:
    """True when the children of <HealthData> stand one space in, each on a line of its own."""
    return _INDENTED.search(head) is not None


class FirstHalf(io.RawIOBase):
    """A stream that ends at the cut; `cut` is False when there was none and it went on to the end.

    Holds back no more than the cut's own length, however far the cut is from the middle.
    """

    def __init__(self, stream: BinaryIO, head: bytes, middle: int) -> None:
        self._stream, self._middle, self._head = stream, middle, head
        self._ready, self._tail, self._passed, self._over = b"", b"", 0, False
        self.cut = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; empty at the cut or the end."""
        size = PIECE if size is None or size < 0 else size
        while not self._ready and not self._over:
            self._fill(size)
        piece, self._ready = self._ready[:size], self._ready[size:]
        return piece

    def _fill(self, size: int) -> None:
        data, self._head = self._head or self._stream.read(size), b""
        window, self._tail = self._tail + data, b""
        if not data:
            self._ready, self._over = window, True
            return
        if self._passed + len(window) > self._middle:
            at = window.find(CUT, max(0, self._middle - self._passed))
            if at >= 0:
                self._ready, self._over, self.cut = window[:at], True, True
                return
            kept = max(0, len(window) - len(CUT) + 1)
            window, self._tail = window[:kept], window[kept:]
        self._ready = window
        self._passed += len(window)


def second_half(stream: BinaryIO, middle: int) -> tuple[bytes, int] | None:
    """What is already read from the cut on, and the line it begins on; None when there is no cut."""
    passed, line, held = 0, 1, b""
    while data := stream.read(PIECE):
        held += data
        begin = max(0, middle - passed)
        at = held.find(CUT, begin) if begin < len(held) else -1
        if at >= 0:
            return held[at + 1 :], line + held.count(b"\n", 0, at + 1)
        keep = max(0, min(len(held) - len(CUT), len(held)))
        line += held.count(b"\n", 0, keep)
        passed += keep
        held = held[keep:]
    return None
