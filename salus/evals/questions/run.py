"""Asks every question of the sample person, in a fresh vault, and scores the answers. Keeps nothing afterwards."""

from __future__ import annotations

import json
import secrets
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from salus.errors import Unreadable
from salus.evals.questions.facts import NOW, Raw, expected, raw
from salus.evals.questions.score import Score, score
from salus.records.text import T
from salus.sample import BORN, COUNTRY, LABEL, NAME, ZONE
from salus.sources.given import Spool
from salus.sources.importing import import_given, recognise
from salus.vault.home import Home
from salus.vault.view import VaultView

Json = dict[str, Any]


def cases(path: Path | None = None) -> list[Json]:
    """The cases of a JSON-lines file, or the project's own. Raises Unreadable for a line that is no case."""
    own = resources.files("salus.evals.questions").joinpath("cases.jsonl")
    text = own.read_text("utf-8") if path is None else path.read_text("utf-8")
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                case = json.loads(line)
                needed = {key: case[key] for key in ("id", "question", "lang", "kind", "expect")}
                found.append(needed | {"past": _past(case)} | case)
            except (ValueError, KeyError, TypeError) as error:
                raise Unreadable(T("Line {line} is not a case: {why}", line=number, why=str(error))) from error
    return found


def _past(case: Json) -> list[str]:
    """The questions asked before. Raises ValueError where it is no list of texts."""
    past = case.get("past", [])
    if not isinstance(past, list) or not all(isinstance(one, str) for one in past):
        raise ValueError("past is not a list of questions")
    return past


def run(cases_path: Path | None = None) -> Json:
    """The whole eval, in the shape of `salus eval --json`. The sample person is made anew and forgotten."""
    files = raw()
    questions = cases(cases_path)
    with sample_vault(files) as view:
        rows = [_ask(case, files, view) for case in questions]
    return {"eval": "questions", "summary": summary(rows), "cases": rows, "model": None}


@contextmanager
def sample_vault(files: Raw) -> Iterator[VaultView]:
    """A view, as of the eval's own moment, of a fresh vault that holds the sample person; deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="salus-eval-") as folder:
        home = Home(Path(folder))
        passphrase = secrets.token_urlsafe(24)
        listed = home.add(LABEL, passphrase, born=BORN, sex="female", zone=ZONE, country=COUNTRY, name=NAME)
        with home.open(listed, passphrase) as vault:
            for name, data in (("records.json", files.bundle), ("export.zip", files.archive)):
                spool = Spool(Path(folder) / "spool", name)
                spool.write(data)
                given = spool.finish()
                outcome = import_given(vault, given, recognise(given))
                spool.discard()
                if not outcome.kept:
                    raise Unreadable(T("The sample person could not be imported: {file}.", file=name))
            yield vault.view(NOW)


def _ask(case: Json, files: Raw, view: VaultView) -> Json:
    from salus.assistant.ask import Past, ask  # as late as the vault: a scorer needs no assistant

    past: list[Past] = []
    for question in case.get("past", ()):
        past.append(Past.of(question, ask(view, question, past=past).plain()))
    return judged(case, files, ask(view, case["question"], lang=case["lang"], past=past).plain())


def judged(case: Json, files: Raw, answer: Json) -> Json:
    """One row of the report."""
    facts = [fact for query in case["expect"].get("facts", ()) for fact in expected(files, query)]
    result = score(case, facts, answer, today=NOW.date(), zone=ZoneInfo(ZONE))
    shown = {k: case[k] for k in ("id", "question", "lang", "kind")} | {"part": part(case)}
    shown |= {"past": case["past"]} if case.get("past") else {}
    return shown | _marks(result) | {"answer": answer.get("answer", ""), "why": result.why}


def part(case: Mapping[str, Any]) -> str:
    """Which part of the eval a case belongs to: a follow-up, one that cannot be answered, or a plain question."""
    return "follow_up" if case.get("past") else "unanswerable" if case["expect"].get("unknown") else "plain"


def _marks(result: Score) -> Json:
    return {
        "right": result.right,
        "skill": result.skill,
        "args": result.args,
        "facts": result.facts,
        "figures": result.figures,
        "unknown": result.unknown,
    }


def summary(rows: Iterable[Mapping[str, Any]]) -> Json:
    """Counts and accuracy: over all, by what is judged, by kind of question, by language."""
    rows = list(rows)
    kinds: dict[str, list[bool]] = defaultdict(list)
    langs: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        kinds[row["kind"]].append(row["right"])
        langs[row["lang"]].append(row["right"])
    parts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        parts[row.get("part", "plain")].append(row)
    by_mark = {
        mark: _share([row[mark] for row in rows if row[mark] is not None]) for mark in ("facts", "figures", "unknown")
    }
    return {
        **_share([row["right"] for row in rows]),
        "skill_and_args": _share(_routed(rows)),
        **by_mark,
        "by_part": {
            name: {**_share([row["right"] for row in found]), "skill_and_args": _share(_routed(found))["accuracy"]}
            for name, found in sorted(parts.items())
        },
        "by_kind": {kind: _share(marks) for kind, marks in sorted(kinds.items())},
        "by_lang": {lang: _share(marks) for lang, marks in sorted(langs.items())},
    }


def _routed(rows: Iterable[Mapping[str, Any]]) -> list[bool]:
    return [row["skill"] and row["args"] for row in rows if row["skill"] is not None]


def _share(marks: list[bool]) -> Json:
    right = sum(map(bool, marks))
    return {"cases": len(marks), "right": right, "accuracy": round(right / len(marks), 4) if marks else None}
