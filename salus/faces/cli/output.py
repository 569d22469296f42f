"""What the command line prints: one JSON document, or words; tables and colour only on a terminal."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import click

from salus.assistant.words import Words, words
from salus.errors import SalusError
from salus.records.finding import Lang
from salus.records.text import Text

BARS = "▁▂▃▄▅▆▇█"


def machine_lang() -> Lang:
    """The language of messages: SALUS_LANG, else the terminal's, else English."""
    name = (
        os.environ.get("SALUS_LANG")
        or os.environ.get("LC_ALL")
        or os.environ.get("LC_MESSAGES")
        or os.environ.get("LANG")
    )
    name = name or (locale.getlocale()[0] or "")
    return "fr" if name.lower().startswith("fr") else "en"


def speak() -> Words:
    return words(machine_lang())


def fail(error: SalusError) -> NoReturn:
    """One sentence on standard error; the error's own exit code."""
    click.echo(speak().say(error.text), err=True)
    sys.exit(error.exit_code)


def emit_json(data: Any) -> None:
    """The one document of a --json run."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def note(text: str) -> None:
    """A message that is no result: to standard error."""
    click.echo(text, err=True)


def on_terminal() -> bool:
    return bool(sys.stdout and sys.stdout.isatty())


def table(columns: Sequence[Text | str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; tab-separated plain text in a pipe. Headings that are Text are said in words."""
    said = [speak().say(column) for column in columns]
    if not on_terminal():
        click.echo("\t".join(said))
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in said:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*row)
    Console().print(shown)


def sparkline(values: Sequence[float]) -> str:
    """The shape of a series in one line."""
    if not values:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    return "".join(BARS[min(7, int((v - low) / span * 7.999))] for v in values)
