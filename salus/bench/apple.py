"""Apple Health import against healthkit-to-sqlite on the same file, and against inflating and scanning it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from salus.bench.home import Bench
from salus.bench.process import Run, medians, timed, workplace
from salus.bench.row import Row
from salus.errors import Missing
from salus.records.text import T
from salus.sample.large import write_export

RECORDS = 1_000_000
_PEER = "from healthkit_to_sqlite.cli import cli; cli()"
_SCAN = """
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z, z.open([n for n in z.namelist() if n.endswith('export.xml')][0]) as f:
    print(sum(chunk.count(b'<Record ') for chunk in iter(lambda: f.read(1 << 20), b'')))
"""


def bench(quick: bool) -> list[Row]:
    records, times = (100_000, 1) if quick else (RECORDS, 3)
    if importlib.util.find_spec("healthkit_to_sqlite") is None:
        raise Missing(
            T("This benchmark needs {name}: install the development requirements.", name="healthkit-to-sqlite")
        )
    with workplace() as folder:
        xml, packed = folder / "export.xml", folder / "export.zip"
        made = write_export(xml, records)
        write_export(packed, records)
        home = Bench(folder)
        ours, peer = medians([home.importing(xml), lambda: _peer(xml, folder)], times)
        ours_zip, scan = medians([home.importing(packed), lambda: timed([sys.executable, "-c", _SCAN, packed])], times)
        return [
            Row("apple", f"import of {made:,} records (export.xml) beside healthkit-to-sqlite", "records/s",
                made / ours, made / peer, peer / ours, "3 times or more"),
            Row("apple", f"import of {made:,} records (export.zip) beside inflating and counting", "records/s",
                made / ours_zip, made / scan, scan / ours_zip, "a bound"),
        ]  # fmt: skip


def _peer(xml: Path, folder: Path) -> Run:
    target = folder / "peer.db"
    run = timed([sys.executable, "-c", _PEER, "--xml", xml, target])
    target.unlink()
    return run
