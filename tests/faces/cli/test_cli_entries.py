"""Entries, corrections, timeline and memory from the command line: plain and --json, exit codes, one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.faces.cli.conftest import Run

BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": r}
        for r in (
            {"resourceType": "Patient", "id": "p", "birthDate": "1980-02-03", "gender": "female"},
            *(
                {
                    "resourceType": "Observation",
                    "id": f"o{n}",
                    "status": "final",
                    "subject": {"reference": "Patient/p"},
                    "category": [
                        {
                            "coding": [
                                {
                                    "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                    "code": "laboratory",
                                }
                            ]
                        }
                    ],
                    "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]},
                    "effectiveDateTime": f"2026-03-0{n}",
                    "valueQuantity": {
                        "value": 4.1 + n / 10,
                        "unit": "mmol/L",
                        "system": "http://unitsofmeasure.org",
                        "code": "mmol/L",
                    },
                }
                for n in (4, 5)
            ),
            {
                "resourceType": "Condition",
                "id": "c",
                "subject": {"reference": "Patient/p"},
                "code": {"text": "Asthme"},
                "onsetDateTime": "2019",
            },
            {
                "resourceType": "Condition",
                "id": "d",
                "subject": {"reference": "Patient/p"},
                "code": {"text": "Asthme"},
                "onsetDateTime": "2019",
            },
        )
    ],
}


@pytest.fixture
def anna(inside: Run, tmp_path: Path) -> Run:
    assert (
        inside("person", "add", "Anna", "--born", "1980-02-03", "--sex", "female", "--zone", "Europe/Paris").code == 0
    )
    (tmp_path / "bundle.json").write_text(json.dumps(BUNDLE))
    assert inside("import", tmp_path / "bundle.json").code == 0
    return inside


ENTRIES: list[tuple[str, ...]] = [
    ("reading", "weight", "82,5", "kg"),
    ("reading", "poids", "82.4kg", "--at", "yesterday 08:30"),
    ("reading", "bp", "128/82", "--pulse", "64"),
    ("reading", "tension", "13/8"),
    ("reading", "glycémie", "1,05 g/L", "--note", "à jeun"),
    ("reading", "temperature", "38.2", "C"),
    ("reading", "height", "1m75"),
    ("result", "ferritin", "12", "µg/L", "--on", "2026-01-03", "--low", "15", "--high", "150"),
    ("result", "Blood group", "A+", "--on", "2020"),
    ("result", "CRP", "<0,5 mg/L", "--on", "10/2025", "--laboratory", "Labo"),
    ("medication", "Ramipril", "--dose", "5 mg", "--how", "le matin", "--since", "mars 2024"),
    ("medication", "Doliprane", "--as-needed"),
    ("symptom", "mild itch", "--severity", "3"),
    ("symptom", "toux", "--at", "hier soir", "--until", "today", "--note", "sèche"),
    ("note", "Une note"),
    ("note", "-", "--title", "Titre"),
]


@pytest.mark.parametrize("words", ENTRIES, ids=" ".join)
def test_every_entry_plain_and_json(anna: Run, words: tuple[str, ...]) -> None:
    done = anna("add", *words, "--json", given=b"typed in, \xe9t\xe9")
    assert done.code == 0 and done.err == "" and done.document["questions"] == []
    assert done.document["batch"] and done.document["added"]
    plain = anna("add", *words, given="typed in, été".encode())
    assert plain.code == 0 and plain.err == "" and ("Kept" in plain.out or "already" in plain.out)


def test_odd_entries_are_asked_about_and_kept_when_told_so(anna: Run) -> None:
    words = ("add", "reading", "weight", "820", "kg")
    done = anna(*words)
    assert done.code == 3 and "unusual" in done.err and "--yes" in done.err and done.out == ""
    asked = anna(*words, "--json")
    assert (
        asked.code == 3
        and asked.document["added"] == []
        and asked.document["batch"] is None
        and len(asked.document["questions"]) == 1
    )
    assert anna("add", "reading", "weight", "82", "kg", "--at", "2031-01-01 08:00").code == 3
    kept = anna(*words, "--yes", "--json")
    assert kept.code == 0 and kept.document["batch"] and len(kept.document["questions"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("reading", "nonsense", "5"),
        ("reading", "weight"),
        ("reading", "weight", "heavy"),
        ("reading", "bp", "128"),
        ("reading", "weight", "<80"),
        ("reading", "sleep", "7", "h"),
        ("reading", "weight", "80", "--at", "soon"),
        ("result", "ferritin", "12"),
        ("result", "x", "1", "--on", "soon"),
        ("result", " ", "1", "--on", "2026"),
        ("symptom", "x", "--severity", "11"),
        ("symptom", ""),
        ("note", ""),
        ("note", "-"),
        ("note",),
        ("medication", " "),
        ("medication", "x", "--since", "soon"),
        ("nonsense",),
        (),
        ("reading", "weight", "1e999"),
        ("reading", "weight", "1,234,567"),
        ("result", "x", "1", "--on", "2026", "--low", "much"),
        ("note", "x", "--at", "0001-01-01 00:00"),
    ],
    ids=" ".join,
)
def test_wrong_usage(anna: Run, words: tuple[str, ...]) -> None:
    done = anna("add", *words)
    assert done.code == 2 and "Traceback" not in done.err and (done.out == "" or not words), done
    assert [i["id"] for i in anna("imports", "--json").document["imports"]] == [1]


def test_urgent_words_are_told_first(anna: Run) -> None:
    done = anna("add", "symptom", "crushing chest pain", "--note", "and sweating")
    assert done.code == 0 and done.err.strip() and "Kept" in done.out


def value(run: Run, question: str) -> Any:
    found = run("ask", question, "--json").document["findings"]
    return found[0]["value"] if found else None


def test_correct(anna: Run) -> None:
    assert value(anna, "What is my potassium?") == 4.6 and "Nothing" in anna("correct").err
    done = anna("correct", "Observation/o5", "--why", "not-mine", "--reason", "=other", "--json")
    assert done.code == 0 and done.document["correction"]["why"] == "not_mine"
    assert value(anna, "What is my potassium?") == 4.5
    assert [c["ref"] for c in anna("correct", "--list", "--json").document["corrections"]] == ["Observation/o5"]
    assert "Observation/o5" in anna("correct").out
    assert anna("correct", "Observation/o5").sentence
    assert anna("correct", "Observation/o5", "--undo").code == 0 and value(anna, "What is my potassium?") == 4.6
    assert anna("correct", "Observation/o5", "--undo").sentence
    for wrong in (
        "Observation/none",
        "nonsense",
        "sample/x/1/2/3",
        "samples/heart_rate/soon/never",
        "",
        "../../x",
        "samples/",
    ):
        assert anna("correct", wrong).code == 1, wrong
    assert anna("correct", "--undo").code == 2 and anna("correct", "Observation/o5", "--why", "because").code == 2
    ref = anna("add", "reading", "weight", "82 kg", "--json").document["added"][0]
    assert anna("correct", ref).code == 0 and value(anna, "What is my weight?") is None
    again = anna("add", "reading", "weight", "82 kg", "--at", "now")
    assert again.code in (0, 1)
    assert anna("correct", ref, "--undo", "--json").document == {"ref": ref, "correction": None}
    assert value(anna, "What is my weight?") == 82


def test_timeline(anna: Run) -> None:
    found = anna("timeline", "--json").document
    assert found["total"] == len(found["events"]) >= 3 and found["events"][0]["ref"] == "Observation/o5"
    assert {"ref", "kind", "title", "time", "origin", "source"} <= set(found["events"][0])
    assert "\t" in anna("timeline").out and anna("timeline", "--limit", "1").err
    assert len(anna("timeline", "--kind", "result", "--json").document["events"]) == 2
    assert next(e["ref"] for e in anna("timeline", "--words", "ASTHME", "--json").document["events"]).startswith(
        "Condition/"
    )
    assert anna("timeline", "--from", "2026-03-05", "--to", "2026", "--json").document["total"] == 1
    assert anna("timeline", "--from", "hier", "--words", "xyz").code == 0
    for wrong in (
        ("--from", "soon"),
        ("--to", "0001"),
        ("--from", "2026", "--to", "2025"),
        ("--kind", "x"),
        ("--limit", "0"),
    ):
        assert anna("timeline", *wrong).code == 2, wrong


def test_memory(anna: Run) -> None:
    found = anna("memory", "--json").document
    problems = [e for e in found["entries"] if e["kind"] == "problems"]
    assert len(problems) == 1 and len(problems[0]["sources"]) == 2 and found["digest"]
    assert "Asthme" in anna("memory").out and anna("memory", "--conflicts").code == 0
    assert anna("memory", "explain", problems[0]["id"]).code == 0
    assert anna("memory", "explain", "Condition/c", "--json").document["id"] == problems[0]["id"]
    assert anna("memory", "explain", "nothing").sentence and anna("memory", "--kind", "x").code == 2
    assert anna("memory", "apart", "Condition/c", "Condition/d", "--json").code == 0
    assert len([e for e in anna("memory", "--json").document["entries"] if e["kind"] == "problems"]) == 2
    assert anna("memory", "apart", "Condition/c", "Condition/none").sentence
    assert anna("memory", "apart", "Condition/c", "Condition/c").code == 2
    assert anna("memory", "apart", "Condition/c", "Condition/d", "--undo").code == 0
    assert anna("memory", "apart", "Condition/c", "Condition/d", "--undo").sentence
    assert len([e for e in anna("memory", "--json").document["entries"] if e["kind"] == "problems"]) == 1


def test_automatic_back_ups(anna: Run, tmp_path: Path) -> None:
    def kept() -> int:
        return len(list((tmp_path / "home" / "backups").rglob("*.salus-backup")))

    assert kept() == 1  # of the import
    for n in range(3):
        assert anna("add", "note", f"note {n}").code == 0
    assert kept() == 1  # a few notes do not push out what was kept before
    assert anna("person", "set", "Anna", "--backups", "0", "--json").document["backups"] == 0
    bundle = json.loads((tmp_path / "bundle.json").read_text())
    bundle["entry"][1]["resource"]["id"] = "new"
    (tmp_path / "more.json").write_text(json.dumps(bundle))
    assert anna("import", tmp_path / "more.json").code == 0 and kept() == 0
    assert anna("person", "set", "Anna", "--backups", "-1").code == 2


def test_a_back_up_that_fails_does_not_lose_the_import(
    anna: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salus.vault import backup

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_zip", full)
    bundle = json.loads((tmp_path / "bundle.json").read_text())
    bundle["entry"][1]["resource"]["id"] = "new"
    (tmp_path / "more.json").write_text(json.dumps(bundle))
    done = anna("import", tmp_path / "more.json", "--json")
    assert done.code == 0 and done.document["batches"][0]["added"]["Observation"] == 1 and "No space left" in done.err


def test_in_french_and_in_a_process(kept: Run) -> None:
    done = kept("add", "reading", "poids", "82,5 kg", SALUS_LANG="fr")
    assert done.code == 0 and "imports undo" in done.out
    for words in (("timeline",), ("correct",), ("memory",)):
        for more in ((), ("--json",)):
            assert kept(*words, *more, SALUS_LANG="fr").code == 0, words
    assert kept("correct", "Observation/none", SALUS_LANG="fr").code == 1
