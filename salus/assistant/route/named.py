"""Names in a question that no table of Salus's holds: results as the records call them, other people."""

from __future__ import annotations

import re

from salus.assistant.route.heard import Heard
from salus.assistant.route.lexicon import book, heard_in, small_words
from salus.assistant.route.records import known_kind
from salus.knowledge.phrases import fold, tokens
from salus.skills.labs.unlisted import names
from salus.skills.records.match import answers, asked
from salus.vault.view import VaultView

MOST = 4
_POSSESSIVE = re.compile(r"\b([A-Z][a-z]{2,})['’]s\b|\b(?:de|d['’]) ?([A-Z][a-zéèêëïç]{2,})\b")


def results(heard: Heard, view: VaultView) -> list[str]:
    """LOINC codes of results that the table does not list and whose name has every word of the question."""
    said = _words(heard, drop=("labs_ask", "records_ask", "which"))
    if not said or (len(said) == 1 and len(said[0]) < 3):
        return []
    if len(said) == 1 and (heard.kinds or known_kind(said[0], view)):
        return []  # "reaction to peanut" is not about a test for it
    found: list[tuple[int, str]] = []
    for code, name in names(view):
        here = [t.word for t in tokens(name)]
        if all(word in here for word in said):
            found.append((len(here), code))
    return [code for _, code in sorted(found)[:MOST]]


def is_recorded_problem(about: str, view: VaultView) -> bool:
    """Whether a health problem of the records is called so."""
    wanted = asked(about, "problems")
    return not wanted.empty and any(answers(wanted, title, "problems") for _, title in view.titles("Condition"))


def missing_result(heard: Heard) -> str | None:
    """The word beside "test" or "result" that says which one, when no test is known by it ("covid test"), else None."""
    found = tokens(heard.text)
    results = book("labs_ask").find(heard.text)
    starts = {f.start for f in results if f.item == "results"}
    ends = {f.end for f in results if f.item == "results"}
    for at, token in enumerate(found):
        after = found[at + 1 :]
        before = found[:at]
        while before and (before[-1].word in small_words() or before[-1].word in LOOSE):
            before = before[:-1]
        beside = (
            (after and after[0].start in starts)
            or (before and before[-1].end in ends)
            or (after and after[0].word in ("test", "exam", "examen"))
        )
        word = token.word
        if beside and len(word) > 2 and word not in small_words() and word not in LOOSE and not _neutral(word):
            return heard.text[token.start : token.end]
    return None


_MINE = re.compile(r"\b(?:my|mon|ma|mes) $")


def possessed(heard: Heard) -> str | None:
    """What "my …" names in a question of too high or too low, when no test is known by that name."""
    for token in tokens(heard.text):
        if not _MINE.search(fold(heard.text[: token.start])):
            continue
        if token.word not in small_words() and token.word not in LOOSE and not _neutral(token.word):
            return heard.text[token.start : token.end]
    return None


def _neutral(word: str) -> bool:
    """A word that says nothing of which result: "blood", "normal", a cue of what is asked."""
    return any(heard_in(section, word) for section in ("labs_ask", "records_ask", "generic")) or "neutral" in heard_in(
        "which", word
    )


def _words(heard: Heard, drop: tuple[str, ...]) -> list[str]:
    """The folded words left when cues and small words are taken away."""
    text = heard.text
    marks = [(f.start, f.end) for section in drop for f in book(section).find(text)]
    left = []
    for token in tokens(text):
        if token.word == "%" or token.word in small_words() or any(a <= token.start < b for a, b in marks):
            continue
        if token.word not in LOOSE:
            left.append(token.word)
    return left


LOOSE = frozenset({"level", "score", "value", "status", "taux", "dosage", "number", "reading", "test", "result"})
"""Words beside a result's name that its record may not carry."""


def someone_else(question: str, heard: Heard, view: VaultView) -> bool:
    """ "What is Harry's LDL?" in the vault of someone who is not called Harry. Asked of figures only."""
    if not heard.spots:
        return False
    own = {token.word.rstrip("0123456789") for token in tokens(view.person.name)}
    taken = [(spot.start, spot.end) for spot in heard.spots]
    for found in _POSSESSIVE.finditer(question):
        name = fold(found[1] or found[2])
        at = found.start(1) if found[1] else found.start(2)
        if name not in own and "nobody" not in heard_in("which", name) and not any(a <= at < b for a, b in taken):
            return True
    return False
