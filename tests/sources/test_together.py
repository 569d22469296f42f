"""Several processes at one vault: nothing is lost, and reading goes on while another writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from salus.vault.check import check
from salus.vault.vault import Vault

ROOT = str(Path(__file__).parents[2])
IMPORT = """
import sys
from pathlib import Path
from salus.vault.vault import Vault
from salus.sources.importing import import_paths
with Vault(Path(sys.argv[1]), bytes(range(32))) as vault:
    for path in sys.argv[2:]:
        (outcome,) = import_paths(vault, [Path(path)])
        assert outcome.kept, outcome
"""


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", IMPORT, *arguments],
        env={**os.environ, "PYTHONPATH": ROOT},
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_import_at_once_while_a_third_reads(
    vault: Vault, tmp_path: Path, write: Any, export: Any, make: Any
) -> None:
    folder = str(vault.folder)
    files: list[list[str]] = []
    for who in "ab":
        mine = [
            str(write(f"{who}{n}.ndjson", [make.observation(f"{who}{n}-{i}") for i in range(400)])) for n in range(4)
        ]
        lines = [
            make.record(
                value=60 + i % 90, start=f"2026-03-{1 + i % 28:02} 10:{i % 60:02}:{ord(who) % 60:02} +0100", source=who
            )
            for i in range(900)
        ]
        files.append([*mine, str(export(*lines, name=f"{who}.zip"))])
    running = [start(folder, *paths) for paths in files]
    looks = 0
    while any(p.poll() is None for p in running):
        counts = vault.view().counts().get("Observation", 0)
        assert counts % 400 == 0, "half an import was seen"
        vault.ledger.write("ask", question=looks)
        looks += 1
    for process in running:
        assert process.returncode == 0, process.stderr.read() if process.stderr else ""
        if process.stderr:
            process.stderr.close()
    assert looks > 3
    assert vault.view().counts()["Observation"] == 3200
    beats = vault.view().samples("heart_rate")
    assert len(beats) == len({(s.start, s.value, s.origin) for s in beats}) and {s.origin for s in beats} == {"a", "b"}
    assert len(vault.imports()) == 10
    assert vault.ledger.verify() is None and check(vault).ok


def test_a_server_reads_while_a_command_writes(vault: Vault, write: Any, make: Any) -> None:
    """The view opened before sees one moment; a new look sees what has come."""
    path = write("a.ndjson", [make.observation(f"o{i}") for i in range(3000)])
    process = start(str(vault.folder), str(path))
    seen = set()
    while process.poll() is None:
        seen.add(vault.view().counts().get("Observation", 0))
    assert process.returncode == 0
    if process.stderr:
        process.stderr.close()
    assert seen <= {0, 3000}
    assert json.dumps(vault.view().counts()) == '{"Observation": 3000}'
