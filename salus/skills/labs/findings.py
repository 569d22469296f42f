"""One result as a finding: the record's own figure, its conversion, its range, its caveats and its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from salus.knowledge.labs import LabTest, convert
from salus.records.finding import Evidence, Finding
from salus.records.text import Named, On, T, Text
from salus.records.units import Quantity, normal, parse_unit
from salus.skills.labs.coming_next import step_data
from salus.skills.labs.judging import Judged, doubt_text, judged, lang_name, shown_limit, verdict_text
from salus.skills.labs.readings import Reading
from salus.skills.labs.whom import Whom
from salus.vault.person import Person

SHOWN_DIGITS = 3
MOST_CLASHES = 4


def of(reading: Reading, test: LabTest | None, who: Whom | Person) -> tuple[Finding, Judged]:
    """The finding of one reading, and where it stands."""
    found, person = judged(reading, test, who), who.person if isinstance(who, Whom) else who
    value: Decimal | str = reading.value.value if reading.value and not reading.comparator else _said(reading)
    made = Finding(
        kind="result",
        statement=statement(reading, test, person),
        value=value,
        unit=reading.value.unit or None if reading.value else None,
        code=reading.code,
        time=local(reading, person),
        method=_method(found),
        evidence=evidences(reading),
        caveats=tuple(_caveats(reading, test, found)),
        also=() if found.doubt else _also(reading, test),
        data=_data(reading, test, found),
    )
    return made, found


def with_data(finding: Finding, **more: Any) -> Finding:
    """The same finding with more for a face to draw; what is None is left out."""
    return replace(finding, data={**finding.data, **{k: v for k, v in more.items() if v is not None}})


def local(reading: Reading, person: Person) -> Any:
    """The time as recorded; an instant told in the person's own zone, so that its day is theirs."""
    from salus.records.times import When

    if reading.time is None or reading.time.instant is None:
        return reading.time
    return When.of_instant(reading.time.instant.astimezone(person.zone))


def _said(reading: Reading) -> str:
    if reading.value is None:
        return reading.said
    return f"{reading.comparator}{reading.value.value}"


def name(reading: Reading, test: LabTest | None) -> Named | str:
    return lang_name(test) if test else reading.name


def shown(reading: Reading) -> Text | Quantity | str:
    """The figure with its unit, as it is said."""
    if reading.value is None:
        return reading.said
    bound = {"<": T("below {value}", value=reading.value), ">": T("above {value}", value=reading.value)}
    return bound.get(reading.comparator[:1], reading.value) if reading.comparator else reading.value


def statement(reading: Reading, test: LabTest | None, person: Person) -> Text:
    """ "LDL cholesterol: 3.4 mmol/L on 20 October 2026." """
    when = local(reading, person)
    if when is None:
        return T(
            "{test}: {value} (the record gives no date).", test=_capital(name(reading, test)), value=shown(reading)
        )
    return T("{test}: {value} {on_date}.", test=_capital(name(reading, test)), value=shown(reading), on_date=On(when))


def _capital(named: Named | str) -> Named | str:
    if isinstance(named, str):
        return named[:1].upper() + named[1:]
    return Named(named.en[:1].upper() + named.en[1:], named.fr[:1].upper() + named.fr[1:])


def _method(found: Judged) -> Text:
    if found.row is not None and not found.row.adult:
        return T(
            "The value as recorded, against the usual range of Salus’s table for this age or stage: {source}, {year} "
            "(not yet reviewed by a clinician).", source=found.row.source, year=str(found.row.source_year),
        )  # fmt: skip
    how = {
        "range": T("The value as recorded, against the range printed by the laboratory."),
        "flag": T("The value as recorded, with the laboratory’s own flag."),
        "table": T(
            "The value as recorded, against the usual adult range of Salus’s table (not yet reviewed by a clinician)."
        ),
    }
    return how.get(found.by, T("The value as recorded; no range to compare it with."))


def clash(reading: Reading) -> Text | None:
    """That the sources of one measurement do not agree, with every side; None where they do."""
    if not reading.others:
        return None
    sides = [_side(one) for one in (reading, *reading.others)]
    return T("Your sources give different values for that one moment: {sides}. Salus does not choose between them.",
             sides=sides)  # fmt: skip


