"""Other ways to say a name that a table may know: without filler, by its parts where all parts mean one thing.

Used only to look a name up, never to compare two unknown names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.vault.memory.folding import fold

_PARTS = re.compile(r"\s*[()\[\]]\s*|\s+[-–—:=]\s+|\s*:\s+|\s*;\s*")
_SCALE = re.compile(r"\s*\[[^\]]*\].*$")
"""What a long LOINC name adds to its component: "[Mass/volume] in Serum or Plasma"."""


@lru_cache(maxsize=16)
def _filler(table: str) -> re.Pattern[str] | None:
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("filler.toml").read_text("utf-8"))
    phrases = sorted((fold(p).replace("'", "' ").strip() for p in data.get(table, ())), key=len, reverse=True)
    return re.compile(r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, phrases)) + r")(?![a-z0-9])") if phrases else None


@lru_cache(maxsize=16384)
def bare(name: str, table: str) -> tuple[str, ...]:
    """The name without the filler of this kind of table, if that is another name."""
    low = fold(name).replace("'", "' ")
    found = [low]
    if table == "results":
        found.append(_SCALE.sub("", low))
    pattern = _filler(table)
    if pattern is not None:
        found += [" ".join(pattern.sub(" ", text).split()) for text in found]
    return tuple(dict.fromkeys(text.strip(" ,") for text in found[1:] if text.strip(" ,") and text != low))


@lru_cache(maxsize=16384)
def parts(name: str) -> tuple[str, ...]:
    """What a name says twice: "HTA (hypertension artérielle)", "AF - Atrial fibrillation"; () for one part."""
    found = tuple(part for part in _PARTS.split(name) if part.strip(" ,"))
    return found if len(found) > 1 else ()
