"""Runs each case through the memory and judges what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from salus.errors import Unreadable
from salus.evals.reconciliation.held import Held, resource
from salus.records.resource import Resource, decode
from salus.records.text import T
from salus.vault.memory import Entry, remember
from salus.vault.memory.remembering import TYPES_OF

Json = dict[str, Any]
OWN = ("cases.jsonl", "hard.jsonl", "later.jsonl", *(f"lot{n}.jsonl" for n in range(1, 9)))
EXPECTED = ("same", "different", "conflict")


def cases(path: Path | None = None) -> list[Json]:
    """The cases of a JSON-lines file, or the project's own. Raises Unreadable for a line that is no case.

    A case: id, kind, expect ("same", "different" or "conflict", then with `field`), `sources` (name to resources), and
    where only some of three belong together `groups` (lists of ids: "A0" is the first resource of source A).
    """
    if path is not None:
        return _read(path.read_text("utf-8"))
    folder = resources.files("salus.evals.reconciliation")
    return [case for name in OWN for case in _read(folder.joinpath(name).read_text("utf-8"))]


def _read(text: str) -> list[Json]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = decode(line.encode())
            kept = {key: case[key] for key in ("id", "kind", "sources", "expect")} | case
            if kept["expect"] not in EXPECTED or kept["kind"] not in TYPES_OF or not isinstance(kept["sources"], dict):
                raise ValueError("expect, kind or sources")
            found.append(kept)
        except (msgspec.DecodeError, ValueError, KeyError, TypeError) as error:
            raise Unreadable(T("Line {line} is not a case: {why}", line=number, why=str(error))) from error
    return found


def run(cases_path: Path | None = None) -> Json:
    """The whole eval, in the shape of `salus eval --json`."""
    rows = [judged(case) for case in cases(cases_path)]
    return {"eval": "reconciliation", "summary": summary(rows), "cases": rows, "model": None}


def held(case: Mapping[str, Any]) -> list[Resource]:
    """The resources of a case, each source a connection of its own."""
    return [
        resource(body, source, number, batch)
        for batch, (source, bodies) in enumerate(case["sources"].items(), 1)
        for number, body in enumerate(bodies)
    ]


def judged(case: Json) -> Json:
    """One row of the report: what came out, and whether it is what the case expects."""
    rows = held(case)
    entries = remember(Held(rows), case["kind"])
    told = {ref: n for n, entry in enumerate(entries) for ref in entry.refs}
    types = TYPES_OF[case["kind"]]
    refs = [r.ref for r in rows if (r.type in types if types else True)]
    got = [sorted(ref for ref in refs if told.get(ref) == n) for n in sorted(set(told.values()))]
    clashes = sorted({(c.field, c.text.plain()) for entry in entries for c in entry.conflicts})
    right, why = _right(case, refs, told, entries)
    return {
        "id": case["id"], "kind": case["kind"], "expect": case["expect"], "right": right, "why": why,
        "groups": [group for group in got if group], "conflicts": [{"field": f, "text": text} for f, text in clashes],
        "rules": sorted({join.rule for entry in entries for join in entry.joins}),
    }  # fmt: skip


def _right(case: Json, refs: list[str], told: Mapping[str, int], entries: list[Entry]) -> tuple[bool, str]:
    missing = [ref for ref in refs if ref not in told]
    if missing:
        return False, f"lost: {', '.join(missing)}"
    if case.get("groups"):
        wanted = {ref: n for n, group in enumerate(case["groups"]) for ref in refs if ref.partition("/")[2] in group}
        wrong = [
            (a, b)
            for i, a in enumerate(refs)
            for b in refs[i + 1 :]
            if (told[a] == told[b]) != (wanted[a] == wanted[b])
        ]
        return not wrong, "; ".join(f"{a} and {b}" for a, b in wrong)
    if case["expect"] == "different":
        wrong = [(a, b) for i, a in enumerate(refs) for b in refs[i + 1 :] if told[a] == told[b]]
        return not wrong, "; ".join(f"joined: {a} and {b}" for a, b in wrong)
    if case["expect"] == "same":
        if len({told[ref] for ref in refs}) > 1:
            return False, "not joined"
        clash = [c.field for entry in entries for c in entry.conflicts]
        return not clash, f"a conflict where there is none: {', '.join(clash)}" if clash else ""
    found = [c for entry in entries for c in entry.conflicts if len({ref for _, ref in c.sides}) > 1]
    if case.get("field"):
        found = [c for c in found if c.field == case["field"]]
    return bool(found), "" if found else "the conflict is not shown"


def summary(rows: Iterable[Mapping[str, Any]]) -> Json:
    """How much of what differs was kept apart, of what is the same joined, of the conflicts shown; by kind too."""
    rows = list(rows)
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        by_kind[row["kind"]].append(row["right"])

    by_expect = {
        name: _share([row["right"] for row in rows if row["expect"] == expect])
        for name, expect in (
            ("different_kept_apart", "different"),
            ("same_joined", "same"),
            ("conflicts_shown", "conflict"),
        )
    }
    return {
        **_share([row["right"] for row in rows]),
        **{name: share["accuracy"] for name, share in by_expect.items()},
        "by_expect": by_expect,
        "by_kind": {kind: _share(marks) for kind, marks in sorted(by_kind.items())},
    }


def _share(marks: list[bool]) -> Json:
    right = sum(map(bool, marks))
    return {"cases": len(marks), "right": right, "accuracy": round(right / len(marks), 4) if marks else None}
