"""A source nobody here wrote: installed as an entry point beside Salus, it is found and imports; nothing changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

TOY = """
from salus.records.sample import Sample
from salus.sources.contract import Rejected
from salus.records.text import T


class Toy:
    name = "toy"
    title = {"en": "Toy", "fr": "Jouet"}
    kinds = frozenset({"samples"})

    def recognises(self, given):
        return given.head(4) == b"TOY1"

    def read(self, given, context):
        with given.open() as file:
            for number, line in enumerate(file.read().decode().splitlines()[1:], 1):
                try:
                    minute, value = line.split()
                    at = 1_770_000_000_000 + int(minute) * 60_000
                    yield Sample("heart_rate", at, at, float(value), "/min", "Toy strap")
                except ValueError:
                    yield Rejected(f"line {number}", T("It is not two numbers."))


def register(add):
    add(Toy())
"""
RUN = """
import json, sys
from pathlib import Path
from salus.sources.importing import import_paths
from salus.vault.vault import Vault
folder = Path(sys.argv[1])
(folder / "vault").mkdir(exist_ok=True)
with Vault(folder / "vault", bytes(32)) as vault:
    (outcome,) = import_paths(vault, [folder / "beats.toy"], **({"source": sys.argv[2]} if len(sys.argv) > 2 else {}))
    days = vault.view().days("heart_rate")
    print(json.dumps({"source": outcome.source, "added": outcome.report.added, "rejected": len(outcome.report.rejected),
                      "days": [[d.n, d.total, d.low, d.high] for d in days]}))
"""


def run(folder: Path, *arguments: str, **environment: str) -> dict[str, object]:
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join([root, str(folder / "installed")])
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(folder), *arguments],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_a_toy_source_from_a_temporary_folder(tmp_path: Path) -> None:
    package, about = tmp_path / "installed" / "toy_source", tmp_path / "installed" / "toy_source-1.0.dist-info"
    package.mkdir(parents=True)
    about.mkdir()
    (package / "__init__.py").write_text(TOY)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-source\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[salus.sources]\ntoy = toy_source:register\n")
    (tmp_path / "beats.toy").write_text("TOY1\n0 60\n1 62\nnonsense\n2 64\n1 62\n")
    switched_off = run(tmp_path, SALUS_PLUGINS="")
    assert switched_off["source"] is None and switched_off["days"] == []
    assert run(tmp_path) == {"source": "toy", "added": {"Sample": 3}, "rejected": 1, "days": [[3, 186.0, 60.0, 64.0]]}
    again = run(tmp_path, "toy")
    assert again["added"] == {} and again["days"] == [[3, 186.0, 60.0, 64.0]]
