"""The generator of large exports: well-formed, the number asked for, the shapes that matter, flat memory."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from salus.sample.large import write_export


def test_the_number_asked_for_is_written_and_the_shapes_are_there(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    written = write_export(path, 5000, seed=3)
    root = ElementTree.parse(path).getroot()
    found = root.findall("Record")
    assert len(found) == written
    assert 5000 <= written < 5050
    types = [r.get("type", "") for r in found]
    assert types == sorted(types)
    kinds = Counter(t.removeprefix("HKQuantityTypeIdentifier") for t in types)
    assert kinds["HeartRate"] > 2000
    assert kinds["StepCount"] > 700
    assert all(r.find("MetadataEntry") is not None for r in found if r.get("type", "").endswith("HeartRate"))
    keys = Counter((r.get("type"), r.get("startDate"), r.get("value"), r.get("sourceName")) for r in found)
    assert 0.015 < sum(n > 1 for n in keys.values()) / len(keys) < 0.045
    steps = [r for r in found if r.get("type", "").endswith("StepCount")]
    assert len({r.get("sourceName") for r in steps}) == 2


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_export(tmp_path / name, 500)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        ElementTree.fromstring(archive.read("apple_health_export/export.xml"))


def test_memory_does_not_grow_with_the_number_of_records(tmp_path: Path) -> None:
    def peak(records: int) -> int:
        tracemalloc.start()
        write_export(tmp_path / "x.xml", records)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(500)
    small, large = peak(8000), peak(16_000)
    assert large < small * 1.4
