"""Writing what was entered by hand into the vault: readings as samples, the rest as FHIR resources.

Each entry is a batch of the connection ("by_hand", "hand"), so it is listed, can be undone, and lands whole.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from salus.errors import Refused, UsageError
from salus.knowledge.labs import tests
from salus.records.codes import LOINC
from salus.records.metrics import metric, metrics
from salus.records.sample import Sample
from salus.records.text import T, Text
from salus.records.times import When, to_ms
from salus.records.units import Quantity, convert
from salus.sources.by_hand.entries import Entry, Note, Pressure, Reading, ResultEntry, Symptom, Taken
from salus.sources.by_hand.moments import FIRST, LAST
from salus.sources.by_hand.questions import countable, questions, sane
from salus.sources.fhir.receive import receive
from salus.sources.plain_samples import write_samples
from salus.vault.batch import Batch
from salus.vault.database import storable
from salus.vault.vault import Vault

SOURCE, CONNECTION = "by_hand", "hand"
ORIGIN = "By hand"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
SYMPTOM = "75325-1"
LONGEST_NOTE = 200_000

_encoder = msgspec.json.Encoder(decimal_format="number")
"""Keeps the digits typed: 3.10 stays 3.10."""


@dataclass(frozen=True)
class Added:
    """What was kept: the batch, and the references of what it holds. Both empty when it was already there."""

    batch: int | None
    refs: tuple[str, ...]
    questions: tuple[Text, ...] = ()


def add(vault: Vault, entry: Entry) -> Added:
    """Keeps an entry; what is odd about it is told (ask before, with `questions`). Raises UsageError for what cannot
    be kept at all: an empty name, a value that is no number.
    """
    entry = _tidy(entry)
    _sound(entry)
    odd = tuple(questions(vault.view(), entry))
    try:
        with vault.batch(SOURCE, CONNECTION, _called(entry)) as batch:
            refs = _write(batch, entry)
            if not batch.report.added.total():
                raise _There
            number = batch.id
    except _There:
        return Added(None, (), odd)
    vault.ledger.write("add", batch=number, what=type(entry).__name__)
    return Added(number, refs, odd)


class _There(Exception):
    """The very same reading is in the vault: nothing is written."""


def _write(batch: Batch, entry: Entry) -> tuple[str, ...]:
    """The references of what was added. Raises Refused for a reading that the person had set aside."""
    if not isinstance(entry, Reading | Pressure):
        body = _resource(entry)
        batch.add(receive(_encoder.encode(body)))
        return (f"{body['resourceType']}/{body['id']}",)
    samples = _samples(entry)
    for sample in samples:
        if batch.is_aside(sample.ref):
            raise Refused(
                T("You set this very reading aside. “salus correct {ref} --undo” puts it back.", ref=sample.ref)
            )
    write_samples(batch, samples)
    return tuple(sample.ref for sample in samples)


def _tidy(entry: Entry) -> Entry:
    """Words as they can be kept: no half characters, no zero bytes."""
    words: dict[str, Any] = {
        f.name: storable(value).replace("\0", "")
        for f in fields(entry) if isinstance(value := getattr(entry, f.name), str)
    }  # fmt: skip
    return replace(entry, **words)


def _called(entry: Entry) -> str:
    if isinstance(entry, Reading):
        return metric(entry.metric).en
    if isinstance(entry, Pressure):
        return "blood pressure"
    if isinstance(entry, ResultEntry | Symptom):
        return entry.name
    return entry.medicine if isinstance(entry, Taken) else (entry.title or "note")


def _sound(entry: Entry) -> None:
    if isinstance(entry, Reading) and (metric(entry.metric).kind == "sleep" or entry.metric.startswith("sleep_")):
        raise UsageError(T("Sleep cannot be written down as one figure. Bring it in from a device."))
    if isinstance(entry, Reading) and entry.metric not in metrics():
        raise UsageError(
            T("Salus knows no reading called “{name}”. Try weight, bp, glucose or temperature.", name=entry.metric)
        )
    times = [at for name in ("at", "until") if isinstance(at := getattr(entry, name, None), datetime)]
    days = [on for name in ("on", "since", "until") if isinstance(on := getattr(entry, name, None), When)]
    if not all(map(sane, times)) or not all(FIRST <= on.first.year <= LAST for on in days):
        raise UsageError(T("That date cannot be right. Write it like 2026-11-24."))
    if any(isinstance(figure, Decimal) and not countable(figure) for figure in vars(entry).values()):
        raise UsageError(T("That is not a figure Salus can keep. Write it like 128 or 5.4."))
    if isinstance(entry, ResultEntry) and isinstance(entry.value, str) and not entry.value.strip():
        raise UsageError(T("Say what it is: the result cannot be empty."))
    named = {ResultEntry: "name", Taken: "medicine", Symptom: "name", Note: "text"}.get(type(entry))
    if named and not str(getattr(entry, named)).strip():
        raise UsageError(T("Say what it is: the name cannot be empty."))
    if isinstance(entry, Symptom) and entry.severity is not None and not 0 <= entry.severity <= 10:
        raise UsageError(T("A severity is a whole number from 0 (none) to 10 (the worst)."))
    if isinstance(entry, Note) and len(entry.text) > LONGEST_NOTE:
        raise UsageError(T("The note is too long: {n} characters at most.", n=LONGEST_NOTE))


def _samples(entry: Reading | Pressure) -> list[Sample]:
    at = to_ms(entry.at)
    since = at - _lasted(entry)
    detail = json.dumps({"note": entry.note.strip()}, ensure_ascii=False) if entry.note.strip() else None

    def sample(key: str, value: Decimal, unit: str) -> Sample:
        number = float(value)
        raw = None if Decimal(repr(number).removesuffix(".0")).as_tuple() == value.as_tuple() else str(value)
        return Sample(key, since, at, number, unit, ORIGIN, raw, to_ms(datetime.now(UTC)), None, detail)

    if isinstance(entry, Reading):
        return [sample(entry.metric, entry.value, entry.unit or metric(entry.metric).unit)]
    both = [sample("systolic", entry.systolic, "mm[Hg]"), sample("diastolic", entry.diastolic, "mm[Hg]")]
    return both if entry.pulse is None else [*both, sample("heart_rate", entry.pulse, "/min")]


def _lasted(entry: Reading | Pressure) -> int:
    """Milliseconds that a reading of how long something lasted stands for (it ended then); 0 for others."""
    if isinstance(entry, Pressure) or metric(entry.metric).kind != "duration":
        return 0
    minutes = convert(entry.value, entry.unit or metric(entry.metric).unit, "min")
    if minutes is None or not 0 <= minutes <= MOST_MINUTES:
        raise UsageError(T("Say how long it lasted, such as 20 min or 1h30."))
    return int(minutes * 60_000)


MOST_MINUTES = 1440


def _resource(entry: ResultEntry | Taken | Symptom | Note) -> dict[str, Any]:
    body: dict[str, Any] = {"id": f"hand-{secrets.token_hex(10)}"}
    if isinstance(entry, ResultEntry):
        body |= _result(entry)
    elif isinstance(entry, Taken):
        body |= _medication(entry)
    elif isinstance(entry, Symptom):
        body |= _symptom(entry)
    else:
        body |= _document(entry)
    note = getattr(entry, "note", "")
    if note.strip():
        body["note"] = [{"text": note.strip()}]
    return {"resourceType": body.pop("resourceType"), **body}


def _quantity(value: Decimal, unit: str, comparator: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {"value": value}
    if comparator:
        made["comparator"] = comparator
    return made | ({"unit": unit, "system": UCUM, "code": unit} if unit else {})


def _result(entry: ResultEntry) -> dict[str, Any]:
    test = tests().get(entry.test) if entry.test else None
    code: dict[str, Any] = {"text": entry.name.strip()}
    if test is not None and test.loinc:
        code = {"coding": [{"system": LOINC, "code": test.loinc[0], "display": test.en}], **code}
    made: dict[str, Any] = {
        "resourceType": "Observation", "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "laboratory"}]}], "code": code,
        "effectiveDateTime": entry.on.text,
    }  # fmt: skip
    if isinstance(entry.value, Decimal):
        made["valueQuantity"] = _quantity(entry.value, entry.unit, entry.comparator)
    else:
        made["valueString"] = entry.value
    limits = {k: v for k, v in (("low", entry.low), ("high", entry.high)) if v is not None}
    if limits:
        made["referenceRange"] = [{k: _quantity(v, entry.unit) for k, v in limits.items()}]
    if entry.laboratory.strip():
        made["performer"] = [{"display": entry.laboratory.strip()}]
    return made


def _medication(entry: Taken) -> dict[str, Any]:
    period = {k: w.text for k, w in (("start", entry.since), ("end", entry.until)) if w is not None}
    dosage: dict[str, Any] = {"text": ", ".join(filter(None, (entry.dose.strip(), entry.how.strip())))}
    if entry.as_needed:
        dosage["asNeededBoolean"] = True
    if amount := _dose(entry.dose):
        dosage["doseAndRate"] = [{"doseQuantity": _quantity(amount.value, amount.unit)}]
    made: dict[str, Any] = {
        "resourceType": "MedicationStatement", "status": "completed" if entry.until else "active",
        "medicationCodeableConcept": {"text": entry.medicine.strip()},
        "dateAsserted": datetime.now(UTC).isoformat(timespec="seconds"),
        "informationSource": {"display": ORIGIN},
    }  # fmt: skip
    if period:
        made["effectivePeriod"] = period
    if dosage.get("text") or entry.as_needed:
        made["dosage"] = [{k: v for k, v in dosage.items() if v}]
    if entry.why.strip():
        made["reasonCode"] = [{"text": entry.why.strip()}]
    return made


def _dose(text: str) -> Quantity | None:
    """ "500 mg" as a quantity; None for words."""
    match = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*(mg|g|ug|µg|mcg|mL|ml|IU|UI)\s*", text)
    if match is None:
        return None
    unit = {"µg": "ug", "mcg": "ug", "ml": "mL", "IU": "[iU]", "UI": "[iU]"}.get(match[2], match[2])
    return Quantity(Decimal(match[1].replace(",", ".")), unit)


def _symptom(entry: Symptom) -> dict[str, Any]:
    made: dict[str, Any] = {
        "resourceType": "Observation", "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "survey"}]}],
        "code": {"coding": [{"system": LOINC, "code": SYMPTOM, "display": "Symptom"}], "text": entry.name.strip()},
    }  # fmt: skip
    if entry.until is None:
        made["effectiveDateTime"] = entry.at.isoformat(timespec="seconds")
    else:
        made["effectivePeriod"] = {
            "start": entry.at.isoformat(timespec="seconds"), "end": entry.until.isoformat(timespec="seconds"),
        }  # fmt: skip
    if entry.severity is not None:
        made["valueQuantity"] = {"value": entry.severity, "unit": "/10", "system": UCUM, "code": "{score}"}
    made["performer"] = [{"display": ORIGIN}]
    return made


def _document(entry: Note) -> dict[str, Any]:
    title = entry.title.strip() or entry.text.strip().splitlines()[0][:80]
    return {
        "resourceType": "DocumentReference", "status": "current", "type": {"text": title},
        "date": entry.at.isoformat(timespec="seconds"), "author": [{"display": ORIGIN}],
        "content": [{"attachment": {
            "contentType": "text/plain; charset=utf-8", "title": title,
            "data": base64.b64encode(entry.text.strip().encode()).decode(),
        }}],
    }  # fmt: skip
