"""FHIR import beside a plain bound: parse each line, compress it, insert it into a SQLCipher file."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from salus.bench.home import Bench
from salus.bench.process import medians, timed, workplace
from salus.bench.row import Row
from salus.sample import Spec, fhir_bundle

RESOURCES = 20_000
_PLAIN = """
import sys, zlib, msgspec
from sqlcipher3 import dbapi2 as sqlcipher
db = sqlcipher.connect(sys.argv[2], isolation_level=None)
db.execute("PRAGMA key = \\"x'" + "11" * 32 + "'\\"")
db.execute("PRAGMA journal_mode = WAL")
db.execute("CREATE TABLE resource (id INTEGER PRIMARY KEY, type TEXT, fid TEXT, content BLOB)")
db.execute("BEGIN")
decode = msgspec.json.Decoder().decode
with open(sys.argv[1], "rb") as lines:
    for line in lines:
        body = decode(line)
        row = (body["resourceType"], body["id"], zlib.compress(line, 1))
        db.execute("INSERT INTO resource (type, fid, content) VALUES (?, ?, ?)", row)
db.execute("COMMIT")
"""


def write_lines(path: Path, count: int) -> None:
    """NDJSON: the sample person's resources again and again under new ids."""
    bundle = json.loads(fhir_bundle(Spec(end=date(2026, 11, 20))))
    resources = [e["resource"] for e in bundle["entry"]]
    patient = next(r for r in resources if r["resourceType"] == "Patient")
    others = [r for r in resources if r["resourceType"] != "Patient"]
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(patient, ensure_ascii=False, separators=(",", ":")) + "\n")
        for number in range(count - 1):
            body = {**others[number % len(others)], "id": f"bench-{number}"}
            file.write(json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n")


def bench(quick: bool) -> list[Row]:
    count, times = (2_000, 1) if quick else (RESOURCES, 3)
    with workplace() as folder:
        lines = folder / "records.ndjson"
        write_lines(lines, count)
        home = Bench(folder)

        def plain():  # type: ignore[no-untyped-def]
            target = folder / "plain.db"
            run = timed([sys.executable, "-c", _PLAIN, lines, target])
            for file in folder.glob("plain.db*"):
                file.unlink()
            return run

        ours, bound = medians([home.importing(lines), plain], times)
        return [
            Row("fhir", f"import of {count:,} resources beside parsing, compressing, inserting", "resources/s",
                count / ours, count / bound, bound / ours, "5,000/s or more; 0.4 of the bound or more")
        ]  # fmt: skip
