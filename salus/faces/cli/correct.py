"""`salus correct`: a record that is wrong or not yours is set aside; nothing uses it until it is put back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from salus.errors import NotFound, UsageError
from salus.faces.cli.options import opened, personal
from salus.faces.cli.output import emit_json, note, speak, table
from salus.faces.wording import WHY
from salus.records.text import T
from salus.records.times import Period, When, from_ms
from salus.vault.corrections import Correction, plain
from salus.vault.vault import Vault

MOST_NAMED = 20


@click.command("correct")
@click.argument("ref", metavar="ID", required=False)
@click.option("--why", type=click.Choice(["wrong", "not-mine"]), default="wrong", show_default=True,
              help="It is wrong, or it is someone else's.")  # fmt: skip
@click.option("--reason", default="", metavar="TEXT", help="What is wrong with it, in your words.")
@click.option("--undo", is_flag=True, help="Put it back: it is used again, exactly as before.")
@click.option("--list", "list_", is_flag=True, help="What is set aside.")
@personal
def correct_command(
    ref: str | None, why: str, reason: str, undo: bool, list_: bool, as_json: bool, home: Path | None,
    person: str | None,
) -> None:  # fmt: skip
    """Set the record ID aside as wrong or not yours. It is kept and shown, and nothing is computed from it any more.

    ID is as evidence shows it: Observation/123, or sample/… for one reading. Without ID, what is set aside is listed.
    """
    if list_ or ref is None:
        if undo:
            raise UsageError(T("Say which record: give its ID."))
        with opened(home, person) as vault:
            found, zone = vault.corrections(), vault.person.zone
        if as_json:
            emit_json({"corrections": [plain(one) for one in found]})
            return
        if not found:
            note(speak().say(T("Nothing is set aside.")))
            return
        say = speak().say
        columns = [T("record"), T("what"), T("why"), T("reason"), T("since")]
        days = {one.ref: When.of_day(one.at.astimezone(zone).date()) for one in found}
        table(columns, [[c.ref, c.title, say(WHY[c.why]), c.note, say(days[c.ref])] for c in found])
        return
    with opened(home, person) as vault:
        if undo:
            vault.put_back(ref)
            made: Correction | None = None
        else:
            ref = _one_reading(vault, ref) if ref.startswith("samples/") else ref
            made = vault.set_aside(ref, why.replace("-", "_"), reason)
    if as_json:
        emit_json({"ref": ref, "correction": plain(made) if made else None})
    elif made is None:
        click.echo(speak().say(T("{ref} is used again.", ref=ref)))
    else:
        click.echo(speak().say(T("{ref} is set aside. “salus correct {ref} --undo” puts it back.", ref=ref)))


def _one_reading(vault: Vault, ref: str) -> str:
    """The reading that a span of samples (as evidence cites it) holds. Raises UsageError when it holds several."""
    key, first, last = [*ref.split("/")[1:], "", "", ""][:3]
    try:
        period = Period(date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)
    except ValueError:
        raise NotFound(T("There is no record {ref} in the vault.", ref=ref)) from None
    found = vault.view().samples(key, period)
    if not found:
        raise NotFound(T("There is no record {ref} in the vault.", ref=ref))
    if len(found) > 1:
        say, zone = speak().say, vault.person.zone
        for sample in found[:MOST_NAMED]:
            when = from_ms(sample.start, zone).strftime("%Y-%m-%d %H:%M")
            note(f"  {sample.ref}  {when}  {say(sample.value)} {sample.unit}  {sample.origin}")
        if len(found) > MOST_NAMED:
            note("  " + say(T("… and {n} more (give a shorter time)", n=len(found) - MOST_NAMED)))
        raise UsageError(T("There are {n} readings there. Give the ID of one of those above.", n=len(found)))
    return found[0].ref
