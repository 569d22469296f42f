"""Every command's `--json`: one document on standard output, in the shape of its contract, with the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.conftest import Salus, runner

Holds = Callable[[str, Any], None]

READING = [
    ("person", "list"), ("imports",), ("check",), ("ledger",), ("ledger", "verify"), ("labs",), ("labs", "LDL"),
    ("ask", "What was my last LDL?"), ("ask", "Quel est mon dernier LDL ?"), ("ask", "How are you?"),
    ("trends", "steps"), ("trends", "weight", "--measure", "latest"), ("eval",),
    ("triage", "I have crushing chest pain"), ("triage", "J'ai mal au pouce"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_one_document_and_nothing_else(salus: Salus, arguments: tuple[str, ...]) -> None:
    ran = salus(*arguments, "--json")
    assert ran.code == 0, ran.err
    assert isinstance(ran.document, dict)


@pytest.mark.parametrize(
    "question", ["What was my last LDL?", "Quels médicaments je prends ?", "xyzzy", "What is my B12?"]
)
def test_ask(salus: Salus, holds: Holds, question: str) -> None:
    document = salus("ask", question, "--json").document
    holds("ask", document)
    assert document["question"] == question
    assert {e for f in document["findings"] for e in f["evidence"]} <= {e["id"] for e in document["evidence"]}
    assert document["findings"] or document["unknown"] or document["answer"]


def test_ask_gives_the_record_s_own_value_and_unit(salus: Salus, holds: Holds) -> None:
    document = salus("ask", "What was my last LDL?", "--json").document
    first = document["findings"][0]
    assert (first["value"], first["unit"], first["time"]) == (2.6, "mmol/L", "2026-05-07")
    assert first["code"] == {"system": "http://loinc.org", "code": "13457-7"}
    assert any(q["unit"] == "mg/dL" for q in first["also"])
    assert "2.6" in document["answer"] and document["left_machine"] is False


def test_ask_in_an_emergency(salus: Salus, holds: Holds) -> None:
    document = salus("ask", "I have crushing chest pain and sweat", "--json").document
    holds("ask", document)
    assert document["triage"]["level"] == "emergency" and document["triage"]["call"]
    assert document["triage"]["reasons"][0]["source"]


def test_labs_and_trends_hold_the_same_shape(salus: Salus, holds: Holds) -> None:
    holds("ask", salus("labs", "LDL", "--json").document)
    holds("ask", salus("labs", "--json").document)
    holds("ask", salus("trends", "steps", "--json").document)


def test_triage(empty: Salus, holds: Holds) -> None:
    for words in ("I have crushing chest pain", "Je veux mourir", "my thumb hurts a little"):
        document = empty("triage", words, "--country", "FR", "--json").document
        holds("triage", document)
    assert empty("triage", "I have crushing chest pain", "--json").document["level"] == "emergency"


def test_import_counts_each_item_and_exits_with_3(tmp_path: Path, bundle: Path, holds: Holds) -> None:
    run = runner(tmp_path / "home")
    assert run("person", "add", "Ada", "--born", "1980-02-03", "--sex", "female", "--json").code == 0
    first = run("import", bundle, "--json")
    holds("import", first.document)
    assert first.code == 3
    (batch,) = first.document["batches"]
    assert batch["source"] == "fhir" and isinstance(batch["id"], int)
    assert batch["added"] == {"Patient": 1, "Observation": 2, "MedicationRequest": 1}
    assert [r["why"] for r in batch["rejected"]] != [""] and len(batch["rejected"]) == 1
    again = run("import", bundle, "--json").document["batches"][0]
    assert not again["added"] and sum(again["unchanged"].values()) == 4

    assert run("imports", "undo", str(batch["id"]), "--json").code == 0
    after = run("ask", "What was my last LDL?", "--json").document
    holds("ask", after)
    assert not after["findings"] and after["unknown"]


def test_what_nothing_recognises_is_a_batch_without_source(salus: Salus, holds: Holds, tmp_path: Path) -> None:
    odd = tmp_path / "holiday.txt"
    odd.write_text("sun and sea", "utf-8")
    ran = salus("import", odd, "--json")
    holds("import", ran.document)
    (batch,) = ran.document["batches"]
    assert batch["source"] is None and batch["id"] is None and batch["rejected"][0]["why"]
    assert ran.code == 1 and len(ran.err.strip().splitlines()) == 1


def test_eval(empty: Salus, holds: Holds, tmp_path: Path) -> None:
    from salus.evals import questions

    lines = (Path(questions.__file__).parent / "cases.jsonl").read_text("utf-8").splitlines()[:2]
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(lines), "utf-8")
    document = empty("eval", "questions", "--cases", cases, "--json").document
    holds("eval", document)
    assert [case["id"] for case in document["cases"]] == [json.loads(line)["id"] for line in lines]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ask", "How is my cholesterol?"), 1), (("person", "use", "Nobody"), 1), (("import", "no-such-file.zip"), 1),
        (("ask",), 2), (("nonsense",), 2), (("ask", "x", "--lang", "de"), 2),
        (("person", "add", "A", "--born", "soon"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)  # fmt: skip
def test_what_cannot_be_done_is_said_on_standard_error(empty: Salus, arguments: tuple[str, ...], code: int) -> None:
    ran = empty(*arguments, *(["--json"] if arguments != ("nonsense",) else []))
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.strip() and "Traceback" not in ran.err
    if code == 1:
        assert len(ran.err.strip().splitlines()) == 1


def test_a_wrong_passphrase_is_one_sentence(salus: Salus, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase", "utf-8")
    ran = salus("ask", "How is my cholesterol?", "--json", SALUS_PASSPHRASE_FILE=str(wrong))
    assert (ran.code, ran.out) == (1, "") and len(ran.err.strip().splitlines()) == 1


def test_without_a_terminal_no_one_is_asked(salus: Salus) -> None:
    ran = salus("ask", "How is my cholesterol?", SALUS_PASSPHRASE_FILE="")
    assert ran.code == 1 and "SALUS_PASSPHRASE_FILE" in ran.err
