"""`salus recovery`, `backup`, `restore` and `export`: not losing the data, and taking it elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from salus.errors import Locked, UsageError
from salus.faces.cli.options import (
    ask_passphrase,
    common,
    inner,
    open_listed,
    opened,
    passphrase_of,
    personal,
    secret_in,
    someone_is_there,
)  # fmt: skip
from salus.faces.cli.output import emit_json, note, speak
from salus.records.text import T
from salus.vault import backup as back_ups
from salus.vault import recovery
from salus.vault.database import storable
from salus.vault.home import Home, Listed

TRIES = 3


def show_code(code: str) -> None:
    """The recovery code, once, with what it is for."""
    say = speak().say
    note(say(T("Recovery code (shown this once; write it on paper and keep it away from this machine):")))
    note(f"\n    {code}\n")
    note(say(T("It opens the vault when the passphrase is forgotten. Whoever has it can read everything.")))
    note(say(T("If you lose both the passphrase and this code, the data is lost for good. Nobody can get it back.")))


def check_code(home: Home, listed: Listed, code: str) -> bool:
    """Asks two groups back on a terminal; True when they were right."""
    if not (someone_is_there() and sys.stderr and sys.stderr.isatty()):
        return False
    first, second = recovery.asked()
    for _ in range(TRIES):
        typed = {
            n: click.prompt(speak().say(T("Type group {n} of the code", n=n)), err=True) for n in (first, second)
        }
        if recovery.matches(code, typed):
            home.recovery_checked(listed)
            note(speak().say(T("That is right: the code is written down.")))
            return True
        note(speak().say(T("That does not match. Look again.")))
    return False


@click.group("recovery", invoke_without_command=True)
@personal
@click.pass_context
def recovery_command(ctx: click.Context, as_json: bool, home: Path | None, person: str | None) -> None:
    """Is there a recovery code? `recovery new` makes one, `recovery use` sets a new passphrase with it."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = (home, person, as_json)
        return
    place = Home(home)
    listed = place.find(person)
    state = place.recovery(listed)
    if as_json:
        emit_json({"name": listed.label, "recovery": state})
        return
    said = {
        "none": T("{name} has no recovery code. “salus recovery new” makes one.", name=listed.label),
        "unchecked": T(
            "{name} has a recovery code, not yet checked. “salus recovery check” does so.", name=listed.label
        ),
        "checked": T("{name} has a recovery code, and it was checked.", name=listed.label),
    }
    click.echo(speak().say(said[state]))


def _meant(ctx: click.Context) -> tuple[Home, Listed, bool]:
    home, person, as_json = ctx.obj
    place = Home(home)
    return place, place.find(person), as_json


@recovery_command.command("new")
@inner
@click.pass_context
def recovery_new(ctx: click.Context) -> None:
    """Make a recovery code and print it once. An older one opens nothing any more."""
    place, listed, as_json = _meant(ctx)
    code = place.new_recovery(listed, ask_passphrase(passphrase_of(listed)))
    if as_json:
        emit_json({"name": listed.label, "recovery_code": code})
        return
    show_code(code)
    check_code(place, listed, code)


