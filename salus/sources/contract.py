"""What a source is, and the items it hands over. Knows no format and no vault file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from salus.records.sample import Sample
from salus.records.text import Text
from salus.sources.given import Given
from salus.vault.conversations import Said
from salus.vault.corrections import Correction
from salus.vault.interning import Interning
from salus.vault.person import Person
from salus.vault.resources import Received

Kind = Literal["samples", "resources", "documents"]

Progress = Callable[[float, str], None]
"""Called with the fraction done (0 to 1) and what is being read."""


class Rejected(NamedTuple):
    """An item of the file that could not be taken, and why."""

    item: str
    why: Text


class Skipped(NamedTuple):
    """A part of what was given that is no item of this source (a readme, a copy in another format), and why."""

    item: str
    why: Text


class Rows(NamedTuple):
    """Many samples of one metric, numbered by the context's `Interning` (the fast way in).

    Each row is (start, span, origin, value, unit, created, device, detail, raw), 0 or '' where there is none; `span` is
    (first start, last end, longest span). `kind` is what the report counts them as.
    """

    kind: str
    metric: int
    rows: Sequence[tuple[Any, ...]]
    span: tuple[int, int, int]


class Named(NamedTuple):
    """New numbers handed out by the `Interning`: must come before the rows that use them."""

    labels: Sequence[tuple[int, str]]
    metrics: Sequence[tuple[int, str]]
    origins: Sequence[tuple[int, str, str]]


class Zone(NamedTuple):
    """The time zone the file says its owner lives in."""

    name: str


class Brought(NamedTuple):
    """From here on the items are what another connection brought before (an export given back)."""

    source: str
    connection: str


class Origins(NamedTuple):
    """Devices and apps with their kind ("watch", "phone", "app"), before the samples they wrote."""

    kinds: Mapping[str, str]


class Decided(NamedTuple):
    """What the person had decided: records set aside (as `Correction` says it), pairs kept apart, settings.

    Must come before the records it is about. Settings are taken by an empty vault only. `entered`: what the entries by
    hand were called.
    """

    aside: Sequence[Correction]
    apart: Sequence[tuple[str, str]]
    settings: Mapping[str, str]
    entered: Sequence[str] = ()


class Talk(NamedTuple):
    """A whole conversation, as it was."""

    title: str
    started: datetime
    turns: Sequence[Said]


class Earlier(NamedTuple):
    """A line of another vault's ledger, kept as what it was."""

    what: Mapping[str, Any]


Item = Sample | Received | Rejected | Skipped | Rows | Named | Zone | Brought | Origins | Decided | Talk | Earlier


@dataclass(frozen=True)
class Context:
    """What a source may know while it reads: whose vault it is, and the numbers for the fast way in.

    `same_person` is True when the person said the file is theirs whatever birth date or sex it names.
    """

    person: Person
    same_person: bool
    interning: Callable[[], Interning]
    progress: Progress


class Source(Protocol):
    """Something facts come from. `register(add)` in its module adds one of these.

    A source may set `marked = True` when its files carry a mark of their own: it is then asked before the others.
    """

    name: str
    title: Mapping[str, str]
    kinds: frozenset[Kind]

    def recognises(self, given: Given) -> bool:
        """Cheap: names and first bytes. Never raises."""
        ...

    def read(self, given: Given, context: Context) -> Iterator[Item]:
        """Streams the items. Raises Unreadable or Refused when nothing of the file can be taken."""
        ...
