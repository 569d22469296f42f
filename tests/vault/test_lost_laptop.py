"""A lost machine: without passphrase and code nothing about the person is in any file of the home, nor in its name.

The label is the person's own choice and shown before unlocking; sizes and times of files tell what they tell.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.sources.conftest import bundle, export_xml, observation, patient, record

ROOT = Path(__file__).parents[2]
SECRET = "seven words for a door"
WORDS = (
    "Quetzalbert",
    "Xylophonia",
    "1961-07-23",
    "Zyklosporinium",
    "unmistakable",
    "4711.25",
    "55555-77",
    "Wristcomputer",
    "escalator",
    "Sarkoidosis",
    "Beinwell",
    "HKQuantityTypeIdentifier",
    "loinc.org",
    "heart_rate",
    "body_weight",
    "DocumentReference",
    "Observation",
    "seven words",
    "What about my",
    "not_mine",
    "urn:example",
)
LABEL = "Label-of-her-choice"

RUN = """
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from salus.faces.copies import keep_copy
from salus.assistant.ask import ask
from salus.sources.by_hand import Note, Pressure, Reading, ResultEntry, Symptom, Taken, add
from salus.records.times import When
from salus.sources.importing import import_paths
from salus.vault import backup, keys
from salus.vault.export import write
from salus.vault.home import Home
keys.MEMORY_KIB, keys.PASSES = 64, 1  # its cost is tested elsewhere
home = Home(Path(sys.argv[1])); secret = sys.argv[2]
who = {"born": date(1961, 7, 23), "sex": "female", "zone": "Europe/Paris", "name": "Quetzalbert Xylophonia"}
listed = home.add(sys.argv[3], secret, **who)
code = home.new_recovery(listed, secret); home.recovery_checked(listed)
at = datetime(2026, 3, 5, 8, tzinfo=UTC)
with home.open(listed, secret) as vault:
    for outcome in import_paths(vault, [Path(p) for p in sys.argv[4:6]]):
        assert outcome.kept, outcome.report.plain()
    add(vault, Reading("body_weight", Decimal("82.50"), "kg", at, "an unmistakable remark"))
    add(vault, Pressure(Decimal(128), Decimal(82), at))
    on = When.of_day(date(2026, 1, 2))
    add(vault, ResultEntry("Zyklosporinium", None, Decimal("4711.25"), "ug/L", on, laboratory="Beinwell"))
    add(vault, Taken("Zyklosporinium", "5 mg")); add(vault, Symptom("Sarkoidosis pain", at, 5))
    add(vault, Note("fell on the escalator, unmistakable", at, "Sarkoidosis"))
    assert vault.view().search("escalator") and vault.view().search("unmistakable")
    talk = vault.conversations.start("What about my Sarkoidosis?")
    vault.conversations.add(talk, "What about my Sarkoidosis?", ask(vault.view(), "What about my Sarkoidosis?").plain())
    gone = vault.conversations.start("What about my Zyklosporinium?"); vault.conversations.delete(gone)
    vault.set_aside(vault.view().samples("body_weight")[0].ref, "not_mine", "unmistakable reason")
    vault.set_aside("Observation/o3", "wrong", "unmistakable reason")
    vault.keep_apart("Observation/o1", "Observation/o2")
    assert keep_copy(home, listed, vault) is None and keep_copy(home, listed, vault) is None
    out = Path(sys.argv[1]).parent / "export.zip"
    write(vault, out); out.unlink()
    backup.write(home, listed, vault, Path(sys.argv[1]) / "kept-in-the-home"); vault.view().days("heart_rate")
    vault.ledger.write("change", settings=["Quetzalbert"])  # stays in the write-ahead file
    print(code, flush=True); print("open", flush=True); sys.stdin.readline()
    with vault.batch("test", "files", "Zyklosporinium.json") as batch:
        from salus.sources.fhir.receive import receive
        for i in range(1200):
            late = b'{"resourceType":"Observation","id":"late%d","note":[{"text":"unmistakable Quetzalbert"}]}'
            batch.add(receive(late % i))
        print("in the middle", flush=True); sys.stdin.readline()
"""


def hits(home: Path, secrets: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for path in home.rglob("*"):
        name = str(path.relative_to(home))
        found += [(name, s) for s in secrets if s.lower() in name.lower() and s != LABEL]
        if path.is_file():
            raw = path.read_bytes().lower()
            for secret in secrets:
                forms = {
                    secret.lower().encode(),
                    secret.lower().encode("utf-16-le"),
                    base64.b64encode(secret.encode())[:-4].lower(),
                }
                found += [(name, secret) for form in forms if len(form) > 4 and form in raw]
    return found


@pytest.mark.parametrize("kill", [False, True])
def test_nothing_can_be_read(tmp_path: Path, kill: bool) -> None:
    home, given = tmp_path / "home", tmp_path / "given"
    given.mkdir()
    person = {**patient("p1", "1961-07-23"), "name": [{"family": "Xylophonia", "given": ["Quetzalbert"]}]}
    fhir = given / "a.json"
    whole = bundle(
        person,
        *(
            observation(
                f"o{i}",
                note=[{"text": "an unmistakable note"}],
                identifier=[{"system": "urn:example:hospital", "value": "55555-77"}],
                code={"text": f"Zyklosporinium {i}"},
            )
            for i in range(300)
        ),
    )
    fhir.write_text(json.dumps(whole), "utf-8")
    lines = [
        record(
            "HeartRate",
            60 + i % 9,
            "count/min",
            f"2026-03-{1 + i % 28:02} 10:{i % 60:02}:00 +0100",
            source="Xylophonia’s Wristcomputer",
        )
        for i in range(500)
    ]
    apple = given / "a.zip"
    with zipfile.ZipFile(apple, "w") as archive:
        archive.writestr("apple_health_export/export.xml", export_xml(*lines))
    assert hits(given, WORDS), "the search itself must find what is in the clear"
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(home), SECRET, LABEL, str(fhir), str(apple)],
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=temporary,
    )
    try:
        assert process.stdin is not None and process.stdout is not None
        code = process.stdout.readline().strip()
        assert len(code) == 29 and process.stdout.readline() == "open\n"
        secrets = (*WORDS, code, code.replace("-", ""))
        assert hits(home, secrets) == [] == hits(temporary, secrets)  # while it is open
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "in the middle\n"
        assert hits(home, secrets) == []  # with an import half-way
        if kill:
            process.send_signal(signal.SIGKILL)
        else:
            process.stdin.write("\n")
            process.stdin.close()
        assert process.wait(30) == (-signal.SIGKILL if kill else 0)
        assert hits(home, secrets) == [] == hits(temporary, secrets)
        names = {p.name for p in home.rglob("*") if p.is_file()}
        assert {"keys.json", "vault.db", "ledger.db", "current"} <= names
        assert (home / "kept-in-the-home").stat().st_size > 10_000 and len(
            list((home / "backups").rglob("*.salus-backup"))
        ) == 2
        keys = json.loads(next(home.rglob("keys.json")).read_bytes())
        assert keys["label"] == LABEL and set(keys) == {"version", "label", "wraps", "check"}
        assert not (tmp_path / "export.zip").exists() and list(tmp_path.glob(".*")) == []
    finally:
        process.kill()
        process.stdout.close()  # type: ignore[union-attr]
        process.stdin.close()  # type: ignore[union-attr]
