"""What a workout is called in both languages: rows of `sports.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import tomli as tomllib

from salus.records.text import Named


@lru_cache(maxsize=1)
def _sports() -> Mapping[str, Named]:
    data = tomllib.loads(resources.files("salus.skills.records").joinpath("sports.toml").read_text("utf-8"))
    return {key: Named(row["en"], row["fr"]) for key, row in data["sport"].items()}


def sport(activity: str) -> Named:
    """The activity as a source wrote it ("FunctionalStrengthTraining"), named; its own words when it is not listed."""
    found = _sports().get(activity)
    if found is not None:
        return found
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", activity).capitalize()
    return Named(words, words) if words else _sports()["Other"]
