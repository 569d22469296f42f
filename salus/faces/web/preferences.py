"""How the person wants to read and use the page: settings of the vault beyond who they are, with their defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from salus.errors import UsageError
from salus.records.text import T, Text
from salus.vault.backup import KEPT as KEPT_AT_FIRST
from salus.vault.vault import Vault

CHOICES: dict[str, tuple[str, ...]] = {
    "units_mass": ("kg", "[lb_av]"),
    "units_height": ("cm", "[ft_i]"),
    "units_glucose": ("", "mmol/L", "mg/dL"),
    "units_temperature": ("Cel", "[degF]"),
    "units_distance": ("km", "[mi_i]"),
    "shortcuts": ("on", "off"),
    "streaming": ("on", "off"),
}
"""Setting by setting what may be chosen, the default first. "" leaves a result in the unit it was reported in."""

LOCK_MINUTES = (5, 15, 30, 60)
KEPT = (0, 3, 7, 14, 30)
"""How many automatic back-ups may be kept."""


@dataclass(frozen=True)
class Preferences:
    """One field per setting; `lock_minutes` None is what the server was started with."""

    units_mass: str = "kg"
    units_height: str = "cm"
    units_glucose: str = ""
    units_temperature: str = "Cel"
    units_distance: str = "km"
    shortcuts: str = "on"
    streaming: str = "on"
    lock_minutes: int | None = None
    backups: int = KEPT_AT_FIRST


def preferences(vault: Vault) -> Preferences:
    """As set in the vault; what is not set, or not understood, is the default."""
    found = vault.person.preferences
    made: dict[str, Any] = {}
    for field in fields(Preferences):
        value = found.get(field.name)
        if value is None:
            continue
        if field.name in CHOICES:
            if value in CHOICES[field.name]:
                made[field.name] = value
        elif value.isascii() and value.isdigit():
            made[field.name] = int(value)
    return Preferences(**made)


def checked(name: str, value: str) -> str:
    """A choice that may be set. Raises UsageError for one there is not."""
    if name in CHOICES and value in CHOICES[name]:
        return value
    if name == "lock_minutes" and value in {str(n) for n in LOCK_MINUTES}:
        return value
    if name == "backups" and value in {str(n) for n in KEPT}:
        return value
    raise UsageError(T("There is no such choice. Reload the page and try again."))


def number(text: str, lang: str) -> Decimal:
    """A number as a person types it: a comma or a point, spaces between thousands. Raises UsageError."""
    plain = text.strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace("−", "-")
    if lang == "fr" or (plain.count(",") == 1 and "." not in plain and len(plain.rpartition(",")[2]) != 3):
        plain = plain.replace(",", ".")
    else:
        plain = plain.replace(",", "")
    try:
        made = Decimal(plain)
    except InvalidOperation:
        raise UsageError(_not_a_number(text)) from None
    if not made.is_finite():
        raise UsageError(_not_a_number(text))
    return made


def _not_a_number(text: str) -> Text:
    return T("“{text}” is not a number.", text=text.strip()[:30])
