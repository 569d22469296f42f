"""`salus ledger`: who looked, what was changed, what left."""

from __future__ import annotations

import json
from pathlib import Path

import click

from salus.faces.cli.options import opened, personal
from salus.faces.cli.output import emit_json, speak, table
from salus.records.text import T


@click.group("ledger", invoke_without_command=True)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many entries, newest first.")
@personal
@click.pass_context
def ledger_command(ctx: click.Context, limit: int, as_json: bool, home: Path | None, person: str | None) -> None:
    """The newest entries; `ledger verify` checks the chain."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = (home, person)
        return
    with opened(home, person) as vault:
        entries = vault.ledger.entries(limit)
    if as_json:
        emit_json({"entries": [
            {"seq": e.seq, "at": e.at.isoformat(), "kind": e.kind, "what": e.what, "hash": e.hash} for e in entries
        ]})  # fmt: skip
        return
    table(
        ["#", T("when"), T("kind"), T("what")],
        [[str(e.seq), e.at.astimezone().strftime("%Y-%m-%d %H:%M:%S"), e.kind, json.dumps(e.what, ensure_ascii=False)]
         for e in entries],
    )  # fmt: skip


@ledger_command.command("verify")
@personal
@click.pass_context
def verify(ctx: click.Context, as_json: bool, home: Path | None, person: str | None) -> None:
    """Check that no entry was altered or taken out."""
    outer = ctx.obj or (None, None)
    with opened(home or outer[0], person or outer[1]) as vault:
        broken = vault.ledger.verify()
        count = len(vault.ledger.entries())
    if as_json:
        emit_json({"ok": broken is None, "entries": count, "broken_at": broken})
    elif broken is None:
        click.echo(speak().say(T("The chain of {n} entries is whole.", n=count)))
    if broken is not None:
        click.echo(speak().say(T("The ledger’s chain is broken at entry {seq}.", seq=broken)), err=True)
        ctx.exit(1)
