"""`salus check`: is the vault whole?"""

from __future__ import annotations

from pathlib import Path

import click

from salus.faces.cli.options import ask_passphrase, passphrase_from_file, passphrase_of, personal
from salus.faces.cli.output import emit_json, speak
from salus.records.text import T
from salus.vault.check import check_files
from salus.vault.home import Home


@click.command("check")
@personal
@click.pass_context
def check_command(ctx: click.Context, as_json: bool, home: Path | None, person: str | None) -> None:
    """Read every page and every record, verify the ledger, and say what is damaged.

    The digest is over the facts alone: equal digests are equal facts.
    """
    place = Home(home)
    listed = place.find(person)
    given = passphrase_from_file()
    passphrase = given if given is not None else ask_passphrase(passphrase_of(listed))
    found = check_files(place, listed, passphrase)
    say = speak().say
    if as_json:
        emit_json({
            "ok": found.ok, "problems": [say(p) for p in found.problems], "counts": found.counts, "digest": found.digest
        })  # fmt: skip
    else:
        for what, count in found.counts.items():
            click.echo(say(T("{what}: {count}", what=what, count=count)))
        if found.digest:
            click.echo(say(T("{what}: {count}", what="digest", count=found.digest)))
        for problem in found.problems:
            click.echo(say(problem), err=True)
        if found.ok:
            click.echo(say(T("The vault is whole.")))
    if not found.ok:
        if as_json:
            click.echo(say(T("The vault is damaged. Restore a back-up.")), err=True)
        ctx.exit(1)
