"""Axe on every state of the page, in both languages, light and dark; sizes, reflow, weight."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import Served, ask, open_sample, watched

pytestmark = pytest.mark.browser


@pytest.fixture(params=[("en-GB", "light"), ("en-GB", "dark"), ("fr-FR", "light"), ("fr-FR", "dark")], ids="-".join)
def dressed(request: pytest.FixtureRequest, chromium: Any, served: Served) -> Iterator[Any]:
    locale, scheme = request.param
    context = chromium.new_context(
        locale=locale, color_scheme=scheme, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    yield from watched(context, served.address)


def trouble(page: Any) -> list[str]:
    """Axe's serious and critical findings."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    found = [v for v in axe.run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def overflow(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_no_barrier_on_any_state_of_the_page(dressed: Any) -> None:
    page, lang = dressed, dressed.locator("html").get_attribute("lang")
    page.locator("details").evaluate_all("all => all.forEach(d => d.removeAttribute('name') || (d.open = true))")
    assert not trouble(page)
    assert overflow(page) <= 0
    open_sample(page, lang)
    assert not trouble(page)
    for question in ("How is my cholesterol?", "Combien de pas ai-je faits la semaine dernière ?", "I have chest pain"):
        page.locator("#question").fill(question)
        page.locator("#question").press("Enter")
        page.locator(".turn[data-done]").filter(has_text=question).wait_for()
    page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
    assert not trouble(page)
    assert overflow(page) <= 0
    page.locator(".figure").first.click()
    page.locator("#evidence .proof").first.wait_for()
    page.locator("#evidence details").evaluate_all("all => all.forEach(d => d.open = true)")
    assert not trouble(page)


def test_it_reflows_at_320_pixels(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) <= 0
    open_sample(page)
    ask(page, "How is my cholesterol?")
    assert overflow(page) <= 0


def test_buttons_are_large_enough_to_touch(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_sample(page)
    small = page.locator("button:visible:not(.figure), summary:visible").evaluate_all(
        "all => all.map(b => [b.textContent.trim(), b.getBoundingClientRect().height]).filter(([, h]) => h < 44)"
    )
    assert small == []


def test_the_answer_streams_without_shifting_what_is_read(page: Any) -> None:
    open_sample(page)
    page.evaluate("""() => { window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries())
        if (!e.hadRecentInput) window.shift += e.value; }).observe({ type: "layout-shift", buffered: false }); }""")
    ask(page, "How is my cholesterol?")
    page.wait_for_timeout(700)
    assert page.evaluate("window.shift") < 0.1  # "good" by Web Vitals


def test_the_page_is_light(page: Any, served: Served) -> None:
    sizes = {}
    for address in [*page.evaluate("performance.getEntriesByType('resource').map(e => e.name)"), served.address]:
        if "/session" not in address:
            sizes[address] = len(zlib.compress(page.request.get(address).body(), 6))
    assert sum(sizes.values()) < 120_000, sizes
