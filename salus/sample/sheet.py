"""The phone's export.xml under construction: records by type, sources and their devices, dates as it writes them.

Every date of the file carries one offset, that of the phone at export time, whatever the season of the sample.
Knows the file format, not the person.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

QUANTITY = "HKQuantityTypeIdentifier"
CATEGORY = "HKCategoryTypeIdentifier"
Pairs = Iterable[tuple[str, str]]

_CREATED = re.compile(r'creationDate="[^"]*"')


@dataclass(frozen=True)
class Device:
    """One piece of hardware. Its description in the file holds a memory address that changes from run to run."""

    name: str
    model: str
    hardware: str
    software: str
    maker: str = "Apple Inc."

    def text(self, address: int) -> str:
        return (
            f"<<HKDevice: 0x{address:x}>, name:{self.name}, manufacturer:{self.maker}, model:{self.model}, "
            f"hardware:{self.hardware}, software:{self.software}>"
        )


@dataclass(frozen=True)
class Source:
    """An app or a device as a whole, at one version."""

    name: str
    version: str
    device: Device | None = None


class Sheet:
    """Collects records by type. Times are seconds since 1970 UTC."""

    def __init__(self, offset: timedelta, rng: random.Random) -> None:
        self._offset = int(offset.total_seconds())
        sign, minutes = ("-" if self._offset < 0 else "+"), abs(self._offset) // 60
        self._zone = f" {sign}{minutes // 60:02d}{minutes % 60:02d}"
        self._rng = rng
        self._days: dict[int, str] = {}
        self._heads: dict[Source, list[str]] = {}
        self._lines: dict[str, list[tuple[int, str]]] = {}
        self.extra: list[str] = []
        self.records = 0

    def date(self, moment: float) -> str:
        """YYYY-MM-DD HH:MM:SS +HHMM in the file's one offset."""
        day, clock = divmod(int(moment) + self._offset, 86_400)
        text = self._days.get(day)
        if text is None:
            text = self._days[day] = datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d")
        return f"{text} {clock // 3600:02d}:{clock // 60 % 60:02d}:{clock % 60:02d}{self._zone}"

    def clock(self, moment: float) -> str:
        """A beat's time as the phone prints it: a clock reading without a date."""
        seconds = (moment + self._offset) % 86_400
        hour, rest = divmod(seconds, 3600)
        return f"{int(hour) % 12 or 12}:{int(rest) // 60:02d}:{rest % 60:05.2f} {'AM' if hour < 12 else 'PM'}"

    def head(self, source: Source) -> str:
        """The attributes that say who wrote it; the device's address is another one from time to time."""
        heads = self._heads.get(source)
        if heads is None:
            start = f"sourceName={quoteattr(source.name)} sourceVersion={quoteattr(source.version)}"
            if source.device is None:
                heads = [start]
            else:
                addresses = [0x300000000 + self._rng.randrange(0x1000000) * 16 for _ in range(12)]
                heads = [f"{start} device={quoteattr(source.device.text(a))}" for a in addresses]
            self._heads[source] = heads
        return heads[0] if len(heads) == 1 else heads[int(self._rng.random() * len(heads))]

    def record(
        self,
        kind: str,
        source: Source,
        start: float,
        end: float,
        value: object,
        unit: str = "",
        meta: Pairs = (),
        inner: str = "",
        created: float | None = None,
    ) -> str:
        """Append one Record and return its text (a correlation repeats it). `kind` is the whole type identifier."""
        text = self.text(kind, source, start, end, value, unit, meta, inner, created)
        self._lines.setdefault(kind, []).append((int(start), text))
        self.records += 1
        return text

    def text(
        self, kind: str, source: Source, start: float, end: float, value: object, unit: str, meta: Pairs = (),
        inner: str = "", created: float | None = None,
    ) -> str:
        """The lines of one Record, not kept."""
        written = self.date(end + 7 if created is None else created)
        unit_text = f" unit={quoteattr(unit)}" if unit else ""
        text = (
            f' <Record type="{kind}" {self.head(source)}{unit_text} creationDate="{written}"'
            f' startDate="{self.date(start)}" endDate="{self.date(end)}" value="{value}"'
        )
        body = metadata(meta) + inner
        return f"{text}>\n{body} </Record>\n" if body else f"{text}/>\n"

    def correlation(self, kind: str, source: Source, start: float, end: float, records: Sequence[str]) -> None:
        """A Correlation with its records nested; they stand at top level too."""
        body = "".join(" " + record for record in records)
        self.extra.append(
            f' <Correlation type="{kind}" {self.head(source)} creationDate="{self.date(end + 7)}"'
            f' startDate="{self.date(start)}" endDate="{self.date(end)}">\n{body} </Correlation>\n'
        )

    def repeat(self, share: float, restored: float) -> int:
        """Write some records a second time, as a phone restored at that moment does; returns how many."""
        repeated, written = 0, f'creationDate="{self.date(restored)}"'
        for lines in self._lines.values():
            again = [(at, _CREATED.sub(written, text, count=1)) for at, text in lines if self._rng.random() < share]
            lines += again
            repeated += len(again)
        self.records += repeated
        return repeated

    def lines(self) -> Iterator[str]:
        """All records: by type, then by start, as the phone orders them; then correlations and the rest."""
        for kind in sorted(self._lines):
            for _, text in sorted(self._lines[kind], key=lambda line: line[0]):
                yield text
        yield from self.extra


def metadata(pairs: Pairs) -> str:
    """MetadataEntry lines."""
    return "".join(f'  <MetadataEntry key={quoteattr(k)} value={quoteattr(v)}/>\n' for k, v in pairs)


def element(name: str, attributes: Pairs, text: str = "") -> str:
    """A small element on one line."""
    inside = "".join(f" {k}={quoteattr(v)}" for k, v in attributes)
    return f"<{name}{inside}>{escape(text)}</{name}>" if text else f"<{name}{inside}/>"
