"""What tells two things of one name apart: side, acute or chronic, stage, whose it is, how sure it is.

Read from names in English and French; the words are rows of `marks.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.vault.memory.folding import fold

_STAGE = re.compile(
    r"\b(stage|stade|grade|class|classe|nyha|type|category|tnm stage)\s+(\d+[a-d]?|iv|v|i{1,3}[a-d]?|[a-d])\b"
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_SAME_STAGE = {"stade": "stage", "tnm stage": "stage", "classe": "class", "nyha": "class"}


@dataclass(frozen=True, slots=True)
class Marks:
    """`side` left/right/both, `course` acute/chronic/recurrent, `nature` ""/history/family/suspected/negated,
    `stage` the numbered stages and types it names, `severity` mild/moderate/severe; "" where not said."""

    side: str = ""
    course: str = ""
    nature: str = ""
    stage: frozenset[tuple[str, str]] = frozenset()
    severity: str = ""


@lru_cache(maxsize=1)
def _patterns() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("marks.toml").read_text("utf-8"))
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for group in ("side", "course", "nature", "severity"):
        for value, phrases in data[group].items():
            ordered = sorted((fold(p) for p in phrases), key=len, reverse=True)
            pattern = re.compile(r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, ordered)) + r")(?![a-z0-9])")
            found.setdefault(group, []).append((value, pattern))
    return found


@lru_cache(maxsize=16384)
def _read(name: str) -> Marks:
    text = fold(name)
    said: dict[str, str] = {}
    for group, values in _patterns().items():
        hits = [value for value, pattern in values if pattern.search(text)]
        if group == "side" and len(hits) > 1:
            hits = ["both"]
        said[group] = hits[0] if hits else ""
    stage = frozenset((_SAME_STAGE.get(k, k), _ROMAN.get(n, n)) for k, n in _STAGE.findall(text))
    return Marks(said["side"], said["course"], said["nature"], stage, said["severity"])


def read(names: Iterable[str]) -> Marks:
    """The marks of everything a thing is called; where names differ the first that says it counts."""
    found = [_read(name) for name in names]

    def pick(attribute: str) -> str:
        return next((str(v) for m in found if (v := getattr(m, attribute))), "")

    stages: dict[str, str] = {}
    for marks in found:
        for scale, number in sorted(marks.stage):
            stages.setdefault(scale, number)
    return Marks(pick("side"), pick("course"), pick("nature"), frozenset(stages.items()), pick("severity"))


@lru_cache(maxsize=16384)
def bare(name: str, *groups: str) -> str:
    """A name without its words of these groups ("side", "nature", "severity")."""
    text = fold(name)
    for group in groups:
        hits = [pattern for _, pattern in _patterns()[group] if pattern.search(text)]
        if group == "side" and len(hits) > 1:
            continue  # "blindness right eye, low vision left eye": the sides are the meaning
        for pattern in hits:
            text = pattern.sub(" ", text)
    return " ".join(text.split()) or fold(name)


def stages_differ(a: Marks, b: Marks) -> bool:
    """True when both name a stage, grade or type of one scale, and not the same."""
    one, other = dict(a.stage), dict(b.stage)
    return any(one[scale] != other[scale] for scale in one.keys() & other.keys())
