"""No byte of a person's data lies in the clear during or after an import: home, temporary folders, memory files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from salus.vault.home import Home

ROOT = str(Path(__file__).parents[2])
SECRETS = (
    "Xylophonia",
    "Quetzalbert",
    "1961-07-23",
    "Zyklosporinium",
    "55555-77",
    "Wristcomputer",
    "4711.1234",
    "unmistakable",
    "HKQuantityTypeIdentifierStepCount",
    "http://loinc.org",
    "urn:example:hospital",
)
OWN = SECRETS[:2] + SECRETS[3:8]
"""Those that no other program on the machine writes."""
RUN = """
import sys, time
from pathlib import Path
from datetime import date
from salus.vault.home import Home
from salus.sources.given import Spool
from salus.sources.importing import import_given, recognise
home = Home(Path(sys.argv[1]))
listed = home.add("A label", "seven words for a door", born=date(1961, 7, 23), sex="female", zone="Europe/Paris", name="Quetzalbert Xylophonia")
with home.open(listed, "seven words for a door") as vault:
    for name in sys.argv[2:]:
        spool = Spool(home.folder / "spool", Path(name).name)
        with open(name, "rb") as file:
            while piece := file.read(10_000):
                spool.write(piece)
        given = spool.finish()
        outcome = import_given(vault, given, recognise(given))
        assert outcome.kept, [w.plain() for _, w in outcome.report.rejected]
        spool.discard()
        vault.view().titles("Observation"); vault.view().days("steps")
        print("done", flush=True)
    print("open", flush=True); sys.stdin.readline()
"""  # noqa: E501


def found_in(places: list[Path], began: float, secrets: tuple[str, ...] = SECRETS) -> list[tuple[str, str]]:
    """(file, secret) for every file that holds one; files older than the run are not ours."""
    hits = []
    for place in places:
        for path in (Path(root, name) for root, _, names in os.walk(place) for name in names):
            try:
                if not path.is_file() or path.stat().st_mtime < began - 1 or path.stat().st_size > 64 << 20:
                    continue
                raw = path.read_bytes()
            except OSError:
                continue
            hits += [(str(path), s) for s in secrets if s.encode() in raw or s.encode("utf-16-le") in raw]
    return hits


def test_nothing_is_in_the_clear(tmp_path: Path, make: Any, write: Any, export: Any) -> None:
    given, home, temporary = tmp_path / "given", tmp_path / "home", tmp_path / "tmp"
    temporary.mkdir()
    resources: list[dict[str, Any]] = [
        {**make.patient("p1", "1961-07-23"), "name": [{"family": "Xylophonia", "given": ["Quetzalbert"]}]}
    ]
    for i in range(2500):
        resources.append(
            make.observation(
                f"55555-77-{i}",
                note=[{"text": "an unmistakable note"}],
                identifier=[{"system": "urn:example:hospital", "value": f"{i}"}],
                code={
                    "text": f"Zyklosporinium {i}",
                    "coding": [{"system": "http://loinc.org", "code": "55555-77", "display": "Zyklosporinium"}],
                },
            )
        )
    fhir = write("given/a.json", make.bundle(*resources))
    lines = [
        make.record(
            "StepCount",
            "4711.1234",
            "count",
            f"2026-03-{1 + i % 28:02} {i % 24:02}:{i % 60:02}:00 +0100",
            source="Xylophonia’s Wristcomputer",
            more=' device="unmistakable"',
        )
        for i in range(8000)
    ]
    clinical = json.dumps(make.observation("55555-77-c", code={"text": "Zyklosporinium"})).encode()
    apple = export(*lines, name="given/a.zip", files={"clinical-records/Observation-1.json": clinical})
    assert found_in([given], 0), "the search itself must find what is in the clear"
    environment = {**os.environ, "PYTHONPATH": ROOT, "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)}
    began = time.time()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(home), str(fhir), str(apple)],
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=temporary,
    )
    try:
        assert process.stdin is not None and process.stdout is not None
        told: list[str] = []
        listener = threading.Thread(target=lambda: told.extend(iter(process.stdout.readline, "")), daemon=True)  # type: ignore[union-attr]
        listener.start()
        elsewhere = [p for p in (Path("/dev/shm"), Path("/var/tmp")) if p.is_dir()]
        looks = 0
        while "open\n" not in told and process.poll() is None:
            assert found_in([home, temporary], began) == []
            looks += 1
        assert told.count("done\n") == 2 and looks >= 3
        assert found_in([home, temporary], began) == []  # open, with its write-ahead file
        assert found_in(elsewhere, began, OWN) == []
        process.stdin.write("\n")
        process.stdin.close()
        assert process.wait(20) == 0
        listener.join()
        process.stdout.close()
        assert found_in([home, temporary], began) + found_in(elsewhere, began, OWN) == []
        assert list((home / "spool").iterdir()) == [] and list(temporary.iterdir()) == []
        assert [p.label for p in Home(home).persons()] == ["A label"]
    finally:
        process.kill()
