"""A vault of one person, and a short way to put samples and resources into it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from salus.assistant.words import words
from salus.records.finding import Result
from salus.records.sample import Sample
from salus.records.times import Period, to_ms
from salus.skills.trends import TrendsQuery, trends
from salus.sources.fhir.receive import receive
from salus.vault.keys import new_data_key
from salus.vault.vault import Vault
from salus.vault.view import VaultView

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KINDS = {"Watch": "watch", "Phone": "phone"}
Put = Callable[..., VaultView]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with Vault(tmp_path, new_data_key()) as opened:
        opened.configure(name="Ana", born="1974-05-12", sex="female", zone="Europe/Paris", zone_known="1", lang="en")
        yield opened


@pytest.fixture
def put(vault: Vault) -> Put:
    """put(samples, resources) adds one batch and gives the view after it."""

    def add(samples: Iterable[Sample] = (), resources: Iterable[dict[str, Any]] = ()) -> VaultView:
        with vault.batch("toy", "files", "toy") as batch:
            tables = batch.interning()
            rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
            for s in samples:
                kind = next((kind for name, kind in KINDS.items() if name in s.origin), "app")
                device = tables.labels.id(s.device) if s.device else 0
                rows[tables.metrics.id(s.metric)].append((
                    s.start, s.end - s.start, tables.origin(s.origin, kind), s.value, tables.labels.id(s.unit),
                    0, device, 0, s.raw or "",
                ))  # fmt: skip
            origins = [(number, name, tables.kinds.get(name, "app")) for number, name in tables.origins.drain()]
            batch.intern(tables.labels.drain(), tables.metrics.drain(), origins)
            for metric, found in rows.items():
                span = (min(r[0] for r in found), max(r[0] + r[1] for r in found), max(r[1] for r in found))
                batch.add_samples("Sample", metric, found, span)
            for body in resources:
                batch.add(receive(json.dumps(body).encode()))
        return vault.view(NOW)

    return add


def at(day: date, hour: int = 9, minute: int = 0) -> int:
    return to_ms(datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS))


def sample(
    metric: str, day: date, value: float | str, unit: str, *, hour: int = 9, minutes: int = 0, **more: Any
) -> Sample:
    start = at(day, hour)
    origin = more.pop("origin", "Ana's Watch")
    return Sample(metric, start, start + minutes * 60_000, value, unit, origin, **more)


def run(view: VaultView, metric: str, measure: Any, period: Period | None = None) -> Result:
    return trends.run(view, TrendsQuery(metric, measure, period))


def said(result: Result) -> str:
    say = words("en").say
    lines = [say(line) for line in result.answer]
    lines += [" ".join(say(x) for x in (u.what, u.needed) if x) for u in result.unknown]
    return " ".join(lines).replace("\u00a0", " ")
