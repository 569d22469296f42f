"""The vault's size beside what was imported."""

from __future__ import annotations

import shutil

from salus.bench.home import SALUS, Bench
from salus.bench.process import timed, workplace
from salus.bench.row import Row
from salus.sample.large import write_export


def bench(quick: bool) -> list[Row]:
    with workplace() as folder:
        xml = folder / "export.xml"
        write_export(xml, 50_000 if quick else 500_000)
        home = Bench(folder)
        place = home.fresh()
        timed([*SALUS, "import", xml, "--home", place, "--json", "--same-person"], home.environment)
        vault = sum(f.stat().st_size for f in place.rglob("*") if f.is_file()) / 1e6
        shutil.rmtree(place)
        given = xml.stat().st_size / 1e6
        return [Row("size", "the encrypted vault beside its export.xml", "MB", vault, given, given / vault, "smaller")]
