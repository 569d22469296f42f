"""A vault filled with everything an export must give back, and what must be the same afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from salus.records.sample import Sample
from salus.records.times import When, to_ms
from salus.sources.by_hand import Note, Pressure, Reading, ResultEntry, Symptom, Taken, add, written
from salus.sources.fhir.receive import receive
from salus.sources.importing import Outcome
from salus.sources.plain_samples import write_samples
from salus.vault.check import check, digest
from salus.vault.memory import digest as memory_digest
from salus.vault.memory import remember
from salus.vault.vault import Vault

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY = datetime(2026, 3, 5, 8, tzinfo=UTC)


def ms(text: str) -> int:
    return to_ms(datetime.fromisoformat(text))


ODD = (
    b'{"resourceType":"Observation","id":"odd-1","status":"final","code":{"text":"=cmd|\' /C calc\'!A0"},'
    b'"effectiveDateTime":"2024-02","valueQuantity":{"value":3.10,"unit":"mmol/L"},  '
    b'"x":1e-7, "y":100000000000000000000.50,'
    b'"note":[{"text":"\\ud83d\\ude00 \\u2028 \\"q\\" \\\\ \xc3\xa9 \xe2\x80\xa8"}]}'
)


def fill(vault: Vault) -> None:
    """Several connections and versions, odd characters and figures, decisions, talk and entries by hand."""
    with vault.batch("fhir", "files", "a.json") as batch:
        batch.add(receive(ODD))
        batch.add(
            receive(
                b'{"resourceType":"Condition","id":"c","code":{"text":"Asthma"},'
                b'"meta":{"lastUpdated":"2024-01-01T00:00:00Z"}}'
            )
        )
        batch.add(
            receive(
                b'{"resourceType":"Condition","id":"c","code":{"text":"Asthme"},'
                b'"meta":{"lastUpdated":"2025-01-01T00:00:00Z"}}'
            )
        )
        batch.add(
            receive(
                b'{"resourceType":"Condition","id":"c","code":{"text":"Old"},'
                b'"meta":{"lastUpdated":"2020-01-01T00:00:00Z"}}'
            )
        )
        batch.add(
            receive(
                b'{"resourceType":"DocumentReference","id":"d","date":"2024","type":{"text":"../..\\u0000/=Letter"},'
                b'"content":[{"attachment":{"contentType":"text/plain","data":"aGVsbG8="}},'
                b'{"attachment":{"data":"%%%"}}]}'
            )
        )
    with vault.batch("fhir", "second", "b.json") as batch:
        batch.add(
            receive(
                b'{"resourceType":"Condition","id":"c","code":{"text":"Asthme"},'
                b'"meta":{"lastUpdated":"2025-01-01T00:00:00Z"}}'
            )
        )
        batch.add(receive(b'{"resourceType":"Condition","id":"e","code":{"text":"asthma"}}'))
    for source in ("apple_health", "health_connect"):
        at = ms("2026-03-05T08:00:00+00:00")
        with vault.batch(source, "files", source) as batch:
            write_samples(
                batch,
                [
                    Sample("heart_rate", at, at, 60, "/min", "Watch, “A”\n=1"),
                    Sample("heart_rate", at + 1, at + 1, 61.0, "/min", "Watch, “A”\n=1"),
                    Sample("heart_rate", at + 2, at + 2, 1e-7, "/min", "W", "1e-7"),
                    Sample("heart_rate", at + 3, at + 3, 3.1, "/min", "W", "3.10"),
                    Sample("heart_rate", at + 4, at + 4, 70.5, "/min", "W", "garbled raw"),
                    Sample("heart_rate", at, at, 12345678901234567, "/min", "W"),
                    Sample("sleep", at, at + 3_600_000, "deep", "", "W", None, 5, '{"d":1}', '{"e":"=x"}'),
                    Sample("stand_hours", at, at + 3_600_000, "5", "", "W"),
                    Sample("apple:Odd/Type", at, at, "5", "", "W"),
                    Sample("apple:Odd/Type", at, at, 5, "", "W"),
                    Sample("apple:Odd/Type", at, at, -0.5, "=u", "-W"),
                    Sample("apple:Odd/Type", at, at, ' a,\r\n"b"\0 ', "", "W"),
                    Sample("steps", at, at + 60_000, 100.0, "{steps}", "W"),
                    Sample("steps", at, at + 90_000, 80.0, "{steps}", "P"),
                ],
            )
    zone = vault.person.zone
    add(vault, Reading("body_weight", written.amount("82.50").value, "kg", DAY.astimezone(zone), "après le repas"))
    add(vault, Pressure(*(written.pressure("128/82") or ()), DAY, written.amount("64").value))
    add(
        vault,
        ResultEntry(
            "ferritin",
            "ferritin",
            written.amount("12.0").value,
            "ug/L",
            When.parse("2026-02") or When.of_day(date(2026, 2, 1)),
        ),
    )
    add(vault, Taken("Ramipril", "5 mg", "matin"))
    add(vault, Symptom("headache", DAY, 4))
    add(vault, Note("La varicelle de 1999 \ud83d", DAY))
    view = vault.view()
    vault.set_aside(next(s.ref for s in view.samples("heart_rate") if s.value == 60), "wrong", "=note, “x”")
    vault.set_aside("Condition/e", "not_mine")
    vault.set_aside(view.samples("apple:Odd/Type")[0].ref, "wrong")
    vault.keep_apart("Condition/c", "Observation/odd-1")
    talk = vault.conversations.start("What is “x”?")
    vault.conversations.add(talk, "What is 3.10?", {"answer": "3.10\nOK", "findings": [{"value": 3.10}]})
    vault.configure(name="Ana =1", lang="fr", country="FR", priorities="W\nP", backups="7")


def same(one: Vault, other: Vault) -> None:
    assert digest(one) == digest(other) and check(other).ok
    assert memory_digest(remember(one.view(NOW))) == memory_digest(remember(other.view(NOW)))
    assert [vars(c) for c in one.corrections()] == [vars(c) for c in other.corrections()]
    assert one.view().apart() == other.view().apart()

    def said(vault: Vault) -> Any:
        talks = reversed(vault.conversations.list())
        return [
            (c.title, c.started, c.last, [(t.at, t.question, t.answer) for t in vault.conversations.turns(c.id)])
            for c in talks
        ]

    assert said(one) == said(other)


def took(outcomes: list[Outcome]) -> Outcome:
    (outcome,) = outcomes
    assert outcome.source == "salus" and not outcome.report.rejected, outcome.report.plain()
    assert outcome.kept
    return outcome
