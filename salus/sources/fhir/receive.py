"""One FHIR resource from its bytes: what the vault indexes, read once. Holds no opinion on its content."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from salus.records.resource import Body, all_codes, decode, first, title, when
from salus.records.text import T, Text
from salus.records.times import When, to_ms
from salus.vault import servers
from salus.vault.resources import Received

FIRST_YEAR, LAST_YEAR = 1900, 2100
LARGEST = 32 << 20
LONGEST_ID = 255

# Where a resource names who wrote it, best first.
_AUTHORS: dict[str, tuple[str, ...]] = {
    "Observation": ("performer.display",),
    "DiagnosticReport": ("performer.display", "resultsInterpreter.display"),
    "MedicationRequest": ("requester.display",),
    "Condition": ("recorder.display", "asserter.display"),
    "AllergyIntolerance": ("recorder.display", "asserter.display"),
    "Immunization": ("performer.actor.display", "location.display"),
    "Encounter": ("serviceProvider.display", "participant.individual.display"),
    "Procedure": ("performer.actor.display", "location.display"),
    "DocumentReference": ("author.display", "custodian.display"),
    "Claim": ("provider.display",),
}


class NotAResource(ValueError):
    """The bytes are no FHIR resource; `text` says why."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.plain())


def receive(raw: bytes) -> Received:
    """Raises NotAResource."""
    return indexed(raw, body_of(raw))


def body_of(raw: bytes) -> Body:
    """The resource as a dict. Raises NotAResource for what is not one."""
    if len(raw) > LARGEST:
        raise NotAResource(T("It is larger than {n} MB.", n=LARGEST >> 20))
    try:
        body = decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError, ArithmeticError) as error:
        raise NotAResource(why_not_json(raw, error)) from None
    if not isinstance(body, dict):
        raise NotAResource(T("It is not a JSON object."))
    type_ = body.get("resourceType")
    if not isinstance(type_, str) or not type_:
        raise NotAResource(T("It has no resourceType, so it is not a FHIR resource."))
    if not type_.isascii() or not type_.isalpha() or not type_[0].isupper() or len(type_) > 64:
        raise NotAResource(T("Its resourceType “{type}” is not one of FHIR.", type=type_[:64]))
    if type_ == "Bundle":
        raise NotAResource(T("It is a Bundle whose entries cannot be read."))
    return body


def why_not_json(raw: bytes, error: Exception) -> Text:
    """Why these bytes are not JSON, in words."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return T("Its text is not UTF-8, as JSON must be.")
    if isinstance(error, RecursionError):
        return T("It is nested too deeply.")
    if isinstance(error, ArithmeticError):
        return T("It holds a number with an impossible exponent.")
    return T("It is not valid JSON ({what}).", what=plain_error(error))


def plain_error(error: Exception) -> str:
    """What a decoder complains of, without its own jargon."""
    return str(error).removeprefix("JSON is malformed: ").split("\n")[0][:200]


def indexed(raw: bytes, body: Body, full_url: str | None = None) -> Received:
    """What the vault indexes of a resource. `full_url` names it where it has no id. Raises NotAResource."""
    time = when(body)
    if time is not None and not FIRST_YEAR <= time.first.year <= LAST_YEAR:
        raise NotAResource(T("Its date {date} cannot be right.", date=time.text))
    type_, id_ = str(body["resourceType"]), identity(raw, body, full_url)
    if len(id_) > LONGEST_ID:
        raise NotAResource(T("Its id is longer than {n} characters.", n=LONGEST_ID))
    return Received(
        type_, id_, raw, time, all_codes(body), _stamp(body), _author(type_, body), title=title(body),
        server=servers.of_url(full_url, type_),
    )  # fmt: skip


def identity(raw: bytes, body: Body, full_url: str | None) -> str:
    """Its id, else the last part of its full URL, else a digest of its bytes (so the same again is the same)."""
    found = body.get("id")
    if isinstance(found, str) and found:
        return found
    if full_url:
        return full_url.rsplit("/", 1)[-1].removeprefix("urn:uuid:").removeprefix("urn:oid:")
    return "sha256-" + hashlib.sha256(raw).hexdigest()[:32]


def _stamp(body: Body) -> int | None:
    updated = first(body, "meta.lastUpdated")
    parsed = When.parse(updated) if isinstance(updated, str) else None
    return to_ms(parsed.instant) if parsed and parsed.instant else None


def _author(type_: str, body: Body) -> str:
    for path in _AUTHORS.get(type_, ()):
        found: Any = first(body, path)
        if isinstance(found, str) and found:
            return found
    source = first(body, "meta.source")
    return source.split("#")[0] if isinstance(source, str) else ""
