"""Mutated files: cut, flipped, swapped. Nothing crashes, nothing hangs, and what is kept is whole."""

from __future__ import annotations

import gzip
import json
import marshal
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from salus.records.text import Text
from salus.sources.apple_health import export as apple
from salus.sources.apple_health import worker
from salus.sources.given import Given
from salus.sources.importing import import_paths
from salus.vault.check import check, digest
from salus.vault.interning import Interning, Table
from salus.vault.vault import Vault

MUTATIONS = 300
pytestmark = pytest.mark.slow
DATA = Path(__file__).parents[1] / "data" / "apple"


def mutate(raw: bytes, rng: random.Random) -> bytes:
    """One to four of: a byte changed, a bit flipped, a piece cut, doubled, moved or overwritten, digits grown."""
    data = bytearray(raw)
    for _ in range(rng.randint(1, 4)):
        if len(data) < 8:
            break
        a = rng.randrange(len(data))
        b = min(len(data), a + rng.choice([1, 3, 20, 200, 2000]))
        kind = rng.randrange(9)
        if kind == 0:
            data[a] = rng.randrange(256)
        elif kind == 1:
            data[a] ^= 1 << rng.randrange(8)
        elif kind == 2:
            del data[a:b]
        elif kind == 3:
            data[a:a] = data[a:b]
        elif kind == 4:
            piece = data[a:b]
            del data[a:b]
            at = rng.randrange(len(data) + 1)
            data[at:at] = piece
        elif kind == 5:
            data[a:b] = rng.choice(
                [
                    b"<",
                    b'"',
                    b">",
                    b"&",
                    b"{",
                    b"]",
                    b"\n",
                    b"\0",
                    b"\xff\xfe",
                    b"9" * 40,
                    b"null",
                    b"-1",
                    b"<Record ",
                    b"PK\3\4",
                ]
            )
        elif kind == 6:
            del data[a:]
        elif kind == 7:
            word = rng.choice(
                [b"Record", b"startDate", b"value", b"resource", b"resourceType", b"Workout", b"2026", b"entry"]
            )
            data = bytearray(
                bytes(data).replace(word, rng.choice([b"Entry", b"value", b"startDate", b"", b"1e999", b"Record"]), 1)
            )
        else:
            data[a:b] = bytes(rng.randrange(256) for _ in range(min(30, b - a)))
    return bytes(data)


def mutated(raw: bytes, seed: int, count: int = MUTATIONS) -> Iterator[bytes]:
    rng = random.Random(seed)
    for _ in range(count):
        yield mutate(raw, rng)


def fhir_files(make: Any) -> dict[str, bytes]:
    resources = [make.patient(), *[make.observation(f"o{i}", "Patient/p1") for i in range(8)]]
    lines = "".join(json.dumps(r) + "\n" for r in resources).encode()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.ndjson", lines)
        archive.writestr("b.json", json.dumps(make.bundle(*resources, urls=True)))
    return {
        "bundle.json": json.dumps(make.bundle(*resources, urls=True), indent=1).encode(),
        "one.json": json.dumps(make.observation(contained=[make.patient()])).encode(),
        "lines.ndjson": lines,
        "lines.ndjson.gz": gzip.compress(lines),
        "files.zip": packed.getvalue(),
    }


@pytest.mark.parametrize("name", ["bundle.json", "one.json", "lines.ndjson", "lines.ndjson.gz", "files.zip"])
def test_mutated_fhir(vault: Vault, make: Any, tmp_path: Path, name: str) -> None:
    before = digest(vault)
    path = tmp_path / name
    for seed, raw in enumerate(mutated(fhir_files(make)[name], len(name))):
        path.write_bytes(raw)
        outcomes = make.take_all(vault, path)
        if seed % 10 == 0:
            assert check(vault).ok
        for outcome in outcomes:
            if outcome.batch is not None:
                stored = vault.facts.connection.execute(
                    "SELECT count(*) FROM resource WHERE batch = ?", (outcome.batch,)
                ).fetchone()[0]
                assert stored >= outcome.report.added.total() + outcome.report.updated.total()
                vault.undo(outcome.batch)
            else:
                assert outcome.report.rejected
    assert digest(vault) == before


def whole_export(make: Any) -> bytes:
    ecg = (DATA / "traps" / "electrocardiograms" / "ecg_2026-01-05.csv").read_bytes()[:1500]
    routes = DATA / "healthkit-to-sqlite" / "apple_health_export" / "workout-routes"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", (DATA / "traps" / "export.xml").read_bytes())
        archive.writestr("apple_health_export/electrocardiograms/ecg_1.csv", ecg)
        archive.writestr("apple_health_export/workout-routes/r.gpx", next(iter(sorted(routes.iterdir()))).read_bytes())
        archive.writestr("apple_health_export/clinical-records/o.json", json.dumps(make.observation()))
    return packed.getvalue()


