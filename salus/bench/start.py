"""How soon the command line answers: `--help`, and a first question from cold, of which Argon2 is a stated part."""

from __future__ import annotations

import statistics
import sys
import time
from datetime import date
from pathlib import Path

from salus.bench.home import PASSPHRASE, SALUS, Bench
from salus.bench.process import medians, timed, workplace
from salus.bench.row import Row
from salus.sample import Spec, fhir_bundle
from salus.vault.keys import new_data_key, unwrap, wrap


def bench(quick: bool) -> list[Row]:
    times = 3 if quick else 9
    with workplace() as folder:
        home = Bench(folder)
        place = home.fresh()
        records = folder / "records.json"
        records.write_bytes(fhir_bundle(Spec(end=date(2026, 11, 20))))
        timed([*SALUS, "import", records, "--home", place, "--json", "--same-person"], home.environment)
        question: list[str | Path] = [*SALUS, "ask", "How is my cholesterol?", "--home", place, "--json"]
        bare, help_, ask = medians(
            [
                lambda: timed([sys.executable, "-c", "pass"]),
                lambda: timed([*SALUS, "--help"]),
                lambda: timed(question, home.environment),
            ],
            times,
        )
        argon = _argon2()
        return [
            Row("start", "salus --help beside a bare Python", "s", help_, bare, bare / help_, "under 0.25 s"),
            Row("start", "salus ask from cold; beside it, Argon2’s part", "s", ask, argon, argon / ask, "under 1 s"),
        ]


def _argon2() -> float:
    wrapped = wrap(new_data_key(), PASSPHRASE)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        unwrap(wrapped, PASSPHRASE)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)
