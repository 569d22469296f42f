"""The red-flag rules: rows of `rules/*.toml`, each with its level, words, source, and the concepts that set it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

import tomli as tomllib

from salus.knowledge.red_flags.lexicon import lexicon
from salus.records.finding import LEVELS, Level

Kind = Literal["body", "crisis", "poison"]


@dataclass(frozen=True)
class Rule:
    """One rule. It fires when every concept of `all_of` and at least one of `any_of` and of `and_any_of` holds
    (an empty list holds). `kind` chooses the number to call. `reviewed_by` is empty until a clinician has read it.
    """

    id: str
    level: Level
    en: str
    fr: str
    advice_en: str
    advice_fr: str
    source: str
    source_year: int
    kind: Kind = "body"
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    and_any_of: tuple[str, ...] = ()
    reviewed_by: str = ""
    reviewed_on: str = ""

    @property
    def concepts(self) -> frozenset[str]:
        return frozenset((*self.all_of, *self.any_of, *self.and_any_of))

    def fires(self, concepts: frozenset[str]) -> bool:
        return (
            concepts.issuperset(self.all_of)
            and (not self.any_of or not concepts.isdisjoint(self.any_of))
            and (not self.and_any_of or not concepts.isdisjoint(self.and_any_of))
        )

    def text(self, lang: str) -> str:
        """Why this is a danger, in one sentence."""
        return self.fr if lang == "fr" else self.en

    def advice(self, lang: str) -> str:
        """What to do now; {call}, {crisis} and {poison} are still to be filled."""
        return self.advice_fr if lang == "fr" else self.advice_en

    @property
    def cited(self) -> str:
        return f"{self.source} ({self.source_year})"


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """Every rule by id. ValueError when a row is wrong: no concept, an unknown one, an unknown level, an id twice."""
    table: dict[str, Rule] = {}
    folder = resources.files("salus.knowledge.red_flags").joinpath("rules")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            for key, row in tomllib.loads(file.read_text("utf-8")).items():
                typed: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
                rule = Rule(id=key, **typed)
                unknown = rule.concepts - lexicon().concepts
                if unknown or not rule.concepts or rule.level not in LEVELS or key in table:
                    raise ValueError(f"{file.name}: the rule {key} is wrong {sorted(unknown)}")
                table[key] = rule
    return table
