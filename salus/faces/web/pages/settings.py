"""Routes: how the page reads and behaves, who the person is, which device wins, and locking."""

from __future__ import annotations

from zoneinfo import available_timezones

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from salus.errors import NotFound, UsageError
from salus.faces.web.pages.beginning import named_countries
from salus.faces.web.preferences import CHOICES, KEPT, LOCK_MINUTES, checked
from salus.faces.web.sessions import Session
from salus.faces.web.shell import Page, fragment, shown
from salus.faces.web.site import Fields, OurSite, Unlocked, twice
from salus.knowledge.emergency_numbers import countries
from salus.records.text import T, Text
from salus.vault import backup
from salus.vault import person as persons
from salus.vault.keys import MIN_PASSPHRASE
from salus.vault.origins import Origin
from salus.vault.vault import Vault

PAGE = Page("settings", "/settings", T("Settings"), "settings", 100, go="s", group="own")
router = APIRouter()

SAVED = T("Saved.")
UNITS: tuple[tuple[str, Text, dict[str, Text]], ...] = (
    ("units_mass", T("Weight"), {"kg": T("kilograms (kg)"), "[lb_av]": T("pounds (lb)")}),
    ("units_height", T("Height"), {"cm": T("centimetres (cm)"), "[ft_i]": T("feet and inches")}),
    ("units_glucose", T("Blood glucose"), {"": T("as reported"), "mmol/L": T("mmol/L"), "mg/dL": T("mg/dL")}),
    ("units_temperature", T("Temperature"), {"Cel": T("degrees Celsius (°C)"), "[degF]": T("degrees Fahrenheit (°F)")}),
    ("units_distance", T("Distance"), {"km": T("kilometres (km)"), "[mi_i]": T("miles (mi)")}),
)
assert all(set(CHOICES[name]) == set(names) for name, _, names in UNITS)


@router.get("/settings", response_class=HTMLResponse)
def settings(site: OurSite, session: Unlocked) -> HTMLResponse:
    if session.listed is None:
        raise NotFound(T("There is nothing at this address."))
    with session.using() as vault:
        return shown(
            session, vault, PAGE, "settings.html", units=UNITS, zones=sorted(available_timezones()), kept=KEPT,
            countries=named_countries(session.lang), minutes=LOCK_MINUTES, idle=round(site.sessions.idle_seconds / 60),
            devices=devices(vault), recovery=site.home.recovery(session.listed), least=MIN_PASSPHRASE,
            copies=backup.automatic(site.home, session.listed), listed=session.listed, zone=vault.person.zone,
            counts=sum(vault.view().counts().values()),
        )  # fmt: skip


@router.post("/settings")
def choose(session: Unlocked, fields: Fields) -> HTMLResponse:
    """One setting among its choices."""
    name, value = fields.get("name", ""), fields.get("value", "")
    if name == "country":
        value = value if value in countries() else ""
    elif name == "zone":
        persons.zone(value)
    else:
        value = checked(name, value)
    with session.using() as vault:
        vault.configure(**{name: value, **({"zone_known": "1"} if name == "zone" else {})})
    if name == "lock_minutes":
        session.idle_seconds = int(value) * 60
    return _saved(session)


def _saved(session: Session) -> HTMLResponse:
    return fragment(session, "saved.html", text=SAVED)


@router.post("/settings/passphrase")
def passphrase(site: OurSite, session: Unlocked, fields: Fields) -> HTMLResponse:
    """Another passphrase for the same vault."""
    fresh, listed = twice(fields), session.listed
    if listed is None:
        raise NotFound(T("There is nothing at this address."))
    old = fields.get("old", "")
    site.unlocking.attempt(listed, lambda: site.home.change_passphrase(listed, old, fresh))
    return fragment(session, "saved.html", text=T("The passphrase is changed. The old one opens nothing any more."))


def devices(vault: Vault) -> list[Origin]:
    """The devices and apps, the one that wins first; one name once."""
    seen: dict[str, Origin] = {}
    for origin in vault.view().origins():
        seen.setdefault(origin.name, origin)
    return list(seen.values())


@router.post("/settings/devices/{origin}/{way}", response_class=HTMLResponse)
def reorder(session: Unlocked, origin: int, way: str) -> HTMLResponse:
    """Moves one device up or down; the days are counted anew."""
    step = {"up": -1, "down": 1}.get(way)
    with session.using() as vault:
        found = devices(vault)
        at = next((i for i, each in enumerate(found) if each.id == origin), None)
        if step is None or at is None or not 0 <= at + step < len(found):
            raise UsageError(T("There is no such choice. Reload the page and try again."))
        found[at], found[at + step] = found[at + step], found[at]
        vault.configure(priorities="\n".join(each.name for each in found))
    return fragment(session, "devices.html", devices=found)
