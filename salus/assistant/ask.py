"""From a question to an answer. Reads top to bottom; each step is one module beside this one.

Without a model the words are the templates'; the path is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from salus.assistant import guard, meaning, verify
from salus.assistant.answer import Answer, Numbering, triage_plain
from salus.assistant.follow_up import Past, understood
from salus.assistant.language import detect
from salus.assistant.words import words
from salus.records.finding import Finding, Lang, Unknown
from salus.records.text import Text
from salus.skills.contract import arguments
from salus.vault.view import VaultView

__all__ = ["Answer", "Event", "Past", "ask", "stream"]


class Event(NamedTuple):
    """A step of a streamed answer: triage first, findings as they are computed, then verified sentences."""

    kind: Literal["triage", "finding", "sentence", "unknown", "done"]
    data: Any


def ask(view: VaultView, question: str, *, lang: Lang | None = None, past: Sequence[Past] = ()) -> Answer:
    """The whole answer at once. `lang` None: the question's own language. `past`: the turns before, oldest first."""
    *_, last = stream(view, question, lang=lang, past=past)
    answer: Answer = last.data
    return answer


def stream(view: VaultView, question: str, *, lang: Lang | None = None, past: Sequence[Past] = ()) -> Iterator[Event]:
    """The same answer, step by step; the last event carries the `Answer`."""
    language = lang or detect(question, _spoken(past) or view.person.lang)
    say = words(language).say

    triage = guard.before(question, view, language, past)
    yield Event("triage", {**triage_plain(triage, words(language)), "advice": [say(a) for a in triage.advice]})

    meant = meaning.offered(question, view, language, understood(question, view, language, triage, past))
    numbering = Numbering(words(language))
    sentences: list[Text] = []
    unknown: list[Unknown] = []
    found: list[Finding] = []
    for plan in meant.plans:
        result = meant.told(plan.skill.run(view, plan.query), view)
        for finding in result.findings:
            found.append(finding)
            yield Event("finding", numbering.add(finding))
        sentences += result.answer or [finding.statement for finding in result.findings]
        unknown += result.unknown
        for missing in result.unknown:
            for evidence in missing.evidence:
                numbering.cite(evidence)
    sentences, unknown = guard.after(triage, sentences, unknown, meant.plans)

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
            skills=tuple(dict.fromkeys(plan.skill.name for plan in meant.plans)),
            trace={
                "plans": [{"skill": p.skill.name, "args": arguments(p.query)} for p in meant.plans],
                **meant.trace(), "lang": language, "said": told(numbering.findings),
            },
        ),
    )  # fmt: skip


MOST_SAID = 12
_KEPT = ("name", "test", "metric", "who", "title")


def told(findings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was told, in short: what a later question of the conversation can point at."""
    rows = []
    for finding in findings[:MOST_SAID]:
        data = finding.get("data") or {}
        row = {key: data[key] for key in _KEPT if data.get(key)}
        rows.append({"kind": finding["kind"], **row, **({"time": finding["time"]} if finding["time"] else {})})
    return rows


def _spoken(past: Sequence[Past]) -> Lang | None:
    """The language of the newest turn, for a question that is of neither ("LDL?")."""
    last = past[-1].trace.get("lang") if past else None
    return last if last in ("en", "fr") else None
