"""The pages of records in a real browser, by the keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .conftest import go

pytestmark = pytest.mark.browser

COUNT = "Number(document.querySelector('#count').textContent.replace(/[^0-9]/g, ''))"
"""How many events the timeline says it shows."""


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focus_by_tab(page: Any, selector: str, most: int = 80) -> None:
    """Goes there by the Tab key alone."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached")


def test_the_timeline_by_keyboard_alone(sample: Any) -> None:
    page = sample
    go(page, "/timeline")
    page.locator(".event").first.wait_for()
    total = int(page.locator(".event").first.get_attribute("aria-setsize"))
    assert total > 500
    press(page, "/")
    page.keyboard.type("cholesterol")
    page.wait_for_function(f"t => {COUNT} < t / 5", arg=total)
    found = page.locator(".event:visible .what").all_inner_texts()
    assert found and all("cholesterol" in title.lower() for title in found)
    page.locator("#words").fill("")
    page.wait_for_function(f"t => {COUNT} === t", arg=total)
    focus_by_tab(page, "#density button")
    before = page.locator("#density button").count()
    press(page, "ArrowLeft", "ArrowRight", "Enter")  # the newest year: its months
    page.wait_for_function("() => document.querySelectorAll('#density button').length === 12")
    press(page, "Enter")  # a month: its days
    page.wait_for_function("() => document.querySelectorAll('#density button').length > 27")
    assert re.search(r"at=\d{4}-\d{1,2}$", page.url)
    press(page, "ArrowUp", "ArrowUp")
    page.wait_for_function("n => document.querySelectorAll('#density button').length === n", arg=before)
    focus_by_tab(page, ".event button")

    def place() -> int:
        return int(page.evaluate("Number(document.activeElement.closest('.event').getAttribute('aria-posinset'))"))

    start = place()
    press(page, "ArrowDown", "ArrowDown")
    assert place() == start + 2
    press(page, "PageDown")
    assert place() > start + 5
    press(page, "End")
    assert place() == total
    press(page, "Home")
    assert place() == 1
    press(page, "Enter")
    page.locator("#evidence .record").wait_for()
    assert page.locator("#evidence-title").inner_text() == "Record"
    press(page, "Escape")
    assert place() == 1


def test_a_record_is_set_aside_and_put_back_by_keyboard_alone(sample: Any) -> None:
    page = sample
    go(page, "/results/hba1c")
    focus_by_tab(page, ".wide-rows button.link")
    rows = page.locator(".wide-rows tbody tr").count()
    press(page, "Enter")
    page.locator("#evidence .correct[open]").wait_for()
    focus_by_tab(page, "#evidence input[type=radio]")
    press(page, "ArrowDown")
    assert page.locator("#evidence input[value=not_mine]").is_checked()
    focus_by_tab(page, "#evidence button.danger")
    press(page, "Enter")
    page.locator("#toast .undoable").wait_for()
    page.wait_for_function("n => document.querySelectorAll('.wide-rows tbody tr').length === n", arg=rows - 1)
    assert page.evaluate("document.activeElement.closest('#toast') !== null")
    press(page, "Enter")
    page.wait_for_function("n => document.querySelectorAll('.wide-rows tbody tr').length === n", arg=rows)


def test_a_blood_pressure_and_an_odd_weight_by_keyboard_alone(sample: Any) -> None:
    page = sample
    go(page, "/add")
    entries = page.locator("#live li").count()
    focus_by_tab(page, "#upper")
    page.keyboard.type("128")
    press(page, "Tab")
    page.keyboard.type("82")
    press(page, "Enter")
    page.locator(".kept").wait_for()
    assert page.evaluate("document.activeElement.className") == "kept"
    page.wait_for_function("n => document.querySelectorAll('#live li').length === n + 1", arg=entries)
    press(page, "Tab", "Enter")  # Undo
    page.wait_for_function("n => document.querySelectorAll('#live li').length === n", arg=entries)
    go(page, "/add?what=body_weight")
    focus_by_tab(page, "#value")
    page.keyboard.type("170")  # pounds, as it turns out
    press(page, "Enter")
    page.locator("[data-use-value]").wait_for()
    assert page.evaluate("'useValue' in document.activeElement.dataset")
    press(page, "Enter")
    page.locator(".kept").wait_for()
    assert "170\u00a0lb" in page.locator(".kept").inner_text()
    page.locator(".kept button").click()
    page.locator(".kept").wait_for(state="detached")


def test_urgent_words_are_told_while_they_are_typed(sample: Any) -> None:
    page = sample
    go(page, "/add?what=symptom")
    page.locator("#name").press_sequentially("crushing chest pain", delay=5)
    page.locator(".triage.emergency[role=alert]").wait_for()
    range_ = page.locator("#severity-range")
    assert range_.get_attribute("aria-valuetext") == "not said"
    range_.focus()
    press(page, "ArrowRight", "ArrowRight")
    assert page.locator("[name=severity]").input_value() == "2"
    page.get_by_role("button", name="More").click()
    assert page.locator("output").inner_text() == "3 out of 10"
    page.get_by_role("button", name="Do not say").click()
    assert page.locator("[name=severity]").input_value() == ""


def test_results_are_found_by_name_and_limited_to_those_out_of_range(sample: Any) -> None:
    page = sample
    go(page, "/results")
    press(page, "/")
    page.keyboard.type("hba")
    page.wait_for_function("() => document.querySelectorAll('li[data-name]:not([hidden])').length === 1")
    page.locator("#find").fill("")
    page.locator("#only").click()
    assert page.locator("li[data-name]:visible").count() == page.locator("li[data-only]").count() > 0
    page.locator("#find").fill("no such test")
    page.locator("#none").wait_for()
