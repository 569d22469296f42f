"""From what was given to batches in a vault: who recognises it, what it brought, what became of each item."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salus.errors import NotFound, SalusError, UsageError
from salus.hooks import register_sources
from salus.records.sample import Sample
from salus.records.text import T, Text
from salus.records.times import to_ms
from salus.sources.contract import Context, Item, Named, Progress, Rejected, Rows, Skipped, Source, Zone
from salus.sources.given import Given
from salus.vault.batch import Batch, Report
from salus.vault.resources import Received
from salus.vault.vault import Vault

FIRST_MS, LAST_MS = to_ms(datetime(1900, 1, 1, tzinfo=UTC)), to_ms(datetime(2101, 1, 1, tzinfo=UTC))
"""Samples outside are refused: no sensor wrote them."""

SLOW = 2000
"""How many plain samples are held before they are written."""


@dataclass
class Outcome:
    """What became of one thing given. `batch` is None when nothing of it was kept."""

    path: str
    source: str | None
    batch: int | None = None
    report: Report = field(default_factory=Report)
    skipped: list[tuple[str, Text]] = field(default_factory=list)
    seconds: float = 0.0
    zone: str | None = None

    @property
    def kept(self) -> bool:
        return self.batch is not None


_NOBODY = T("No source recognises it. Salus reads FHIR (JSON, NDJSON, zip) and Apple Health exports.")
_LOG = logging.getLogger(__name__)


class _Nothing(Exception):
    """Rolls back a batch that brought nothing."""


def quiet(fraction: float, what: str) -> None:
    """A progress that nobody watches."""


def import_paths(
    vault: Vault,
    paths: Iterable[Path],
    *,
    source: str | None = None,
    same_person: bool = False,
    progress: Callable[[str], Progress] = lambda path: quiet,
) -> list[Outcome]:
    """Imports files and folders; a folder no source takes whole is gone through file by file.

    Raises NotFound for a path that is not there, UsageError for a source that is not known.
    """
    sources = _sources(source)
    outcomes: list[Outcome] = []
    everything = list(paths)
    for path in everything:
        if not os.path.lexists(path):
            raise NotFound(T("There is no file or folder {path}. Check its name.", path=str(path)))
    for path in everything:
        found = _expand(Given.at(path), sources)
        if not found:
            outcomes.append(_refused(Given.at(path), T("There is no file in this folder.")))
        for given, taker in found:
            outcome = import_given(vault, given, taker, same_person, progress(given.name))
            outcomes.append(outcome)
            if given.is_folder():
                for inside, other in _left_over(given, outcome, sources):
                    outcomes.append(import_given(vault, inside, other, same_person, progress(inside.name)))
    return outcomes


def _sources(name: str | None) -> list[Source]:
    known: list[Source] = sorted(register_sources(), key=lambda s: s.name)
    if name is None:
        return known
    chosen = [s for s in known if s.name == name]
    if not chosen:
        names = ", ".join(s.name for s in known)
        raise UsageError(T("There is no source called “{name}”. The sources are: {names}.", name=name, names=names))
    return chosen


def recognise(given: Given) -> Source | None:
    """The source that takes it, or None."""
    return _taker(given, _sources(None))


def _taker(given: Given, sources: list[Source]) -> Source | None:
    """The first that recognises it; none for what is neither file nor folder. A source that fails does not."""
    if not (given.is_folder() or given.path.is_file()):
        return None
    for source in sources:
        try:
            if source.recognises(given):
                return source
        except Exception as error:
            _LOG.warning("the source %s failed to look at a file: %s", source.name, type(error).__name__)
    return None


def _expand(given: Given, sources: list[Source]) -> list[tuple[Given, Source | None]]:
    """What to import of something given, each with who takes it. A link inside a folder is not followed."""
    taker = _taker(given, sources)
    if taker is None and len(sources) == 1 and given.path.is_file():
        taker = sources[0]  # asked for by name
    if taker is not None or not given.is_folder():
        return [(given, taker)]
    try:
        children = sorted(given.path.iterdir(), key=lambda p: p.name)
    except OSError:
        return [(given, None)]
    found: list[tuple[Given, Source | None]] = []
    for child in children:
        if child.is_symlink():
            found.append((Given.at(child), None))
        elif not child.name.startswith("."):
            found += _expand(Given.at(child), sources)
    return found


def _left_over(given: Given, outcome: Outcome, sources: list[Source]) -> list[tuple[Given, Source]]:
    """Files of a folder that its source passed over and another import can take (a second export beside the first)."""
    found = []
    for item, why in list(outcome.skipped):
        inside = Given.at(given.path / item)
        taker = _taker(inside, sources)
        if taker is not None:
            found.append((inside, taker))
            outcome.skipped.remove((item, why))
    return found


def import_given(
    vault: Vault, given: Given, source: Source | None, same_person: bool = False, progress: Progress = quiet
) -> Outcome:
    """One batch. Never raises for what is wrong with the file: that is in the outcome's report."""
    began = time.monotonic()
    outcome = Outcome(given.name, source.name if source else None)
    if source is None:
        return _refused(given, _unrecognised(given))
    try:
        with vault.batch(source.name, "files", Path(given.name).name) as batch:
            outcome.report = batch.report
            _fill(batch, source, given, same_person, progress, outcome)
            if not (batch.report.added or batch.report.updated or batch.report.unchanged):
                raise _Nothing
            outcome.batch = batch.id
    except _Nothing:
        if not outcome.report.rejected:
            outcome.report.rejected.append((given.name, T("There is nothing in it that Salus could take.")))
    except (SalusError, OSError) as error:
        why = error.text if isinstance(error, SalusError) else T("It cannot be read: {why}.", why=error.strerror or "")
        outcome.report, outcome.batch = Report(rejected=[(given.name, why)]), None
    except Exception as error:
        _LOG.warning("the source %s failed: %s", source.name, type(error).__name__)
        why = T(
            "Salus made a mistake while reading it ({source}, {what}). Nothing of it was kept. Please report this.",
            source=source.name, what=type(error).__name__,
        )  # fmt: skip
        outcome.report, outcome.batch = Report(rejected=[(given.name, why)]), None
    outcome.seconds = time.monotonic() - began
    vault.ledger.write(
        "import", batch=outcome.batch, source=source.name, added=outcome.report.added.total(),
        updated=outcome.report.updated.total(), rejected=len(outcome.report.rejected),
    )  # fmt: skip
    return outcome


