"""One thing the records hold, whatever type it came as: a medicine, a problem, a visit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Literal

from salus.records.codes import Code
from salus.records.finding import Evidence
from salus.records.resource import Resource, codings, concept_text, each, main_concept, title
from salus.records.text import Named, Text
from salus.records.times import When
from salus.vault.memory import Conflict

Status = Literal["current", "past", ""]
MOST_CITED = 12
EXCERPT = 200

_TAG = re.compile(
    r"\s*\((?:disorder|finding|situation|procedure|regime/therapy|substance|organism|product|event|person|environment|occupation|"
    r"physical object|morphologic abnormality|qualifier value|observable entity)\)?\s*$"
)


@dataclass(frozen=True)
class Entry:
    """`when` is when it happened, began or was prescribed; `since` the earliest known date of the same thing.

    `status` is "" where the records do not say. `detail` is worded; `said` are the literal pieces in it (for programs).
    `words` is every word it can be found by.
    """

    name: str
    when: When | None
    resources: tuple[Resource, ...]
    words: str
    code: Code | None = None
    status: Status = ""
    since: When | None = None
    end: When | None = None
    who: str = ""
    place: str = ""
    detail: tuple[Text | str, ...] = ()
    said: tuple[str, ...] = ()
    rank: int = 0
    """Kinds of entry that are listed after the others, whatever their date."""
    conflicts: tuple[Conflict, ...] = ()
    """Where the sources of this thing disagree."""
    reasons: tuple[Any, ...] = ()
    """What a medicine is recorded to be for (`purposes.Reason`)."""
    label: Named | None = None
    """The name in both languages, where Salus has it; else the record's own `name` is said."""

    @property
    def title(self) -> Named | str:
        return self.label or self.name

    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(cite(resource, self.name, self.said) for resource in self.resources[:MOST_CITED])


def cite(resource: Resource, name: str = "", more: Iterable[str] = ()) -> Evidence:
    """A resource with its title, status and date as written."""
    body = resource.body
    status = body.get("status") or concept_code(body.get("clinicalStatus")) or body.get("lifecycleStatus") or ""
    date = resource.time.text if resource.time else ""
    called = "" if isinstance(body.get("description"), Mapping) else title(body)  # a Goal's is a CodeableConcept
    parts = [called or name, str(status), date, *more]
    excerpt = ", ".join(dict.fromkeys(part for part in parts if part))
    return Evidence(
        resource.type, resource.ref, resource.origin or resource.connection, resource.time, excerpt[:EXCERPT]
    )


def plain(name: str) -> str:
    """A term without the terminology's own tag: "Asthma (disorder)" is "Asthma"."""
    return _TAG.sub("", name).strip()


def concept_code(concept: Any) -> str:
    """The first code of a CodeableConcept, or its text, lower case."""
    if not isinstance(concept, Mapping):
        return str(concept or "").lower() if isinstance(concept, str) else ""
    found = codings(concept)
    loose = next((str(c["code"]) for c in concept.get("coding") or () if isinstance(c, Mapping) and c.get("code")), "")
    return (found[0].code if found else loose or str(concept.get("text") or "")).lower()


def main_code(body: Mapping[str, Any]) -> Code | None:
    found = codings(main_concept(dict(body)))
    return found[0] if found else None


def named(concept: Any) -> str:
    return plain(concept_text(concept))


def spoken(body: Mapping[str, Any], *paths: str) -> str:
    """Every text and display at these paths, to find an entry by."""
    found: list[str] = []
    for path in paths:
        for value in each(body, path):
            if isinstance(value, str):
                found.append(value)
            elif isinstance(value, Mapping):
                found += [str(value.get("text") or ""), *(code.display for code in codings(value))]
    return " · ".join(dict.fromkeys(text for text in found if text))


def day_text(when: When, zone: tzinfo) -> str:
    """ISO, at the precision recorded; an instant is the person's own day."""
    return when.day_in(zone).isoformat() if when.instant else when.text[:10]


def shown(when: When, zone: tzinfo) -> When:
    """The same for people: an instant as the person's own day."""
    return When.of_day(when.day_in(zone)) if when.instant else when


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """By rank, then newest; undated last; ties by name so that the order never changes."""

    def key(entry: Entry) -> tuple[int, bool, int, float, str]:
        if entry.when is None:
            return (entry.rank, True, 0, 0.0, entry.name)
        day, second = entry.when.sort_key()
        return (entry.rank, False, -day.toordinal(), -second if second > float("-inf") else 0.0, entry.name)

    return sorted(entries, key=key)


def earliest(times: Iterable[When | None]) -> When | None:
    return min((t for t in times if t is not None), key=lambda t: t.sort_key(), default=None)
