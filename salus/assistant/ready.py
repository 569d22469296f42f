"""Reading the tables before the first question needs them: while a passphrase is checked, or when a server starts."""

from __future__ import annotations

import threading


def prepare() -> None:
    """Loads the assistant and asks it nothing: every table it reads once is then in memory."""
    from salus.assistant import ask as _ask  # noqa: F401 - the main path with all it imports
    from salus.assistant.route.lexicon import metric_book
    from salus.hooks import register_skills
    from salus.knowledge.labs import recognise
    from salus.knowledge.red_flags import triage

    triage("", lang="en")
    register_skills()
    for lang in ("en", "fr"):
        recognise("", lang)
        metric_book(lang)


def preparing() -> threading.Thread:
    """Prepares in a thread that has been started; join it before asking."""
    thread = threading.Thread(target=prepare, daemon=True)
    thread.start()
    return thread
