"""`salus serve`: the web page, on this machine only unless told otherwise."""

from __future__ import annotations

from pathlib import Path

import click

from salus.errors import Missing
from salus.faces.cli.output import machine_lang
from salus.records.text import T
from salus.vault.home import Home


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8470, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--open-to-others", is_flag=True, help="Allow an address that other machines can reach.")
@click.option("--sample", is_flag=True, help="Make the sample person ready first.")
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Where Salus keeps its vaults (else SALUS_HOME, else your data folder).",
)  # fmt: skip
def serve_command(host: str, port: int, open_to_others: bool, sample: bool, home: Path | None) -> None:
    """Open the web page. It listens on this machine only, unless --host and --open-to-others say otherwise."""
    try:
        from salus.faces.web.serve import run
    except ModuleNotFoundError as error:
        raise Missing(
            T("The web page needs more packages ({name}). Install them with: pip install 'salus[web]'", name=error.name)
        ) from error
    place = Home(home)
    if sample:
        from salus.faces.sample_person import ensure

        ensure(place)
    run(place, host=host, port=port, open_to_others=open_to_others, lang=machine_lang())
