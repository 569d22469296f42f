"""Axe on every page, in both languages, light and dark; sizes, reflow, weight, stillness, focus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from salus.faces.web.shell import pages

from .conftest import Served, ask, go, open_sample, watched

pytestmark = pytest.mark.browser

INSIDE = [page.path for page in pages()] + ["/style", "/ask?temporary=1"]
OUTSIDE = ["/", "/new", "/restore"]
MOST_BYTES = 300_000
SHIFTS = """() => { window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries())
    if (!e.hadRecentInput) window.shift += e.value; }).observe({ type: "layout-shift", buffered: true }); }"""


@pytest.fixture(params=[("en-GB", "light"), ("en-GB", "dark"), ("fr-FR", "light"), ("fr-FR", "dark")], ids="-".join)
def dressed(request: pytest.FixtureRequest, chromium: Any, served: Served) -> Iterator[Any]:
    """A phone in light, a desk in dark: every width, theme and language comes up."""
    locale, scheme = request.param
    phone = (scheme == "light") == (locale == "en-GB")
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
    context = chromium.new_context(locale=locale, color_scheme=scheme, viewport=size, reduced_motion="reduce")
    yield from watched(context, served.address)


def trouble(page: Any) -> list[str]:
    """Axe's serious and critical findings."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    found = [v for v in axe.run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    return [f"{page.url} {v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def settled(page: Any) -> None:
    """What a page fetches by itself has come in."""
    page.wait_for_load_state("load")
    page.wait_for_function("!document.querySelector('.htmx-request, .chart[data-chart]:not([data-drawn])')")


def overflow(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def opened(page: Any) -> None:
    page.locator("main details").evaluate_all("all => all.forEach(d => d.removeAttribute('name') || (d.open = true))")


def test_no_barrier_on_any_page(dressed: Any) -> None:
    page, lang = dressed, dressed.locator("html").get_attribute("lang")
    for address in OUTSIDE:
        go(page, address)
        opened(page)
        assert not trouble(page)
        assert overflow(page) <= 0, address
    go(page, "/")
    open_sample(page, lang)
    for address in INSIDE:
        go(page, address)
        settled(page)
        opened(page)
        assert not trouble(page)
        assert overflow(page) <= 0, address
        assert page.locator("html").get_attribute("lang") == lang


def test_no_barrier_in_a_conversation_and_its_evidence(dressed: Any) -> None:
    page, lang = dressed, dressed.locator("html").get_attribute("lang")
    open_sample(page, lang)
    for question in ("How is my cholesterol?", "Combien de pas ai-je faits la semaine dernière ?", "I have chest pain"):
        ask(page, question)
    opened(page)
    assert not trouble(page)
    assert overflow(page) <= 0
    page.locator(".said .figure").first.click()
    page.locator("#evidence .proof").first.wait_for()
    page.locator("#evidence details").evaluate_all("all => all.forEach(d => d.open = true)")
    assert not trouble(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()
    assert not trouble(page)


def test_every_page_reflows_at_320_pixels(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) <= 0
    open_sample(page)
    for address in INSIDE:
        go(page, address)
        settled(page)
        assert overflow(page) <= 0, address
    ask(page, "How is my cholesterol?")
    assert overflow(page) <= 0


def test_buttons_are_large_enough_to_touch(chromium: Any, served: Served) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for page in watched(context, served.address):
        open_sample(page)
        for address in INSIDE:
            go(page, address)
            touched = page.locator("button:visible:not(.figure, .link), summary:visible, .bottombar a")
            small = touched.evaluate_all(
                "all => all.map(b => [b.textContent.trim(), b.getBoundingClientRect().height])"
                ".filter(([, height]) => height < 43.5)"
            )
            assert small == [], address


SIZES = pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "desk"])


