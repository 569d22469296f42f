"""export.xml to sample rows and other elements, streaming, in flat memory.

Two lanes. A record written as Apple writes it is matched whole by one expression (`RECORD`, a strict subset of XML);
everything else goes to expat, and back to the fast lane once expat stands between two top-level elements with nothing
pending. The document type is skipped whole: some iOS 16 versions wrote one no parser accepts, and what is not read
cannot declare entities. Where the XML breaks, that element is rejected and reading goes on at the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, BinaryIO
from xml.parsers import expat

from salus.errors import Unreadable
from salus.records.text import T, Text
from salus.sources.apple_health.dates import CONTROL, BadValue
from salus.sources.apple_health.rows import Meta, Rows, add_entry
from salus.vault.interning import Interning

ROOT = re.compile(rb"<HealthData[\s>]")
CHUNK = 1 << 19
FLUSH = 8000
MAX_ELEMENT = 8 << 20
"""What is held at once of one element. Longer ones are read in pieces; a single tag as long as this is refused."""
MAX_PROLOGUE = 8 << 20
MAX_REPAIRS = 100_000
MAX_PARTS = 200_000
"""An element with more children than this is none of a phone's (a run recorded before iOS 13: 50,000 places)."""
MAX_DEPTH = 64

_V = rb'"([^"]*)"'
RECORD = re.compile(
    rb"\s*<Record type=" + _V
    + rb' (sourceName="[^"]*"(?: sourceVersion="[^"]*")?(?: device="[^"]*")?)'
    + rb"(?: unit=" + _V + rb")?(?: creationDate=" + _V + rb")? startDate=" + _V + rb" endDate=" + _V
    + rb"(?: value=" + _V + rb")?\s*"
    + rb'(?:/>|>((?:\s*<MetadataEntry key="[^"]*" value="[^"]*"\s*/>)*)\s*</Record>)'
)  # fmt: skip
"""What stands between the quotes is checked by whoever first looks it up (`rows`): each different piece only once."""
_NEXT = re.compile(
    rb"<(?:Record|Correlation|Workout|ActivitySummary|ClinicalRecord|Audiogram|VisionPrescription|/HealthData)[\s>]"
)
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")

_WORKOUT_TAG = re.compile(rb"<Workout[^<>]*>")
_ATTRIBUTE = re.compile(rb"""\s+([A-Za-z_:][\w:.-]*)\s*=\s*(?:"[^"<]*"|'[^'<]*')""")

Frame = tuple[Any, ...]
Element = dict[str, Any]


class NotAnExport(ValueError):
    """The stream holds no <HealthData> that can be read."""


class _TooMuch(Exception):
    """One element is larger or deeper than any phone writes."""


