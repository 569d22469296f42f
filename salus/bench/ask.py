"""The computed part of an answer over a large vault: 3 million samples and 5,000 resources, in one running process."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salus.assistant.ask import ask
from salus.bench.fhir import write_lines
from salus.bench.home import PASSPHRASE
from salus.bench.process import workplace
from salus.bench.row import Row
from salus.records.times import to_ms
from salus.sources.importing import import_paths
from salus.vault.home import Home
from salus.vault.vault import Vault

SAMPLES, RESOURCES = 3_000_000, 5_000
LOT = 50_000
QUESTIONS = (
    "How is my cholesterol?", "What was my last HbA1c?", "Which of my results are out of range?",
    "How has my LDL changed since 2024?", "How many steps did I take last week?",
    "What was my average heart rate over the last 6 weeks?", "Is my weight going down since March?",
    "How long did I sleep last night?", "What medications am I taking?", "What am I allergic to?",
    "When did I last have a flu shot?", "When did I last see a doctor?", "Combien de pas ai-je faits l'an dernier ?",
    "Quel est mon pouls au repos ?", "Mes analyses sont-elles normales ?", "Depuis quand ai-je de l'hypertension ?",
    "Quel était mon poids moyen en juin ?", "What was my highest heart rate this year?",
)  # fmt: skip
METRICS = {"heart_rate": ("/min", 0.6), "steps": ("count", 0.25), "active_energy": ("kcal", 0.1),
           "body_weight": ("kg", 0.01), "resting_heart_rate": ("/min", 0.04)}  # fmt: skip


def fill(vault: Vault, samples: int) -> None:
    """Ten years of samples up to now, straight into a batch."""
    chance = random.Random(7)  # noqa: S311 - made data
    now = to_ms(datetime.now(UTC))
    ten_years = 3_650 * 86_400_000
    with vault.batch("bench", "made", "made") as batch:
        tables = batch.interning()
        origins = [tables.origin("Watch", "watch"), tables.origin("iPhone", "phone")]
        for key, (unit, share) in METRICS.items():
            metric, label = tables.metrics.id(key), tables.labels.id(unit)
            named = [(number, name, tables.kinds[name]) for number, name in tables.origins.drain()]
            batch.intern(tables.labels.drain(), tables.metrics.drain(), named)
            for rows in _lots(chance, now - ten_years, ten_years, int(samples * share), label, origins):
                span = (rows[0][0], max(r[0] + r[1] for r in rows), max(r[1] for r in rows))
                batch.add_samples("Sample", metric, rows, span)


def _lots(
    chance: random.Random, first: int, length: int, count: int, label: int, origins: list[int]
) -> Iterator[list[tuple[Any, ...]]]:
    rows: list[tuple[Any, ...]] = []
    step = length // count
    for number in range(count):
        start = first + number * step + chance.randrange(max(step // 2, 1))
        origin = origins[number % 3 == 0]
        rows.append((start, min(step // 2, 600_000), origin, chance.randint(50, 150), label, 0, 0, 0, ""))
        if len(rows) >= LOT:
            yield rows
            rows = []
    if rows:
        yield rows


def bench(quick: bool) -> list[Row]:
    samples, rounds = (100_000, 3) if quick else (SAMPLES, 12)
    with workplace() as folder:
        home = Home(Path(folder) / "home")
        listed = home.add("Bench", PASSPHRASE, born=None, sex=None, zone="Europe/Paris")
        with home.open(listed, PASSPHRASE) as vault:
            lines = folder / "records.ndjson"
            write_lines(lines, RESOURCES)
            import_paths(vault, [lines], same_person=True)
            fill(vault, samples)
            for question in QUESTIONS:
                ask(vault.view(), question)
            seconds = []
            for _ in range(rounds):
                for question in QUESTIONS:
                    began = time.perf_counter()
                    ask(vault.view(), question)
                    seconds.append(time.perf_counter() - began)
        seconds.sort()
        what = f"an answer over {samples:,} samples and {RESOURCES:,} resources"
        at95 = seconds[int(len(seconds) * 0.95)] * 1000
        return [
            Row("ask", f"{what}: median", "ms", seconds[len(seconds) // 2] * 1000, None, None, ""),
            Row("ask", f"{what}: 95th percentile", "ms", at95, 50.0, 50.0 / at95, "under 50 ms"),
        ]
