"""`salus completion`: the shell's completion script, made by click."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of SHELL, for example to ~/.local/share/bash-completion/completions/salus."""
    root = ctx.find_root().command
    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(root, {}, "salus", "_SALUS_COMPLETE").source())
