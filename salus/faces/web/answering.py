"""A question being answered, and answers given before: what both share is that their figures can be opened."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from salus.assistant.words import words
from salus.errors import NotFound, SalusError
from salus.faces.web.cards import card
from salus.faces.web.channel import Channel
from salus.faces.web.figures import parts
from salus.faces.web.page import render
from salus.faces.web.problems import WENT_WRONG, noted
from salus.faces.web.sessions import Session
from salus.records.finding import Lang
from salus.records.text import T
from salus.vault.conversations import Turn
from salus.vault.vault import Vault
from salus.vault.view import VaultView

MOST_BEFORE = 12
"""Turns before a question that it may lean on."""


@dataclass
class Passing:
    """A temporary chat: its turns live in the session and nowhere else."""

    id: str = field(default_factory=lambda: f"t{secrets.token_urlsafe(12)}")
    turns: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


class Answering:
    """What was streamed stays while the session lasts, so that it can be read again and its evidence opened.

    `where` is the conversation's number, or the temporary chat it belongs to.
    """

    def __init__(self, question: str, lang: Lang, where: int | Passing) -> None:
        self.id, self.channel = secrets.token_urlsafe(16), Channel()
        self.question, self.lang, self.where = question, lang, where
        self.findings: list[dict[str, Any]] = []
        self.evidence: dict[str, dict[str, Any]] = {}
        self.finished, self.stopped = threading.Event(), threading.Event()

    def run(self, session: Session) -> None:
        """Answers it; every way this ends is an event of the channel."""
        try:
            with session.using() as vault:
                whole = self._answer(vault.view(), before(vault, self.where))
                if whole is not None:
                    self._keep(vault, whole)
                self.channel.put("done", json.dumps({"stopped": whole is None}))
                vault.ledger.write("ask", face="web")
        except SalusError as error:
            self.channel.put("failed", words(self.lang).say(error.text))
        except Exception as error:
            noted(error)
            self.channel.put("failed", words(self.lang).say(WENT_WRONG))
        finally:
            self.finished.set()
            self.channel.end()

    def _answer(self, view: VaultView, past: Sequence[Any]) -> dict[str, Any] | None:
        """The whole answer as it is kept; None when it was stopped before its end."""
        from salus.assistant import ask  # what a question needs is loaded with the first one

        for kind, data in ask.stream(view, self.question, lang=self.lang, past=past):
            if self.stopped.is_set():
                return None
            if kind == "triage":
                if data["level"] != "none" or data.get("advice"):
                    self._put("triage", "triage.html", triage=data)
            elif kind == "finding":
                self.findings.append(data)
                self._put("finding", "finding.html", card=card(data, self.lang))
            elif kind == "sentence":
                self._put("sentence", "sentence.html", parts=parts(data, self.findings, self.lang))
            elif kind == "unknown":
                self._put("unknown", "unknown.html", text=data)
            elif kind == "done":
                self.evidence = {e["id"]: e for e in data.evidence}
                return {**data.plain(), "sentences": list(data.sentences), "advice": list(data.advice)}
        return None

    def _keep(self, vault: Vault, answer: dict[str, Any]) -> None:
        if isinstance(self.where, Passing):
            self.where.turns.append((self.question, answer))
        else:
            vault.conversations.add(self.where, self.question, answer)

    def _put(self, kind: str, template: str, **values: Any) -> None:
        self.channel.put(kind, render(template, self.lang, answer=self.id, **values))


def turns_of(vault: Vault, where: int | Passing) -> list[tuple[str, dict[str, Any]]]:
    """The conversation so far: each question with its answer, oldest first."""
    if isinstance(where, Passing):
        return where.turns
    return [(turn.question, turn.answer) for turn in vault.conversations.turns(where)]


def before(vault: Vault, where: int | Passing) -> list[Any]:
    """The same, as the assistant takes it."""
    from salus.assistant.follow_up import Past

    return [Past.of(question, answer) for question, answer in turns_of(vault, where)[-MOST_BEFORE:]]


@dataclass(frozen=True)
class Given:
    """An answer given before, ready to be shown again. `id` finds its evidence."""

    id: str
    question: str
    lang: Lang
    triage: Mapping[str, Any] | None
    cards: Sequence[Mapping[str, Any]]
    sentences: Sequence[Sequence[Any]]
    unknown: Sequence[str]


def given(conversation: int, turn: Turn) -> Given:
    """A kept turn as its page shows it."""
    answer, lang = turn.answer, lang_of(turn.answer)
    said, advice = _said(answer)
    triage = {**answer.get("triage", {}), "advice": advice}
    findings = answer.get("findings", [])
    return Given(
        kept_id(conversation, turn.id), turn.question, lang,
        triage if triage.get("level", "none") != "none" or advice else None,
        [card(finding, lang) for finding in findings],
        [parts(sentence, findings, lang) for sentence in said], answer.get("unknown", []),
    )  # fmt: skip


def lang_of(answer: Mapping[str, Any]) -> Lang:
    return "fr" if answer.get("lang") == "fr" else "en"


def _said(answer: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(sentences, advice). An answer kept by another face has them only in its Markdown."""
    if "sentences" in answer:
        return list(answer["sentences"]), list(answer.get("advice", []))
    unknown = set(answer.get("unknown", []))
    lines = [line for line in str(answer.get("answer", "")).split("\n") if line.strip() and line not in unknown]
    bold = [line[2:-2] for line in lines if line.startswith("**") and line.endswith("**")]
    return [line for line in lines if not line.startswith("**")], bold


def kept_id(conversation: int, turn: int) -> str:
    return f"kept-{conversation}-{turn}"


def kept(vault: Vault, answer: str) -> dict[str, Any]:
    """The kept answer of such an id. Raises NotFound."""
    found = re.fullmatch(r"kept-(\d{1,15})-(\d{1,15})", answer)
    if found is not None:
        for turn in vault.conversations.turns(int(found[1])):
            if turn.id == int(found[2]):
                return turn.answer
    raise NotFound(T("This answer is no longer held. Ask again."))
