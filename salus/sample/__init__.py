"""A coherent invented person: FHIR records and a phone's health export that fit together, the same bytes each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from salus.sample.export import export_zip
from salus.sample.fhir import fhir_bundle
from salus.sample.person import BORN, COUNTRY, LABEL, NAME, SEX, ZONE, Spec

__all__ = [
    "BORN",
    "COUNTRY",
    "LABEL",
    "NAME",
    "SEX",
    "ZONE",
    "SamplePaths",
    "Spec",
    "export_zip",
    "fhir_bundle",
    "write",
]


@dataclass(frozen=True)
class SamplePaths:
    """Where the two files are, and who the person is (as a vault asks when a person is added)."""

    fhir_bundle: Path
    export_zip: Path
    born: date = BORN
    sex: str = SEX
    label: str = LABEL
    name: str = NAME
    zone: str = ZONE
    country: str = COUNTRY


def write(
    folder: Path, *, seed: int = 7, end: date, days: int = 400, lang: Literal["en", "fr"] = "en"
) -> SamplePaths:
    """Write `records.json` (FHIR) and `export.zip` (Apple Health) into `folder`, which is made when missing.

    `end` is the last whole day of data, `days` how many days phone and watch cover. The files are plain text:
    callers that must not leave any on disk use `fhir_bundle` and `export_zip`, which return bytes.
    """
    spec = Spec(end=end, seed=seed, days=days, lang=lang)
    folder.mkdir(parents=True, exist_ok=True)
    paths = SamplePaths(folder / "records.json", folder / "export.zip")
    paths.fhir_bundle.write_bytes(fhir_bundle(spec))
    paths.export_zip.write_bytes(export_zip(spec))
    return paths
