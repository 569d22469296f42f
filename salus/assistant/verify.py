"""Is every figure of a sentence in the findings? A sentence that prints anything else is not said.

Templates should never fail here; the check stands so that no wording, theirs or a model's, can print a figure that
was not computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from salus.assistant.words import Words
from salus.records.finding import Finding, Lang
from salus.records.text import Named, Text
from salus.records.times import Period, When
from salus.records.units import Quantity

_NUMBER = re.compile(
    r"(?<![\w.,])[−-]?\d{1,3}(?:[,\u202f\u00a0 ]\d{3})+(?:[.,]\d+)?(?![\w])|(?<![\w.,])[−-]?\d+(?:[.,]\d+)*(?!\w)"
)


_GROUPS = {
    "en": re.compile(r"(?<=\d)[,\u202f\u00a0 ](?=\d{3}(?!\d))"),
    "fr": re.compile(r"(?<=\d)[\u202f\u00a0 ](?=\d{3}(?!\d))"),
}
"""What stands between thousands."""


def figures(findings: Iterable[Finding], words: Words) -> frozenset[Decimal]:
    """Every figure that may be said: values, conversions, dates, and what statements and caveats are made of."""
    allowed: set[Decimal] = set()
    for finding in findings:
        for text in (finding.statement, *finding.caveats, finding.method):
            allowed |= set(_numbers(words.say(text), words.lang))
        allowed |= _values(finding.value) | _values(finding.data)
        for quantity in finding.also:
            allowed.add(abs(quantity.value))
        if finding.time is not None:
            allowed |= set(_numbers(words.say(finding.time), words.lang))
        for evidence in finding.evidence:
            allowed |= set(_numbers(evidence.excerpt)) | set(_numbers(evidence.excerpt, words.lang))
            allowed |= set(_numbers(evidence.origin, words.lang))
            if evidence.type == "samples":
                allowed |= {Decimal(part) for part in re.findall(r"\d+", evidence.ref)}
            if evidence.time is not None:
                allowed |= set(_numbers(words.say(evidence.time), words.lang))
    return frozenset(allowed)


def checked(sentence: str, allowed: frozenset[Decimal], lang: Lang = "en") -> str | None:
    """The sentence when every number in it is one of `allowed`, else None: then it is not said."""
    return sentence if all(number in allowed for number in _numbers(sentence, lang)) else None


def _numbers(text: str, lang: Lang = "en") -> Iterable[Decimal]:
    """The numbers of a text as its language writes them: 0,498 is less than one in French, 498 in English."""
    for match in _NUMBER.finditer(text):
        raw = match.group().replace("−", "-")
        plain = _GROUPS[lang].sub("", raw)
        for spelling in {plain, plain.replace(",", "."), raw.replace(",", ".")}:
            try:
                yield abs(Decimal(spelling))
                break
            except InvalidOperation:
                continue


def _values(thing: Any) -> set[Decimal]:
    """Every number inside a value, a Text's arguments or plain data."""
    if isinstance(thing, bool) or thing is None:
        return set()
    if isinstance(thing, Decimal):
        return {abs(thing)}
    if isinstance(thing, int | float):
        return {abs(Decimal(repr(thing)))}
    if isinstance(thing, Quantity):
        minutes = {abs(Decimal(x)) for x in divmod(int(thing.value), 60)} if thing.unit == "min" else set()
        return {abs(thing.value)} | minutes
    if isinstance(thing, Text):
        return set().union(*map(_values, thing.args.values()), set(_numbers(thing.template)))
    if isinstance(thing, Named):
        return set(_numbers(thing.en)) | set(_numbers(thing.fr))
    if isinstance(thing, When):
        return {Decimal(thing.first.year), Decimal(thing.first.month), Decimal(thing.first.day)}
    if isinstance(thing, Period):
        days = [day for day in (thing.first, thing.last) if day]
        return {Decimal(x) for day in days for x in (day.year, day.month, day.day)}
    if isinstance(thing, dict):
        return set().union(*(_values(value) for key, value in thing.items() if key != "points"))
    if isinstance(thing, list | tuple):
        return set().union(*map(_values, thing))
    return set(_numbers(str(thing)))
