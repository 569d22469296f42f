"""From `Text` to words: gettext catalogues, and numbers, dates and units as each language writes them."""

from salus.assistant.words.render import Words, words

__all__ = ["Words", "words"]
