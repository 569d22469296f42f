"""Templates and their words: Jinja with escaping on, and `t` for every text a person reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from salus.assistant.words import words
from salus.faces.web.icons import icon
from salus.faces.web.static_files import asset
from salus.records.finding import Lang
from salus.records.text import Text


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = PackageLoader("salus.faces.web")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals.update(asset=asset, icon=icon)
    return made


def teller(lang: Lang) -> Callable[..., str]:
    """`t("English text", name=value)` in that language."""
    say = words(lang).say

    def t(english: str, /, **args: Any) -> str:
        return say(Text(english, args))

    return t


def counter(lang: Lang) -> Callable[..., str]:
    """`tn("{n} thing", "{n} things", count)` in that language."""
    say = words(lang).say

    def tn(one: str, many: str, count: int, /, **args: Any) -> str:
        return say(Text(one, {"n": count, **args}, many, count))

    return tn


def render(template: str, lang: Lang, /, **values: Any) -> str:
    """A template of `templates/` in one language. `say` words any Text, date or quantity."""
    return (
        _environment()
        .get_template(template)
        .render(t=teller(lang), tn=counter(lang), say=words(lang).say, lang=lang, **values)
    )
