"""How the browser tests look at a page: axe, what spills over, moved, weighs too much or is too small to touch."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from .conftest import drawn

MOST_BYTES = 300_000
SHIFTS = """() => { window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries())
    if (!e.hadRecentInput) window.shift += e.value; }).observe({ type: "layout-shift", buffered: true }); }"""
MOVED = """() => new Promise(done => {
    let moved = 0;
    new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) moved += e.value; })
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(moved))));
})"""
WEIGHT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, entry) => sum + entry.transferSize, 0)"""
SMALL = """all => all.map(b => [b.textContent.trim(), b.getBoundingClientRect().height])
    .filter(([, height]) => height < 43.5)"""
RUN = """async () => {
    const all = (await axe.run({ resultTypes: ["violations"] })).violations;
    return all.filter(v => ["serious", "critical"].includes(v.impact))
        .flatMap(v => v.nodes.map(node => `${v.id}: ${node.html.slice(0, 200)}`));
}"""


@cache
def _axe() -> str:
    return str(
        pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe().axe_script
    )


def barriers(page: Any) -> list[str]:
    """Axe's serious and critical findings."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    return [f"{page.url} {found}" for found in page.evaluate(RUN)]


def settled(page: Any) -> None:
    """What a page fetches and draws by itself has come in."""
    page.wait_for_load_state("load")
    page.wait_for_function(
        "() => !document.querySelector('.htmx-request, .chart[data-chart]:not([data-drawn]), #timeline[aria-busy]')"
    )
    drawn(page)


def opened(page: Any) -> None:
    page.locator("main details").evaluate_all("all => all.forEach(d => d.removeAttribute('name') || (d.open = true))")


def overflow(page: Any, width: int = 0) -> list[str]:
    """What spills over the side, at this width or another."""
    if width:
        page.set_viewport_size({"width": width, "height": 640})
        drawn(page)
    by = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url} is {by} px too wide at {width or page.viewport_size['width']} px"] if by > 0 else []


def moved(page: Any) -> list[str]:
    """By how much a page shifted by itself since it was opened."""
    shift = page.evaluate(MOVED)
    return [f"{page.url} shifted by {shift:.4f}"] if shift >= 0.005 else []


def weight(page: Any) -> int:
    """The bytes its first view took, where the browser kept nothing from before."""
    return int(page.evaluate(WEIGHT))


def small(page: Any) -> list[str]:
    """Buttons that are hard to touch."""
    touched = page.locator("button:visible:not(.figure, .link), summary:visible, .bottombar a")
    return [f"{page.url} {name!r} is {height} px high" for name, height in touched.evaluate_all(SMALL)]
