"""Peak memory of an Apple Health import of 2 GB: the sum over the process that writes and the one that parses."""

from __future__ import annotations

from salus.bench.home import Bench
from salus.bench.process import workplace
from salus.bench.row import Row
from salus.sample.large import write_export

RECORDS = 4_400_000
LIMIT = 300.0


def bench(quick: bool) -> list[Row]:
    with workplace() as folder:
        xml = folder / "export.xml"
        write_export(xml, RECORDS // 20 if quick else RECORDS)
        size = xml.stat().st_size
        run = Bench(folder).importing(xml, watch=True)()
        return [
            Row("memory", f"peak while importing a {size / 1e9:.2f} GB export.xml", "MB", run.megabytes, LIMIT,
                LIMIT / run.megabytes, "under 300 MB")
        ]  # fmt: skip