class Parser:
    """Turns one export.xml into frames, handed to `emit` as they come:

    ("names", labels, metrics, origins), ("rows", metric, rows, span), ("element", tree),
    ("reject", item, template, arguments), ("progress", fraction). A tree is {"name", "attributes", "children",
    "records"}; a rejection's template is a `T` message id.
    """

    def __init__(self, interning: Interning, emit: Callable[[Frame], None]) -> None:
        self._interning, self._emit = interning, emit
        self.rows = Rows(interning)
        self._stack: list[Element] = []
        self._record: dict[str, str] | None = None
        self._meta: Meta | None = None
        self._line = 1
        self._repairs = self._parts = self._prefix = 0

    # The stream ------------------------------------------------------------------------------------------------

    def read(self, stream: BinaryIO, size: int, *, goes_on: Callable[[], bool] | None = None) -> None:
        """Reads to the end. `goes_on` says, there, that the file does not end where the stream does.

        Raises NotAnExport.
        """
        buffer, encoding = self._skip_prologue(stream)
        self._read(stream, size, buffer, encoding)
        self._end(goes_on is not None and goes_on())

    def read_rest(self, stream: BinaryIO, size: int, buffer: bytes, line: int) -> None:
        """Reads on from between two top-level elements: `buffer` is what is already read, `line` where it begins."""
        self._line = line
        self._read(stream, size, buffer, None, b"<HealthData>")
        self._end(False)

    def _read(self, stream: BinaryIO, size: int, buffer: bytes, encoding: str | None, prefix: bytes = b"") -> None:
        encoding = encoding if encoding is None or _known(encoding) else None
        self._stream, self._size, self._done = stream, size, len(buffer)
        self._ascii = encoding in (None, "utf-8", "us-ascii", "ascii")
        self._encoding = None if self._ascii else encoding
        self._begin(prefix)
        at, more = 0, True
        while True:
            if self._ascii and self._between():
                at = self._fast(buffer, at)
            following = _NEXT.search(buffer, _past_space(buffer, at) + 1)
            if following is None and more and (len(buffer) - at < CHUNK or self._between()):
                piece = self._more(max(CHUNK, len(buffer) - at))  # by doubling: a long element is not scanned too often
                more = bool(piece)
                if len(buffer) - at < MAX_ELEMENT:
                    self._count(buffer, 0, at)
                    buffer, at = buffer[at:] + piece, 0
                    continue
                buffer += piece
            until = following.start() if following else len(buffer)
            if until > at:
                buffer, at = self._slow(buffer, at, until)
            if at >= len(buffer) and not more:
                break
            if at >= len(buffer):
                piece = self._more()
                more = bool(piece)
                self._count(buffer, 0, at)
                buffer, at = piece, 0

    def _more(self, size: int = CHUNK) -> bytes:
        """More bytes; empty at the end, also where the stream is broken: what came before is kept."""
        try:
            piece = self._stream.read(size)
        except Unreadable as error:
            self._reject("export.xml", error.text)
            return b""
        self._done += len(piece)
        self._emit(("progress", min(1.0, self._done / self._size) if self._size else 0.0))
        return piece

    def _count(self, buffer: bytes, start: int, end: int) -> None:
        self._line += buffer.count(b"\n", start, end)

    def _skip_prologue(self, stream: BinaryIO) -> tuple[bytes, str | None]:
        head = b""
        while True:
            piece = stream.read(CHUNK)
            head += piece
            if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise NotAnExport
            found = ROOT.search(head)
            if found:
                declared = _ENCODING.search(head[: found.start()])
                self._count(head, 0, found.start())
                encoding = declared.group(1).decode("ascii").lower() if declared else None
                return head[found.start() :], encoding
            if not piece or len(head) > MAX_PROLOGUE:
                raise NotAnExport

    # The fast lane ---------------------------------------------------------------------------------------------

    def _fast(self, buffer: bytes, at: int) -> int:
        """Takes whole records from `at`; returns where the first thing that is none begins."""
        while True:
            start = at
            at, bad = self.rows.fast(RECORD.match, buffer, at, FLUSH)
            if bad is not None:
                groups, why = bad
                self._reject(f"{groups[0].decode('utf-8', 'replace')} {groups[4].decode('utf-8', 'replace')}", why)
            elif at == start:
                return at
            if self.rows.held >= FLUSH:
                self.flush()

    # The other lane --------------------------------------------------------------------------------------------

    def _begin(self, prefix: bytes = b"") -> None:
        parser = expat.ParserCreate(self._encoding)
        if hasattr(parser, "SetReparseDeferralEnabled"):
            parser.SetReparseDeferralEnabled(False)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._finish
        self._expat = parser
        self._stack.clear()
        self._record, self._meta, self._parts = None, None, 0
        if prefix:
            parser.Parse(prefix, False)
        self._fed = self._prefix = len(prefix)

    def _between(self) -> bool:
        """True when expat stands directly inside <HealthData> with nothing pending."""
        return len(self._stack) == 1 and self._record is None and self._expat.CurrentByteIndex == self._fed

    def _slow(self, buffer: bytes, at: int, until: int) -> tuple[bytes, int]:
        piece = buffer[at:until].translate(None, CONTROL)
        if b"<Workout" in piece:
            piece = _WORKOUT_TAG.sub(_once_each, piece)
        fresh = self._fed == self._prefix
        try:
            self._expat.Parse(piece, False)
            self._fed += len(piece)
            if self._fed - self._expat.CurrentByteIndex <= MAX_ELEMENT:
                return buffer, until
            why = T("One element is larger than {n} MB.", n=MAX_ELEMENT >> 20)
            at = until
        except _TooMuch:
            why = T("One element is nested too deeply or has more than {n} parts.", n=MAX_PARTS)
            at += max(1, min(len(piece), self._expat.CurrentByteIndex - self._fed))
        except expat.ExpatError as error:
            why = T(
                "The XML is broken here ({what}). Reading goes on at the next record.", what=str(error).split(":")[0]
            )
            # A fresh parser that stops at once would stop there for ever: go past it.
            at += max(int(fresh), min(len(piece), self._expat.ErrorByteIndex - self._fed))
        self._repairs += 1
        if self._repairs > MAX_REPAIRS:
            raise NotAnExport
        line = self._line + buffer.count(b"\n", 0, at)
        self._reject(f"export.xml, line {line}", why)
        return self._resume(buffer, at)

    def _resume(self, buffer: bytes, at: int) -> tuple[bytes, int]:
        """A fresh parser, at the next top-level element."""
        self._begin(b"<HealthData>")
        while True:
            found = _NEXT.search(buffer, at)
            if found:
                return buffer, found.start()
            piece = self._more()
            if not piece:
                self._expat.Parse(b"</HealthData>", False)
                self._fed += len(b"</HealthData>")
                return b"", 0
            keep = max(at, len(buffer) - 32)
            self._count(buffer, 0, keep)
            buffer, at = buffer[keep:] + piece, 0

    def _end(self, goes_on: bool) -> None:
        if goes_on and self._between():
            self.flush()
            return
        closed = not self._stack and self._record is None
        try:
            self._expat.Parse(b"", True)
        except expat.ExpatError:
            closed = False
        if not closed:
            self._reject(
                f"export.xml, line {self._line}",
                T("The file ends in the middle: it is cut short. What came before was read."),
            )
        self.flush()

    # Elements --------------------------------------------------------------------------------------------------

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS or len(self._stack) > MAX_DEPTH:
            raise _TooMuch
        if self._record is not None:
            if self._meta is None:
                self._meta = {}
            if name == "MetadataEntry":
                add_entry(self._meta, attributes.get("key", ""), attributes.get("value", ""))
            elif name == "InstantaneousBeatsPerMinute":
                beat = [attributes.get("bpm", ""), attributes.get("time", "")]
                self._meta.setdefault("beats", []).append(beat)
            return
        if name == "Record" and self._stack:
            self._record, self._meta = attributes, None
            if len(self._stack) > 1:
                self._stack[-1].setdefault("records", []).append(attributes)
            return
        element: Element = {"name": name, "attributes": attributes}
        if len(self._stack) > 1:
            self._stack[-1].setdefault("children", []).append(element)
        self._stack.append(element)

    def _finish(self, name: str) -> None:
        if self._record is not None:
            if name == "Record":
                attributes, self._record = self._record, None
                try:
                    self.rows.row(attributes, self._meta)
                except BadValue as error:
                    what = f"{attributes.get('type', 'Record')} {attributes.get('startDate', '')}".strip()
                    self._reject(what, error.text)
                self._meta = None
                if len(self._stack) == 1:
                    self._parts = 0
            return
        element = self._stack.pop()
        if len(self._stack) == 1:
            self._parts = 0
            self._emit(("element", element))

    def _reject(self, what: str, why: Text) -> None:
        self._emit(("reject", what, why.template, why.args))

    def flush(self) -> None:
        """Hands over the rows held, and before them the numbers they use."""
        tables = self._interning
        origins = [(number, name, tables.kinds.get(name, "app")) for number, name in tables.origins.drain()]
        self._emit(("names", tables.labels.drain(), tables.metrics.drain(), origins))
        for metric, rows, span in self.rows.take():
            self._emit(("rows", metric, rows, span))


def _known(encoding: str) -> bool:
    """True when expat can read it; else UTF-8 is tried, and what is not UTF-8 is refused piece by piece."""
    try:
        expat.ParserCreate(encoding).Parse(b"<a/>", True)
    except (LookupError, ValueError, expat.ExpatError):
        return False
    return True


def _once_each(tag: re.Match[bytes]) -> bytes:
    """A start tag with each attribute once: some iOS 16 versions wrote startDate twice."""
    seen: set[bytes] = set()

    def first(attribute: re.Match[bytes]) -> bytes:
        name = attribute.group(1)
        if name in seen:
            return b""
        seen.add(name)
        return attribute.group(0)

    return _ATTRIBUTE.sub(first, tag.group(0))


def _past_space(buffer: bytes, at: int) -> int:
    end = len(buffer)
    while at < end and buffer[at] in b" \t\r\n":
        at += 1
    return at
