"""An upload being imported in the background: its progress, its report, and the question whose record it is."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

from salus.assistant.words import words
from salus.errors import Refused, SalusError
from salus.faces.copies import keep_copy
from salus.faces.web.channel import Channel
from salus.faces.web.kinds import counted
from salus.faces.web.page import render
from salus.faces.web.problems import WENT_WRONG, noted
from salus.faces.web.sessions import Session
from salus.records.finding import Lang
from salus.records.text import T, Text
from salus.sources.given import Given, Spool
from salus.sources.importing import Outcome, import_given, recognise
from salus.vault.home import Home
from salus.vault.vault import Vault

SHOWN = 50
EVERY_SECONDS = 0.1
READ = 0.999
"""From here on the file counts as read: what is left is adding up its days."""

# Refusals that name a switch of the command line, as the page says them: there it is a button.
SAID_HERE = {
    "It is the record of a person born {theirs}; this vault's person was born {ours}. "
    "If it is the same person, import again with --same-person.": (
        T("It is the record of a person born {theirs}; this vault's person was born {ours}.").template
    ),
    "It is the record of a person whose sex differs from this vault's person. "
    "If it is the same person, import again with --same-person.": (
        T("It is the record of a person whose sex differs from this vault's person.").template
    ),
    "It belongs to {patient}, and nothing here says who that is. Import it together with its Patient record, "
    "or with --same-person if it is all yours.": (
        T("It belongs to {patient}, and nothing here says who that is.").template
    ),
    "It holds the records of several people, and nothing tells which of them is this vault's person. "
    "Import one person's file, or use --same-person if it is all yours.": (
        T("It holds the records of several people, and nothing tells which of them is this vault's person.").template
    ),
}


def same_person_may_help(why: Text) -> bool:
    return "--same-person" in why.template


def said(why: Text) -> Text:
    """A reason as the page words it."""
    return Text(SAID_HERE.get(why.template, why.template), why.args, why.plural, why.count)


class Job:
    """One uploaded file. Its sealed copy is kept until it is imported, or until the person decides whose it is."""

    def __init__(self, spool: Spool, given: Given, lang: Lang) -> None:
        self.id, self.channel = secrets.token_urlsafe(16), Channel()
        self.given, self._spool, self._lang = given, spool, lang
        self._running, self._unwanted = True, False
        self._lock = threading.Lock()

    def discard(self) -> None:
        """Removes the sealed copy, at once or as soon as its import has ended."""
        with self._lock:
            self._unwanted = True
            now = not self._running
        if now:
            self._spool.discard()

    def again(self) -> Job:
        """The same upload, to be taken as the same person's. Raises Refused when it is no longer held."""
        with self._lock:
            if self._running or self._unwanted:
                raise Refused(T("This file is no longer held. Drop it again."))
            self._unwanted = True  # by this job: the next one holds it
        return Job(self._spool, self.given, self._lang)

    def run(self, session: Session, same_person: bool, stopping: threading.Event, home: Home) -> None:
        """Imports it, then keeps a back-up; every way this ends is an event of the channel."""
        say = words(self._lang).say
        asks = False
        try:
            with session.using() as vault:
                outcome = import_given(vault, self.given, recognise(self.given), same_person, self._progress(stopping))
                asks = any(same_person_may_help(why) for _, why in outcome.report.rejected)
                self.channel.put("report", report(outcome, self._lang, self.id if asks else None))
                self.channel.put("done", "")
                if outcome.kept:
                    _back_up(home, session, vault)
        except SalusError as error:
            self.channel.put("failed", say(error.text))
        except Exception as error:
            noted(error)
            self.channel.put("failed", say(WENT_WRONG))
        finally:
            with self._lock:
                self._running = False
                gone = self._unwanted or not asks
                self._unwanted = gone
            if gone:
                self._spool.discard()
            self.channel.end()

    def _progress(self, stopping: threading.Event) -> Callable[[float, str], None]:
        last = 0.0

        def progress(done: float, what: str) -> None:
            nonlocal last
            if stopping.is_set():
                raise Refused(T("Salus was stopped before the file was read to its end. Nothing of it was kept."))
            now = time.monotonic()
            if now - last >= EVERY_SECONDS or done >= READ:
                last = now
                self.channel.report("progress", f"{done:.3f}" if done < READ else "1")

        return progress


def _back_up(home: Home, session: Session, vault: Vault) -> None:
    """An automatic back-up of what was just added; where it cannot be made, the import stands all the same."""
    try:
        if session.listed is not None:
            keep_copy(home, session.listed, vault)
    except Exception as error:
        noted(error)


def report(outcome: Outcome, lang: Lang, ask_about: str | None) -> str:
    """What became of a file, as a fragment. `ask_about` is the job to take up again if it is the same person."""
    return render(
        "report.html", lang, outcome=outcome, ask_about=ask_about, shown=SHOWN, counted=counted,
        rejected=[(item, said(why)) for item, why in outcome.report.rejected],
    )  # fmt: skip
