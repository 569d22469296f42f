"""Renders the help of every command into docs/cli.md, so that the document is what the program says."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "cli.md"
WIDTH = 100

HEAD = """\
# The command line

This page is rendered from the program's own help by `make docs`; a test fails when it differs. Exit codes: 0 done;
1 could not do it (one sentence on standard error says what, where and how to mend it); 2 wrong usage; 3 partly done
(some items were rejected, and are listed). With `--json` there is one JSON document on standard output and nothing
else; progress and messages go to standard error.
"""


def root() -> click.Group:
    """The `salus` command. In English whatever the machine's language."""
    os.environ["LC_ALL"] = "C.UTF-8"
    from salus.faces.cli.main import salus

    return salus


def commands(group: click.Group) -> Iterator[tuple[click.Context, click.Command]]:
    """Every command with a context of its own, depth first, the group itself first. Hidden ones are left out."""
    yield from _below(group, None, "salus")


def _below(
    command: click.Command, parent: click.Context | None, name: str
) -> Iterator[tuple[click.Context, click.Command]]:
    context = click.Context(
        command, parent, name, terminal_width=WIDTH, max_content_width=WIDTH, **command.context_settings
    )
    yield context, command
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None and not found.hidden:
                yield from _below(found, context, child)


def render() -> str:
    """The whole page."""
    parts = [HEAD]
    for context, command in commands(root()):
        depth = context.command_path.count(" ")
        lines = [line.rstrip() for line in command.get_help(context).splitlines()]
        parts.append(f"{'#' * min(4, depth + 2)} {context.command_path}\n\n```text\n" + "\n".join(lines) + "\n```\n")
    return "\n".join(parts)


def main() -> None:
    PAGE.write_text(render(), "utf-8")
    print(PAGE.relative_to(ROOT), file=sys.stderr)


if __name__ == "__main__":
    main()
