"""A home with one empty person, made once and copied for every run, so that each import starts from nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from salus.bench.process import Run, timed
from salus.vault.home import Home

PASSPHRASE = "a bench passphrase"
SALUS = (sys.executable, "-m", "salus.faces.cli")


class Bench:
    """`folder` holds the template home, its copies and the passphrase file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._template = folder / "template"
        self._copies = 0
        (folder / "passphrase").write_text(PASSPHRASE)
        Home(self._template).add("Bench", PASSPHRASE, born=None, sex=None, zone="UTC")

    @property
    def environment(self) -> dict[str, str]:
        return {"SALUS_PASSPHRASE_FILE": str(self.folder / "passphrase"), "SALUS_PLUGINS": ""}

    def fresh(self) -> Path:
        """A new copy of the home."""
        self._copies += 1
        place = self.folder / f"home{self._copies}"
        shutil.copytree(self._template, place)
        return place

    def importing(self, path: Path, *, watch: bool = False) -> Callable[[], Run]:
        """One import of `path` into an empty vault, as a process; the vault is thrown away."""

        def side() -> Run:
            place = self.fresh()
            run = timed(
                [*SALUS, "import", path, "--home", place, "--json", "--same-person"], self.environment, watch=watch
            )
            shutil.rmtree(place)
            return run

        return side
