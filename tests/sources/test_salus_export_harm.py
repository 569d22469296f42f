"""Damaged, changed and odd exports: refused whole, nothing half; and the file itself is there whole or not at all."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from salus.errors import NotFound, Refused, SalusError
from salus.sources.by_hand import Note, add
from salus.sources.importing import Outcome, import_paths
from salus.vault.check import check, digest
from salus.vault.export import write
from salus.vault.vault import Vault
from tests.sources.exported import DAY, fill, same, took

# Damage --------------------------------------------------------------------------------------------------------


def _rezip(file: Path, bad: Path, change: Callable[[str, bytes], bytes | None], prefix: str = "") -> None:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(prefix + name, data)


def _nothing_half(vault: Vault, before: str, bad: Path) -> None:
    outcomes: list[Outcome] = []
    with suppress(SalusError):
        outcomes = import_paths(vault, [bad])
    assert not any(o.kept for o in outcomes), [o.report.plain() for o in outcomes]
    for outcome in outcomes:
        for _, why in outcome.report.rejected:
            assert why.plain() and "made a mistake" not in why.plain(), why.plain()
    assert digest(vault) == before and vault.corrections() == [] and list(vault.conversations.list()) == []


def test_any_damage_of_any_member_is_refused(vault: Vault, empty: Any, tmp_path: Path) -> None:
    fill(vault)
    file, bad = tmp_path / "all.zip", tmp_path / "bad.zip"
    write(vault, file)
    other = empty()
    before = digest(other)
    with zipfile.ZipFile(file) as archive:
        members = [n for n in archive.namelist() if n.startswith("salus/")]
    assert len(members) >= 9
    for member in members:
        for damage in (
            lambda d: None,
            lambda d: b"",
            lambda d: d[: len(d) // 2],
            lambda d: d[: d.rfind(b"\n", 0, len(d) - 1) + 1],
            lambda d: d + b"\n",
            lambda d: d.replace(b"6", b"7", 1) if b"6" in d else d + b" ",
            lambda d: b"\xff" + d,
            lambda d: b"[" * 5000,
        ):
            _rezip(file, bad, lambda n, d, m=member, f=damage: f(d) if n == m else d)
            with zipfile.ZipFile(file) as old, zipfile.ZipFile(bad) as new:
                if member == "salus/contents.json" and new.namelist() == old.namelist():
                    with suppress(ValueError, RecursionError):
                        if json.loads(new.read(member)) == json.loads(old.read(member)):
                            continue  # a blank more is no damage
            _nothing_half(other, before, bad)
    _rezip(file, bad, lambda n, d: d)
    with zipfile.ZipFile(bad, "a") as archive:
        archive.writestr("salus/samples/steps2.csv", "metric\n")
    _nothing_half(other, before, bad)


def test_a_damaged_zip_is_never_read_as_something_else(vault: Vault, empty: Any, tmp_path: Path) -> None:
    """The FHIR part alone would be half of it."""
    fill(vault)
    file, bad = tmp_path / "all.zip", tmp_path / "bad.zip"
    write(vault, file)
    whole = file.read_bytes()
    other = empty()
    before = digest(other)
    with zipfile.ZipFile(file) as archive:
        places = [
            i.header_offset + 60 + i.compress_size // 2
            for i in archive.infolist()
            if i.filename.startswith("salus/") and i.compress_size > 40
        ]
    for at in places:
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        _nothing_half(other, before, bad)
    for cut in (10, len(whole) // 3, len(whole) - 30, len(whole) - 1):
        bad.write_bytes(whole[:cut])
        _nothing_half(other, before, bad)


def test_unpacked_or_packed_again_in_a_folder(vault: Vault, empty: Any, tmp_path: Path) -> None:
    fill(vault)
    write(vault, tmp_path / "all.zip")
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        archive.extractall(folder)
    other = empty()
    took(import_paths(other, [folder]))
    same(vault, other)
    _rezip(tmp_path / "all.zip", tmp_path / "again.zip", lambda n, d: d, prefix="My export/")
    third = empty()
    took(import_paths(third, [tmp_path / "again.zip"]))
    same(vault, third)
    (folder / "salus" / "samples" / "heart_rate.csv").write_text("metric,start\n")
    fourth = empty()
    _nothing_half(fourth, digest(fourth), folder / "salus" / "..")


@pytest.mark.parametrize(
    "settings",
    [
        {"born": "soon"},
        {"sex": "x"},
        {"lang": "de"},
        {"zone": "Mars/Base"},
        {"zone": "../../etc"},
        {"born": 5},
        {"search_indexed": "0"},
    ],
    ids=str,
)
def test_settings_that_cannot_be_are_left_out(
    vault: Vault, empty: Any, tmp_path: Path, settings: dict[str, Any]
) -> None:
    from hashlib import sha256

    add(vault, Note("x", DAY))
    write(vault, tmp_path / "all.zip")
    manifest: list[bytes] = []

    def change(name: str, data: bytes) -> bytes:
        if name == "salus/manifest.json":
            about = json.loads(data)
            about["settings"] |= settings
            manifest.append(json.dumps(about).encode())
            return manifest[0]
        if name == "salus/contents.json":
            about = json.loads(data)
            about["files"]["salus/manifest.json"] = {
                "sha256": sha256(manifest[0]).hexdigest(),
                "bytes": len(manifest[0]),
            }
            return json.dumps(about).encode()
        return data

    _rezip(tmp_path / "all.zip", tmp_path / "made.zip", change)
    other = empty(lang="fr", born="1980-05-02", zone="Europe/Paris", zone_known="1")
    took(import_paths(other, [tmp_path / "made.zip"]))
    assert other.person.zone_name == "Europe/Paris" and other.person.born == date(1980, 5, 2)


# The file itself -----------------------------------------------------------------------------------------------


def test_names_and_full_disks(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(vault, Note("x", DAY))
    taken = tmp_path / "taken.zip"
    taken.write_text("mine")
    for path, error in (
        (taken, Refused),
        (tmp_path / "no" / "x.zip", NotFound),
        (tmp_path, Refused),
        (tmp_path / ("x" * 300), Refused),
    ):
        with pytest.raises(error):
            write(vault, path)
    assert taken.read_text() == "mine"
    write(vault, taken, replace=True)
    assert zipfile.is_zipfile(taken)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(import_module("salus.vault.export.write"), "_said", full)
    with pytest.raises(Refused):
        write(vault, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists() and list(tmp_path.glob(".*")) == []
    assert vault.ledger.verify() is None
    with vault.facts.writing() as db:  # no transaction was left open
        assert db is not None


IMPORTING = """
import sys
from pathlib import Path
from salus.records.sample import Sample
from salus.sources.plain_samples import write_samples
from salus.vault.vault import Vault
with Vault(Path(sys.argv[1]), bytes(range(32))) as vault:
    for b in range(3):
        with vault.batch("test", "files", "x") as batch:
            times = ((b * 5000 + i) * 1000 for i in range(5000))
            write_samples(batch, (Sample("heart_rate", at, at, 60.0, "/min", "W") for at in times))
        print(b, flush=True)
"""


def test_while_an_import_runs(vault: Vault, empty: Any, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORTING, str(vault.folder)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    counts = []
    try:
        assert process.stdout is not None
        process.stdout.readline()
        while process.poll() is None and len(counts) < 4:
            made = write(vault, tmp_path / f"{len(counts)}.zip")
            counts.append(made.counts["samples"])
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.stdout.close()  # type: ignore[union-attr]
    assert counts and all(n % 5000 == 0 and n for n in counts)
    for number, n in enumerate(counts):
        other = empty()
        outcome = took(import_paths(other, [tmp_path / f"{number}.zip"]))
        assert outcome.report.added == {"Sample": n} and check(other).ok
    shutil.rmtree(tmp_path / "0.zip", ignore_errors=True)
