"""Which words of a sentence are a finding's figures, so that each can open its evidence. Computes no figure itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from salus.assistant.words import figures as written
from salus.assistant.words import words
from salus.records.finding import Lang
from salus.records.times import When
from salus.records.units import Quantity

_NUMBER = {
    "en": re.compile(r"(?<![\w.,/-])[−-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w]|[.,-]\d)"),
    "fr": re.compile(r"(?<![\w.,/-])[−-]?(?:\d{1,3}(?:[\u202f\u00a0 ]\d{3})+|\d+)(?:,\d+)?(?![\w]|[.,-]\d)"),
}
_ANY = {lang: "|".join(names) for lang, names in written.MONTHS.items()}
_MONTHS = {lang: re.compile(rf"(?:er)?[\u00a0 ](?:{names})\b") for lang, names in _ANY.items()}
_AFTER_MONTH = {lang: re.compile(rf"(?:{names})[\u00a0 ]$") for lang, names in _ANY.items()}
_NO_SPACE, _NO_SPACE_END = re.compile(r"[^\s\w]+"), re.compile(r"[^\s\w]+$")
_DEEP = 400


class Part(NamedTuple):
    """A piece of a sentence; `finding` is the id of the finding whose figure it is, or None for plain words.

    `before` and `after` are what no line may break from a figure: brackets, full stops.
    """

    text: str
    finding: str | None = None
    before: str = ""
    after: str = ""


def parse(text: str, lang: Lang) -> Decimal | None:
    """A number as a language writes it."""
    plain = re.sub(r"[\u202f\u00a0 ]", "", text).replace("−", "-")
    plain = plain.replace(",", ".") if lang == "fr" else plain.replace(",", "")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def parts(text: str, findings: Sequence[Mapping[str, Any]], lang: Lang) -> list[Part]:
    """The sentence cut where figures of the findings stand: as quantities first, then as bare numbers."""
    marks: list[tuple[int, int, str]] = []
    for finding in findings:
        for shown in sorted(_quantities(finding, lang), key=len, reverse=True):
            for match in re.finditer(rf"(?<![\w.,]){re.escape(shown)}(?!\w)", text):
                _mark(marks, match.start(), match.end(), finding["id"])
    # "went down by 0.43" says -0.43 without its sign
    values = [(finding, {abs(v) for v in _values(finding)}) for finding in findings]
    bare = {finding["id"]: {abs(v) for v in _numbers(finding["data"])} for finding in findings}
    for match in _NUMBER[lang].finditer(text):
        number = parse(match[0], lang)
        if number is None or _in_date(text, match.start(), match.end(), lang):
            continue
        for finding, known in values:
            ends = _with_unit(text, match.end(), finding, lang)
            measure = ends > match.end() or _exact(match[0], lang)
            if abs(number) in known or (measure and abs(number) in bare[finding["id"]]):
                _mark(marks, match.start(), ends, finding["id"])
                break
    return list(_cut(text, sorted(marks)))


def shown_value(finding: Mapping[str, Any], pieces: Sequence[Part], lang: Lang) -> str:
    """The finding's value with the digits its statement prints, else as its number says it; '' when it has none."""
    value = finding["value"]
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return _worded(value, lang)
    for piece in pieces:
        if piece.finding and (found := _NUMBER[lang].search(piece.text)) and parse(found[0], lang) == _decimal(value):
            return piece.text
    return words(lang).say(Quantity(_decimal(value), finding["unit"] or ""))


def _decimal(value: float) -> Decimal:
    return Decimal(str(value))


def _worded(value: str, lang: Lang) -> str:
    """A value that is a date as people write it; other words as they are."""
    when = When.parse(value) if len(value) >= len("2026-01-01") else None
    return words(lang).say(when) if when else value


def _quantities(finding: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    if isinstance(finding["value"], str) and finding["value"].strip():
        yield _worded(finding["value"], lang)
    for each in (finding, *finding["also"]):
        if isinstance(each["value"], int | float) and not isinstance(each["value"], bool) and each["unit"]:
            yield words(lang).say(Quantity(_decimal(each["value"]), each["unit"]))


def _values(finding: Mapping[str, Any]) -> Iterator[Decimal]:
    yield from _numbers((finding["value"], [a["value"] for a in finding["also"]]))
    # A small whole number in a sentence is as often a count of something else, unless it is written as a measure.
    yield from (v for v in _numbers(finding["data"]) if abs(v) >= 10 or v != v.to_integral_value())


def _numbers(thing: Any) -> Iterator[Decimal]:
    """Every number in plain data, also those kept as text to keep their digits."""
    if isinstance(thing, bool) or thing is None:
        return
    if isinstance(thing, int | float):
        yield _decimal(thing)
    elif isinstance(thing, str):
        if re.fullmatch(r"-?\d{1,12}(\.\d{1,12})?", thing):
            yield Decimal(thing)
    elif isinstance(thing, Mapping):
        yield from _numbers(list(thing.values()))
    elif isinstance(thing, Iterable):
        for item in list(thing)[:_DEEP]:
            yield from _numbers(item)


def _exact(written_number: str, lang: Lang) -> bool:
    """Whether digits stand after the point ("3.00"): then it is no count."""
    return ("," if lang == "fr" else ".") in written_number


def _in_date(text: str, start: int, end: int, lang: Lang) -> bool:
    return bool(_MONTHS[lang].match(text, end) or _AFTER_MONTH[lang].search(text[:start]))


def _with_unit(text: str, end: int, finding: Mapping[str, Any], lang: Lang) -> int:
    for each in (finding, *finding["also"]):
        shown = written.unit(each["unit"] or "", lang)
        if shown and text.startswith(shown, end):
            return end + len(shown)
        if shown and text[end : end + 1] in ("\u00a0", " ") and text.startswith(shown, end + 1):
            return end + 1 + len(shown)
    return end


def _mark(marks: list[tuple[int, int, str]], start: int, end: int, finding: str) -> None:
    if not any(start < b and a < end for a, b, _ in marks):
        marks.append((start, end, finding))


def _cut(text: str, marks: Sequence[tuple[int, int, str]]) -> Iterator[Part]:
    at = 0
    for index, (start, end, finding) in enumerate(marks):
        limit = marks[index + 1][0] if index + 1 < len(marks) else len(text)
        before, after = _NO_SPACE_END.search(text[at:start]), _NO_SPACE.match(text[end:limit])
        head, tail = before[0] if before else "", after[0] if after else ""
        if start - len(head) > at:
            yield Part(text[at : start - len(head)])
        yield Part(text[start:end], finding, head, tail)
        at = end + len(tail)
    if at < len(text):
        yield Part(text[at:])
