"""A large export read by two processes gives the vault that one process gives, wherever the cut falls."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from salus.sample.large import write_export
from salus.sources.apple_health import export, halves, reading
from salus.sources.importing import Outcome, import_paths
from salus.vault.check import check, digest
from salus.vault.home import Home


def imported(folder: Path, name: str, path: Path) -> tuple[Outcome, str]:
    home = Home(folder / name)
    listed = home.add("P", "a long passphrase", born=None, sex=None, zone="Europe/Paris")
    with home.open(listed, "a long passphrase") as vault:
        (outcome,) = import_paths(vault, [path])
        assert check(vault).ok
        return outcome, digest(vault)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("large") / "export.xml"
    write_export(path, 150_000)
    assert path.stat().st_size > halves.LARGE
    return path


def test_two_processes_are_one(large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two, mark = imported(tmp_path, "two", large)
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.write(large, "apple_health_export/export.xml")
    zipped, zipped_mark = imported(tmp_path, "zip", tmp_path / "export.zip")
    monkeypatch.setattr(reading, "is_large", lambda given: False)
    one, one_mark = imported(tmp_path, "one", large)
    assert mark == one_mark == zipped_mark
    assert two.report.plain() == one.report.plain() == zipped.report.plain()


def test_a_second_import_adds_nothing(large: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    listed = home.add("P", "a long passphrase", born=None, sex=None, zone="Europe/Paris")
    with home.open(listed, "a long passphrase") as vault:
        before = digest(vault)
        (first,) = import_paths(vault, [large])
        mark = digest(vault)
        (again,) = import_paths(vault, [large])
        assert not again.report.added and again.report.unchanged.total() == first.report.total
        assert digest(vault) == mark
        assert first.batch is not None
        vault.undo(first.batch)
        assert digest(vault) == before


def test_a_broken_second_half_is_told_with_its_line(large: Path, tmp_path: Path) -> None:
    text = large.read_bytes()
    at = text.index(halves.CUT, int(len(text) * 0.8)) + 1
    broken = tmp_path / "export.xml"
    broken.write_bytes(text[:at] + b" <Record type='x' <<\n" + text[at:])
    outcome, _ = imported(tmp_path, "broken", broken)
    (item, _why), *more = outcome.report.rejected
    assert not more and item == f"export.xml, line {text.count(10, 0, at) + 1}"


def text_of(count: int, indent: bytes) -> bytes:
    record = indent + b'<Record type="HKQuantityTypeIdentifierStepCount" sourceName="W" unit="count" startDate="x"/>'
    return b"<HealthData locale=\"en\">" + b"".join(b"\n" + record for _ in range(count)) + b"\n</HealthData>\n"


@pytest.mark.parametrize("middle", [0, 1, 40, 500, 5_000, 9_999_999])
@pytest.mark.parametrize("first", [1, 7, 64, 4_096])
def test_the_halves_are_the_whole(middle: int, first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halves, "PIECE", 97)
    whole = text_of(60, b" ")
    stream = io.BytesIO(whole)
    left = halves.FirstHalf(stream, stream.read(first), middle)
    begin = b"".join(iter(lambda: left.read(53), b""))
    other = io.BytesIO(whole)
    other.read(first)
    found = halves.second_half(other, middle - first)
    if middle < first:  # the cut lies in what was read as the head: the first process keeps to its own rule
        assert whole.startswith(begin)
        return
    if found is None:
        assert begin == whole and not left.cut
    else:
        held, line = found
        assert begin + b"\n" + held + other.read() == whole
        assert left.cut and line + whole[:first].count(b"\n") == begin.count(b"\n") + 2


@pytest.mark.parametrize(("indent", "expected"), [(b" ", True), (b"", False), (b"  ", False), (b"\t", False)])
def test_only_apples_indentation_is_cut(indent: bytes, expected: bool) -> None:
    assert halves.indented(text_of(3, indent)) is expected


def test_another_indentation_is_read_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (export, halves):
        monkeypatch.setattr(module, "LARGE", 100)
    calls: list[Any] = []
    monkeypatch.setattr(reading, "is_large", lambda given: calls.append(given) or True)
    path = tmp_path / "export.xml"
    record = (
        '<Record type="HKQuantityTypeIdentifierStepCount" sourceName="W" unit="count" value="5" '
        'startDate="2026-01-01 10:00:00 +0000" endDate="2026-01-01 10:0{}:00 +0000"/>'
    )
    path.write_text("<HealthData>" + "".join(record.format(n) for n in range(9)) + "</HealthData>")
    outcome, _ = imported(tmp_path, "home", path)
    assert calls and dict(outcome.report.added) == {"Record": 9}
