"""What a question says, before any decision: its period, the tests, metrics and kinds of record it names, its cues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from salus.assistant import periods
from salus.assistant.route.lexicon import book, heard_in, metric_book
from salus.knowledge.labs import recognise
from salus.knowledge.labs import tests as lab_tests
from salus.records.times import Period
from salus.vault.view import VaultView


class Spot(NamedTuple):
    """A concept named: kind "test", "panel" or "metric", its key, and where."""

    kind: str
    key: str
    start: int
    end: int


@dataclass(frozen=True)
class Heard:
    """`text` is the question with the words of the period blanked out. `cues` are the keys heard, by section."""

    text: str
    period: Period | None
    spots: tuple[Spot, ...]
    kinds: tuple[tuple[str, int, int], ...]
    cues: dict[str, tuple[str, ...]]
    lang: str

    def has(self, section: str, *keys: str) -> bool:
        return any(key in self.cues[section] for key in keys)


def hear(question: str, view: VaultView, lang: str) -> Heard:
    """Reads a question once. Pure but for the person's calendar (`view.today`)."""
    text = question.replace("’", "'")
    found = periods.find(text, view.today)
    period = found.period if found else None
    if found:
        text = text[: found.start] + " " * (found.end - found.start) + text[found.end :]
    spots = tuple(_spots(text, lang))
    bare = _blanked(text, spots)
    cues = {
        "records_ask": heard_in("records_ask", text),
        "labs_ask": heard_in("labs_ask", bare),
        "beyond": heard_in("beyond", question.replace("’", "'")),
        "generic": heard_in("generic", text),
    }
    kinds = tuple((f.item, f.start, f.end) for f in book("kinds").find(text))
    return Heard(text, period, spots, kinds, cues, lang)


def _blanked(text: str, spots: tuple[Spot, ...]) -> str:
    """The text without the names themselves: the "max" of VO2 max asks for nothing."""
    for spot in spots:
        text = text[: spot.start] + " " * (spot.end - spot.start) + text[spot.end :]
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
    candidates.sort(key=lambda s: (s.start - s.end, s.kind == "metric", s.start))
    kept: list[Spot] = []
    for spot in candidates:
        if all(spot.end <= k.start or spot.start >= k.end for k in kept):
            kept.append(spot)
    return sorted((_measured(s) for s in kept), key=lambda s: s.start)


def _measured(spot: Spot) -> Spot:
    """A vital sign that devices measure too is asked of the metric: it reads both."""
    if spot.kind == "test" and (metric := lab_tests()[spot.key].metric):
        return Spot("metric", metric, spot.start, spot.end)
    if spot.kind == "panel" and spot.key == "blood_pressure":
        return Spot("metric", "blood_pressure", spot.start, spot.end)
    return spot
