"""Expected facts about the texts of documents, read from the raw bundle: base64 undone, words looked for as they are.

Independent of the vault, its index and the search skill on purpose: no synonym, no ending, no ranking.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from salus.evals.questions.chart_facts import Records
from salus.evals.questions.fact import Fact, Query

Body = dict[str, Any]


def document(records: Records, query: Query) -> list[Fact]:
    """Each document whose text has all the `words` as written and whose writer's name has `by`: its title and words."""
    wanted = [word.casefold() for word in query.get("words", ())]
    by = query.get("by", "").casefold()
    found = []
    for body in (*records.of("DocumentReference"), *records.of("DiagnosticReport")):
        text = " ".join(_texts(body))
        if text and all(word in text.casefold() for word in wanted) and by in _writers(body).casefold():
            said = " & ".join((_title(body), *query.get("words", ())))
            found.append(Fact(words=said))
    return found


def _texts(body: Body) -> Iterator[str]:
    parts = [part["attachment"] for part in body.get("content", ())] + list(body.get("presentedForm", ()))
    for part in parts:
        if "data" in part:
            yield base64.b64decode(part["data"]).decode("utf-8")


def _title(body: Body) -> str:
    return str(body.get("description") or body["code"]["text"])


def _writers(body: Body) -> str:
    return " ".join(str(one.get("display", "")) for one in (*body.get("author", ()), *body.get("performer", ())))
