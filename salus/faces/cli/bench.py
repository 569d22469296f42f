"""`salus bench`: how fast Salus is, beside its peers."""

from __future__ import annotations

import click

from salus.faces.cli.options import anywhere
from salus.faces.cli.output import emit_json, table


@click.command("bench")
@click.argument("names", nargs=-1)
@click.option("--quick", is_flag=True, help="Smaller inputs, one run each: to see that it works, not to quote.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@anywhere
def bench_command(names: tuple[str, ...], quick: bool, as_json: bool) -> None:
    """Run the benchmarks NAMES, or all; each figure is a median beside a peer or a plain bound in the same run."""
    from salus.bench import run

    rows = run(names, quick=quick)
    if as_json:
        emit_json({"bench": [row.plain() for row in rows]})
    else:
        table(["bench", "what", "salus", "beside", "ratio", "target"], [row.words() for row in rows])
