"""A large phone export for benchmarks, written as a stream with flat memory: the shapes that cost, not a person's life.

Heart rate with metadata, steps of a watch and a phone that overlap, energy, distance, oxygen; by type, as the phone
sorts them; a few per cent repeated. The true total of a day is not known here.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO

from salus.sample.export import FOLDER, dtd
from salus.sample.person import BORN, local
from salus.sample.sheet import QUANTITY, Device, Sheet, Source

_END = date(2026, 11, 20)
_WATCH = Source("Bench’s Apple\u00a0Watch", "27.1", Device("Apple Watch", "Watch", "Watch7,11", "27.1"))
_PHONE = Source("Bench’s iPhone", "27.1", Device("iPhone", "iPhone", "iPhone15,4", "27.1"))
_REPEATED = 0.03
_BATCH = 4000

# kind, share of all records, unit, sources, shortest and longest length in seconds (0: a moment).
_MIX: tuple[tuple[str, float, str, tuple[Source, ...], tuple[int, int]], ...] = (
    ("ActiveEnergyBurned", 0.16, "kcal", (_WATCH,), (40, 300)),
    ("BasalEnergyBurned", 0.05, "kcal", (_WATCH,), (600, 900)),
    ("DistanceWalkingRunning", 0.13, "km", (_WATCH, _PHONE), (60, 590)),
    ("HeartRate", 0.43, "count/min", (_WATCH,), (0, 0)),
    ("HeartRateVariabilitySDNN", 0.01, "ms", (_WATCH,), (60, 60)),
    ("OxygenSaturation", 0.03, "%", (_WATCH,), (0, 0)),
    ("RespiratoryRate", 0.02, "count/min", (_WATCH,), (0, 0)),
    ("StepCount", 0.17, "count", (_WATCH, _PHONE), (60, 590)),
)


def write_export(path: Path, records: int, seed: int = 7) -> int:
    """Write an export with about `records` records (never fewer) to `path`: a zip when it ends in .zip, else XML.

    Returns how many were written. Memory does not grow with `records`; the same arguments give the same bytes.
    """
    rng = random.Random(f"large/{seed}")
    end = local(_END, 8, 30)
    offset = end.utcoffset() or timedelta(0)
    sheet = Sheet(offset, rng)
    written = 0
    with _opened(path) as out:
        out.write(_head(sheet, end).encode())
        for kind, share, unit, sources, lengths in _MIX:
            batch: list[str] = []
            count = int(records * share) + 1
            for line in _records(sheet, rng, kind, count, unit, sources, lengths, end):
                batch.append(line)
                written += 1
                if len(batch) >= _BATCH:
                    out.write("".join(batch).encode())
                    batch.clear()
            out.write("".join(batch).encode())
        out.write(b"</HealthData>\n")
    return written


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if path.suffix != ".zip":
        with path.open("wb") as out:
            yield out
        return
    info = zipfile.ZipInfo(f"{FOLDER}/export.xml", (2026, 11, 20, 8, 30, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(info, "w", force_zip64=True) as entry,
    ):
        yield entry


def _head(sheet: Sheet, end: datetime) -> str:
    when = sheet.date(end.timestamp())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE HealthData [\n{dtd()}]>\n<HealthData locale="en_FR">\n'
        f' <ExportDate value="{when}"/>\n'
        f' <Me HKCharacteristicTypeIdentifierDateOfBirth="{BORN.isoformat()}"'
        ' HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale"'
        ' HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet"'
        ' HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeNotSet"'
        ' HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse="None"/>\n'
    )


def _records(
    sheet: Sheet, rng: random.Random, kind: str, count: int, unit: str, sources: tuple[Source, ...],
    lengths: tuple[int, int], end: datetime,
) -> Iterator[str]:
    """`count` lines of one type in order of time; with two sources each span is counted by both, shifted a little."""
    step = max(60, min(1800, int(10 * 365 * 86_400 * len(sources) / max(count, 1))))
    spans = -(-count // len(sources))
    moment = int(end.timestamp()) - spans * step
    left = count
    while left > 0:
        length = min(rng.randint(*lengths), step)
        for source in sources:
            start = moment + (0 if source is _WATCH else rng.randint(1, 20))
            line = _line(sheet, rng, kind, source, start, start + length, unit)
            for _ in range(2 if rng.random() < _REPEATED and left > 1 else 1):
                yield line
                left -= 1
        moment += step


def _line(sheet: Sheet, rng: random.Random, kind: str, source: Source, start: int, end: int, unit: str) -> str:
    minutes = (end - start) / 60
    figure: object
    if kind == "HeartRate":
        figure = 58 + int(rng.random() * 60)
    elif kind == "StepCount":
        figure = 1 + int(minutes * (60 + rng.random() * 50))
    elif kind == "OxygenSaturation":
        figure = f"0.9{int(rng.random() * 6) + 4}"
    elif kind == "RespiratoryRate":
        figure = 12 + int(rng.random() * 12) / 2
    elif kind == "HeartRateVariabilitySDNN":
        figure = f"{25 + rng.random() * 30:.4f}"
    else:
        rate = {"DistanceWalkingRunning": 0.08, "ActiveEnergyBurned": 3.1, "BasalEnergyBurned": 1.05}[kind]
        figure = f"{minutes * rate * (0.8 + 0.4 * rng.random()):.5f}"
    meta = (("HKMetadataKeyHeartRateMotionContext", str(int(rng.random() * 3))),) if kind == "HeartRate" else ()
    return sheet.text(QUANTITY + kind, source, start, end, figure, unit, meta)
