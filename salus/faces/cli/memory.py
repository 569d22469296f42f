"""`salus memory`: what is known, each real-world thing once, with all its sources; and which merges to undo."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import click

from salus.assistant.words import Words
from salus.errors import NotFound
from salus.faces.cli.options import inner, opened, personal
from salus.faces.cli.output import emit_json, note, speak
from salus.faces.wording import MEMORY, STATUS
from salus.records.text import TN, T
from salus.records.times import When
from salus.records.units import Quantity
from salus.vault.memory import KINDS, Entry, Kind, digest, remember

SHOWN = 30


@click.group("memory", invoke_without_command=True)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only this kind; repeat it for more.")
@click.option("--conflicts", is_flag=True, help="Only where the sources disagree.")
@personal
@click.pass_context
def memory_command(
    ctx: click.Context, kinds: tuple[str, ...], conflicts: bool, as_json: bool, home: Path | None, person: str | None
) -> None:
    """Everything known, each thing once with all its sources; where they disagree, both sides are told."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = (home, person, as_json)
        return
    with opened(home, person) as vault:
        entries = remember(vault.view(), *cast("tuple[Kind, ...]", kinds or KINDS))
    shown = [entry for entry in entries if entry.conflicts or not conflicts]
    if as_json:
        emit_json({"entries": [plain(entry, speak()) for entry in shown], "digest": digest(entries)})
        return
    if not shown:
        note(speak().say(T("Nothing is known yet.") if not conflicts else T("The sources do not disagree.")))
        return
    for kind in KINDS:
        _section(kind, [entry for entry in shown if entry.kind == kind])


def _section(kind: str, entries: list[Entry]) -> None:
    if not entries:
        return
    say = speak().say
    click.echo(f"\n{say(MEMORY[kind])} ({len(entries)})")
    for entry in entries[:SHOWN]:
        when = say(entry.when) if entry.when else ""
        sources = say(TN("{n} source", "{n} sources", len(entry.sources)))
        status = say(STATUS[entry.status]) if entry.status in STATUS else ""
        click.echo("  " + " · ".join(filter(None, (entry.title, when, status, sources))))
        for conflict in entry.conflicts:
            click.echo("    ! " + say(conflict.text))
    if len(entries) > SHOWN:
        click.echo("  " + say(T("… and {n} more (--json lists all)", n=len(entries) - SHOWN)))


def plain(entry: Entry, words: Words) -> dict[str, Any]:
    """JSON-ready, in a language."""
    say = words.say
    return {
        "id": entry.id, "kind": entry.kind, "title": entry.title,
        "code": {"system": entry.code.system, "code": entry.code.code} if entry.code else None,
        "status": entry.status, "time": entry.when.text if entry.when else None,
        "end": entry.end.text if entry.end else None,
        "detail": [{"label": say(label), "value": _value(value, words)} for label, value in entry.detail],
        "sources": [
            {"ref": r.ref, "origin": r.origin, "connection": r.connection, "time": r.time.text if r.time else None}
            for r in entry.sources
        ],
        "joins": [{"a": j.a, "b": j.b, "rule": j.rule, "why": say(j.why)} for j in entry.joins],
        "conflicts": [
            {"field": c.field, "text": say(c.text),
             "sides": [{"value": _value(value, words), "ref": ref} for value, ref in c.sides]}
            for c in entry.conflicts
        ],
    }  # fmt: skip


def _value(value: Any, words: Words) -> Any:
    if isinstance(value, Quantity):
        return {"value": float(value.value), "unit": value.unit}
    if isinstance(value, When):
        return value.text
    return float(value) if isinstance(value, Decimal) else words.say(value)


@memory_command.command("explain")
@click.argument("entry_id", metavar="ID")
@inner
@click.pass_context
def explain(ctx: click.Context, entry_id: str) -> None:
    """Why the records of one thing are told as one: every merge with its rule."""
    home, person, as_json = ctx.obj
    with opened(home, person) as vault:
        found = [e for e in remember(vault.view(), *KINDS) if entry_id in (e.id, *e.refs)]
    if not found:
        raise NotFound(
            T("There is nothing called {id} in the memory. “salus memory --json” shows the ids.", id=entry_id)
        )
    if as_json:
        emit_json(plain(found[0], speak()))
        return
    say = speak().say
    click.echo(found[0].title)
    for resource in found[0].sources:
        click.echo(f"  {resource.ref}  {resource.origin or resource.connection}")
    for join in found[0].joins:
        click.echo(f"  {join.a} = {join.b}: {say(join.why)}")
    for conflict in found[0].conflicts:
        click.echo("  ! " + say(conflict.text))


@memory_command.command("apart")
@click.argument("one", metavar="REF")
@click.argument("other", metavar="REF")
@click.option("--undo", is_flag=True, help="They may be told as one again.")
@inner
@click.pass_context
def apart(ctx: click.Context, one: str, other: str, undo: bool) -> None:
    """Undo a merge: two records are two different things."""
    home, person, as_json = ctx.obj
    with opened(home, person) as vault:
        view = vault.view()
        for ref in (one, other):
            if view.resource(ref, aside=True) is None:
                raise NotFound(T("There is no record {ref} in the vault.", ref=ref))
        if undo:
            vault.join_again(one, other)
        else:
            vault.keep_apart(one, other)
    if as_json:
        emit_json({"apart": [one, other], "undone": undo})
    elif undo:
        click.echo(speak().say(T("They may be told as one thing again.")))
    else:
        click.echo(speak().say(T("They are two different things from now on. --undo takes it back.")))
