"""`salus ask`: a question, its answer, every figure with its evidence."""

from __future__ import annotations

from pathlib import Path

import click

from salus.assistant.answer import Answer
from salus.errors import Missing, UsageError
from salus.faces.cli.options import opened, personal
from salus.faces.cli.output import emit_json, note, on_terminal, sparkline, speak
from salus.records.text import T
from salus.vault.vault import Vault


@click.command("ask")
@click.argument("question")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language of the answer (else the question's).")
@click.option("--model", metavar="NAME", help="A language model to word the answer: not in this version.")
@click.option("--conversation", metavar="ID",
              help="Go on with a conversation: its number, “last”, or “new” to begin one.")  # fmt: skip
@personal
def ask_command(
    question: str, lang: str | None, model: str | None, conversation: str | None, as_json: bool, home: Path | None,
    person: str | None,
) -> None:  # fmt: skip
    """Ask QUESTION in English or French."""
    from salus.assistant.ready import preparing

    if not question.strip():
        raise UsageError(T('Ask something, for example: salus ask "How is my cholesterol?"'))
    if model is not None:
        raise Missing(T("Models are not part of this version. Ask without --model."))
    tables = preparing()  # while Argon2 has the other core
    with opened(home, person) as vault:
        tables.join()
        from salus.assistant.ask import Past, ask

        number = _conversation(vault, conversation)
        turns = vault.conversations.turns(number) if number is not None else ()
        past = [Past.of(turn.question, turn.answer) for turn in turns]
        answer = ask(vault.view(), question, lang=lang, past=past)  # type: ignore[arg-type]
        vault.ledger.write("ask", skills=list(answer.skills), level=answer.triage["level"])
        if conversation is not None:
            number = vault.conversations.start(question) if number is None else number
            vault.conversations.add(number, question, answer.plain())
    if as_json:
        emit_json(answer.plain() | ({"conversation": number} if conversation is not None else {}))
    else:
        show(answer)
        if conversation is not None:
            note(speak().say(T("Conversation {id}. Go on with --conversation {id}.", id=number)))


def _conversation(vault: Vault, wanted: str | None) -> int | None:
    """The number of the conversation meant; None for none, or for one still to be begun. Raises UsageError."""
    if wanted in (None, "new"):
        return None
    if wanted == "last":
        found = vault.conversations.list()
        return found[0].id if found else None
    if not str(wanted).isdigit():
        raise UsageError(T("A conversation is its number, “last” or “new”, not “{text}”.", text=wanted))
    return int(str(wanted))


def show(answer: Answer) -> None:
    """The answer in words; on a terminal with its evidence below."""
    for line in answer.advice:
        click.secho(line, bold=True, fg="red" if on_terminal() else None)
    for sentence in answer.sentences:
        click.echo(sentence)
    for line in answer.unknown:
        click.echo(line)
    for finding in answer.findings:
        points = [p[1] for p in (finding.get("data") or {}).get("points", []) if p[1] is not None]
        if len(points) > 2:
            click.echo(sparkline(points[-80:]))
    if answer.evidence:
        click.secho(speak().say(T("Evidence:")), dim=on_terminal())
        for item in answer.evidence[:8]:
            click.secho(f"  {item['ref']} · {item['origin']} · {item['excerpt']}", dim=on_terminal())