@SIZES
def test_nothing_moves_while_a_page_loads(page: Any, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_sample(page)
    moved = {}
    for address in INSIDE:
        go(page, address)
        page.evaluate(SHIFTS)
        settled(page)
        page.wait_for_timeout(150)
        moved[address] = page.evaluate("window.shift")
    assert {address: shift for address, shift in moved.items() if shift >= 0.005} == {}


@SIZES
def test_nothing_moves_while_an_answer_comes_in(page: Any, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_sample(page)
    go(page, "/ask")
    page.evaluate(SHIFTS)
    for question in ("How is my cholesterol?", "How many steps did I take last week?", "I have crushing chest pain"):
        page.locator("#question").click()
        page.keyboard.type(question)  # as a person does: what moves under the keys of the one who presses them may move
        page.keyboard.press("Enter")
        page.locator(".turn[data-done]").filter(has_text=question).wait_for()
        page.wait_for_timeout(600)
        assert page.evaluate("window.shift") == 0, question


def test_every_page_is_light(chromium: Any, served: Served) -> None:
    """What the first view of a page transfers, with nothing in the browser's cache."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    for page in watched(context, served.address):
        context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        open_sample(page)
        for address in INSIDE:
            go(page, address)
            settled(page)
            size = page.evaluate(
                "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                ".reduce((sum, e) => sum + e.transferSize, 0)"
            )
            assert 10_000 < size <= MOST_BYTES, (address, size)


def test_going_by_a_link_puts_the_focus_on_the_heading_and_back_works(page: Any) -> None:
    open_sample(page)
    page.locator(".rail a[href='/settings']").click()
    page.wait_for_url("**/settings")
    page.wait_for_function("document.activeElement.id === 'title'")
    page.go_back()
    page.wait_for_url(lambda url: url.endswith("/"))
    page.locator("h1").filter(has_text="Hello").wait_for()


COVERED = """() => {
    const focused = document.activeElement, place = focused.getBoundingClientRect();
    const bars = [...document.querySelectorAll(".topbar, .bottombar")]
        .filter(bar => !bar.contains(focused) && !focused.matches(".skip"));
    const hidden = bars.map(bar => bar.getBoundingClientRect())
        .some(bar => place.top < bar.bottom - 1 && place.bottom > bar.top + 1);
    const name = focused.tagName + " " + (focused.id || focused.textContent.trim()).slice(0, 20);
    return [name, place.width > 0 && place.height > 0 && !hidden];
}"""


def test_the_focus_is_never_lost_behind_the_bars(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_sample(page)
    go(page, "/settings")
    stops = []
    for _ in range(30):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(COVERED))
    assert len({name for name, _ in stops}) > 10
    assert [name for name, seen in stops if not seen] == []


def test_shortcuts_go_where_they_say_and_not_while_typing(page: Any) -> None:
    open_sample(page)
    for each in (p for p in pages() if p.go):
        page.locator("h1").click()
        page.keyboard.press("g")
        page.keyboard.press(each.go)
        page.wait_for_url(lambda url, path=each.path: url.split("?")[0].endswith(path))
    go(page, "/ask")
    page.locator("#question").fill("")
    page.locator("#question").press_sequentially("gs?n/")
    assert page.locator("#question").input_value() == "gs?n/" and page.url.endswith("/ask")
    go(page, "/settings")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.wait_for_url("**/ask#question")
    page.wait_for_function("document.activeElement.id === 'question'")
    go(page, "/settings")
    page.locator("#set-shortcuts").select_option("off")
    page.locator("#toast p").wait_for()
    go(page, "/settings")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    assert page.url.endswith("/settings") and not page.locator("#keys[open]").count()
    page.locator("#set-shortcuts").select_option("on")
    page.locator("#toast p").wait_for()


def test_a_chart_is_read_by_the_keyboard(page: Any) -> None:
    open_sample(page)
    go(page, "/style")
    chart = page.locator(".chart").first
    chart.locator("canvas").wait_for()
    plot, reading = chart.locator(".plot"), chart.locator(".reading")
    plot.focus()
    page.keyboard.press("Home")
    first = reading.inner_text()
    assert "10 January 2026" in first.replace("\u00a0", " ") and "5.4" in first
    page.keyboard.press("ArrowRight")
    assert "5.1" in reading.inner_text()
    page.keyboard.press("End")
    assert "4.9" in reading.inner_text()
    chart.get_by_role("button", name="mg/dL").click()
    plot.focus()
    page.keyboard.press("End")
    assert "88" in reading.inner_text()
    chart.locator("summary").click()
    assert "mg/dL" in chart.locator("tbody td").first.inner_text()
    assert chart.locator("tbody tr").count() == 9
    chart.get_by_role("button", name="3 months").click()
    plot.focus()
    page.keyboard.press("Home")
    assert "January" not in reading.inner_text()


def test_forced_colours_and_print(chromium: Any, served: Served) -> None:
    context = chromium.new_context(forced_colors="active")
    for page in watched(context, served.address):
        open_sample(page)
        go(page, "/style")
        page.locator(".chart canvas").first.wait_for()
        page.emulate_media(media="print")
        assert not page.locator(".rail").is_visible() and page.locator("h1").is_visible()
