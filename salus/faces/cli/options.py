"""Options that every command takes, and the vault they open."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from salus.errors import Locked, NotFound
from salus.faces.cli.output import speak
from salus.records.text import T, Text
from salus.vault.home import Home, Listed
from salus.vault.vault import Vault

F = TypeVar("F", bound=Callable[..., Any])

PASSPHRASE_FILE = "SALUS_PASSPHRASE_FILE"


def common(command: F) -> F:
    """--json and --home; --person is taken and changes nothing."""
    command = click.option("--person", hidden=True, expose_value=False, metavar="NAME")(command)
    return _json_and_home(command)


def _json_and_home(command: F) -> F:
    command = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")(command)
    return click.option(
        "--home", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
        help="Where Salus keeps its vaults (else SALUS_HOME, else your data folder).",
    )(command)  # fmt: skip


def anywhere(command: F) -> F:
    """--home and --person are taken by every command; here they change nothing."""
    for name in ("--home", "--person"):
        command = click.option(name, hidden=True, expose_value=False, metavar="TEXT")(command)
    return command


def personal(command: F) -> F:
    """--json, --home and --person."""
    command = _json_and_home(command)
    return click.option("--person", metavar="NAME", help="Whose vault (else the current person).")(command)


def inner(command: Callable[..., Any]) -> Callable[..., Any]:
    """--json, --home and --person of a subcommand, which win over those of its group; `ctx.obj` is then
    (home, person, as_json). Stands above `click.pass_context`.
    """

    @wraps(command)
    def run(*args: Any, as_json: bool, home: Path | None, person: str | None, **more: Any) -> Any:
        ctx = click.get_current_context()
        above = ctx.obj or (None, None, False)
        ctx.obj = (home or above[0], person or above[1], as_json or above[2])
        return command(*args, **more)

    return personal(run)


def secret_in(path: Path) -> str:
    """What a file of one secret holds. Raises NotFound when it cannot be read."""
    try:
        return path.read_text("utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(T("The file {path} cannot be read as text.", path=str(path))) from error


def someone_is_there() -> bool:
    """Can a question be asked and answered on this terminal?"""
    return bool(sys.stdin and sys.stdin.isatty())


def passphrase_from_file() -> str | None:
    """The passphrase in the file SALUS_PASSPHRASE_FILE names, or None. Raises NotFound when it cannot be read."""
    path = os.environ.get(PASSPHRASE_FILE)
    if not path:
        return None
    try:
        return Path(path).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(
            T("The file that {variable} names cannot be read: {path}.", variable=PASSPHRASE_FILE, path=path)
        ) from error


def ask_passphrase(prompt: Text, *, confirm: bool = False) -> str:
    """From the file, else asked on the terminal, never echoed. Raises Locked where no one can be asked."""
    found = passphrase_from_file()
    if found is not None:
        return found
    if not someone_is_there():
        raise Locked(
            T("A passphrase is needed. Run this in a terminal, or name a file that holds it in {variable}.",
              variable=PASSPHRASE_FILE)
        )  # fmt: skip
    answer: str = click.prompt(speak().say(prompt), hide_input=True, confirmation_prompt=confirm, err=True)
    return answer


def passphrase_of(listed: Listed) -> Text:
    return T("Passphrase of {name}", name=listed.label)


def open_listed(home: Home, listed: Listed) -> Vault:
    """Opens by file, keyring or prompt, in that order."""
    given = passphrase_from_file()
    if given is not None:
        return home.open(listed, given)
    try:
        return home.open_from_keyring(listed)
    except Locked:
        return home.open(listed, ask_passphrase(passphrase_of(listed)))


@contextmanager
def opened(home: Path | None, person: str | None) -> Iterator[Vault]:
    """The vault of the person meant, closed afterwards."""
    place = Home(home)
    with open_listed(place, place.find(person)) as vault:
        yield vault
