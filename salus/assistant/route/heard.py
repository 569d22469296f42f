"""What a question says, before any decision: its period, the tests, metrics and kinds of record it names, its cues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from salus.assistant import periods
from salus.assistant.route import days
from salus.assistant.route.days import Limit
from salus.assistant.route.lexicon import book, heard_in, metric_book, needing
from salus.knowledge.labs import recognise
from salus.knowledge.labs import tests as lab_tests
from salus.records.times import Period
from salus.vault.view import VaultView

LONGEST = 1000
"""Letters of a question that are read; nobody asks in more."""
MONTH_FIRST = frozenset({"US"})
"""Countries that write 3/4 for 4 March."""


class Spot(NamedTuple):
    """A concept named: kind "test", "panel" or "metric", its key, and where."""

    kind: str
    key: str
    start: int
    end: int


@dataclass(frozen=True)
class Heard:
    """`text` is the question with the words of the period blanked out. `cues` are the keys heard, by section.

    `versus` is the period that the first one is compared with, `limit` a figure to count days by, `unclear` the words
    about days that were not understood (`unclear_part`: those about parts of days, which only matter to measures).
    """

    text: str
    period: Period | None
    spots: tuple[Spot, ...]
    kinds: tuple[tuple[str, int, int], ...]
    cues: dict[str, tuple[str, ...]]
    lang: str
    versus: Period | None = None
    limit: Limit | None = None
    unclear: str | None = None
    unclear_part: str | None = None

    def has(self, section: str, *keys: str) -> bool:
        return any(key in self.cues[section] for key in keys)


def hear(question: str, view: VaultView, lang: str) -> Heard:
    """Reads a question once. Pure but for the person's calendar (`view.today`)."""
    text = question.replace("’", "'")[:LONGEST]
    whole = text
    person = view.person
    month_first = (person.country or ("US" if person.zone_name.startswith("America/") else "")) in MONTH_FIRST
    found = (
        days.since_visit(text, view) or days.at_age(text, view)
        or periods.find(text, view.today, month_first=month_first and lang == "en")
    )  # fmt: skip
    period = found.period if found else None
    text = _without(text, found.start, found.end) if found else text
    second = days.versus(text, view, month_first and lang == "en") if found else None
    text = _without(text, second.start, second.end) if second else text
    spots = tuple(_spots(text, lang))
    counted = days.limit(text)
    bare = _blanked(text, spots)
    cues = {
        "records_ask": heard_in("records_ask", text),
        "labs_ask": heard_in("labs_ask", bare),
        "beyond": heard_in("beyond", whole),
        "generic": heard_in("generic", text),
        "which": heard_in("which", text),
    }
    kinds = tuple((f.item, f.start, f.end) for f in book("kinds").find(text))
    left = _without(bare, counted[1], counted[2]) if counted else bare
    third = periods.find(left, view.today, month_first=month_first and lang == "en") if found else None
    beyond = third.period.words if third else None
    return Heard(
        text, period, spots, kinds, cues, lang, second.period if second else None, counted[0] if counted else None,
        days.not_understood(left, whole_days=False), days.not_understood(left, whole_days=True) or beyond,
    )  # fmt: skip


def _without(text: str, start: int, end: int) -> str:
    """The text with a piece of it blanked out, every other character in its place."""
    return text[:start] + " " * (end - start) + text[end:]


def _blanked(text: str, spots: tuple[Spot, ...]) -> str:
    """The text without the names themselves: the "max" of VO2 max asks for nothing."""
    for spot in spots:
        text = _without(text, spot.start, spot.end)
    return text


def _spots(text: str, lang: str) -> list[Spot]:
    """Tests, panels and metrics, the longest name first where they overlap; at equal length a test before a metric."""
    candidates = [Spot(s.kind, s.key, s.start, s.end) for s in recognise(text, lang)]
    have = {(s.start, s.end) for s in candidates}
    other = "en" if lang == "fr" else "fr"
    candidates += [
        Spot(s.kind, s.key, s.start, s.end)
        for s in recognise(text, other)
        if s.end - s.start > 3 and (s.start, s.end) not in have
    ]
    candidates += [Spot("metric", f.item, f.start, f.end) for f in metric_book(lang).find(text)]
    candidates = [spot for spot in candidates if _meant(spot, text)]
    candidates.sort(key=lambda s: (s.start - s.end, s.kind == "metric", s.start))
    kept: list[Spot] = []
    for spot in candidates:
        if all(spot.end <= k.start or spot.start >= k.end for k in kept):
            kept.append(spot)
    return sorted((_measured(s) for s in kept), key=lambda s: s.start)


def _meant(spot: Spot, text: str) -> bool:
    """A metric whose name is also another word (a stroke, an inhaler): only where its own matter is spoken of."""
    return spot.key not in needing() or spot.key in heard_in("needs", text)


def _measured(spot: Spot) -> Spot:
    """A vital sign that devices measure too is asked of the metric: it reads both."""
    if spot.kind == "test" and (metric := lab_tests()[spot.key].metric):
        return Spot("metric", metric, spot.start, spot.end)
    if spot.kind == "panel" and spot.key == "blood_pressure":
        return Spot("metric", "blood_pressure", spot.start, spot.end)
    return spot
