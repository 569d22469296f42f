"""Is it a search of documents: what somebody wrote, what a letter says, which report speaks of something?"""

from __future__ import annotations

import re
from typing import NamedTuple

from salus.assistant.route.heard import Heard
from salus.assistant.route.lexicon import book, heard_in, small_words
from salus.knowledge.phrases import fold, tokens
from salus.records.times import Period

_QUOTED = re.compile(r"[«“\"]\s*([^«»“”\"]{2,80}?)\s*[»”\"]")
_TITLED = re.compile(
    r"\b(?P<label>(?i:dr|doctor|docteur|pr|prof|professor|professeur|mme|mrs|ms|mr))\b\.? +"
    r"(?P<name>[^\W\d_][\w'-]+(?: [A-Z][\w'-]+)?)"
)
_FROM = re.compile(r"\b(?:from|by|par) (?:the |my |la |le |l'|ma |mon )?(?P<name>[A-Z][\w'-]{2,}(?: [A-Z][\w'-]+)?)")
_NO_NAME = frozenset({"write", "wrote", "say", "said", "about", "ecrit", "dit", "in", "dans", "et", "and", "last"})


class Asked(NamedTuple):
    """The arguments of the search skill."""

    words: str | None
    by: str | None
    period: Period | None


def query(heard: Heard) -> Asked | None:
    """The question as a search, or None when it asks for something else (a list of documents, who wrote one)."""
    text = heard.text
    named = any(kind == "documents" for kind, _, _ in heard.kinds) or bool(heard_in("search_place", text))
    look = book("search_look").find(text)
    said = book("search_said").find(text)
    people = _people(text)
    writer = bool(people) or bool(book("search_writer").find(text))
    if not (named and (look or said or people)) and not (said and writer) and not (look and _place(text)):
        return None
    if not look and not said and heard.has("records_ask", "who", "count", "last", "since"):
        return None
    if not look and heard.has("records_ask", "who") and not heard_in("search_what", text):
        return None
    by = " ".join(text[start:end] for start, end in people) or None
    words = _words(heard, [*people, *((f.start, f.end) for f in (*look, *said))])
    if words is None and by is None and not said:
        return None
    return Asked(words, by, heard.period)


def _place(text: str) -> bool:
    return bool(heard_in("search_place", text))


def _people(text: str) -> list[tuple[int, int]]:
    """Where who wrote it is named: "Dr Okonkwo", "the cardiologist", "from Saint-Aubin"."""
    found = [(f.start, f.end) for f in book("generic").find(text) if f.item == "specialist"]
    found += [m.span("name") for m in _TITLED.finditer(text) if fold(m["name"]) not in _NO_NAME]
    found += [m.span("name") for m in _FROM.finditer(text)]
    kept: list[tuple[int, int]] = []
    for one in sorted(set(found)):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept


def _words(heard: Heard, taken: list[tuple[int, int]]) -> str | None:
    """What is looked for, in the person's words: what is quoted, else what says neither place nor manner."""
    quoted = _QUOTED.search(heard.text)
    if quoted:
        return quoted[1]
    marks = [*taken, *((start, end) for kind, start, end in heard.kinds if kind == "documents")]
    marks += [(f.start, f.end) for name in ("search_drop", "search_place", "search_writer", "search_what")
              for f in book(name).find(heard.text)]  # fmt: skip
    marks += [m.span("label") for m in _TITLED.finditer(heard.text)]
    left = [
        heard.text[token.start : token.end]
        for token in tokens(heard.text)
        if not any(a <= token.start < b for a, b in marks) and token.word not in small_words() and token.word != "%"
    ]
    return " ".join(left) or None
