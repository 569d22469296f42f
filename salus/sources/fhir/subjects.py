"""Whose is each resource of a file? Patients are judged first, the rest by the patient they point to.

A patient whose birth date or sex differs from the vault's person is someone else, and so is everything that points to
them. Where nothing says who the patients are and there is more than one, or where those that may be the person
contradict each other, none can be taken: it cannot be told whose they are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from salus.records.resource import Body, subject_ref
from salus.records.text import T, Text
from salus.records.times import When
from salus.sources.identity import mismatch
from salus.vault import servers
from salus.vault.person import Person

_FIELDS = (b'"subject"', b'"patient"', b'"beneficiary"')
_REFERENCE = re.compile(rb'\s*:\s*\{[^{}]*?"reference"\s*:\s*"([^"]+)"')


class Whose(NamedTuple):
    """What a resource says of its owner: `names` for a Patient, with birth date, sex and the `numbers` a server knows
    them by; else a `reference`.

    A reference to a Patient contained in the resource is that patient.
    """

    names: tuple[str, ...] = ()
    born: str | None = None
    sex: str | None = None
    reference: str | None = None
    patient: bool = False
    numbers: frozenset[str] = frozenset()


def whose(body: Body, full_url: str | None) -> Whose:
    """Reads it from a decoded resource."""
    if body.get("resourceType") == "Patient":
        return _patient(body, full_url)
    reference = subject_ref(body)
    if reference is not None and reference.startswith("#"):
        inside = body.get("contained")
        for one in inside if isinstance(inside, list) else []:
            if isinstance(one, dict) and one.get("resourceType") == "Patient" and one.get("id") == reference[1:]:
                return _patient(one, None)._replace(names=())
    return Whose(reference=reference)


def _patient(body: Body, full_url: str | None) -> Whose:
    names = [full_url] if full_url else []
    if isinstance(body.get("id"), str):
        names.append(f"Patient/{body['id']}")
    if full_url and full_url.startswith("urn:uuid:"):
        names.append("Patient/" + full_url.removeprefix("urn:uuid:"))
    born, sex = body.get("birthDate"), body.get("gender")
    born, sex = (said if isinstance(said, str) else None for said in (born, sex))
    return Whose(tuple(names), born, sex, None, True, servers.of_patient(body))


def pointed_at(raw: bytes) -> str | None:
    """The reference to a patient in the bytes of a resource, without decoding it: the first that looks like one."""
    for name in _FIELDS:
        at = raw.find(name)
        if at >= 0 and (found := _REFERENCE.match(raw, at + len(name))):
            return found.group(1).decode("utf-8", "replace")
    return None


class Subjects:
    """Verdicts on patients by every name a reference may use for them. `see` everything, `settle`, then ask."""

    def __init__(self, person: Person, same_person: bool) -> None:
        self._person, self._same = person, same_person
        self._verdicts: dict[str, Text | None] = {}
        self._unidentified: set[str] = set()
        self._maybe: dict[tuple[str | None, str | None], list[str]] = {}
        self._several: Text | None = None

    def see(self, owner: Whose) -> None:
        """Takes note of one resource's owner, in any order."""
        if owner.patient:
            verdict = mismatch(self._person, owner.born, owner.sex)
            if verdict is None:
                self._maybe.setdefault((owner.born, owner.sex), []).extend(owner.names)
            for name in owner.names:
                self._verdicts[name] = self._verdicts.get(name) or verdict
        elif owner.reference and (key := _key(owner.reference)):
            self._unidentified.add(key)

    def settle(self) -> None:
        """After all were seen: patients that may each be the person, but not all of them, are none."""
        self._unidentified -= self._verdicts.keys()
        if not _agree(list(self._maybe)):
            self._several = T(
                "It holds the records of several people, and nothing tells which of them is this vault's person. "
                "Import one person's file, or use --same-person if it is all yours."
            )
            for names in self._maybe.values():
                self._verdicts.update(dict.fromkeys(names, self._several))

    def verdict(self, owner: Whose) -> Text | None:
        """Why a resource is not this person's, or None."""
        if self._same:
            return None
        if owner.patient:
            if (named := next((self._verdicts[n] for n in owner.names if n in self._verdicts), None)) is not None:
                return named
            return mismatch(self._person, owner.born, owner.sex) or self._several
        key = _key(owner.reference) if owner.reference else None
        if key is None:
            return None
        if key in self._verdicts:
            return self._verdicts[key]
        known = any(v is None for v in self._verdicts.values())
        if len(self._unidentified) > 1 or (known and self._unidentified):
            return T(
                "It belongs to {patient}, and nothing here says who that is. Import it together with its Patient "
                "record, or with --same-person if it is all yours.",
                patient=key[:80],
            )
        return None


def _agree(said: list[tuple[str | None, str | None]]) -> bool:
    """True when all these (birth date, sex) may be one person's."""
    sexes = {sex for _, sex in said if sex in ("female", "male")}
    days = [when for born, _ in said if born and (when := When.parse(born)) is not None]
    return len(sexes) < 2 and (not days or max(d.first for d in days) <= min(d.last for d in days))


def _key(reference: str) -> str | None:
    """The name of a patient reference; None for one that is no patient (a group, a device) or contained."""
    if reference.startswith("#") or "?" in reference:
        return None
    if reference.startswith("urn:"):
        return reference
    parts = reference.split("/_history")[0].rstrip("/").split("/")
    if len(parts) >= 2 and parts[-2] != "Patient":
        return None
    return "/".join(parts[-2:]) if len(parts) >= 2 else None
