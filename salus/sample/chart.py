"""The FHIR R4 bundle under construction: resources by slug, references between them, exact decimals. Knows no story."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

import msgspec
import tomli as tomllib

from salus.records.codes import LOINC, SNOMED, UCUM
from salus.sample.person import FAMILY, GIVEN, Spec

Body = dict[str, Any]
BASE = "https://records.sample.example/fhir"
TERMS = "http://terminology.hl7.org/CodeSystem"

_encoder = msgspec.json.Encoder(decimal_format="number")


@lru_cache(maxsize=4)
def table(name: str) -> Body:
    """One of the story's TOML files, read once."""
    return tomllib.loads(resources.files("salus.sample").joinpath(name).read_text("utf-8"))


class Chart:
    """Collects resources in order. A slug names a resource; its id is the spec's stable UUID for it."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.lang = spec.lang
        self.resources: list[Body] = []
        self._displays: dict[str, str] = {}

    def add(self, kind: str, slug: str, body: Body, display: str = "") -> Body:
        """Append a resource; keys whose value is None are left out. `display` labels references to it."""
        kept = {k: v for k, v in body.items() if v is not None}
        resource = {"resourceType": kind, "id": self.spec.uid(f"{kind}/{slug}"), **kept}
        self.resources.append(resource)
        self._displays[f"{kind}/{slug}"] = display
        return resource

    def ref(self, kind: str, slug: str) -> Body:
        """A reference to a resource already added or still to come."""
        display = self._displays.get(f"{kind}/{slug}")
        reference = {"reference": f"{kind}/{self.spec.uid(f'{kind}/{slug}')}"}
        return {**reference, "display": display} if display else reference

    @property
    def patient(self) -> Body:
        return {"reference": f"Patient/{self.spec.uid('Patient/self')}", "display": f"{GIVEN} {FAMILY}"}

    def say(self, row: Body) -> str:
        """The row's words in the language of the records."""
        return str(row[self.lang])

    def loinc(self, code: str, row: Body) -> Body:
        """A CodeableConcept of one LOINC code; the coding's display stays English, as terminologies print it."""
        display = row.get("display") or row["en"]
        return {"coding": [{"system": LOINC, "code": code, "display": display}], "text": self.say(row)}

    def snomed(self, row: Body, *more: Body) -> Body:
        coding = {"system": SNOMED, "code": row["snomed"], "display": row["en"]}
        return {"coding": [coding, *more], "text": self.say(row)}

    def bundle(self) -> bytes:
        """The collection as JSON bytes; decimals keep their digits (4.30 stays 4.30)."""
        entries = [{"fullUrl": f"{BASE}/{r['resourceType']}/{r['id']}", "resource": r} for r in self.resources]
        body = {
            "resourceType": "Bundle",
            "id": self.spec.uid("Bundle"),
            "type": "collection",
            "timestamp": stamp(self.spec.exported, utc=True),
            "entry": entries,
        }
        return encode(body)


def encode(body: Body) -> bytes:
    """JSON with indentation, Decimals as numbers with their digits."""
    return msgspec.json.format(_encoder.encode(body), indent=1) + b"\n"


def stamp(moment: datetime, *, utc: bool = False) -> str:
    """A FHIR dateTime with the person's offset, or in UTC as some systems write it."""
    if utc:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat(timespec="seconds")


def status(system: str, code: str) -> Body:
    """A CodeableConcept of one HL7 code."""
    return {"coding": [{"system": f"{TERMS}/{system}", "code": code}]}


def number(value: float, digits: int) -> Decimal:
    """A figure as a laboratory prints it: rounded half up, trailing zeros kept."""
    step = Decimal(1).scaleb(-digits)
    return Decimal(repr(value)).quantize(step, rounding="ROUND_HALF_UP")


def quantity(value: Decimal, unit: str) -> Body:
    """A FHIR Quantity; an empty unit is left out altogether."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit} if unit else {"value": value}


def day_text(day: date) -> str:
    return day.isoformat()
