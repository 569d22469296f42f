"""The piece of a document that answers: literal, from the beginning of a sentence. A document's text is data."""

from __future__ import annotations

import re

LONGEST = 320
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Without control and direction marks; line ends and spaces as they are."""
    return _CONTROL.sub(" ", text)


def passage(text: str, at: int) -> str:
    """From the beginning of the sentence that holds character `at`: as many sentences as fit, or a part of one."""
    starts = [0, *(found.end() for found in _SENTENCE.finditer(text))]
    start = max(one for one in starts if one <= at)
    if at - start > LONGEST // 2:
        start = text.rfind(" ", start, at - LONGEST // 3) + 1
    end = start
    for stop in (*starts, len(text)):
        if stop > start and stop - start <= LONGEST:
            end = max(end, stop)
    if end <= at:
        cut = text.rfind(" ", at, start + LONGEST)
        end = cut if cut > at else min(len(text), start + LONGEST)
    piece = _SPACE.sub(" ", text[start:end]).strip()
    before, after = "… " if text[:start].strip() else "", " …" if text[end:].strip() else ""
    return f"{before}{piece}{after}"
