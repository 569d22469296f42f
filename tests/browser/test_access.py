"""How the page answers to keys, colours and paper; what it weighs and where the focus goes. Axe: `test_tour`."""

from __future__ import annotations

from typing import Any

import pytest

from salus.faces.web.shell import pages

from .conftest import Served, drawn, go, watched
from .looking import SHIFTS

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "desk"])


@SIZES
def test_nothing_moves_while_an_answer_comes_in(sample: Any, size: tuple[int, int]) -> None:
    page = sample
    page.set_viewport_size({"width": size[0], "height": size[1]})
    go(page, "/ask")
    page.evaluate(SHIFTS)
    for question in ("How is my cholesterol?", "How many steps did I take last week?", "I have crushing chest pain"):
        page.locator("#question").click()
        page.keyboard.type(question)  # as a person does: what moves under the keys of the one who presses them may move
        page.keyboard.press("Enter")
        page.locator(".turn[data-done]").filter(has_text=question).wait_for()
        drawn(page, 5)
        assert page.evaluate("window.shift") == 0, question


def test_going_by_a_link_puts_the_focus_on_the_heading_and_back_works(sample: Any) -> None:
    page = sample
    page.locator(".rail a[href='/settings']").click()
    page.wait_for_url("**/settings")
    page.wait_for_function("() => document.activeElement.id === 'title'")
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


def test_the_focus_is_never_lost_behind_the_bars(sample: Any) -> None:
    page = sample
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, "/settings")
    stops = []
    for _ in range(30):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(COVERED))
    assert len({name for name, _ in stops}) > 10
    assert [name for name, seen in stops if not seen] == []


def test_shortcuts_go_where_they_say_and_not_while_typing(sample: Any) -> None:
    page = sample
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
    page.wait_for_function("() => document.activeElement.id === 'question'")
    go(page, "/settings")
    page.locator("#set-shortcuts").select_option("off")
    page.locator("#toast p").wait_for()
    go(page, "/settings")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.keyboard.press("?")
    drawn(page, 10)
    assert page.url.endswith("/settings") and not page.locator("#keys[open]").count()
    page.locator("#set-shortcuts").select_option("on")
    page.locator("#toast p").wait_for()


def test_a_chart_is_read_by_the_keyboard(sample: Any) -> None:
    page = sample
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


def test_forced_colours_and_print(chromium: Any, served: Served, let_in: dict[str, Any]) -> None:
    context = chromium.new_context(forced_colors="active", storage_state=let_in)
    for page in watched(context, served.address):
        go(page, "/style")
        page.locator(".chart canvas").first.wait_for()
        page.emulate_media(media="print")
        assert not page.locator(".rail").is_visible() and page.locator("h1").is_visible()


def test_the_dialog_of_a_figure_gives_the_focus_back(sample: Any) -> None:
    go(sample, "/results/hba1c")
    figure = sample.locator(".wide-rows .figure").first
    figure.focus()
    sample.keyboard.press("Enter")
    sample.locator("#evidence .record").wait_for()
    sample.keyboard.press("Tab")
    assert sample.evaluate("document.activeElement.closest('dialog')?.id") == "evidence"
    sample.keyboard.press("Escape")
    assert figure.evaluate("f => f === document.activeElement")
