"""`salus eval`: how right Salus is, measured on cases."""

from __future__ import annotations

from pathlib import Path

import click

from salus.errors import NotFound
from salus.faces.cli.options import anywhere
from salus.faces.cli.output import emit_json, note, table
from salus.records.text import T


@click.command("eval")
@click.argument("name", required=False)
@click.option("--cases", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="Other cases than Salus's own.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@anywhere
def eval_command(name: str | None, cases: Path | None, as_json: bool) -> None:
    """Run the evaluation NAME; without a name, list them."""
    from salus import evals

    if name is None:
        found = [evals.load(n) for n in evals.names()]
        if as_json:
            emit_json({"evals": [{"name": e.name, "about": e.about} for e in found if e]})
        else:
            table(["name", "about"], [[e.name, e.about] for e in found if e])
        return
    chosen = evals.load(name)
    if chosen is None:
        raise NotFound(T("There is no evaluation called “{name}”. “salus eval” lists them.", name=name))
    result = chosen.run(cases)
    if as_json:
        emit_json(result)
        return
    summary = result["summary"]
    flat = {k: v for k, v in summary.items() if not isinstance(v, dict)}
    nested = {k: v for k, v in summary.items() if isinstance(v, dict)}
    table(["measure", "value"], [[k, str(v)] for k, v in flat.items()])
    for title, rows in nested.items():
        columns = sorted({c for row in rows.values() if isinstance(row, dict) for c in row})
        if columns:
            table([title, *columns], [[k, *(str(row.get(c, "")) for c in columns)] for k, row in rows.items()])
    for case in result["cases"]:
        if case.get("right") is False:
            note(f"{case['id']}: {case.get('question', '')} — {'; '.join(case.get('why', []))}")
