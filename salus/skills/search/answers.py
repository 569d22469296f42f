"""What was found in documents, in words: the passage between quotation marks, whose it is and when."""

from __future__ import annotations

from salus.records.finding import Evidence, Finding, Result, Unknown
from salus.records.text import On, T, Text
from salus.records.times import When
from salus.skills.search.documents import Document, find
from salus.skills.search.query import SearchQuery
from salus.skills.search.words import Thing, things
from salus.vault.view import VaultView

MOST = 5
MOST_SYNONYMS = 8


def answer(view: VaultView, query: SearchQuery) -> Result:
    """A finding per document with the passage; unknown, with what was looked for, where none answers."""
    found = find(view, query)
    if not found:
        return Result(unknown=(_nothing(view, query),))
    method = _method(query)
    findings = tuple(_finding(one, view, method) for one in found[:MOST])
    more = (T("More documents match; these fit best."),) if len(found) > MOST else ()
    return Result(findings, answer=(*(finding.statement for finding in findings), *more))


def _finding(found: Document, view: VaultView, method: Text) -> Finding:
    resource = found.resource
    when = _own_day(resource.time, view)
    return Finding(
        kind="document",
        statement=_statement(found, when),
        value=found.title,
        unit=None,
        code=None,
        time=when,
        method=method,
        evidence=(
            Evidence(
                resource.type, resource.ref, resource.origin or resource.connection, resource.time, found.passage
            ),
        ),
        data={"title": found.title, "who": found.who, "passage": found.passage},
    )


def _own_day(when: When | None, view: VaultView) -> When | None:
    return When.of_day(when.day_in(view.person.zone)) if when is not None and when.instant else when


def _statement(found: Document, when: When | None) -> Text:
    args = {"title": found.title, "passage": found.passage}
    if when is not None and found.who:
        return T("“{title}”, {on_date}, by {who}: “{passage}”", on_date=On(when), who=found.who, **args)
    if when is not None:
        return T("“{title}”, {on_date}: “{passage}”", on_date=On(when), **args)
    if found.who:
        return T("“{title}”, by {who}: “{passage}”", who=found.who, **args)
    return T("“{title}”: “{passage}”", **args)


def _method(query: SearchQuery) -> Text:
    also = _also(things(query.words or ""))
    if query.words and also:
        return T(
            "Salus looked for “{words}” in the text of your documents and notes, accents aside, and took these words "
            "for the same: {also}. The passage is quoted as written.", words=query.words, also=also,
        )  # fmt: skip
    if query.words:
        return T(
            "Salus looked for “{words}” in the text of your documents and notes, accents aside. "
            "The passage is quoted as written.", words=query.words,
        )  # fmt: skip
    return T("The newest documents and notes that answer, each quoted as written.")


def _also(looked_for: list[Thing]) -> list[str]:
    return list(dict.fromkeys(word for thing in looked_for for word in thing.also))[:MOST_SYNONYMS]


def _nothing(view: VaultView, query: SearchQuery) -> Unknown:
    if not view.searchable():
        return Unknown(
            T("Your records hold no document or note with text that Salus can read."),
            T("To search, import letters or reports. Salus does not read scanned pages or pictures."),
        )
    also = _also(things(query.words or ""))
    looked = (
        T("Salus also looked for: {also}. It reads text, not scanned pages or pictures.", also=also) if also
        else T("Salus searched the text of all documents and notes. It does not read scanned pages or pictures.")
    )  # fmt: skip
    return Unknown(_missing(query), looked)


def _missing(query: SearchQuery) -> Text:
    days = query.period is not None
    if query.words and query.by:
        return T("No document by “{by}” in your records speaks of “{words}”.", by=query.by, words=query.words)
    if query.by and days:
        return T("Your records hold no document with text written by “{by}” from those days.", by=query.by)
    if query.by:
        return T("Your records hold no document with text written by “{by}”.", by=query.by)
    if query.words and days:
        return T("No document or note of those days speaks of “{words}”.", words=query.words)
    if query.words:
        return T("No document or note in your records speaks of “{words}”.", words=query.words)
    return T("Your records hold no document with text from those days.")
