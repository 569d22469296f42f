"""`salus import` and `salus imports`: files in, with progress and a report; past imports, and undoing one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from salus.faces.cli.options import inner, opened, personal
from salus.faces.cli.output import emit_json, note, speak, table
from salus.faces.copies import keep_copy
from salus.records.text import T
from salus.sources.importing import Outcome, import_paths, quiet
from salus.vault.home import Home

SHOWN_REJECTIONS = 10


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--source", metavar="NAME", help="Read it as this source (fhir, apple_health) whatever it looks like.")
@click.option("--same-person", is_flag=True, help="It is yours even if its birth date or sex differs.")
@personal
@click.pass_context
def import_command(
    ctx: click.Context, paths: tuple[Path, ...], source: str | None, same_person: bool, as_json: bool,
    home: Path | None, person: str | None,
) -> None:  # fmt: skip
    """Bring in PATHs: a file, a folder or a zip of FHIR records or an Apple Health export.

    Each import lands whole or not at all, can be repeated without adding anything twice, and can be undone.
    """
    with opened(home, person) as vault:
        progress = _Bars() if not as_json and sys.stderr.isatty() else None
        try:
            outcomes = import_paths(
                vault,
                paths,
                source=source,
                same_person=same_person,
                progress=progress.of if progress else lambda p: quiet,
            )
        finally:
            if progress:
                progress.close()
        if any(outcome.report.added or outcome.report.updated for outcome in outcomes):
            place = Home(home)
            if (trouble := keep_copy(place, place.find(person), vault)) is not None:
                note(speak().say(trouble))
    if as_json:
        emit_json({"batches": [plain(outcome) for outcome in outcomes]})
    else:
        for outcome in outcomes:
            _show(outcome)
    ctx.exit(_finish(outcomes))


def _finish(outcomes: list[Outcome]) -> int:
    """0 all taken; 3 some items rejected; 1 nothing taken (said once on standard error)."""
    rejected = [r for outcome in outcomes for r in outcome.report.rejected]
    if not any(outcome.kept for outcome in outcomes):
        item, why = rejected[0] if rejected else ("", T("There is nothing in it that Salus could take."))
        note(f"{item}: {speak().say(why)}" if item else speak().say(why))
        return 1
    return 3 if rejected else 0


def plain(outcome: Outcome) -> dict[str, Any]:
    """One batch of the import contract; "skipped" are parts that are no items of the source."""
    say = speak().say
    report = outcome.report
    return {
        "id": outcome.batch, "path": outcome.path, "source": outcome.source, "added": dict(report.added),
        "updated": dict(report.updated), "unchanged": dict(report.unchanged),
        "rejected": [{"item": item, "why": say(why)} for item, why in report.rejected],
        "seconds": round(outcome.seconds, 3),
        "skipped": [{"item": item, "why": say(why)} for item, why in outcome.skipped],
        "zone": outcome.zone,
    }  # fmt: skip


def _show(outcome: Outcome) -> None:
    say, report = speak().say, outcome.report
    title = f"{outcome.path} — {outcome.source or '?'}"
    if outcome.batch is not None:
        title += f" ({say(T('import {id}', id=outcome.batch))}, {outcome.seconds:.1f} s)"
    click.echo(title)
    for label, counts in (
        (T("added"), report.added), (T("updated"), report.updated), (T("unchanged"), report.unchanged)
    ):  # fmt: skip
        if counts:
            click.echo(f"  {say(label)}: " + ", ".join(f"{say(n)} {kind}" for kind, n in counts.most_common()))
    if report.rejected:
        click.echo(f"  {say(T('rejected'))}: {say(len(report.rejected))}")
        for item, why in report.rejected[:SHOWN_REJECTIONS]:
            click.echo(f"    {item}: {say(why)}")
        if len(report.rejected) > SHOWN_REJECTIONS:
            click.echo("    " + say(T("… and {n} more (--json lists all)", n=len(report.rejected) - SHOWN_REJECTIONS)))
    if outcome.zone:
        zone = T(
            "Days are cut in {zone} from now on, as the export says. “salus person set” changes it.", zone=outcome.zone
        )
        click.echo("  " + say(zone))


class _Bars:
    """Progress bars on standard error, one a file."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._progress.start()

    def of(self, path: str) -> Any:
        task = self._progress.add_task(Path(path).name[:40], total=1.0)
        return lambda fraction, what: self._progress.update(task, completed=fraction)

    def close(self) -> None:
        self._progress.stop()


@click.group("imports", invoke_without_command=True)
@personal
@click.pass_context
def imports_command(ctx: click.Context, as_json: bool, home: Path | None, person: str | None) -> None:
    """List past imports; `imports undo ID` takes away what one added."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = (home, person, as_json)
        return
    with opened(home, person) as vault:
        found = vault.imports()
    if as_json:
        emit_json({"imports": [
            {"id": i.id, "source": i.source, "path": i.path, "started": i.started.isoformat(),
             "ended": i.ended.isoformat() if i.ended else None, "undone": i.undone.isoformat() if i.undone else None,
             **{k: i.report.get(k) for k in ("added", "updated", "unchanged", "rejected")}}
            for i in found
        ]})  # fmt: skip
        return
    table(
        [T("id"), T("when"), T("source"), T("file"), T("added"), T("rejected"), ""],
        [
            [str(i.id), i.started.astimezone().strftime("%Y-%m-%d %H:%M"), i.source, i.path,
             str(sum((i.report.get("added") or {}).values())), str(len(i.report.get("rejected") or [])),
             speak().say(T("undone")) if i.undone else ""]
            for i in found
        ],
    )  # fmt: skip


@imports_command.command("undo")
@click.argument("number", type=int, metavar="ID")
@inner
@click.pass_context
def undo(ctx: click.Context, number: int) -> None:
    """Take away what import ID added; what another connection brought too stays."""
    home, person, as_json = ctx.obj
    outer = ctx.obj or (None, None)
    with opened(home or outer[0], person or outer[1]) as vault:
        vault.undo(number)
    if as_json:
        emit_json({"undone": number})
    else:
        click.echo(speak().say(T("Import {id} is undone.", id=number)))
