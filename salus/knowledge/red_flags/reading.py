"""What a text says about symptoms, and how: denied, of another person, long past, or only asked about.

Errs on the side of hearing: a comma, "and" or a new subject ends a denial, and anything said of now is not past.
Knows no rule and no level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from salus.knowledge.phrases import Token, tokens
from salus.knowledge.red_flags.cues import cues
from salus.knowledge.red_flags.lexicon import Said, lexicon, said
from salus.knowledge.red_flags.recorded import Scene, asks_the_record

_REACH = 6
_YEAR = re.compile(r"^(19|20)\d\d$")
_AGO = re.compile(r"\bil y a (?:\w+ ){1,2}(?:ans?|moi|annee)\b")
_SENTENCE_END = re.compile(r"[!?;\n]|\.(?=\s|$|\.)")


class Heard(NamedTuple):
    """One concept heard in `text[start:end]`.

    `past`: told as history ("in 1990", "my grandfather died of"). `asked`: a question about it in general, or about
    what the record holds of it (`recorded`).
    `counts` is what the rules go by: said as true, now.
    """

    concept: str
    negated: bool
    about_other: bool
    past: bool
    asked: bool
    start: int
    end: int

    @property
    def counts(self) -> bool:
        return not (self.negated or self.past or self.asked)


def read(text: str, lang: str | None = None) -> list[Heard]:
    """Every symptom concept the text names, in order, in English and French whatever `lang` (people mix them)."""
    words = tokens(text)
    sentence = _numbers(words, text)
    found = said(words, sentence)
    if not found:
        return []
    scene = Scene(words, sentence, _clauses(words, text, sentence))
    inside = {i for s in found for i in range(s.first, s.last)}
    return [_heard(s, scene, text, inside) for s in found]


def _numbers(words: list[Token], text: str) -> list[int]:
    numbers, n = [], 0
    for i, word in enumerate(words):
        if i and _SENTENCE_END.search(text[words[i - 1].end : word.start + 1]):
            n += 1
        numbers.append(n)
    return numbers


def _clauses(words: list[Token], text: str, sentence: list[int]) -> list[int]:
    """Numbers of clauses: a new one at a sentence, a comma, a turn ("but"), a joining word before a subject or now."""
    numbers, n = [], 0
    for i in range(len(words)):
        if i:
            joined = cues().at("joins", words, i - 1)
            opens = cues().at("subjects", words, i) or cues().at("now", words, i)
            comma = "," in text[words[i - 1].end : words[i].start]
            if sentence[i] != sentence[i - 1] or comma or (joined and opens) or cues().at("turns", words, i):
                n += 1
        numbers.append(n)
    return numbers


def _heard(one: Said, scene: Scene, text: str, inside: set[int]) -> Heard:
    words = scene.words
    around, whole = scene.span(scene.clause, one.first), scene.span(scene.sentence, one.first)
    grave = one.concept in lexicon().never_asked
    other = cues().any("elders", words, around) or cues().any("others", words, around)
    return Heard(
        concept=one.concept,
        negated=_negated(one, words, text, whole, inside),
        about_other=other,
        past=(not grave or other) and _past(one, scene, around, whole, inside),
        asked=(not grave and _asked(one, words, whole)) or asks_the_record(one, scene),
        start=words[one.first].start,
        end=words[one.last - 1].end,
    )


def _past(one: Said, scene: Scene, around: range, whole: range, inside: set[int]) -> bool:
    words = scene.words
    if cues().any("now", words, around):
        return False
    before = range(max(around.start, one.first - 5), one.first)
    if cues().any("past_before", words, before) or _dated(words, around) or _elder_had(words, around):
        return True
    # "In 2010, I had a seizure": a short date alone in front belongs to what follows.
    front = scene.span(scene.clause, around.start - 1) if around.start > whole.start else range(0)
    return 0 < len(front) <= 5 and not inside & set(front) and _dated(words, front)


def _dated(words: list[Token], span: range) -> bool:
    for i in span:
        near = range(max(span.start, i - 2), i)
        if _YEAR.match(words[i].word) and cues().any("dates_before", words, near):
            return True
    return cues().any("long_ago", words, span) or bool(_AGO.search(" ".join(words[i].word for i in span)))


def _elder_had(words: list[Token], span: range) -> bool:
    """A parent or grandparent who "had" something: told as family history unless a now says otherwise."""
    for i in span:
        size = cues().at("elders", words, i, span.stop)
        if not size:
            continue
        for k in range(i + size, min(i + size + 3, span.stop)):
            if cues().at("had", words, k, span.stop):
                return True
            if cues().at("subjects", words, k, span.stop):
                break
    return False


def _asked(one: Said, words: list[Token], whole: range) -> bool:
    if cues().any("now", words, whole):
        return False
    if cues().any("risk", words, range(max(whole.start, one.first - 5), one.first)):
        return True
    return cues().any("in_general", words, whole) and not cues().any("own", words, whole)


def _negated(one: Said, words: list[Token], text: str, whole: range, inside: set[int]) -> bool:
    """A denial shortly before, in the same breath, that is no part of a symptom ("can't breathe") itself."""
    first = max(whole.start, one.first - _REACH)
    listed = cues().any("alternatives", words, range(first, whole.stop))
    i = first
    while i < one.first:
        feigned = cues().at("no_denial", words, i)
        if feigned:
            i += feigned
            continue
        size = cues().at("denials", words, i)
        symptom = inside & set(range(i, i + size))
        if size and not symptom and not _ended(words, text, range(i + size, one.first), listed):
            return True
        i += 1
    return False


def _ended(words: list[Token], text: str, between: Iterable[int], listed: bool) -> bool:
    indexes = list(between)
    if any(
        cues().at("subjects", words, i) or cues().at("turns", words, i) or cues().at("joins", words, i) for i in indexes
    ):
        return True
    if listed:
        return False
    edges = [*indexes, (indexes[-1] + 1) if indexes else None]
    return any(i is not None and "," in text[words[i - 1].end : words[i].start] for i in edges)
