"""From what was given to batches in a vault: who recognises it, what it brought, what became of each item."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from salus.errors import NotFound, SalusError, UsageError
from salus.hooks import register_sources
from salus.records.text import T, Text
from salus.sources.contract import (
    Brought,
    Context,
    Decided,
    Earlier,
    Item,
    Named,
    Origins,
    Progress,
    Rejected,
    Rows,
    Skipped,
    Source,
    Talk,
    Zone,
)  # fmt: skip
from salus.sources.given import Given
from salus.sources.plain_samples import PlainSamples
from salus.vault.batch import Batch, Report
from salus.vault.resources import Received
from salus.vault.vault import Vault


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
    talks: list[Talk] = field(default_factory=list)
    earlier: list[Earlier] = field(default_factory=list)

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
    """All, those whose files carry a mark of their own first; or the one of that name."""
    known: list[Source] = sorted(register_sources(), key=lambda s: (not getattr(s, "marked", False), s.name))
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
            if not (batch.report.added or batch.report.updated or batch.report.unchanged or outcome.talks):
                raise _Nothing
            outcome.batch = batch.id
        _keep_said(vault, outcome)
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


def _keep_said(vault: Vault, outcome: Outcome) -> None:
    """Conversations and another ledger's lines, once their batch is in the vault; what is here already stays once."""
    for talk in outcome.talks:
        vault.conversations.put(talk.title, talk.started, talk.turns)
    if outcome.earlier:
        entries = vault.ledger.entries()
        known = {entry.what.get("hash") for entry in entries if entry.kind == "earlier"} | {e.hash for e in entries}
        fresh = [one.what for one in outcome.earlier if one.what.get("hash") not in known]
        vault.ledger.write_all("earlier", fresh)


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
    slow = PlainSamples(batch)
    context = Context(batch.person, same_person, lambda: slow.interning, progress)
    items = source.read(given, context)
    for item in items:
        _put(batch, item, slow, outcome)
    slow.flush()


def _put(batch: Batch, item: Item, slow: PlainSamples, outcome: Outcome) -> None:
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
    elif isinstance(item, Brought):
        slow.switch(item.source, item.connection)
    elif isinstance(item, Origins):
        for name, kind in item.kinds.items():
            slow.interning.origin(name, kind)
    elif isinstance(item, Decided):
        batch.decide(item.aside, item.apart, item.settings, item.entered)
    elif isinstance(item, Talk):
        outcome.talks.append(item)
    elif isinstance(item, Earlier):
        outcome.earlier.append(item)
    elif isinstance(item, Zone):
        if batch.adopt_zone(item.name):
            outcome.zone = item.name
    else:
        slow.add(item)
