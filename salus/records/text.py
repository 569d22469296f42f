"""Text that is still to be worded: an English template, its arguments, and no language yet.

Skills and errors make `Text`; only faces and the assistant turn it into words (`salus.assistant.words`).
The English template is the gettext message id, so one place holds every string and xgettext finds it
by the keyword `T` (or `TN` for plurals).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from salus.records.times import When


@dataclass(frozen=True)
class Text:
    """A message id with arguments. Arguments may be Text, Named, On, Quantity, When, date, datetime, Decimal, int, str.

    `plural` and `count` are set together: the template is then chosen by the language's plural rule.
    """

    template: str
    args: dict[str, Any] = field(default_factory=dict)
    plural: str | None = None
    count: int | None = None

    def plain(self) -> str:
        """English, arguments as `str`: for logs of developers and for exceptions, never shown to a person."""
        template = self.plural if self.plural is not None and self.count != 1 else self.template
        args = {k: v.plain() if isinstance(v, Text) else v for k, v in self.args.items()}
        return template.format(**args) if args else template


@dataclass(frozen=True)
class Named:
    """A name or sentence from a data file, in both languages."""

    en: str
    fr: str

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True)
class On:
    """A time with its preposition, as precise as it is: "on 3 March 2026", "in March 2019", "in 2019"."""

    when: When | date

    def __str__(self) -> str:
        text = self.when.text if isinstance(self.when, When) else self.when.isoformat()
        return text.partition("T")[0]


def T(template: str, /, **args: Any) -> Text:  # noqa: N802 - the extraction keyword, short on purpose
    """A text to be worded later: T("Your {test} was {value}.", test=…, value=…)."""
    return Text(template, args)


def TN(singular: str, plural: str, count: int, /, **args: Any) -> Text:  # noqa: N802
    """A text with a plural: TN("{n} result", "{n} results", n). `n` is set to the count."""
    return Text(singular, {"n": count, **args}, plural, count)
