"""A slip of the pen in a long word, mended to the one name it can mean: "hemaglobin"."""

from __future__ import annotations

from functools import lru_cache

from salus.assistant.route.lexicon import book, small_words
from salus.knowledge.labs import panels
from salus.knowledge.labs import tests as lab_tests
from salus.knowledge.phrases import tokens
from salus.records.metrics import metrics

LONGEST = 200
"""Letters of a question that is still one of a few words."""
SHORTEST, LONG = 6, 9
"""Shorter words are other words when a letter changes; longer ones may have two slips."""


def mended(question: str) -> str | None:
    """The question with its misspelt names mended, or None when there is nothing to mend."""
    if len(question) > LONGEST:
        return None
    known, out, at = _vocabulary(), [], 0
    for token in tokens(question):
        word = token.word
        if len(word) < SHORTEST or word in known or word in small_words():
            continue
        slips = 2 if len(word) >= LONG else 1
        near = {one for one in known if one[0] == word[0] and abs(len(one) - len(word)) <= slips}
        close = [one for one in near if _within(word, one, slips)]
        best = [one for one in close if _within(word, one, 1)] or close
        if len(best) == 1:
            out += [question[at : token.start], best[0]]
            at = token.end
    return "".join([*out, question[at:]]) if out else None


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    names: list[str] = []
    for test in lab_tests().values():
        names += [test.en, test.fr, *test.words, *test.words_en, *test.words_fr]
    for panel in panels().values():
        names += [panel.en, panel.fr, *panel.words, *panel.words_en, *panel.words_fr]
    for one in metrics().values():
        names += [one.en, one.fr, *one.words_en, *one.words_fr]
    names += book("kinds").phrases()
    return frozenset(token.word for name in names for token in tokens(name) if len(token.word) >= SHORTEST)


def _within(a: str, b: str, most: int) -> bool:
    """Whether `a` becomes `b` by so many letters changed, added, left out or swapped."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row, older = row, [i], before
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if older and i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = last
        if min(row) > most:
            return False
    return row[-1] <= most
