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
    """A stream that ends at the cut; `cut` is False when there was none and it went on to the end."""

    def __init__(self, stream: BinaryIO, head: bytes, middle: int) -> None:
        self._stream, self._middle = stream, middle
        self._ahead, self._given, self._over = head, 0, False
        self.cut = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; empty at the cut or the end."""
        size = PIECE if size is None or size < 0 else size
        if not self._ahead and not self._over:
            self._ahead = self._stream.read(size)
            self._over = not self._ahead
        if self._given + len(self._ahead) > self._middle and not self.cut and not self._over:
            self._look_for_cut()
        piece, self._ahead = self._ahead[:size], self._ahead[size:]
        self._given += len(piece)
        return piece

    def _look_for_cut(self) -> None:
        """Cuts what is held at the first record after the middle, reading on until there is one."""
        begin = max(0, self._middle - self._given)
        while (at := self._ahead.find(CUT, begin)) < 0:
            more = self._stream.read(PIECE)
            if not more:
                self._over = True
                return
            begin = max(begin, len(self._ahead) - len(CUT))
            self._ahead += more
        self._ahead, self._over, self.cut = self._ahead[:at], True, True


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
