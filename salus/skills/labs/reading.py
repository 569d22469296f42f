"""One result as it stands in a record: value, unit, date, the laboratory's own range and verdict.

Reads Observations and the components of panels. What was entered in error is never used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from salus.records.codes import LOINC, Code
from salus.records.resource import Body, Resource, codings, concept_text, first, quantity, when
from salus.records.times import When
from salus.records.units import Quantity, normal

UNUSED = frozenset({"entered-in-error", "cancelled", "registered"})
_RANGE = re.compile(r"^\s*(?:(-?[\d.,]+)\s*(?:-|–|to|à)\s*(-?[\d.,]+)|([<>≤≥]=?)\s*(-?[\d.,]+))")


@dataclass(frozen=True)
class Range:
    """What the laboratory printed beside the value, in the value's own unit; open ends are None."""

    low: Decimal | None
    high: Decimal | None
    text: str


@dataclass(frozen=True)
class Reading:
    """One result. `value` is None where the record states only words (`said`) or nothing (`missing` says why).

    `comparator` is "<" or ">" where the laboratory gives a bound instead of a figure. `verdict` is the laboratory's
    own flag ("low", "high", "normal", "critical_low", "critical_high") or None. `also_in` are the other records of the
    same measurement, `others` those of them that give another value for it.
    """

    resource: Resource
    code: Code
    name: str
    time: When | None
    value: Quantity | None
    comparator: str
    said: str
    range: Range | None
    verdict: str | None
    status: str
    also_in: tuple[Reading, ...] = ()
    others: tuple[Reading, ...] = ()

    @property
    def refs(self) -> frozenset[str]:
        """Every record of it."""
        return frozenset((self.resource.ref, *(one.resource.ref for one in self.also_in)))

    @property
    def sides(self) -> tuple[Reading, ...]:
        """Each value its sources give, as the one that speaks; itself alone where they agree."""
        if not self.others:
            return (self,)
        records = (replace(self, also_in=(), others=()), *self.also_in)
        values = (records[0], *self.others)
        return tuple(
            replace(one, time=self.time, also_in=tuple(r for r in records if r.resource.ref != one.resource.ref),
                    others=tuple(v for v in values if v is not one))
            for one in values
        )  # fmt: skip


def of_codes(resource: Resource, loinc: Iterable[str]) -> Reading | None:
    """The result of a resource that carries one of these LOINC codes, itself or in a component."""
    body = resource.body
    status = str(body.get("status", ""))
    if status in UNUSED:
        return None
    found = _matching(body, frozenset(loinc))
    if found is None:
        return None
    part, code = found
    value, comparator, said = _value(part)
    if value is None and not said:
        return None
    return Reading(
        resource, code, concept_text(part.get("code")) or code.display, when(body), value, comparator, said,
        _range(part, value), _verdict(part), status,
    )  # fmt: skip


def uncoded(resource: Resource) -> Reading | None:
    """The result of a resource that carries no LOINC code: known by its own words alone."""
    body = resource.body
    status, name = str(body.get("status", "")), concept_text(body.get("code"))
    parts = (body, *(c for c in body.get("component") or [] if isinstance(c, dict)))
    if status in UNUSED or not name or any(c.system == LOINC for part in parts for c in codings(part.get("code"))):
        return None
    value, comparator, said = _value(body)
    if value is None and not said:
        return None
    return Reading(
        resource, Code("", name), name, when(body), value, comparator, said, _range(body, value), _verdict(body), status
    )


def _matching(body: Body, loinc: frozenset[str]) -> tuple[Body, Code] | None:
    for part in (body, *(c for c in body.get("component") or [] if isinstance(c, dict))):
        for code in codings(part.get("code")):
            if code.system == LOINC and code.code in loinc:
                return part, code
    return None


def _value(part: Body) -> tuple[Quantity | None, str, str]:
    found = quantity(part.get("valueQuantity"))
    if found is not None:
        return found, str(part["valueQuantity"].get("comparator") or ""), ""
    whole = part.get("valueInteger")
    if isinstance(whole, int) and not isinstance(whole, bool):
        return Quantity(Decimal(whole), ""), "", ""
    text = part.get("valueString") or concept_text(part.get("valueCodeableConcept"))
    return _from_text(str(text)) if text else (None, "", "")


_TEXT = re.compile(r"^\s*([<>≤≥]=?)?\s*(-?\d+(?:[.,]\d+)?)\s*([^\d\s(][^\s(]*)?\s*$")


def _from_text(text: str) -> tuple[Quantity | None, str, str]:
    """A figure written as words ("<0.3 mg/L") is a figure; anything else stays words."""
    match = _TEXT.match(text)
    if not match:
        return None, "", text
    value = _number(match.group(2))
    if value is None:
        return None, "", text
    return (
        Quantity(value, normal(match.group(3) or "")),
        (match.group(1) or "").replace("≤", "<=").replace("≥", ">="),
        "",
    )


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _range(part: Body, value: Quantity | None) -> Range | None:
    for printed in part.get("referenceRange") or []:
        if not isinstance(printed, dict) or (first(printed, "type.coding.code") or "normal") not in (
            "normal",
            "recommended",
        ):
            continue
        low, high = quantity(printed.get("low")), quantity(printed.get("high"))
        text = str(printed.get("text") or "")
        if low or high:
            unit = value.unit if value else ""
            low_in, high_in = _in(low, unit), _in(high, unit)
            if (low is None) == (low_in is None) and (high is None) == (high_in is None):
                if low_in is not None and high_in is not None and low_in > high_in:
                    continue  # low above high: the ends were mixed up, so this range says nothing
                return Range(low_in, high_in, text)
        elif match := _RANGE.match(text):
            a, b, sign, limit = match.groups()
            if sign:
                bound = _number(limit)
                return Range(bound if sign[0] in ">≥" else None, bound if sign[0] in "<≤" else None, text)
            return Range(_number(a), _number(b), text)
    return None


def _in(limit: Quantity | None, unit: str) -> Decimal | None:
    if limit is None:
        return None
    if not limit.unit or not unit:
        return limit.value
    converted = limit.to(unit)
    return converted.value if converted else None


_FLAGS = {
    "L": "low", "LU": "low", "LL": "critical_low", "H": "high", "HU": "high", "HH": "critical_high", "N": "normal",
    "<": "low", ">": "high", "HM": "high", "LM": "low",
}  # fmt: skip


def _verdict(part: Body) -> str | None:
    flags: Any = part.get("interpretation")
    for concept in flags if isinstance(flags, list) else [flags]:
        for code in codings(concept):
            if code.code in _FLAGS:
                return _FLAGS[code.code]
        text = str(concept.get("text") or "").strip().upper() if isinstance(concept, dict) else ""
        if text in _FLAGS:
            return _FLAGS[text]
        if text.lower() in ("low", "high", "normal"):
            return text.lower()
    return None
