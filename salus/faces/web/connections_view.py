"""What each source brought, from which imports and devices; and the ledger in plain words. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from salus.faces.web.kinds import counted
from salus.faces.web.told import source_title
from salus.records.finding import Lang
from salus.records.text import TN, T, Text
from salus.records.times import from_ms
from salus.vault.ledger import Entry
from salus.vault.origins import Origin
from salus.vault.timeline import events
from salus.vault.vault import Import, Vault

MOST_IMPORTS = 20
KINDS: dict[str, Text] = {"watch": T("watch"), "phone": T("phone"), "app": T("app or device")}


@dataclass(frozen=True)
class Connection:
    """One source. `brought` are its counts by kind over imports not undone; `span` the days its dated records cover."""

    name: str
    title: Text | str
    brought: Sequence[Text]
    first: datetime
    last: datetime
    span: tuple[date, date] | None
    imports: Sequence[Import]
    older: int
    origins: Sequence[Origin]
    hand: bool


def connections(vault: Vault, lang: Lang) -> list[Connection]:
    """Every source that brought something, the one used last first."""
    view, zone = vault.view(), vault.person.zone
    by_source: dict[str, list[Import]] = {}
    for one in vault.imports():
        by_source.setdefault(one.source, []).append(one)
    spans: dict[str, tuple[int, int]] = {}
    for event in events(view):
        low, high = spans.get(event.source, (event.first_ms, event.first_ms))
        spans[event.source] = min(low, event.first_ms), max(high, event.first_ms)
    origins = view.origins()
    made = []
    for name, imports in by_source.items():
        live = [one for one in imports if one.undone is None]
        counts: Counter[str] = Counter()
        for one in live:
            counts.update(one.report.get("added", {}))
        own = [origin for origin in origins if origin.connection == name]
        ends = spans.get(name)
        made.append(Connection(
            name, source_title(name, lang), counted(counts), imports[-1].started.astimezone(zone),
            imports[0].started.astimezone(zone), (_day(ends[0], zone), _day(ends[1], zone)) if ends else None,
            imports[:MOST_IMPORTS], max(0, len(imports) - MOST_IMPORTS), own, name == "by_hand",
        ))  # fmt: skip
    return made


def _day(ms: int, zone: Any) -> date:
    return from_ms(ms, zone).date()


# The ledger -------------------------------------------------------------------------------------------------------

FILTERS: dict[str, tuple[Text, frozenset[str]]] = {
    "": (T("All"), frozenset()),
    "looks": (T("Looks"), frozenset({"unlock", "ask", "check"})),
    "changes": (T("Changes"), frozenset({"change", "correct", "add", "delete", "recovery", "restore"})),
    "imports": (T("Imports"), frozenset({"import", "undo"})),
    "left": (T("What left"), frozenset({"out", "refused", "export", "backup"})),
}
"""What the ledger can be limited to: a name, and the kinds of entries."""

_SAID: dict[str, Text] = {
    "unlock": T("The vault was opened"), "ask": T("A question was answered"), "import": T("A file was imported"),
    "undo": T("An import was undone"), "change": T("A setting was changed"), "out": T("Something left this machine"),
    "refused": T("Something was kept from leaving this machine"), "check": T("The vault was checked"),
    "add": T("Something was written by hand"), "correct": T("A record was corrected"),
    "export": T("Everything was exported to a file"), "backup": T("A back-up was made"),
    "restore": T("The vault was restored from a back-up"), "recovery": T("The recovery code was used or changed"),
    "delete": T("Something was deleted"), "earlier": T("Entries of an earlier ledger"),
}  # fmt: skip
_SETTINGS: dict[str, Text] = {
    "units_mass": T("Weight"), "units_height": T("Height"), "units_glucose": T("Blood glucose"),
    "units_temperature": T("Temperature"), "units_distance": T("Distance"), "shortcuts": T("Keyboard shortcuts"),
    "streaming": T("Answers"), "lock_minutes": T("Lock"), "backups": T("Back-up"), "lang": T("Language"),
    "zone": T("Time zone"), "country": T("Country"),
}  # fmt: skip
_CORRECTED: dict[str, Text] = {
    "wrong": T("A record was set aside as wrong"), "not_mine": T("A record was set aside as not mine"),
    "put back": T("A record was put back"), "kept apart": T("Two records were kept apart"),
    "joined again": T("Two records may be told as one again"),
}  # fmt: skip
_ADDED: dict[str, Text] = {
    "Reading": T("A reading was written by hand"), "Pressure": T("A blood pressure was written by hand"),
    "ResultEntry": T("A result was written by hand"), "Taken": T("A medicine was written by hand"),
    "Symptom": T("A symptom was written by hand"), "Note": T("A note was written by hand"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One entry in words. `ref` is the record it is about, where it is about one; `more` the rest of what it says."""

    seq: int
    at: datetime
    said: Text
    more: Text | str
    ref: str
    left: bool


def told(entry: Entry, zone: Any) -> Line:
    what = entry.what
    said = _SAID.get(entry.kind, T("{name}", name=entry.kind))
    if entry.kind == "correct":
        said = _CORRECTED.get(str(what.get("why")), said)
    elif entry.kind == "add":
        said = _ADDED.get(str(what.get("what")), said)
    ref = str(what.get("ref") or "") if entry.kind == "correct" else ""
    return Line(entry.seq, entry.at.astimezone(zone), said, _more(entry), ref, entry.kind == "out")


def _more(entry: Entry) -> Text | str:
    what = entry.what
    details: dict[str, Callable[[], Text | str]] = {
        "out": lambda: T("to {host}: {n} bytes. {why}", host=_first(what, "to"),
                         n=int(what.get("bytes") or 0), why=_first(what, "why")),
        "refused": lambda: _first(what, "to"),
        "import": lambda: T("import {id}", id=str(what["batch"])) if what.get("batch") else "",
        "undo": lambda: T("import {id}", id=str(what["batch"])) if what.get("batch") else "",
        "export": lambda: _first(what, "to"),
        "backup": lambda: _first(what, "to"),
        "change": lambda: _settings([str(name) for name in what.get("settings", ())]),
    }  # fmt: skip
    return details[entry.kind]() if entry.kind in details else ""


def _settings(names: Sequence[str]) -> Text | str:
    """The settings by the names the page gives them."""
    known = [name for name in names if name in _SETTINGS]
    if not known:
        return ", ".join(names)
    return _SETTINGS[known[0]] if len(known) == 1 else TN("{n} setting", "{n} settings", len(known))


def _first(what: Mapping[str, Any], *names: str) -> str:
    return next((str(what[name]) for name in names if what.get(name)), "")


def chosen(entries: Sequence[Entry], name: str) -> list[Entry]:
    kinds = FILTERS.get(name, FILTERS[""])[1]
    return [entry for entry in entries if not kinds or entry.kind in kinds]