@recovery_command.command("check")
@click.option("--code-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="A file that holds the code (else it is asked).")  # fmt: skip
@inner
@click.pass_context
def recovery_check(ctx: click.Context, code_file: Path | None) -> None:
    """Type the code in: does it open the vault?"""
    place, listed, as_json = _meant(ctx)
    place.key_by_code(listed, _code(code_file))
    place.recovery_checked(listed)
    if as_json:
        emit_json({"name": listed.label, "recovery": "checked"})
    else:
        click.echo(speak().say(T("The code opens the vault of {name}.", name=listed.label)))


@recovery_command.command("use")
@click.option("--code-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="A file that holds the code (else it is asked).")  # fmt: skip
@click.option("--new-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="A file that holds the new passphrase (else it is asked).")  # fmt: skip
@inner
@click.pass_context
def recovery_use(ctx: click.Context, code_file: Path | None, new_file: Path | None) -> None:
    """The passphrase is forgotten: set a new one with the recovery code."""
    place, listed, as_json = _meant(ctx)
    code = _code(code_file)
    place.key_by_code(listed, code)  # before a new passphrase is asked for
    if new_file is not None:
        new = secret_in(new_file)
    elif someone_is_there():
        new = click.prompt(speak().say(T("New passphrase")), hide_input=True, confirmation_prompt=True, err=True)
    else:
        raise Locked(T("A new passphrase is needed. Run this in a terminal, or give --new-file."))
    place.reset_passphrase(listed, code, new)
    if as_json:
        emit_json({"name": listed.label, "changed": True})
    else:
        click.echo(speak().say(T("The passphrase of {name} is changed.", name=listed.label)))


def _code(file: Path | None) -> str:
    if file is not None:
        return secret_in(file).strip()
    if not someone_is_there():
        raise Locked(T("The recovery code is needed. Run this in a terminal, or give --code-file."))
    return str(click.prompt(speak().say(T("Recovery code")), err=True))


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Write over a file of that name.")
@personal
def backup_command(file: Path, replace: bool, as_json: bool, home: Path | None, person: str | None) -> None:
    """Make one encrypted FILE of the whole vault, while it is in use. Its passphrase or recovery code opens it."""
    place = Home(home)
    listed = place.find(person)
    with open_listed(place, listed) as vault:
        made = back_ups.write(place, listed, vault, file, replace=replace)
        vault.ledger.write("backup", to=storable(file.name))
    if as_json:
        emit_json({"path": str(made.path), "bytes": made.bytes, "digest": made.digest})
    else:
        size = speak().say(round(made.bytes / 1e6, 1))
        click.echo(speak().say(T("{path} holds the whole vault ({size} MB).", path=str(made.path), size=size)))
        click.echo(speak().say(T("Digest {digest}. Keep it on another disk; “salus restore” proves it.",
                                 digest=made.digest)))  # fmt: skip


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "label", metavar="NAME", help="The name to list the restored person by.")
@click.option("--code-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="Open it with the recovery code in this file rather than the passphrase.")  # fmt: skip
@common
def restore_command(
    file: Path, label: str | None, code_file: Path | None, as_json: bool, home: Path | None
) -> None:
    """Make a person of a back-up FILE, proven record by record. An existing person is never touched."""
    place = Home(home)
    called = back_ups.label_of(file)
    secret = _code(code_file) if code_file else ask_passphrase(T("Passphrase of {name}", name=called))
    made = back_ups.restore(place, file, secret, label)
    if as_json:
        emit_json({"id": made.listed.id, "name": made.listed.label, "digest": made.digest, "counts": made.counts})
        return
    click.echo(speak().say(T("{name} is restored: every record was read, and the digest is the one written down.",
                             name=made.listed.label)))  # fmt: skip
    click.echo(made.digest)


@click.command("export")
@click.option("--out", "file", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE",
              help="Where to write it: a .zip, or a .json for one FHIR Bundle.")  # fmt: skip
@click.option("--format", "format_", type=click.Choice(["fhir", "csv"]),
              help="Only FHIR, or only tables (else everything).")  # fmt: skip
@click.option("--replace", is_flag=True, help="Write over a file of that name.")
@personal
def export_command(
    file: Path, format_: str | None, replace: bool, as_json: bool, home: Path | None, person: str | None
) -> None:
    """Give back everything: FHIR, tables, documents, conversations, corrections, the ledger. It is NOT encrypted."""
    from salus.vault.export import write

    if format_ == "csv" and file.suffix.lower() == ".json":
        raise UsageError(T("Tables go into a zip: end the name in .zip."))
    with opened(home, person) as vault:
        made = write(vault, file, format_, replace=replace)  # type: ignore[arg-type]
    if as_json:
        emit_json({"path": str(made.path), "bytes": made.bytes, "counts": dict(made.counts)})
        return
    size = speak().say(round(made.bytes / 1e6, 1))
    click.echo(speak().say(T("{path} holds it all ({size} MB).", path=str(made.path), size=size)))
    if file.suffix.lower() not in (".zip", ".json"):
        note(speak().say(T("It is a zip archive, whatever its name: programs may want it to end in .zip.")))
    note(speak().say(T("It is not encrypted: whoever has the file can read it. Keep it somewhere safe.")))
