"""SIGKILL at random moments of imports: the vault opens, whole batches only, none lost that was reported done.

The imports run in children forked from one small process that has everything loaded, so that a hundred kills take
seconds rather than minutes; each child opens the vault anew and starts its own reader, as a command would.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from salus.sample.large import write_export
from salus.vault.check import check
from salus.vault.vault import Vault

KILLS = 100
RECORDS = 3000
RESOURCES = 900
KEY = bytes(range(32))

NURSERY = """
import json, os, random, signal, sys, time
from pathlib import Path
from salus.vault.vault import Vault
from salus.sources.importing import import_paths

folder, export, kills = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), int(sys.argv[3])
rng, key = random.Random(11), bytes(range(32))
import salus.hooks; salus.hooks.register_sources()

def write(number):
    if number % 2:
        path = folder / f"export{number}.xml"
        path.write_bytes(export.replace(b"Bench", b"B%05d" % number))
    else:
        path = folder / f"lines{number}.ndjson"
        path.write_text("".join(
            f'{{"resourceType":"Observation","id":"b{number}-{i}","status":"final","valueString":"{"x" * (i % 200)}"}}\\n'
            for i in range(RESOURCES)))
    return path

def child(path, done):
    with Vault(folder / "vault", key) as vault:
        (outcome,) = import_paths(vault, [path])
    done.write_text(str(outcome.batch))  # after the return, as a command would print it
    os._exit(0)

def run(number, wait):
    path, done = write(number), folder / f"done{number}"
    began, pid = time.monotonic(), os.fork()
    if not pid:
        try:
            child(path, done)
        finally:
            os._exit(1)
    if wait is None:
        assert os.waitpid(pid, 0)[1] == 0
    else:
        time.sleep(wait)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    path.unlink()
    return time.monotonic() - began, done.read_text() if done.exists() and done.read_text() else None

usual = [run(n, None) for n in range(4)]
acknowledged = [done for _, done in usual]
times = [max(t for t, _ in usual[0::2]), max(t for t, _ in usual[1::2])]
states = []
for number in range(4, 4 + kills):
    _, done = run(number, rng.random() * times[number % 2] * 1.15)
    acknowledged += [done] if done else []
    with Vault(folder / "vault", key) as vault:  # opens after every kill
        db = vault.facts.connection
        whole = db.execute(
            "SELECT b.id, b.report, (SELECT count(*) FROM resource r WHERE r.batch = b.id) + "
            "(SELECT count(*) FROM sample s WHERE s.batch = b.id) FROM batch b").fetchall()
        states.append([[i, sum(json.loads(report or '{"added": {}}')["added"].values()), n] for i, report, n in whole])
print(json.dumps({"acknowledged": [int(a) for a in acknowledged], "last": states[-1], "states": len(states),
                  "odd": [s for state in states for s in state if s[1] != s[2]]}))
""".replace("RESOURCES", str(RESOURCES))  # noqa: E501


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.slow
def test_a_hundred_kills(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    write_export(tmp_path / "template.xml", RECORDS)
    with Vault(tmp_path / "vault", KEY) as vault:
        vault.configure(zone="Europe/Paris", zone_known="1")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "SALUS_PLUGINS": ""}
    found = subprocess.run(
        [sys.executable, "-c", NURSERY, str(tmp_path), str(tmp_path / "template.xml"), str(KILLS)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=280,
        check=False,
    )
    assert found.returncode == 0, found.stderr[-3000:]
    told = json.loads(found.stdout)
    assert told["states"] == KILLS
    assert told["odd"] == [], "a batch that is neither whole nor absent"
    present = {batch for batch, _, _ in told["last"]}
    assert set(told["acknowledged"]) <= present, "a batch that was reported done is gone"
    killed_before_the_end = KILLS - (len(told["acknowledged"]) - 4)
    assert killed_before_the_end > KILLS // 4, "the kills came too late to prove anything"
    with Vault(tmp_path / "vault", KEY) as vault:
        checkup = check(vault)
        assert checkup.ok, [p.plain() for p in checkup.problems]
        assert checkup.counts["imports"] == len(present)
