"""The vault and the eval's own reading of the raw files agree on every day of every metric, to the unit."""

from __future__ import annotations

from datetime import date

import pytest

from salus.evals.questions import phone_facts
from salus.evals.questions.facts import raw
from salus.evals.questions.run import sample_vault
from salus.sample import Spec

GLUCOSE_MG_PER_MMOL = 18.0156


def test_every_day_of_every_metric_agrees() -> None:
    files = raw(Spec(end=date(2026, 11, 20), days=45))
    with sample_vault(files) as view:
        assert view.counts()["Observation"] == 193
        compared = 0
        for metric, way in phone_facts.METRICS.items():
            factor = GLUCOSE_MG_PER_MMOL if metric == "blood_glucose" else 1.0
            mine = {day: value * factor for day, value in phone_facts.by_day(files.phone, metric).items()}
            theirs = {day.day: day.mean if way.kind == "sample" else day.total for day in view.days(metric)}
            assert theirs == pytest.approx(mine, rel=1e-5), metric
            compared += len(mine)
        assert compared > 500
