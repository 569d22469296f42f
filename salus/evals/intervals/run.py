"""Judges every case by the code that answers use, and compares. Keeps nothing; touches no vault of a person."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from importlib import resources
from pathlib import Path
from typing import Any

from salus.errors import Unreadable
from salus.evals.intervals import records
from salus.evals.intervals.records import Case
from salus.records.text import T
from salus.skills.labs.judging import judged
from salus.skills.labs.readings import of_codes

Json = dict[str, Any]
EXPECTED = ("low", "normal", "high", "critical", "unknown", "critical_low", "critical_high")
_NEEDED = ("id", "test", "value", "expect")


def cases(path: Path | None = None) -> list[Json]:
    """The cases of a JSON-lines file, or the project's own. Raises Unreadable for a line that is no case."""
    own = resources.files("salus.evals.intervals").joinpath("cases.jsonl")
    text = own.read_text("utf-8") if path is None else path.read_text("utf-8")
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                case = json.loads(line)
                for key in _NEEDED:
                    case[key]
                if case["expect"] not in EXPECTED:
                    raise ValueError(f"expect is {case['expect']!r}")
            except (ValueError, KeyError, TypeError) as error:
                raise Unreadable(T("Line {line} is not a case: {why}", line=number, why=str(error))) from error
            found.append(case)
    return found


def run(cases_path: Path | None = None) -> Json:
    """The whole eval, in the shape of `salus eval --json`."""
    rows = [row(case) for case in cases(cases_path)]
    return {"eval": "intervals", "summary": _summary(rows), "cases": rows, "model": None}


def verdict(case: Case) -> tuple[str, Json]:
    """What the judging code says of a case ("critical_low" is told apart from "low"), and by what."""
    test = records.test_of(case)
    if test is None:
        return "unknown", {"by": "nothing"}
    reading = of_codes(records.observation(case), test.loinc)
    if reading is None:
        return "unknown", {"by": "nothing"}
    found = judged(reading, test, records.whom(case))
    limits = {"low": str(found.low) if found.low is not None else None,
              "high": str(found.high) if found.high is not None else None}  # fmt: skip
    return found.where, {"by": found.by, "test": test.key, **limits, "source": found.row.source if found.row else None}


def row(case: Case) -> Json:
    """One row of the report. A critical value is also "critical", and also low or high on its side."""
    said, how = verdict(case)
    right = case["expect"] in {said, said.partition("_")[0] if said.startswith("critical") else said}
    right = right or (said.startswith("critical_") and case["expect"] == said.removeprefix("critical_"))
    return {"id": case["id"], "kind": case.get("kind", "case"), "right": right, "expect": case["expect"], "said": said,
            **how}  # fmt: skip


def _summary(rows: list[Json]) -> Json:
    kinds: dict[str, list[bool]] = defaultdict(list)
    for one in rows:
        kinds[one["kind"]].append(one["right"])
    by_verdict = Counter(one["expect"] for one in rows)
    return {**_share([one["right"] for one in rows]), "expected": dict(sorted(by_verdict.items())),
            "by_kind": {kind: _share(marks) for kind, marks in sorted(kinds.items())}}  # fmt: skip


def _share(marks: list[bool]) -> Json:
    right = sum(marks)
    return {"cases": len(marks), "right": right, "accuracy": round(right / len(marks), 4) if marks else None}
