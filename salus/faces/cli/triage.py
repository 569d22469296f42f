"""`salus triage`: the red-flag rules on words alone."""

from __future__ import annotations

import click

from salus.assistant.answer import triage_plain
from salus.assistant.language import detect
from salus.assistant.words import words
from salus.errors import UsageError
from salus.faces.cli.options import anywhere
from salus.faces.cli.output import emit_json, machine_lang
from salus.records.text import T


@click.command("triage")
@click.argument("text", metavar="WORDS")
@click.option("--country", metavar="CC", help="Country, two letters: its numbers are given.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language of the advice (else that of the words).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@anywhere
def triage_command(text: str, country: str | None, lang: str | None, as_json: bool) -> None:
    """How urgent do WORDS sound? A first, small set of red flags: "none" never means that all is well."""
    from salus.knowledge.red_flags import triage

    if not text.strip():
        raise UsageError(T("Say in words what is felt."))
    language = lang or detect(text, machine_lang())
    found = triage(text, lang=language, country=country)
    said = words(language)
    plain = {**triage_plain(found, said), "asks": [], "lang": language}
    if as_json:
        emit_json(plain)
        return
    click.echo(found.level)
    for line in (*found.advice, *(r.text for r in found.reasons)):
        click.echo(said.say(line))
