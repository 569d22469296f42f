"""`salus conversations`: what was asked before, and deleting it."""

from __future__ import annotations

from pathlib import Path

import click

from salus.errors import UsageError
from salus.faces.cli.options import inner, opened, personal
from salus.faces.cli.output import emit_json, note, speak, table
from salus.records.text import T


@click.group("conversations", invoke_without_command=True)
@personal
@click.pass_context
def conversations_command(ctx: click.Context, as_json: bool, home: Path | None, person: str | None) -> None:
    """List past conversations, newest first; `show ID` reads one again, `delete ID` removes it."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = (home, person, as_json)
        return
    with opened(home, person) as vault:
        found, zone = vault.conversations.list(), vault.person.zone
    if as_json:
        emit_json({"conversations": [
            {"id": c.id, "title": c.title, "started": c.started.isoformat(), "last": c.last.isoformat(),
             "turns": c.turns} for c in found
        ]})  # fmt: skip
        return
    if not found:
        note(speak().say(T("No conversation is kept.")))
        return
    say = speak().say
    table(["#", T("about"), T("questions"), T("last")],
          [[str(c.id), c.title, str(c.turns), say(c.last.astimezone(zone))] for c in found])  # fmt: skip


@conversations_command.command("show")
@click.argument("number", type=int, metavar="ID")
@inner
@click.pass_context
def show(ctx: click.Context, number: int) -> None:
    """Read conversation ID again: each answer as it was given then."""
    home, person, as_json = ctx.obj
    with opened(home, person) as vault:
        turns = vault.conversations.turns(number)
    if as_json:
        emit_json({"id": number, "turns": [
            {"at": turn.at.isoformat(), "question": turn.question, "answer": turn.answer} for turn in turns
        ]})  # fmt: skip
        return
    for turn in turns:
        click.secho(f"> {turn.question}", bold=True)
        click.echo(f"{turn.answer.get('answer', '')}\n")


@conversations_command.command("delete")
@click.argument("number", type=int, metavar="ID", required=False)
@click.option("--all", "everything", is_flag=True, help="All of them.")
@inner
@click.pass_context
def delete(ctx: click.Context, number: int | None, everything: bool) -> None:
    """Delete conversation ID for good; its text is overwritten."""
    home, person, as_json = ctx.obj
    if everything == (number is not None):
        raise UsageError(T("Say which conversation to delete: its number, or --all."))
    with opened(home, person) as vault:
        if number is None:
            vault.conversations.delete_all()
        else:
            vault.conversations.delete(number)
        vault.ledger.write("delete", conversations="all" if number is None else 1)
    if as_json:
        emit_json({"deleted": "all" if number is None else number})
    else:
        click.echo(speak().say(T("Deleted.")))
