"""What the person wrote down: symptoms with how bad they were, and notes. Nothing noted is not nothing felt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from salus.records.codes import LOINC, Code
from salus.records.finding import Unknown
from salus.records.resource import Resource, codings, concept_text, ended
from salus.records.text import T, Text
from salus.records.times import Period, When
from salus.records.units import Quantity
from salus.skills.records.entry import Entry
from salus.vault.view import VaultView

SYMPTOM = Code(LOINC, "75325-1")
HAND, BY_HAND = "by_hand/", "By hand"
LONGEST, WORST = 120, 10
UNUSED = frozenset({"entered-in-error", "cancelled"})


def symptoms(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Each line of a diary of symptoms (Observation, LOINC 75325-1), with its severity of 0 to 10."""
    found = (_symptom(r) for r in view.resources("Observation", codes=[SYMPTOM], period=period))
    return [entry for entry in found if entry is not None]


def _symptom(resource: Resource) -> Entry | None:
    body = resource.body
    name = _name(body)
    if not name or body.get("status") in UNUSED:
        return None
    severity, notes = _severity(body), _notes(body)
    detail: list[Text | str] = (
        [T("severity {severity} of {worst}", severity=severity, worst=WORST)] if (severity is not None) else []
    )
    if (lasted := _lasted(resource.time, ended(body))) is not None:
        detail.append(T("lasted {time}", time=lasted))
    detail += notes
    said = (f"{severity}/{WORST}",) if severity is not None else ()
    return Entry(
        name=name, when=resource.time, resources=(resource,), words=" · ".join((name, *notes)), code=SYMPTOM,
        since=resource.time, end=ended(body), detail=tuple(detail), said=(*said, *notes),
    )  # fmt: skip


def _name(body: Mapping[str, Any]) -> str:
    """Its own words; where the code says only that it is a symptom, which one stands in the value."""
    said = str((body.get("code") or {}).get("text") or "").strip()
    generic = {code.display.casefold() for code in codings(body.get("code"))} | {"symptom", "symptôme", ""}
    value = concept_text(body.get("valueCodeableConcept")) or str(body.get("valueString") or "")
    return value.strip() if said.casefold() in generic and value.strip() else said


def _severity(body: Mapping[str, Any]) -> Decimal | None:
    value = body.get("valueQuantity")
    number = value.get("value") if isinstance(value, Mapping) else body.get("valueInteger")
    scored = not isinstance(value, Mapping) or "10" in str(value.get("unit") or "") or value.get("code") == "{score}"
    fits = isinstance(number, int | Decimal) and not isinstance(number, bool) and 0 <= number <= WORST
    return Decimal(number) if scored and fits and number is not None else None


def _notes(body: Mapping[str, Any]) -> list[str]:
    rows = body.get("note")
    texts = (str(row.get("text") or "").strip() for row in rows or () if isinstance(row, Mapping))
    return [_short(text) for text in texts if text]


def _lasted(began: When | None, end: When | None) -> Quantity | None:
    if began is None or end is None or began.instant is None or end.instant is None or end.instant <= began.instant:
        return None
    minutes = (end.instant - began.instant) // timedelta(minutes=1)
    return Quantity(Decimal(minutes), "min") if 0 < minutes < 24 * 60 else None


def notes(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Notes that the person wrote by hand, each with its first words."""
    found = []
    for resource in view.resources("DocumentReference", period=period):
        body = resource.body
        if not _by_hand(resource) or body.get("status") in ("entered-in-error", "superseded"):
            continue
        title = concept_text(body.get("type")) or str(body.get("description") or "")
        text = " ".join(view.text_of(resource.ref).split())
        shown = _short(text.removeprefix(title).lstrip(" .:;,-")) if text.startswith(title) else _short(text)
        if title or shown:
            found.append(
                Entry(
                    name=title or shown, when=resource.time, resources=(resource,), words=f"{title} · {text}",
                    since=resource.time, detail=(shown,) if title and shown else (), said=(shown,) if shown else (),
                )
            )  # fmt: skip
    return found


def _by_hand(resource: Resource) -> bool:
    authors = resource.body.get("author") or ()
    return resource.connection.startswith(HAND) or any(
        isinstance(one, Mapping) and one.get("display") == BY_HAND for one in authors
    )


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"


def diary(view: VaultView, period: Period | None = None, limit: int | None = None) -> list[Entry]:
    """Both."""
    return [*symptoms(view, period), *notes(view, period)]


# Where nothing answers --------------------------------------------------------------------------------------------

_ONLY = T("Only what was written down is known; that does not mean that there was nothing.")


def not_noted(about: str, when: Text | None) -> Unknown:
    """Nothing of that was written down, in those days or at all."""
    if about and when is not None:
        return Unknown(T("You wrote down nothing about “{about}” {when}.", about=about, when=when), _ONLY)
    if about:
        return Unknown(T("You wrote down nothing about “{about}”.", about=about), _ONLY)
    if when is not None:
        return Unknown(T("You wrote down nothing {when}.", when=when), _ONLY)
    return Unknown(
        T("You have not written down any symptom or note here yet."),
        T("Add one by hand: a symptom with how bad it is, or a note."),
    )
