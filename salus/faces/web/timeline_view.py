"""The timeline as the page gets it: all events as columns of small numbers, and the words of a window when it is seen.

Ten thousand events weigh little that way; references and figures are sent only for the lines that come into view.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from salus.assistant.words import Words
from salus.assistant.words.figures import MONTHS, WEEKDAYS
from salus.faces.web.told import called, capital, clock, said_briefly
from salus.records.metrics import metric
from salus.records.sample import Sample
from salus.records.text import T
from salus.records.times import Period, from_ms
from salus.records.units import Quantity
from salus.vault.memory import remember
from salus.vault.timeline import KINDS, Event, EventKind, events
from salus.vault.vault import Vault
from salus.vault.view import VaultView, exact

MOST_LINES = 100
"""Lines whose words are sent at once."""
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Held:
    """The events a session looks at. `stamp` changes when any does; `mark` when anything was written to the vault."""

    mark: str
    stamp: str
    events: tuple[Event, ...]


def mark(vault: Vault) -> str:
    """Cheap: another one after every import, entry, undoing, correction, merge undone or change of the time zone."""
    imports = [(i.id, i.ended, i.undone) for i in vault.imports()]
    aside = [(c.ref, c.at) for c in vault.corrections()]
    said = (imports, aside, sorted(map(sorted, vault.view().apart())), vault.person.zone_name)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def hold(vault: Vault) -> Held:
    """Everything, newest first; what two sources tell of one event is one line, unless they disagree about it."""
    now, view = mark(vault), vault.view()
    found = tuple(events(view, doubles=_doubles(view)))
    digest = hashlib.sha256("\n".join(f"{e.ref}\t{e.first_ms}\t{e.title}" for e in found).encode())
    return Held(now, digest.hexdigest()[:16], found)


def _doubles(view: VaultView) -> dict[str, str]:
    """The thing each record is about. The sides of a conflict are left out: neither may hide the other."""
    found: dict[str, str] = {}
    for entry in remember(view):
        at_odds = {ref for conflict in entry.conflicts for _, ref in conflict.sides}
        found.update((ref, entry.id) for ref in entry.refs if ref not in at_odds)
    return found


def columns(held: Held, view: VaultView, words: Words) -> dict[str, Any]:
    """`kind`, `title`, `origin` are places in `kinds`, `titles`, `origins`; `day` counts from 1970-01-01 and is given
    as the difference from the line before; `precision` is "i" (a moment), "d", "m" or "y" for each line.
    """
    titles, origins = _Places(), _Places()
    lang, zone = words.lang, view.person.zone
    kind, title, origin, day, precision = [], [], [], [], []
    last = 0
    for event in held.events:
        kind.append(KINDS.index(kind_of(event)))
        title.append(titles.place(named(event, view, words)))
        origin.append(origins.place(event.origin))
        here = from_ms(event.first_ms, zone).date().toordinal() - EPOCH
        day.append(here - last)
        last = here
        precision.append(_precision(event))
    return {
        "stamp": held.stamp, "kinds": list(KINDS), "titles": titles.all, "origins": origins.all,
        "kind": kind, "title": title, "origin": origin, "day": day, "precision": "".join(precision),
        "months": MONTHS[lang], "weekdays": WEEKDAYS[lang],
    }  # fmt: skip


class _Places:
    def __init__(self) -> None:
        self.all: list[str] = []
        self._where: dict[str, int] = {}

    def place(self, text: str) -> int:
        if text not in self._where:
            self._where[text] = len(self.all)
            self.all.append(text)
        return self._where[text]


def kind_of(event: Event) -> EventKind:
    """A pair that a phone wrote (a blood pressure) is a vital sign."""
    return "vital" if event.ref.startswith("Correlation/") else event.kind


def named(event: Event, view: VaultView, words: Words) -> str:
    """The record's own title; a reading's by its metric, in the page's language."""
    if event.kind != "reading":
        type_ = event.ref.partition("/")[0]
        found = view.resource(event.ref) if event.title in ("", type_) else None
        return called(found, words) if found else capital(event.title)
    key = event.ref.split("/")[1]
    return words.say(T("Blood pressure")) if key == "systolic" else capital(metric(key).name(words.lang))


def _precision(event: Event) -> str:
    return "i" if event.time.instant is not None else event.time.precision[0]


def lines(held: Held, view: VaultView, words: Words, places: Iterable[int]) -> dict[int, list[str]]:
    """[reference, what it says in a few words, time of day] of each of these places that there is."""
    shown = [(place, held.events[place]) for place in places if 0 <= place < len(held.events)]
    return {
        place: [event.ref, _detail(event, view, words), _clock(event, view, words)]
        for place, event in shown[:MOST_LINES]
    }  # fmt: skip


def _clock(event: Event, view: VaultView, words: Words) -> str:
    return clock(from_ms(event.first_ms, view.person.zone), words.lang) if event.time.instant is not None else ""


def _detail(event: Event, view: VaultView, words: Words) -> str:
    if event.ref.startswith("sample/"):
        return _reading(view.sample_at(event.ref), view, words)
    found = view.resource(event.ref)
    said = said_briefly(found.body) if found else None
    return "" if said is None else words.say(said)


def _reading(found: Sample | None, view: VaultView, words: Words) -> str:
    number = exact(found) if found else None
    if found is None or number is None:
        return ""
    if found.metric == "systolic":
        low = _beside(view, found)
        if low is not None:
            return words.say(T("{high} over {low}", high=number, low=low))
    return words.say(Quantity(number, metric(found.metric).ucum(found.unit)))


def _beside(view: VaultView, upper: Sample) -> Quantity | None:
    """The lower figure of the same blood pressure."""
    day = from_ms(upper.start, view.person.zone).date()
    for one in view.samples("diastolic", Period(day, day)):
        if (one.start, one.origin) == (upper.start, upper.origin) and (value := exact(one)) is not None:
            return Quantity(value, one.unit)
    return None


def present(view: VaultView) -> list[str]:
    """The kinds there are, in the order of their filter."""
    have = {kind_of(event) for event in events(view)}
    return [kind for kind in KINDS if kind in have]
