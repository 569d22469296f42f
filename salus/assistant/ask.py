"""From a question to an answer. Reads top to bottom; each step is one module beside this one.

Without a model the words are the templates'; the path is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from salus.assistant import guard, route, verify
from salus.assistant.answer import Answer, Numbering, triage_plain
from salus.assistant.language import detect
from salus.assistant.words import words
from salus.records.finding import Finding, Lang, Unknown
from salus.records.text import Text
from salus.skills.contract import arguments
from salus.vault.view import VaultView


class Event(NamedTuple):
    """A step of a streamed answer: triage first, findings as they are computed, then verified sentences."""

    kind: Literal["triage", "finding", "sentence", "unknown", "done"]
    data: Any


def ask(view: VaultView, question: str, *, lang: Lang | None = None) -> Answer:
    """The whole answer at once. `lang` None: the language the question is in."""
    *_, last = stream(view, question, lang=lang)
    answer: Answer = last.data
    return answer


def stream(view: VaultView, question: str, *, lang: Lang | None = None) -> Iterator[Event]:
    """The same answer, step by step; the last event carries the `Answer`."""
    language = lang or detect(question, view.person.lang)
    say = words(language).say

    triage = guard.before(question, view, language)
    yield Event("triage", {**triage_plain(triage, words(language)), "advice": [say(a) for a in triage.advice]})

    plans = route.plan(question, view, language, triage)
    numbering = Numbering(words(language))
    sentences: list[Text] = []
    unknown: list[Unknown] = []
    found: list[Finding] = []
    for plan in plans:
        result = plan.skill.run(view, plan.query)
        for finding in result.findings:
            found.append(finding)
            yield Event("finding", numbering.add(finding))
        sentences += result.answer or [finding.statement for finding in result.findings]
        unknown += result.unknown
        for missing in result.unknown:
            for evidence in missing.evidence:
                numbering.cite(evidence)
    sentences, unknown = guard.after(triage, sentences, unknown, plans)

    said: list[str] = []
    allowed = verify.figures(found, words(language))
    for sentence in sentences:
        worded = verify.checked(say(sentence), allowed, language)
        if worded is not None:
            said.append(worded)
            yield Event("sentence", worded)
    not_known = [" ".join(filter(None, (say(u.what), say(u.needed) if u.needed else ""))) for u in unknown]
    for line in not_known:
        yield Event("unknown", line)

    yield Event(
        "done",
        Answer(
            question=question,
            lang=language,
            sentences=tuple(said),
            triage=triage_plain(triage, words(language)),
            advice=tuple(say(a) for a in triage.advice),
            findings=tuple(numbering.findings),
            evidence=tuple(numbering.evidence),
            unknown=tuple(not_known),
            skills=tuple(dict.fromkeys(plan.skill.name for plan in plans)),
            trace={"plans": [{"skill": p.skill.name, "args": arguments(p.query)} for p in plans]},
        ),
    )
