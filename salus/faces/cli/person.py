"""`salus person`: who has a vault here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from salus.errors import Locked, UsageError
from salus.faces.cli.options import ask_passphrase, common, opened, passphrase_of, secret_in, someone_is_there
from salus.faces.cli.output import emit_json, note, speak, table
from salus.faces.cli.safekeeping import check_code, show_code
from salus.records.text import T
from salus.vault.backup import KEPT
from salus.vault.home import Home, Listed
from salus.vault.person import SEXES


@click.group("person")
def person_command() -> None:
    """Add, list, choose, set up or delete the persons of this installation."""


def _plain(listed: Listed) -> dict[str, object]:
    return {"id": listed.id, "name": listed.label, "current": listed.current}


@person_command.command("add")
@click.argument("name")
@click.option("--born", metavar="DATE", help="Birth date, YYYY-MM-DD.")
@click.option("--sex", type=click.Choice([*SEXES, "unknown"]), help="Sex in medical records.")
@click.option("--zone", metavar="ZONE", help="Home time zone, such as Europe/Paris (else this machine's).")
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="Language of answers.")
@click.option("--country", metavar="CC", help="Country, two letters: emergency numbers follow it.")
@common
def add(
    name: str, born: str | None, sex: str | None, zone: str | None, lang: str, country: str | None, as_json: bool,
    home: Path | None,
) -> None:  # fmt: skip
    """Create an empty vault for NAME. Losing both the passphrase and the recovery code loses the data for good."""
    day = _date(born)
    if country is not None and (len(country) != 2 or not country.isalpha()):
        raise UsageError(T("“{country}” is not a country code. Use two letters, such as FR or US.", country=country))
    place = Home(home)
    name = place.free_label(name)  # before a passphrase is asked for
    note(speak().say(T("If you lose both the passphrase and the recovery code you will be shown, the data is lost.")))
    passphrase = ask_passphrase(T("Choose a passphrase"), confirm=True)
    listed = place.add(
        name, passphrase, born=day, sex=None if sex in (None, "unknown") else sex,  # type: ignore[arg-type]
        zone=zone, lang=lang, country=country,
    )  # fmt: skip
    code = place.new_recovery(listed, passphrase)
    if as_json:
        emit_json({**_plain(listed), "recovery_code": code})
        return
    click.echo(speak().say(T("{name} has a vault now. Only the passphrase or the recovery code opens it.",
                             name=listed.label)))  # fmt: skip
    show_code(code)
    check_code(place, listed, code)


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or len(text) != 10 or not found.year >= 1880 or found > date.today():
        raise UsageError(T("“{text}” is not a birth date. Write it as YYYY-MM-DD.", text=text))
    return found


@person_command.command("list")
@common
def list_(as_json: bool, home: Path | None) -> None:
    """The names persons chose to be listed by; everything else is inside their vaults."""
    persons = Home(home).persons()
    if as_json:
        emit_json({"persons": [_plain(p) for p in persons]})
        return
    if not persons:
        note(speak().say(T("There is no person yet. Create one with “salus person add NAME”, or try “salus demo”.")))
        return
    table(["", T("name"), T("id")], [["*" if p.current else "", p.label, p.id] for p in persons])


@person_command.command("use")
@click.argument("name")
@common
def use(name: str, as_json: bool, home: Path | None) -> None:
    """Make NAME the current person."""
    listed = Home(home).use(name)
    if as_json:
        emit_json(_plain(listed))
    else:
        click.echo(speak().say(T("{name} is the current person now.", name=listed.label)))


@person_command.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def delete(name: str, yes: bool, as_json: bool, home: Path | None) -> None:
    """Destroy NAME's keys and files. There is no way back."""
    place = Home(home)
    listed = place.find(name)
    if not yes:
        question = speak().say(T("Delete {name} and everything in the vault for ever?", name=listed.label))
        click.confirm(question, abort=True, err=True)
    place.delete(listed)
    if as_json:
        emit_json({"deleted": _plain(listed)})
    else:
        click.echo(speak().say(T("{name} is deleted: the keys are destroyed.", name=listed.label)))


@person_command.command("set")
@click.argument("name")
@click.option("--zone", metavar="ZONE", help="Home time zone; days are cut anew.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language of answers.")
@click.option("--country", metavar="CC", help="Country, two letters.")
@click.option("--backups", type=click.IntRange(0, 100), metavar="N",
              help="How many automatic back-ups to keep; 0 for none.")  # fmt: skip
@click.option(
    "--priority", multiple=True, metavar="DEVICE", help="A device that wins where several overlap; repeat it."
)
@common
def set_(
    name: str, zone: str | None, lang: str | None, country: str | None, backups: int | None, priority: tuple[str, ...],
    as_json: bool, home: Path | None,
) -> None:  # fmt: skip
    """Change NAME's time zone, language, country, order of devices or number of automatic back-ups."""
    settings: dict[str, str] = {}
    if zone:
        from salus.vault.person import zone as known_zone

        known_zone(zone)
        settings |= {"zone": zone, "zone_known": "1"}
    if lang:
        settings["lang"] = lang
    if country:
        settings["country"] = country.upper()
    if backups is not None:
        settings["backups"] = str(backups)
    if priority:
        settings["priorities"] = "\n".join(priority)
    if not settings:
        raise UsageError(T("Say what to change: --zone, --lang, --country, --backups or --priority."))
    with opened(home, name) as vault:
        vault.configure(**settings)
        person = vault.person
    if as_json:
        emit_json({"name": name, "zone": person.zone_name, "lang": person.lang, "country": person.country,
                   "priorities": list(person.priorities),
                   "backups": int(person.preferences.get("backups", KEPT))})  # fmt: skip
    else:
        click.echo(speak().say(T("Changed.")))


@person_command.command("passphrase")
@click.argument("name")
@click.option("--new-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="A file that holds the new passphrase (else it is asked).")  # fmt: skip
@common
def passphrase_(name: str, new_file: Path | None, as_json: bool, home: Path | None) -> None:
    """Change NAME's passphrase. The data itself is not re-encrypted."""
    place = Home(home)
    listed = place.find(name)
    old = ask_passphrase(T("Passphrase now"))
    if new_file is not None:
        new = secret_in(new_file)
    elif not someone_is_there():
        raise Locked(T("A new passphrase is needed. Run this in a terminal, or give --new-file."))
    else:
        new = click.prompt(speak().say(T("New passphrase")), hide_input=True, confirmation_prompt=True, err=True)
    place.change_passphrase(listed, old, new)
    if as_json:
        emit_json(_plain(listed))
    else:
        click.echo(speak().say(T("The passphrase of {name} is changed.", name=listed.label)))


@person_command.command("remember")
@click.argument("name")
@common
def remember(name: str, as_json: bool, home: Path | None) -> None:
    """Let this system's keyring open NAME's vault from now on."""
    place = Home(home)
    listed = place.find(name)
    place.remember(listed, ask_passphrase(passphrase_of(listed)))
    if as_json:
        emit_json(_plain(listed))
    else:
        click.echo(speak().say(T("The keyring opens the vault of {name} from now on.", name=listed.label)))
