"""What was measured in one go: a blood pressure's figures and a phone's pair of them, set aside and put back as one.

Knows which records belong to one moment; each stays a record of its own, with its own mark.
"""

from __future__ import annotations

from salus.faces.web.told import capital
from salus.records.metrics import metric
from salus.records.sample import Sample
from salus.records.times import Period, from_ms, to_ms
from salus.records.units import Quantity
from salus.vault.corrections import Correction, place
from salus.vault.vault import Vault
from salus.vault.view import VaultView, exact

PRESSURE = ("systolic", "diastolic")
PAIR = "Correlation"
"""The type a phone's pair of readings is kept as. It says nothing that its readings do not."""


def beside(view: VaultView, ref: str, lang: str) -> tuple[tuple[str, Quantity, str], ...]:
    """(name, value, reference) of the other figures taken at the moment of a reading or of a pair, in use now."""
    made = []
    for one in _readings(view, ref):
        if one.ref != ref and (number := exact(one)) is not None:
            row = metric(one.metric)
            made.append((capital(row.name(lang)), Quantity(number, row.ucum(one.unit)), one.ref))
    return tuple(made)


def set_aside(vault: Vault, ref: str, why: str, note: str, *, whole: bool) -> Correction:
    """Sets a record aside; a pair always with its readings, a reading with all that was taken with it when `whole`.

    Raises what `Vault.set_aside` raises, before anything is marked.
    """
    view = vault.view()
    others = [one.ref for one in _readings(view, ref)] if whole or ref.startswith(f"{PAIR}/") else []
    if whole and ref.startswith("sample/"):
        others += _pairs(view, ref)
    made = vault.set_aside(ref, why, note)
    for other in others:
        if other != ref:
            vault.set_aside(other, why, note)
    return made


def put_back(vault: Vault, ref: str) -> None:
    """Uses a record again, and what was set aside with it: same moment, same reason, same words.

    Raises NotFound when it is not set aside.
    """
    marked = vault.corrections()
    own = next((one for one in marked if one.ref == ref), None)
    start = _moment(vault.view(), ref)
    vault.put_back(ref)
    if own is None or start is None:
        return
    for one in marked:
        same = (one.why, one.note) == (own.why, own.note) and one.ref != ref
        if same and _moment(vault.view(), one.ref) == start:
            vault.put_back(one.ref)


def _moment(view: VaultView, ref: str) -> int | None:
    """When a reading of a blood pressure or a pair begins (ms); None for anything else. Also of what is set aside."""
    if (where := place(ref)) is not None:
        return where.start if where.metric in PRESSURE else None
    if not ref.startswith(f"{PAIR}/"):
        return None
    found = view.resource(ref, aside=True)
    return to_ms(found.time.instant) if found and found.time and found.time.instant else None


def _readings(view: VaultView, ref: str) -> list[Sample]:
    """The figures in use of the moment of `ref`, from the same device where `ref` is a reading."""
    start, made = _moment(view, ref), []
    if start is None:
        return []
    day = from_ms(start, view.person.zone).date()
    own = view.sample_at(ref) or view.sample_at(ref, aside=True)
    for key in PRESSURE:
        made += [
            one for one in view.samples(key, Period(day, day))
            if one.start == start and (own is None or one.origin == own.origin)
        ]  # fmt: skip
    return made


def _pairs(view: VaultView, ref: str) -> list[str]:
    start = _moment(view, ref)
    if start is None:
        return []
    day = from_ms(start, view.person.zone).date()
    return [r.ref for r in view.resources(PAIR, period=Period(day, day)) if _moment(view, r.ref) == start]
