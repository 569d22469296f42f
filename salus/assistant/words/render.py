"""Rendering `Text` in English or French. Numbers keep the digits they were computed with; nothing is rounded here.

French strings come from `catalogue/fr.po` (compiled to `fr.mo` beside it); English is the message id itself. There
{when:le}, {when:depuis}, {when:du} and {when:au} give a time the preposition that its precision asks for.
"""

from __future__ import annotations

import gettext
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

from salus.assistant.words import figures
from salus.records.finding import Lang
from salus.records.text import Named, On, Text
from salus.records.times import Period, When
from salus.records.units import Quantity


@lru_cache(maxsize=2)
def _catalogue(lang: str) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    with resources.files("salus.assistant.words").joinpath("catalogue", f"{lang}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


class Words:
    """One language. `say` turns a Text (or any argument a Text may hold) into a string."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self._catalogue = _catalogue(lang)

    def say(self, thing: Any) -> str:
        """A Text, Quantity, When, Period, date, datetime, number or string in this language."""
        if isinstance(thing, Text):
            return self._text(thing)
        if isinstance(thing, str):
            return thing
        if isinstance(thing, Named):
            return figures.typeset(thing.fr) if self.lang == "fr" else thing.en
        if isinstance(thing, Quantity):
            return figures.quantity(thing, self.lang)
        if isinstance(thing, When):
            return figures.when(thing, self.lang)
        if isinstance(thing, On):
            return figures.on(thing.when, self.lang)
        if isinstance(thing, Period):
            return figures.period(thing, self.lang)
        if isinstance(thing, datetime):
            return figures.moment(thing, self.lang)
        if isinstance(thing, date):
            return figures.day(thing, self.lang)
        if isinstance(thing, bool) or thing is None:
            return str(thing)
        if isinstance(thing, int | Decimal):
            return figures.number(thing, self.lang)
        if isinstance(thing, list | tuple):
            return figures.listed([self.say(x) for x in thing], self.lang)
        return str(thing)

    def _text(self, text: Text) -> str:
        if text.plural is not None and text.count is not None:
            template = self._catalogue.ngettext(text.template, text.plural, text.count)
        else:
            template = self._catalogue.gettext(text.template) if text.template else ""  # "" is the catalogue's header
        if not text.args:
            return template.replace("{{", "{").replace("}}", "}") if "{" in template else template
        said = template.format(**{key: _Said(self.say(value), value) for key, value in text.args.items()})
        return said[:1].upper() + said[1:] if _opens_with_a_name(template, text.args) else said


class _Said(str):
    """An argument in words. A translation may ask for a time with its preposition: {when:depuis}."""

    thing: Any

    def __new__(cls, words: str, thing: Any) -> _Said:
        made = super().__new__(cls, words)
        made.thing = thing
        return made

    def __format__(self, preposition: str) -> str:
        if preposition and isinstance(self.thing, When | date):
            return figures.placed(self.thing, preposition)
        return str(self)


def _opens_with_a_name(template: str, args: dict[str, Any]) -> bool:
    """A sentence whose first word is a name of the data files (or another text): only there is its capital missing."""
    if not template.startswith("{") or template[-1] not in ".:!?":
        return False
    return isinstance(args.get(template[1 : template.find("}")]), Named | Text)


@lru_cache(maxsize=2)
def words(lang: Lang) -> Words:
    """The shared renderer of a language."""
    return Words(lang)
