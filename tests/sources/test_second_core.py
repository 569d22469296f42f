"""What is read on the other core is what would have been read here; its mistakes and its death are sentences."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salus.errors import Unreadable
from salus.records.times import When
from salus.sources import second_core
from salus.sources.fhir import reading, worker
from salus.sources.given import Spool
from salus.sources.importing import import_given, import_paths, recognise
from salus.vault.check import digest
from salus.vault.vault import Vault


def mixed(make: Any, tmp_path: Path) -> Path:
    path = tmp_path / "a.zip"
    lines = [
        make.observation(f"o{i}", "Patient/p1" if i % 2 else "Patient/x", effectiveDateTime=when)
        for i, when in enumerate(
            ["2019", "2019-03", "2024-03-04", "2024-03-04T10:00:00+02:00", "0001-01-01", "soon"] * 90
        )
    ]
    import json

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.ndjson", "".join(json.dumps(line) + "\n" for line in lines) + "{broken\n")
        archive.writestr("b.json", json.dumps(make.bundle(make.patient(), make.patient("x", "1999-09-09"))))
        archive.writestr("notes.txt", "hello")
    return path


def test_both_ways_are_the_same(vault: Vault, make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = mixed(make, tmp_path)
    (near,) = make.take_all(vault, path)
    state = digest(vault)
    codes = vault.facts.connection.execute(
        "SELECT type, fid, title, first, last, stamp FROM resource ORDER BY 1, 2"
    ).fetchall()
    vault.undo(near.batch)
    monkeypatch.setattr(reading, "FAR", 0)
    (far,) = make.take_all(vault, path)
    assert digest(vault) == state
    assert (
        codes
        == vault.facts.connection.execute(
            "SELECT type, fid, title, first, last, stamp FROM resource ORDER BY 1, 2"
        ).fetchall()
    )
    assert (far.report.added, far.report.rejected, far.skipped) == (
        near.report.added,
        near.report.rejected,
        near.skipped,
    )
    assert any(isinstance(why.args.get("theirs"), When) for _, why in far.report.rejected)
    assert far.report.added["Observation"] > 200 and len(far.report.rejected) > 200


def test_a_sealed_upload_is_read_there_too(
    vault: Vault, make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FAR", 0)
    spool = Spool(tmp_path / "spool", "a.zip")
    spool.write(mixed(make, tmp_path).read_bytes())
    given = spool.finish()
    assert import_given(vault, given, recognise(given)).report.added["Observation"] > 200
    spool.discard()


def test_progress_comes_through(vault: Vault, make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FAR", 0)
    told: list[float] = []
    import_paths(vault, [mixed(make, tmp_path)], progress=lambda path: lambda fraction, what: told.append(fraction))
    assert told and told == sorted(told) and 0 <= told[0] <= told[-1] <= 1


@pytest.mark.parametrize("said", ["''", "b'\\x50\\0\\0\\0half'", "b'\\x01\\0'"])
def test_a_reader_that_dies_is_a_sentence(
    vault: Vault, make: Any, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr(reading, "FAR", 0)
    real = subprocess.Popen
    code = f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({said} or b'')"
    monkeypatch.setattr(
        second_core.subprocess, "Popen", lambda command, **more: real([sys.executable, "-c", code], **more)
    )
    (outcome,) = import_paths(vault, [write("a.json", make.observation())])
    assert outcome.batch is None and "half-way" in outcome.report.rejected[0][1].plain()


def test_a_mistake_over_there_is_a_sentence_without_a_trace() -> None:
    def read(specification: Any, emit: second_core.Emit) -> None:
        raise ZeroDivisionError("a person's data")

    import marshal

    out = io.BytesIO()
    second_core.serve("toy", read, io.BytesIO(marshal.dumps(())), out)
    import gc

    gc.enable()
    gc.unfreeze()
    frame = marshal.loads(out.getvalue()[4:])
    assert frame[:2] == ("fail", "Unreadable") and "a person's data" not in str(frame)


def test_nothing_in_the_working_folder_is_run(
    tmp_path: Path, vault: Vault, export: Any, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "marshal.py", "salus.py", "struct.py", "re.py", "sitecustomize.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\nraise SystemExit(3)\n")
    path = export(make.record())
    monkeypatch.chdir(tmp_path)
    (outcome,) = import_paths(vault, [path])
    assert outcome.report.added == {"Record": 1} and not (tmp_path / "ran").exists()


def test_the_reader_stops_when_nobody_listens(make: Any, write: Callable[..., Path]) -> None:
    path = write("a.ndjson", [make.observation(f"o{i}") for i in range(3000)])
    specified = (str(path), "a.ndjson", None, True, None, None, "UTC")
    frames = second_core.frames("salus.sources.fhir.worker", specified, "a.ndjson")
    assert next(frames)[0] in ("lot", "progress")
    frames.close()
    with pytest.raises(Unreadable):
        list(second_core.frames("salus.sources.nothing_there", (), "x"))
    assert worker.LOT > 1