def clashes(found: Sequence[Reading]) -> tuple[Text, ...]:
    """The same of several readings, each with its test's day: the first few."""
    return tuple(text for reading in found if (text := clash(reading)) is not None)[:MOST_CLASHES]


def _side(reading: Reading) -> Text | Quantity | str:
    origin = reading.resource.origin
    return T("{value} (from {origin})", value=shown(reading), origin=origin) if origin else shown(reading)


def _caveats(reading: Reading, test: LabTest | None, found: Judged) -> list[Text]:
    said = [text for text in (clash(reading),) if text is not None]
    if reading.status == "preliminary":
        said.append(T("This result is preliminary: the laboratory may still change it."))
    if reading.status in ("amended", "corrected"):
        said.append(T("The laboratory corrected this result."))
    if reading.value is not None and not reading.value.unit and not _unitless(test):
        said.append(T("The record gives no unit."))
    elif reading.value is not None and reading.value.unit and parse_unit(reading.value.unit) is None:
        said.append(T("Salus does not know the unit {unit}, so it converts nothing.", unit=reading.value.unit))
    if reading.value is not None and (doubt := doubt_text(found, reading.value)) is not None:
        said.append(doubt)
    if found.note is not None and found.by in ("table", "nothing"):
        said.append(found.note)
    if found.outside_pregnancy:
        said.append(T("This is the usual range outside pregnancy; Salus has none for pregnancy."))
    return said


def _unitless(test: LabTest | None) -> bool:
    return test is not None and (test.unit in ("1", "") or test.unit.startswith("{") or test.unit == "[pH]")


def _also(reading: Reading, test: LabTest | None) -> tuple[Quantity, ...]:
    """The value in the test's other usual unit, rounded to three significant digits."""
    if reading.value is None or reading.comparator or test is None or not reading.value.unit:
        return ()
    for unit in test.units:
        if normal(unit) == normal(reading.value.unit):
            continue
        other = convert(test, reading.value, unit)
        if other is not None and other.value != reading.value.value:
            return (Quantity(significant(other.value), unit),)
    return ()


def significant(value: Decimal) -> Decimal:
    """Rounded half up to three significant digits, without an exponent."""
    if value == 0:
        return Decimal(0)
    places = SHOWN_DIGITS - 1 - value.adjusted()
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if places >= 0 else value.quantize(Decimal(1))
    return Decimal(format(rounded, "f"))


def evidence(reading: Reading) -> Evidence:
    resource = reading.resource
    figure = f"{reading.value.value} {reading.value.unit}".strip() if reading.value else reading.said
    return Evidence(
        type=resource.type,
        ref=resource.ref,
        origin=resource.origin or resource.connection,
        time=reading.time,
        excerpt=f"{reading.name}: {reading.comparator}{figure}"[:200],
    )


def evidences(reading: Reading) -> tuple[Evidence, ...]:
    """Every record of one measurement, the one that speaks for it first."""
    return tuple(evidence(one) for one in (reading, *reading.also_in))


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _data(reading: Reading, test: LabTest | None, found: Judged) -> dict[str, Any]:
    return {
        "test": test.key if test else None,
        "judgement": found.where,
        "by": found.by,
        "low": _float(shown_limit(found.low)),
        "high": _float(shown_limit(found.high)),
        "verdict": verdict_text(found).plain(),
        "range_source": f"{found.row.source} ({found.row.source_year})" if found.row else None,
        "range_of": band(found),
        **({"sides": [_side_data(one) for one in (reading, *reading.others)]} if reading.others else {}),
        "next": step_data(test, found),
    }


def _side_data(reading: Reading) -> dict[str, Any]:
    value = reading.value
    return {"value": _float(value.value) if value else reading.said, "unit": value.unit if value else None,
            "ref": reading.resource.ref}  # fmt: skip


def band(found: Judged) -> str | None:
    """Whose range it is: the "laboratory", or the table's for "adults", an "age", a "pregnancy" or a time of life."""
    row = found.row
    if row is None:
        return "laboratory" if found.by == "range" else None
    return "pregnancy" if row.pregnancy else row.state or ("adults" if row.adult else "age")
