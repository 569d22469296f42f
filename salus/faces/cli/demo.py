"""`salus demo`: the sample person, imported in front of you, and three questions answered."""

from __future__ import annotations

from pathlib import Path

import click

from salus.faces.cli.ask import show
from salus.faces.cli.options import common
from salus.faces.cli.output import emit_json, note, speak
from salus.records.text import T
from salus.vault.home import Home

QUESTIONS = (
    "How is my cholesterol?",
    "Combien de pas ai-je faits la semaine dernière ?",
    "What medications am I taking, and since when?",
)


@click.command("demo")
@common
def demo_command(as_json: bool, home: Path | None) -> None:
    """Make the sample person (synthetic data), import it, and answer three questions."""
    from salus.assistant.ask import ask
    from salus.faces.sample_person import ensure

    place = Home(home)
    if not as_json:
        note(speak().say(T("The sample person is made up: no real person has these records.")))
    listed, passphrase = ensure(place)
    with place.open(listed, passphrase) as vault:
        imports = vault.imports()
        answers = [ask(vault.view(), question) for question in QUESTIONS]
    if as_json:
        emit_json({
            "person": listed.label,
            "imports": [
                {"id": i.id, "source": i.source, "path": i.path, "added": i.report.get("added")} for i in imports
            ],
            "answers": [answer.plain() for answer in answers],
        })  # fmt: skip
        return
    for batch in reversed(imports):
        added = sum((batch.report.get("added") or {}).values())
        click.echo(f"{batch.path}: {speak().say(added)}")
    for answer in answers:
        click.echo("")
        click.secho(f"> {answer.question}", bold=True)
        show(answer)
