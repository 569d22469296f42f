"""How much of a medicine a day, from a structured or a written dosage; None where it does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

import tomli as tomllib

from salus.records.resource import each
from salus.vault.memory.facts import listed
from salus.vault.memory.folding import fold
from salus.vault.memory.strengths import Strength, strengths

_PIECES = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:tablets?|tabs?|capsules?|caps?|comprimes?|gelules?|cp|cpr|puffs?|bouffees?|gouttes?|drops?|sachets?)\b"
)
_SPELT = re.compile(
    r"\b(one|two|three|four|un|une|deux|trois|quatre)\s+(?:tablets?|tabs?|capsules?|caps?|comprimes?|gelules?|puffs?|bouffees?|sachets?|drops?|gouttes?)\b"
)
_FREQUENT = re.compile(r"(?<![a-z0-9])(\d+)\s*(?:times|fois|x)\s*(?:a|per|par|/)?\s*(?:day|daily|jour|j)\b")
_HOURS = re.compile(r"\b(?:every|toutes les|q)\s*(\d+)\s*(?:hours?|heures?|hrs?|h)\b")
_PERIOD_DAYS = {"h": Decimal(1) / 24, "d": Decimal(1), "wk": Decimal(7), "mo": Decimal(30)}


@dataclass(frozen=True, slots=True)
class Taken:
    """`amount` of a unit each time (mg, unit, or "piece"), `often` times a day, `text` as written, folded."""

    amount: tuple[Decimal, str] | None
    often: Decimal | None
    text: str
    needed: bool

    def daily(self, each_one: frozenset[Strength]) -> tuple[Decimal, str] | None:
        """How much a day in mg or units, where amount, frequency and (for tablets) one strength are known."""
        if self.amount is None or self.often is None:
            return None
        value, unit = self.amount
        if unit == "piece":
            if len(each_one) != 1:
                return None
            (one, of, _), *_ = each_one
            if not of:
                return None
            return (value * one * self.often).normalize(), of
        return (value * self.often).normalize(), unit


NOTHING = Taken(None, None, "", False)


@lru_cache(maxsize=1)
def _often() -> list[tuple[re.Pattern[str], Decimal]]:
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("dosage.toml").read_text("utf-8"))
    rows = [(fold(phrase), Decimal(times)) for times, listed in data["often"].items() for phrase in listed]
    rows.sort(key=lambda row: (-len(row[0]), row[0]))
    return [(re.compile(r"(?<![a-z0-9])" + re.escape(phrase) + r"(?![a-z0-9])"), times) for phrase, times in rows]


@lru_cache(maxsize=1)
def _counts() -> dict[str, Decimal]:
    data = tomllib.loads(resources.files("salus.vault.memory").joinpath("dosage.toml").read_text("utf-8"))
    return {fold(word): Decimal(n) for n, listed in data["count"].items() for word in listed}


@lru_cache(maxsize=4096)
def written(text: str) -> Taken:
    """A dosage in words, English or French."""
    low = fold(text)
    often: Decimal | None = None
    if hours := _HOURS.search(low):
        often = Decimal(24) / Decimal(hours.group(1)) if int(hours.group(1)) else None
    elif times := _FREQUENT.search(low):
        often = Decimal(times.group(1))
    else:
        often = next((n for pattern, n in _often() if pattern.search(low)), None)
    amount: tuple[Decimal, str] | None = None
    half = next((n for word, n in _counts().items() if n < 1 and word in low), None)
    doses = {(value, unit) for value, unit, per in strengths(text) if per in ("", "dose")}
    if half is not None:
        amount = (half, "piece")
    elif pieces := _PIECES.search(low):
        amount = (Decimal(pieces.group(1).replace(",", ".")), "piece")
    elif spelt := _SPELT.search(low):
        amount = (_counts()[spelt.group(1)], "piece")
    elif len(doses) == 1:
        amount = next(iter(doses))
    needed = any(word in low for word in ("as needed", "prn", "if needed", "si besoin", "au besoin", "when needed"))
    return Taken(amount, often, " ".join(low.split()), needed)


def dosage(body: Mapping[str, Any]) -> Taken:
    """The dosage of a request, statement, dispense or administration; of several lines only where they are one."""
    lines = listed(body.get("dosageInstruction")) or listed(body.get("dosage"))
    lines = [line for line in lines if isinstance(line, Mapping)]
    if len(lines) != 1:
        texts = " ; ".join(str(line["text"]) for line in lines if line.get("text"))
        return Taken(None, None, " ".join(fold(texts).split()), False)
    line = lines[0]
    said = written(str(line["text"])) if line.get("text") else NOTHING
    amount, often = _amount(line) or said.amount, _frequency(line) or said.often
    needed = (
        said.needed or line.get("asNeededBoolean") is True or isinstance(line.get("asNeededCodeableConcept"), Mapping)
    )
    return Taken(amount, often, said.text, needed)


def _amount(line: Mapping[str, Any]) -> tuple[Decimal, str] | None:
    found = next(
        (
            q
            for q in (*each(line, "doseAndRate.doseQuantity"), *each(line, "dose"), *each(line, "doseQuantity"))
            if isinstance(q, Mapping) and isinstance(q.get("value"), int | Decimal)
        ),
        None,
    )
    if found is None:
        return None
    value, unit = Decimal(found["value"]), fold(str(found.get("unit") or found.get("code") or ""))
    known = strengths(f"{value} {unit}") if unit else frozenset()
    if len(known) == 1:
        amount, of, _ = next(iter(known))
        return amount, of
    return value.normalize(), "piece"


def _frequency(line: Mapping[str, Any]) -> Decimal | None:
    timing = line.get("timing")
    repeat = timing.get("repeat") if isinstance(timing, Mapping) else None
    if not isinstance(repeat, Mapping):
        code = timing.get("code") if isinstance(timing, Mapping) else None
        text = (
            str(
                code.get("text")
                or next((c.get("code") for c in listed(code.get("coding")) if isinstance(c, Mapping)), "")
            )
            if isinstance(code, Mapping)
            else ""
        )
        return written(text).often if text else None
    times, every, unit = repeat.get("frequency", 1), repeat.get("period"), str(repeat.get("periodUnit") or "")
    if not isinstance(times, int) or not isinstance(every, int | Decimal) or unit not in _PERIOD_DAYS or not every:
        return None
    return (Decimal(times) / (Decimal(every) * _PERIOD_DAYS[unit])).quantize(Decimal("0.001")).normalize()
