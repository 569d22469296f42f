"""Routes: the visual language on one page, every token and component, to build further pages alike."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from salus.faces.web.charts import Band, Line, Point, Shown, chart
from salus.faces.web.icons import PATHS
from salus.faces.web.shell import Page, shown
from salus.faces.web.site import Unlocked
from salus.records.text import T

PAGE = Page("style", "/style", T("Visual language"), "note", 990, listed=False)
router = APIRouter()

COLOURS = (
    "ground", "surface", "raised", "tint", "ink", "soft", "line", "strong-line", "accent", "accent-deep", "danger",
    "danger-tint", "danger-ink", "warn-tint", "warn-ink", "good", "good-tint", "c1", "c2", "c3", "c4",
)  # fmt: skip


@router.get("/style", response_class=HTMLResponse)
def style(session: Unlocked) -> HTMLResponse:
    days = [date(2026, 1, 10) + timedelta(days=40 * i) for i in range(9)]
    values = ("5.4", "5.1", "5.6", "6.2", "5.9", "5.3", "5.0", "5.2", "4.9")
    points = [
        Point(day, Decimal(value), low=Decimal("3.9") if i % 2 else None, high=Decimal("5.6") if i % 2 else None)
        for i, (day, value) in enumerate(zip(days, values, strict=True))
    ]
    made = chart(
        session.lang, T("Glucose, an example"), [Line(T("Glucose"), points)], unit="mmol/L",
        bands=[Band(Decimal("3.9"), Decimal("5.6"), T("Usual range"))],
        others=[Shown("mg/dL", lambda value: (value * 18).quantize(Decimal(1)))],
    )  # fmt: skip
    two = chart(
        session.lang, T("Two lines, an example"),
        [Line(T("Upper"), [Point(d, Decimal(120 + i * 3 % 11)) for i, d in enumerate(days)]),
         Line(T("Lower"), [Point(d, Decimal(76 + i * 5 % 9)) for i, d in enumerate(days)])],
        unit="mm[Hg]", short=True,
    )  # fmt: skip
    with session.using() as vault:
        return shown(session, vault, PAGE, "style.html", colours=COLOURS, icons=sorted(PATHS), charts=[made, two])