def frames(path: Path) -> list[tuple[Any, ...]]:
    """What the reader of exports sends, read here in this process (starting it 300 times would take minutes)."""
    found: list[tuple[Any, ...]] = []
    interning = Interning(Table({}, 1), Table({}, 1), Table({}, 1))
    try:
        apple.read(Given.at(path), interning, found.append)
    except Exception as error:
        from salus.errors import SalusError

        if not isinstance(error, SalusError):
            raise
    return found


def numbers_are_known(found: list[tuple[Any, ...]]) -> None:
    """Every row stands on numbers that were handed over before it; every text can be said."""
    labels, metrics, origins = {0}, set(), set()
    for frame in found:
        if frame[0] == "names":
            for known, new in zip((labels, metrics, origins), frame[1:], strict=True):
                known |= {n[0] for n in new}
        elif frame[0] == "rows":
            _, metric, rows, (first, last, longest) = frame
            assert metric in metrics
            for start, span, origin, value, unit, created, device, detail, raw in rows:
                assert first <= start and start + span <= last and 0 <= span <= longest
                assert origin in origins and unit in labels and device in labels
                assert isinstance(value, (int, float, str)) and value == value and abs(created) < 1 << 53
                assert isinstance(detail, str) or detail in labels
                assert isinstance(raw, str)
        elif frame[0] in ("reject", "skip"):
            assert Text(frame[2], frame[3]).plain()


@pytest.mark.parametrize("kind", ["xml", "zip", "bad_dtd"])
def test_mutated_exports(make: Any, tmp_path: Path, kind: str) -> None:
    name = {"xml": "export.xml", "bad_dtd": "export_bad_dtd_ios16.xml"}.get(kind)
    raw = (DATA / "traps" / name).read_bytes() if name else whole_export(make)
    path = tmp_path / ("e.zip" if kind == "zip" else "export.xml")
    whole = 0
    for data in mutated(raw, len(kind)):
        path.write_bytes(data)
        found = frames(path)
        numbers_are_known(found)
        marshal.dumps(found)
        whole += any(f[0] == "rows" for f in found)
    assert whole > MUTATIONS // 10


def test_mutated_exports_into_a_vault(vault: Vault, make: Any, tmp_path: Path) -> None:
    before = digest(vault)
    path = tmp_path / "e.zip"
    for data in mutated((DATA / "traps" / "export.xml").read_bytes(), 77, 12):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("apple_health_export/export.xml", data)
        for outcome in make.take_all(vault, path, same_person=True):
            assert check(vault).ok
            if outcome.batch is not None:
                vault.undo(outcome.batch)
    vault.configure(zone="Europe/Paris")
    assert digest(vault) == before


@pytest.mark.parametrize("kind", ["gpx", "csv"])
def test_mutated_routes_and_electrocardiograms(kind: str) -> None:
    from salus.records.resource import decode
    from salus.sources.apple_health import ecg, route

    folder = DATA / "healthkit-to-sqlite" / "apple_health_export" / "workout-routes"
    source = next(folder.iterdir()) if kind == "gpx" else DATA / "traps" / "electrocardiograms" / "ecg_2026-01-05.csv"
    taken = 0
    for data in mutated(source.read_bytes(), 5):
        try:
            made = route.item("r", BytesIO(data)) if kind == "gpx" else ecg.item("e", data)
        except (route.NotARoute, ecg.NotAnEcg) as error:
            assert error.text.plain()
            continue
        taken += 1
        assert isinstance(decode(made[2]), dict)
    assert taken > 20


def test_the_worker_says_what_it_cannot_do(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK\3\4 nothing")
    tables = Interning(Table({}, 1), Table({}, 1), Table({}, 1))
    sent = marshal.dumps(worker.specifications(Given.at(tmp_path / "x.zip"), tables, 1)[0])
    done = subprocess.run(
        [sys.executable, "-m", "salus.sources.apple_health.worker"],
        input=sent,
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert b"Unreadable" in done.stdout and done.stderr == b""


def test_a_worker_that_is_killed_is_a_sentence(
    vault: Vault, export: Callable[..., Path], make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salus.sources import second_core

    real = subprocess.Popen

    def dying(command: list[str], **more: Any) -> Any:
        code = "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(b'\\x50\\0\\0\\0half')"
        return real([sys.executable, "-c", code], **more)

    monkeypatch.setattr(second_core.subprocess, "Popen", dying)
    (outcome,) = import_paths(vault, [export(make.record())])
    assert outcome.batch is None and "half-way" in outcome.report.rejected[0][1].plain()
