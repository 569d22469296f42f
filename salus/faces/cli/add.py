"""`salus add`: what a person writes down by hand. What looks odd is asked about, and kept when they say so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from salus.errors import UsageError
from salus.faces.cli.options import opened, personal, someone_is_there
from salus.faces.cli.output import emit_json, machine_lang, speak
from salus.faces.cli.output import note as tell
from salus.faces.copies import keep_copy
from salus.knowledge.red_flags import triage
from salus.records.text import T
from salus.sources.by_hand import (
    Entry,
    Note,
    Pressure,
    Reading,
    ResultEntry,
    Symptom,
    Taken,
    add,
    questions,
    written,
)  # fmt: skip
from salus.vault.home import Home
from salus.vault.vault import Vault

NOT_KEPT = 3
MOST_READ = 4 << 20
"""Bytes of a note that are looked at (far more than may be kept)."""


@click.group("add")
def add_command() -> None:
    """Write down a reading, a result from paper, a medicine, a symptom or a note."""


def _entering(command: Any) -> Any:
    command = click.option("--yes", is_flag=True, help="Keep it even if it looks unusual; do not ask.")(command)
    return personal(command)


def _keep(
    ctx: click.Context, home: Path | None, person: str | None, as_json: bool, yes: bool,
    make: Callable[[Vault], Entry], words: str = "",
) -> None:  # fmt: skip
    """Keeps what `make` makes, after asking about what is odd. `words` are listened to for red flags first."""
    with opened(home, person) as vault:
        _warn(words, vault.person.country)
        entry = make(vault)
        odd = questions(vault.view(), entry)
        asked = [speak().say(question) for question in odd]
        if asked and not yes and not _agreed(asked, as_json):
            if as_json:
                emit_json({"added": [], "batch": None, "questions": asked})
            else:
                tell(speak().say(T("It was not kept. Run it again with --yes if it is right.")))
            ctx.exit(NOT_KEPT)
        made = add(vault, entry)
        place = Home(home)
        trouble = keep_copy(place, place.find(person), vault, small=True) if made.batch else None
        if trouble is not None:
            tell(speak().say(trouble))
    if as_json:
        emit_json({"added": list(made.refs), "batch": made.batch, "questions": asked})
    elif made.batch is None:
        click.echo(speak().say(T("It was there already.")))
    else:
        click.echo(speak().say(T("Kept (import {id}). “salus imports undo {id}” takes it back.", id=made.batch)))


def _warn(words: str, country: str | None) -> None:
    """The red-flag triage of what was written: it is told before anything else."""
    if not words:
        return
    found = triage(words, lang=machine_lang(), country=country)
    if found.level in ("emergency", "urgent"):
        for line in found.advice:
            tell(speak().say(line))


def _agreed(asked: list[str], as_json: bool) -> bool:
    """Shows the questions; True when the person at the terminal says it is right."""
    for line in asked:
        tell(line)
    if as_json or not someone_is_there():
        return False
    return click.confirm(speak().say(T("Keep it as it is?")), err=True)


def _now(vault: Vault) -> datetime:
    return vault.view().now


@add_command.command("reading")
@click.argument("name")
@click.argument("value", nargs=-1, required=True)
@click.option("--at", metavar="TIME", help="When, such as 08:30, yesterday 20:00, 2026-11-24 08:30 (else now).")
@click.option("--pulse", metavar="N", help="The pulse a blood pressure meter showed.")
@click.option("--note", "remark", default="", metavar="TEXT", help="A remark to keep with it.")
@_entering
@click.pass_context
def reading(
    ctx: click.Context, name: str, value: tuple[str, ...], at: str | None, pulse: str | None, remark: str, yes: bool,
    as_json: bool, home: Path | None, person: str | None,
) -> None:  # fmt: skip
    """A home reading: NAME is what was measured, VALUE the figure and its unit.

    Examples: add reading weight 82.5 kg; add reading bp 128/82 --pulse 64; add reading temperature 38.2 C.
    """
    text = " ".join(value)
    key = written.metric_named(name)
    if key is None:
        raise UsageError(
            T("Salus knows no reading called “{name}”. Try weight, bp, glucose or temperature.", name=name)
        )

    def make(vault: Vault) -> Entry:
        moment = written.moment(at, _now(vault), vault.person.zone)
        if key == written.PRESSURE:
            both = written.pressure(text)
            if both is None:
                raise UsageError(T("Write a blood pressure as two figures, such as 128/82."))
            return Pressure(*both, moment, written.amount(pulse).value if pulse else None, remark)
        found = written.amount(text)
        if found.sign:
            raise UsageError(T("A reading is one figure, without {sign}.", sign=found.sign))
        return Reading(key, found.value, found.unit or written.default_unit(key), moment, remark)

    _keep(ctx, home, person, as_json, yes, make)


@add_command.command("result")
@click.argument("name")
@click.argument("value", nargs=-1, required=True)
@click.option("--on", metavar="DATE", required=True, help="The date of the sample, as precise as it is known.")
@click.option("--low", metavar="N", help="The lower limit the laboratory printed.")
@click.option("--high", metavar="N", help="The upper limit the laboratory printed.")
@click.option("--laboratory", default="", metavar="NAME", help="Which laboratory.")
@click.option("--note", "remark", default="", metavar="TEXT", help="A remark to keep with it.")
@_entering
@click.pass_context
def result(
    ctx: click.Context, name: str, value: tuple[str, ...], on: str, low: str | None, high: str | None, laboratory: str,
    remark: str, yes: bool, as_json: bool, home: Path | None, person: str | None,
) -> None:  # fmt: skip
    """A result from paper: NAME is the test, VALUE the figure and its unit.

    Example: add result ferritin 12 µg/L --on 2026-10-03 --low 15 --high 150.
    """
    text = " ".join(value)

    def limit(given: str | None) -> Decimal | None:
        return written.amount(given).value if given else None

    def make(vault: Vault) -> Entry:
        try:
            found = written.amount(text)
            figure: Decimal | str = found.value
        except UsageError:
            found, figure = written.Amount(Decimal(0), ""), text
        return ResultEntry(
            name, written.test_named(name), figure, found.unit, written.when(on, vault.view().today), limit(low),
            limit(high), laboratory, found.sign, remark,
        )  # fmt: skip

    _keep(ctx, home, person, as_json, yes, make)


@add_command.command("medication")
@click.argument("name")
@click.option("--dose", default="", metavar="TEXT", help="How much at a time, such as 500 mg.")
@click.option("--how", default="", metavar="TEXT", help="How it is taken, such as twice a day.")
@click.option("--since", metavar="DATE", help="Since when, as precise as it is known.")
@click.option("--until", metavar="DATE", help="Until when, if it is over.")
@click.option("--as-needed", is_flag=True, help="Only when needed.")
@click.option("--why", default="", metavar="TEXT", help="What it is for.")
@click.option("--note", "remark", default="", metavar="TEXT", help="A remark to keep with it.")
@_entering
@click.pass_context
def medication(
    ctx: click.Context, name: str, dose: str, how: str, since: str | None, until: str | None, as_needed: bool, why: str,
    remark: str, yes: bool, as_json: bool, home: Path | None, person: str | None,
) -> None:  # fmt: skip
    """A medicine as you really take it: NAME, with its dose and how."""

    def make(vault: Vault) -> Entry:
        today = vault.view().today
        begun = written.when(since, today) if since else None
        return Taken(name, dose, how, begun, written.when(until, today) if until else None, as_needed, why, remark)

    _keep(ctx, home, person, as_json, yes, make)


@add_command.command("symptom")
@click.argument("name")
@click.option("--severity", type=click.IntRange(0, 10), help="From 0 (none) to 10 (the worst).")
@click.option("--at", metavar="TIME", help="When it began (else now).")
@click.option("--until", metavar="TIME", help="When it ended.")
@click.option("--note", "remark", default="", metavar="TEXT", help="What else you noticed.")
@_entering
@click.pass_context
def symptom(
    ctx: click.Context, name: str, severity: int | None, at: str | None, until: str | None, remark: str, yes: bool,
    as_json: bool, home: Path | None, person: str | None,
) -> None:  # fmt: skip
    """A line of your symptom diary: NAME is the symptom. Words that sound urgent are told as such at once."""

    def make(vault: Vault) -> Entry:
        now, zone = _now(vault), vault.person.zone
        ended = written.moment(until, now, zone) if until else None
        return Symptom(name, written.moment(at, now, zone), severity, ended, remark)

    _keep(ctx, home, person, as_json, yes, make, f"{name}. {remark}")


def _typed_in() -> str:
    """Standard input as text, in whatever a terminal or an old editor wrote it."""
    raw = sys.stdin.buffer.read(MOST_READ) if sys.stdin else b""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


@add_command.command("note")
@click.argument("text")
@click.option("--title", default="", metavar="TEXT", help="A title (else its first line).")
@click.option("--at", metavar="TIME", help="When it was (else now).")
@_entering
@click.pass_context
def note_(
    ctx: click.Context, text: str, title: str, at: str | None, yes: bool, as_json: bool, home: Path | None,
    person: str | None,
) -> None:  # fmt: skip
    """A note in your own words; TEXT may be - to read it from standard input. Found by the search."""
    words = _typed_in() if text == "-" else text

    def make(vault: Vault) -> Entry:
        return Note(words, written.moment(at, _now(vault), vault.person.zone), title)

    _keep(ctx, home, person, as_json, yes, make, words)
