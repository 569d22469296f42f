"""Every page, on a light phone in English and a dark desk in French: axe, width, weight, stillness, touch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from salus.faces.web.shell import pages

from .conftest import Served, ask, go, in_language, open_sample, watched
from .looking import MOST_BYTES, barriers, moved, opened, overflow, settled, small, weight

pytestmark = pytest.mark.browser

OUTSIDE = ["/", "/new", "/restore", "/forgotten"]
INSIDE = [page.path for page in pages()] + [
    "/style", "/ask?temporary=1", "/timeline?kinds=result", "/timeline?at=2026-10", "/results/hba1c?unit=mmol/mol",
    "/measurements/blood_pressure?day={day}", "/measurements/steps", "/memory?kind=medications", "/memory?q=zzzz",
    "/documents?q=diabetes", "/documents?q=zzzz", "/add?what=symptom", "/add?what=result", "/add?what=medication",
    "/add?what=body_weight", "/add?what=note", "/connections/ledger", "/connections/ledger?show=left", "/nowhere",
]  # fmt: skip
"""Every page of the navigation, and what else has an address of its own: in use, empty, and not there at all."""

KINDS = [("en", "en-GB", {"width": 390, "height": 844}, True), ("fr", "fr-FR", {"width": 1280, "height": 800}, False)]


class Tour:
    """A visitor with one language and one size: a phone in light or a desk in dark.

    No colour depends on the language, and nothing but colours on the theme: two tours see what four would.
    """

    def __init__(self, page: Any, lang: str, touch: bool) -> None:
        self.page, self.lang, self.touch = page, lang, touch
        self.size, self.weights = page.viewport_size, [0]

    def look(self, address: str) -> list[str]:
        go(self.page, address)
        settled(self.page)
        found = moved(self.page)
        if self.touch:
            found += small(self.page)
        else:
            self.weights.append(weight(self.page))
            if self.weights[-1] > MOST_BYTES:
                found.append(f"{address} transferred {self.weights[-1]} bytes")
        opened(self.page)
        found += barriers(self.page) + overflow(self.page) + overflow(self.page, 320)
        self.page.set_viewport_size(self.size)
        if self.page.locator("html").get_attribute("lang") != self.lang:
            found.append(f"{address} is not in {self.lang}")
        return found


@pytest.fixture(params=KINDS, ids=["phone-en", "desk-fr"])
def tour(request: pytest.FixtureRequest, chromium: Any, served: Served) -> Iterator[Tour]:
    lang, locale, size, touch = request.param
    context = chromium.new_context(
        locale=locale, timezone_id="Europe/Paris", viewport=size, has_touch=touch, reduced_motion="reduce",
        color_scheme="light" if touch else "dark",
    )  # fmt: skip
    for page in watched(context, served.address):
        if not touch:
            context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        yield Tour(page, lang, touch)
        if page.locator("body.inside").count():
            go(page, "/")
            in_language(page, "en")


def test_no_page_has_a_barrier_spills_shifts_or_is_heavy(tour: Tour) -> None:
    found = [one for address in OUTSIDE for one in tour.look(address)]
    go(tour.page, "/")
    open_sample(tour.page, tour.lang)
    go(tour.page, "/measurements/blood_pressure")
    day = re.search(r"day=([\d-]+)#day", tour.page.content())
    assert day
    found += [one for address in INSIDE for one in tour.look(address.format(day=day[1]))]
    assert found == []
    assert tour.touch or max(tour.weights) > 50_000  # weights were taken: the browser kept nothing


def test_no_barrier_in_a_conversation_in_dialogs_and_in_what_is_asked_back(tour: Tour) -> None:
    page, found = tour.page, list[str]()

    def look() -> None:
        found.extend([*barriers(page), *overflow(page)])

    open_sample(page, tour.lang)
    for question in ("How is my cholesterol?", "Combien de pas ai-je faits la semaine dernière ?", "I have chest pain"):
        ask(page, question)
    opened(page)
    look()
    found += overflow(page, 320)
    page.set_viewport_size(tour.size)
    page.locator(".said .figure").first.click()
    page.locator("#evidence .proof").first.wait_for()
    page.locator("#evidence details").evaluate_all("all => all.forEach(d => d.open = true)")
    look()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()
    look()
    go(page, "/results/hba1c")
    page.locator(".wide-rows .figure").first.click()
    page.locator("#evidence .record").wait_for()
    page.locator("#evidence details").evaluate_all("all => all.forEach(d => d.open = true)")
    look()
    go(page, "/add?what=body_temperature")
    page.locator("#value").fill("99")
    page.locator("form[data-add] button.main").click()
    page.locator("[data-sure]").wait_for()
    look()
    go(page, "/add?what=symptom")
    page.locator("#name").fill("douleur dans la poitrine qui serre" if tour.lang == "fr" else "crushing chest pain")
    page.locator(".triage").wait_for()
    look()
    assert found == []
