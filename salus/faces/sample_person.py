"""The sample person in a home: made once, through the same import as anyone's files, nothing in the clear on disk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from salus.errors import Refused
from salus.records.finding import Lang
from salus.records.text import T
from salus.sample import BORN, COUNTRY, NAME, SEX, ZONE, Spec, export_zip, fhir_bundle
from salus.sources.given import Spool
from salus.sources.importing import import_given, recognise
from salus.vault.home import Home, Listed
from salus.vault.person import Sex
from salus.vault.vault import Vault

PASSPHRASE = "sample person"
"""Shown to everyone: what it opens is invented."""
LABEL = f"Sample: {NAME}"
MAKING = 0.4
"""About which part of the work is making a file; the rest is reading it."""


def find(home: Home) -> Listed | None:
    """The sample person, if it was ever made."""
    return next((listed for listed in home.persons() if listed.label == LABEL), None)


def complete(vault: Vault) -> bool:
    """Was everything imported once? What was undone since stays undone."""
    return not {"fhir", "apple_health"} - {i.source for i in vault.imports()}


def ensure(
    home: Home, progress: Callable[[float, str], None] = lambda done, what: None, *, lang: Lang = "en"
) -> tuple[Listed, str]:
    """The sample person and the passphrase that opens it. Made, and its two files imported, when missing.

    `progress` hears the fraction done and what is being done. Raises Locked when its passphrase was changed.
    """
    sex: Sex = SEX  # type: ignore[assignment]  # the constant is one of the three
    listed = find(home) or home.add(
        LABEL, PASSPHRASE, born=BORN, sex=sex, zone=ZONE, lang=lang, country=COUNTRY, name=NAME
    )
    with home.open(listed, PASSPHRASE) as vault:
        _fill(home, vault, progress, lang)
    return listed, PASSPHRASE


def _fill(home: Home, vault: Vault, progress: Callable[[float, str], None], lang: Lang) -> None:
    have = {i.source for i in vault.imports()}
    spec = Spec(end=date.today() - timedelta(days=1), lang=lang)
    parts = [
        ("fhir", "records.json", fhir_bundle, 0.0, 0.2),
        ("apple_health", "export.zip", export_zip, 0.2, 1.0),
    ]
    for source, name, make, start, end in parts:
        if source in have:
            continue
        progress(start, name)
        data = make(spec)
        middle = start + MAKING * (end - start)
        progress(middle, name)
        spool = Spool(home.folder / "spool", name)
        try:
            spool.write(data)
            given = spool.finish()

            def reading(done: float, what: str, at: float = middle, room: float = end - middle, of: str = name) -> None:
                progress(at + done * room, of)

            outcome = import_given(vault, given, recognise(given), progress=reading)
        finally:
            spool.discard()
        if not outcome.kept:
            why = outcome.report.rejected[0][1] if outcome.report.rejected else T("There is nothing in it.")
            raise Refused(T("The sample person could not be made: {why}", why=why))
    progress(1.0, "")
