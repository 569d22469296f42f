"""The `salus` command: its commands by name, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from typing import Any

import click

from salus import __version__
from salus.errors import SalusError

# Command, the module that defines it, its one-line help (so that `--help` loads no module).
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "A sample person, imported in front of you, and three questions answered."),
    "person": ("person", "Add, list, choose, set up or delete the persons of this installation."),
    "import": ("imports", "Bring in files: FHIR, Apple Health, folders or zips of them."),
    "imports": ("imports", "List past imports, or undo one."),
    "ask": ("ask", "Ask a question in English or French; every figure with its evidence."),
    "conversations": ("conversations", "What was asked before; read one again, or delete it."),
    "triage": ("triage", "How urgent do these words sound? No vault needed."),
    "add": ("add", "Write down a reading, a result from paper, a medicine, a symptom or a note."),
    "correct": ("correct", "Set a record aside that is wrong or not yours, or put it back."),
    "memory": ("memory", "What is known: each thing once, with its sources and where they disagree."),
    "timeline": ("timeline", "Everything that happened, newest first."),
    "labs": ("results", "The latest laboratory results, or those of one test or panel."),
    "trends": ("results", "A measure over time: steps, weight, sleep, heart rate …"),
    "check": ("check", "Read every page and every record, and say what is damaged."),
    "recovery": ("safekeeping", "The recovery code: make one, check it, or set a new passphrase with it."),
    "backup": ("safekeeping", "One encrypted file of the whole vault, while it is in use."),
    "restore": ("safekeeping", "Make a person of a back-up, proven record by record."),
    "export": ("safekeeping", "Give everything back: FHIR, tables, documents. Not encrypted."),
    "ledger": ("ledger", "Who looked, what was changed, what left; and whether the chain is whole."),
    "eval": ("evals", "Measure how right Salus is, on cases with independently computed facts."),
    "bench": ("bench", "Measure how fast Salus is, beside its peers, in the same run."),
    "serve": ("serve", "Open the web page on this machine."),
    "completion": ("completion", "Print the shell's completion script."),
}


class Lazy(click.Group):
    """Loads a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"salus.faces.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, name.replace("-", "_") + "_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="salus")
def salus() -> None:
    """Salus: your health records and measurements in one encrypted vault, asked in plain words.

    Every figure is computed from your own records and shown with its evidence. Nothing leaves this machine.
    """


def main(args: list[str] | None = None) -> Any:
    """Runs a command; exits 0 done, 1 could not, 2 wrong usage, 3 partly done."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name of a file need not be text
    try:
        code = salus.main(args=args, prog_name="salus", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except SalusError as error:
        from salus.faces.cli.output import fail

        fail(error)
    except click.exceptions.Abort:
        click.echo("", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except BrokenPipeError:  # whoever read it has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
