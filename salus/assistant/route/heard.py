"""What a question says, before any decision: its period, the tests, metrics and kinds of record it names, its cues."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from weakref import WeakKeyDictionary

from salus.assistant import periods
from salus.assistant.route import days
from salus.assistant.route.days import Limit
from salus.assistant.route.lexicon import book, heard_in, metric_book, needing, short_names
from salus.knowledge.labs import recognise
from salus.knowledge.labs import tests as lab_tests
from salus.knowledge.phrases import fold
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


_heard: WeakKeyDictionary[VaultView, dict[tuple[str, str], Heard]] = WeakKeyDictionary()
"""What was heard of a view already: a question is read by itself, then as one of its conversation."""
MOST_HELD = 8


def hear(question: str, view: VaultView, lang: str) -> Heard:
    """Reads a question once. Pure but for the person's calendar (`view.today`)."""
    held = _heard.setdefault(view, {})
    if (question, lang) not in held:
        if len(held) >= MOST_HELD:
            held.clear()
        held[question, lang] = _hear(question, view, lang)
    return held[question, lang]


def _hear(question: str, view: VaultView, lang: str) -> Heard:
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
    for cue in book("labs_ask").find(left):
        left = _without(left, cue.start, cue.end) if cue.item in ("next", "since_before") else left
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
    candidates += [Spot("test" if key in lab_tests() else "metric", key, start, end)
                   for key, start, end in short_names(text)]  # fmt: skip
    candidates = [spot for spot in candidates if _meant(spot, text)]
    candidates.sort(key=lambda s: (s.start - s.end, s.kind == "metric", s.start))
    kept: list[Spot] = []
    for spot in candidates:
        if all(spot.end <= k.start or spot.start >= k.end for k in kept):
            kept.append(spot)
    kept = kept or [Spot("metric", f.item, f.start, f.end) for f in book("verbs").find(text)][:1]
    resting = bool(heard_in("rest", text))
    return sorted((_at_rest(_measured(s)) if resting else _measured(s) for s in kept), key=lambda s: s.start)


def _at_rest(spot: Spot) -> Spot:
    """ "pouls moyen au repos": the words between change nothing."""
    return spot._replace(key="resting_heart_rate") if spot.key == "heart_rate" else spot


def _meant(spot: Spot, text: str) -> bool:
    """A metric whose name is also another word (a stroke, "pas"): only where its own matter is spoken of."""
    if spot.key == "steps" and fold(text[spot.start : spot.end]) == "pas" and _denies(text, spot):
        return False
    return spot.key not in needing() or spot.key in heard_in("needs", text)


_NE = re.compile(r"\b(?:n'|ne )[\w' -]{1,24}$")


def _denies(text: str, spot: Spot) -> bool:
    """ "ce n'est pas bon": the word of a denial, not a step; "combien de pas" and "mes pas" are steps."""
    before, after = fold(text[: spot.start]), text[spot.end :]
    follows = book("not_steps").find(after)
    next_to = any(f.item == "after" and not after[: f.start].strip() for f in follows)
    led = any(f.item == "before" and not before[f.end :].strip() for f in book("not_steps").find(before))
    return bool(_NE.search(before)) or next_to or led


def _measured(spot: Spot) -> Spot:
    """A vital sign that devices measure too is asked of the metric: it reads both."""
    if spot.kind == "test" and (metric := lab_tests()[spot.key].metric):
        return Spot("metric", metric, spot.start, spot.end)
    if spot.kind == "panel" and spot.key == "blood_pressure":
        return Spot("metric", "blood_pressure", spot.start, spot.end)
    return spot
