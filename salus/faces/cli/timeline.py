"""`salus timeline`: everything that happened, in its order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from salus.errors import UsageError
from salus.faces.cli.options import opened, personal
from salus.faces.cli.output import emit_json, note, speak, table
from salus.faces.wording import EVENT
from salus.knowledge.phrases import fold
from salus.records.text import TN, T
from salus.records.times import Period, When
from salus.sources.by_hand import written
from salus.vault.memory import memory_index
from salus.vault.timeline import KINDS, Event, events

SHOWN = 50


@click.command("timeline")
@click.option("--from", "first", metavar="DATE", help="From this day, month or year on.")
@click.option("--to", "last", metavar="DATE", help="Up to this day, month or year.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only this kind; repeat it for more.")
@click.option("--words", metavar="TEXT", help="Only what is called so; accents do not count.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="How many lines (all with --json, else 50).")
@personal
def timeline_command(
    first: str | None, last: str | None, kinds: tuple[str, ...], words: str | None, limit: int | None, as_json: bool,
    home: Path | None, person: str | None,
) -> None:  # fmt: skip
    """Everything that happened, newest first. What two sources tell of one event is one line."""
    with opened(home, person) as vault:
        view = vault.view()
        period = None
        if first or last:
            period = Period(written.when(first, view.today).first if first else None,
                            written.when(last, view.today).last if last else None)  # fmt: skip
            if period.first and period.last and period.first > period.last:
                raise UsageError(T("The timeline would end before it begins. Swap --from and --to."))
        found = events(view, kinds or None, period, memory_index(view))
    if words:
        wanted = fold(words).split()
        found = [event for event in found if all(word in fold(event.title) for word in wanted)]
    shown = found[: limit or (len(found) if as_json else SHOWN)]
    if as_json:
        emit_json({"events": [_event(event) for event in shown], "total": len(found)})
        return
    if not found:
        note(speak().say(T("Nothing is recorded there.")))
        return
    say = speak().say
    table([T("when"), T("what"), T("kind"), T("by")],
          [[say(_told(e.time)), e.title, say(EVENT[e.kind]), e.origin] for e in shown])  # fmt: skip
    if len(found) > len(shown):
        note(say(TN("And {n} more.", "And {n} more.", len(found) - len(shown))))


def _told(when: When) -> When:
    return When.of_day(when.first) if when.instant else when


def _event(event: Event) -> dict[str, Any]:
    return {
        "ref": event.ref, "kind": event.kind, "title": event.title, "time": event.time.text, "origin": event.origin,
        "source": event.source,
    }  # fmt: skip
