"""An answer in words: what faces show and `salus ask --json` prints. Everything here is in one language."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from salus.assistant.words import Words
from salus.records.finding import Evidence, Finding, Lang, Triage
from salus.records.times import When


@dataclass(frozen=True)
class Answer:
    """`sentences` in the order they are said; `findings` carry ids f1…, `evidence` e1…; `trace` is what was understood.

    `findings` and `evidence` are JSON-ready dicts in the shape of the `ask` contract; a finding's "data" is what a
    face may draw.
    """

    question: str
    lang: Lang
    sentences: tuple[str, ...]
    triage: dict[str, Any]
    advice: tuple[str, ...]
    findings: tuple[dict[str, Any], ...]
    evidence: tuple[dict[str, Any], ...]
    unknown: tuple[str, ...]
    skills: tuple[str, ...]
    trace: dict[str, Any] = field(default_factory=dict)
    model: str | None = None
    left_machine: bool = False

    @property
    def text(self) -> str:
        """The answer as Markdown: what to do first, then the sentences, then what is not known."""
        parts = [f"**{line}**" for line in self.advice]
        if self.sentences:
            parts.append("\n".join(self.sentences))
        parts += self.unknown
        return "\n\n".join(parts)

    def plain(self) -> dict[str, Any]:
        """The `ask` contract."""
        return {
            "question": self.question, "lang": self.lang, "answer": self.text, "triage": self.triage,
            "findings": list(self.findings), "evidence": list(self.evidence), "unknown": list(self.unknown),
            "skills": list(self.skills), "model": self.model, "left_machine": self.left_machine, "trace": self.trace,
        }  # fmt: skip


def triage_plain(triage: Triage, words: Words) -> dict[str, Any]:
    return {
        "level": triage.level,
        "reasons": [{"rule": r.rule, "text": words.say(r.text), "source": r.source} for r in triage.reasons],
        "call": triage.call,
    }


class Numbering:
    """Gives findings and the evidence they share their ids, in order."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._evidence: dict[tuple[str, str], str] = {}
        self.evidence: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []

    def add(self, finding: Finding) -> dict[str, Any]:
        """One finding as JSON-ready words."""
        say = self._words.say
        made = {
            "id": f"f{len(self.findings) + 1}",
            "kind": finding.kind,
            "statement": say(finding.statement),
            "value": number(finding.value),
            "unit": finding.unit,
            "code": {"system": finding.code.system, "code": finding.code.code} if finding.code else None,
            "time": time(finding.time),
            "method": say(finding.method),
            "evidence": [self.cite(e) for e in finding.evidence],
            "caveats": [say(c) for c in finding.caveats],
            "also": [{"value": number(q.value), "unit": q.unit} for q in finding.also],
            "data": finding.data,
        }
        self.findings.append(made)
        return made

    def cite(self, evidence: Evidence) -> str:
        """The id of a piece of evidence, numbered at its first mention."""
        key = (evidence.ref, evidence.excerpt)
        if key not in self._evidence:
            self._evidence[key] = f"e{len(self.evidence) + 1}"
            self.evidence.append({
                "id": self._evidence[key], "type": evidence.type, "ref": evidence.ref, "origin": evidence.origin,
                "time": time(evidence.time), "excerpt": evidence.excerpt,
            })  # fmt: skip
        return self._evidence[key]


def number(value: Decimal | str | bool | None) -> Any:
    """A JSON number with the digits computed; other values as they are."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)


def time(when: When | None) -> str | None:
    """FHIR text, at the precision recorded."""
    return when.text if when else None