def _refused(given: Given, why: Text) -> Outcome:
    return Outcome(given.name, None, report=Report(rejected=[(given.name, why)]))


def _unrecognised(given: Given) -> Text:
    if given.is_folder():
        return T("This folder cannot be opened.") if not os.access(given.path, os.R_OK) else _NOBODY
    if given.key is None and given.path.is_symlink():
        return T("It is a link to somewhere else. Import what it points to.")
    if not given.path.is_file():
        return T("It is neither a file nor a folder.")
    head = given.head(4)
    if not head:
        return T("The file is empty.") if not given.size() else T("This file cannot be opened.")
    if head[:2] == b"PK":
        from salus.sources.containers import Container

        try:
            with Container(given) as container:
                for member in container.members():
                    if member.why_not is not None:
                        return T("{item}: {why}.", item=member.name, why=member.why_not)
        except SalusError as error:
            return error.text
    return _NOBODY


def _fill(batch: Batch, source: Source, given: Given, same_person: bool, progress: Progress, outcome: Outcome) -> None:
    slow = _SlowSamples(batch)
    context = Context(batch.person, same_person, lambda: slow.interning, progress)
    items = source.read(given, context)
    for item in items:
        _put(batch, item, slow, outcome)
    slow.flush()


def _put(batch: Batch, item: Item, slow: _SlowSamples, outcome: Outcome) -> None:
    if isinstance(item, Rows):
        batch.add_samples(item.kind, item.metric, item.rows, item.span)
    elif isinstance(item, Named):
        batch.intern(item.labels, item.metrics, item.origins)
    elif isinstance(item, Received):
        batch.add(item)
    elif isinstance(item, Rejected):
        batch.reject(item.item, item.why)
    elif isinstance(item, Skipped):
        outcome.skipped.append((item.item, item.why))
    elif isinstance(item, Zone):
        if batch.adopt_zone(item.name):
            outcome.zone = item.name
    else:
        slow.add(item)


def _impossible(sample: Sample) -> Text | None:
    if sample.end < sample.start:
        return T("It ends before it starts.")
    if not FIRST_MS <= sample.start <= sample.end <= LAST_MS:
        return T("Its time cannot be right.")
    if not isinstance(sample.value, str) and not math.isfinite(sample.value):
        return T("Its value “{text}” is not a number.", text=str(sample.value))
    return None


class _SlowSamples:
    """The plain way in for sources that yield `Sample`: numbers the strings, writes in lots by metric."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._interning: Any = None
        self._held: dict[int, list[tuple[Any, ...]]] = {}
        self._count = 0

    @property
    def interning(self) -> Any:
        if self._interning is None:
            self._interning = self._batch.interning()
        return self._interning

    def add(self, sample: Sample) -> None:
        if (why := _impossible(sample)) is not None:
            self._batch.reject(f"{sample.metric} {sample.origin}", why)
            return
        tables = self.interning
        metric = tables.metrics.id(sample.metric)
        device = tables.labels.id(sample.device) if sample.device else 0
        self._held.setdefault(metric, []).append((
            sample.start, sample.end - sample.start, tables.origin(sample.origin, "app"), sample.value,
            tables.labels.id(sample.unit), sample.created or 0, device, sample.detail or 0, sample.raw or "",
        ))  # fmt: skip
        self._count += 1
        if self._count >= SLOW:
            self.flush()

    def flush(self) -> None:
        if not self._held:
            return
        tables = self.interning
        origins = [(number, name, tables.kinds.get(name, "app")) for number, name in tables.origins.drain()]
        self._batch.intern(tables.labels.drain(), tables.metrics.drain(), origins)
        for metric, rows in self._held.items():
            span = (min(r[0] for r in rows), max(r[0] + r[1] for r in rows), max(r[1] for r in rows))
            self._batch.add_samples("Sample", metric, rows, span)
        self._held, self._count = {}, 0
