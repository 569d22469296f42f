"""`salus correct` on a span of several readings; what an export is when its name does not say so."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from tests.faces.cli.conftest import Run


def test_one_of_several_readings_is_chosen_by_time_and_figure(run: Run) -> None:
    run("person", "add", "Anna", "--born", "1980-02-03", "--zone", "Europe/Paris")
    for clock, weight in (("07:15", "82.5 kg"), ("21:40", "83.1 kg")):
        assert run("add", "reading", "weight", weight, "--at", f"2026-11-20 {clock}").code == 0
    span = "samples/body_weight/2026-11-20/2026-11-20"
    several = run("correct", span)
    assert several.code == 2 and several.out == ""
    lines = several.err.strip().splitlines()
    assert len(lines) == 3 and "2026-11-20 07:15  82.5 kg" in lines[0] and "2026-11-20 21:40  83.1 kg" in lines[1]
    found = re.search(r"sample/\S+", lines[0])
    assert found is not None
    assert run("correct", found[0], "--json").document["ref"] == found[0]
    assert run("correct", span, "--json").document["correction"]["title"] == "weight"  # one is left: that one


def test_an_export_says_that_it_is_a_zip(run: Run, tmp_path: Path) -> None:
    run("person", "add", "Anna", "--born", "1980-02-03")
    odd = run("export", "--out", tmp_path / "tables.csv", "--format", "csv")
    assert odd.code == 0 and "zip" in odd.err and zipfile.is_zipfile(tmp_path / "tables.csv")
    assert "zip" not in run("export", "--out", tmp_path / "all.zip").err
