"""The main path as a person walks it: open, ask, look at the evidence, bring in files, undo, lock."""

from __future__ import annotations

import base64
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salus.vault.home import Home

from .conftest import PASSPHRASE, Served, ask, go, small_bundle, small_export, unlock, watched

pytestmark = pytest.mark.browser


def test_ask_the_sample_person_in_both_languages(sample: Any) -> None:
    page = sample
    turn = ask(page, "How is my cholesterol?")
    assert turn.locator(".card").count() >= 1
    assert turn.locator(".sentence").count() >= 1
    figure = turn.locator(".sentence .figure").first
    said = figure.inner_text()
    assert re.match(r"\d", said)
    figure.click()
    shown = page.locator("#evidence")
    shown.locator(".proof").first.wait_for()
    assert said in shown.inner_text().replace("\u00a0", " ") or said.split("\u00a0")[0] in shown.inner_text()
    assert re.search(r"\d{1,2}\s\w+ 20\d\d", shown.inner_text())
    shown.locator("summary").first.click()
    assert '"resourceType": "Observation"' in shown.locator("pre").first.inner_text()
    page.keyboard.press("Escape")
    assert not shown.is_visible()

    turn = ask(page, "Combien de pas ai-je faits la semaine dernière ?")
    assert turn.locator(".said").get_attribute("lang") == "fr"
    figure = turn.locator(".sentence .figure").first
    total = int(re.sub(r"\D", "", figure.inner_text()))
    figure.click()
    rows = shown.locator("tbody tr")
    rows.first.wait_for()
    days = [int(re.sub(r"\D", "", rows.nth(i).locator("td").first.inner_text())) for i in range(rows.count())]
    assert len(days) == 7
    assert sum(days) == total
    shown.get_by_role("button", name="Close").click()


STREAMS = """window.streams = []; window.EventSource = class extends EventSource {
    constructor(...given) { super(...given); streams.push(this); } }"""


def test_a_finished_answer_is_not_fetched_again(sample: Any) -> None:
    page = sample
    page.add_init_script(STREAMS)
    ask(page, "How is my cholesterol?")  # goes to the page of questions, where the script above is there first
    assert page.evaluate("streams.map(stream => stream.readyState)") == [2]  # closed: it will not come back by itself


def test_an_emergency_stands_first_and_can_be_called(sample: Any) -> None:
    page = sample
    turn = ask(page, "I have crushing chest pain and my left arm is numb")
    banner = turn.get_by_role("alert")
    assert banner.locator("a[href^='tel:']").count() == 1
    assert banner.bounding_box()["y"] < turn.locator(".said").bounding_box()["y"]


def test_bring_in_files_by_picker_and_by_dropping_then_undo(page: Any, tmp_path: Path) -> None:
    unlock(page)
    page.locator("body.inside").wait_for()
    go(page, "/import")
    page.locator("#files").set_input_files(small_bundle(tmp_path))
    job = page.locator(".job").filter(has_text="records.json")
    job.get_by_text("Added: ").wait_for()
    assert "1 result" in job.inner_text() and "1 item was left out" in job.inner_text()

    content = base64.b64encode(small_export(tmp_path).read_bytes()).decode()
    data = page.evaluate_handle(
        """content => {
            const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], "export.zip", { type: "application/zip" }));
            return data;
        }""",
        content,
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": data})
    job = page.locator(".job").filter(has_text="export.zip")
    job.get_by_text("Added: ").wait_for()
    assert "2 readings" in job.inner_text()

    turn = ask(page, "What was my LDL?")
    turn.locator(".said .figure").first.click()
    page.locator("#evidence .proof").first.wait_for()
    assert "Laboratory of the Harbour" in page.locator("#evidence").inner_text()
    page.keyboard.press("Escape")

    go(page, "/import")
    past = page.locator("#imports li")
    past.filter(has_text="records.json").first.wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    past.filter(has_text="records.json").first.get_by_role("button").click()
    past.filter(has_text="records.json").filter(has_text="Undone on").first.wait_for()
    again = ask(page, "What was my LDL now?")
    assert "2.90" not in again.inner_text()


def test_another_persons_file_is_asked_about(page: Any, tmp_path: Path) -> None:
    unlock(page)
    page.locator("body.inside").wait_for()
    go(page, "/import")
    path = small_bundle(tmp_path)
    other = tmp_path / "other.json"
    other.write_text(path.read_text("utf-8").replace("1980-02-03", "1955-05-05").replace('"o1"', '"o2"'), "utf-8")
    page.locator("#files").set_input_files(other)
    job = page.locator(".job").filter(has_text="other.json")
    job.get_by_role("button", name="It is the same person").click()
    job.get_by_text("Added: ").wait_for()


def test_a_wrong_passphrase_is_one_sentence(page: Any) -> None:
    unlock(page, "not the passphrase")
    alert = page.get_by_role("alert").filter(has_text="That passphrase does not open this vault.")
    alert.wait_for()
    assert page.locator("body.inside").count() == 0


def test_lock_by_hand(page: Any) -> None:
    unlock(page)
    page.locator("body.inside").wait_for()
    go(page, "/settings")
    page.get_by_role("button", name="Lock").first.click()
    page.get_by_role("heading", name="Open a vault").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Open a vault").wait_for()
    assert page.locator("body.inside").count() == 0


def test_what_is_locked_in_one_tab_is_hidden_in_the_others(page: Any) -> None:
    unlock(page)
    page.locator("body.inside").wait_for()
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("body.inside").wait_for()
    page.locator(".rail .lock").click()
    page.get_by_role("heading", name="Open a vault").wait_for()
    other.get_by_role("heading", name="Open a vault").wait_for(timeout=8_000)  # long before it asks by itself


def test_lock_by_time(chromium: Any, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.add("Ada", PASSPHRASE, born=date(1980, 2, 3), sex="female", zone="Europe/Paris", lang="en")
    with Served(home, idle_minutes=2.5 / 60) as server:
        for page in watched(chromium.new_context(locale="en-GB"), server.address):
            unlock(page)
            page.locator("body.inside").wait_for()
            began = time.monotonic()
            page.get_by_role("heading", name="Open a vault").wait_for()
            assert time.monotonic() - began > 1


def test_the_form_of_a_new_person_knows_what_the_browser_knows(chromium: Any, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with Served(home) as server:
        context = chromium.new_context(locale="fr-FR", timezone_id="Europe/Paris")
        for page in watched(context, server.address):
            page.locator("#create-person").click()
            page.locator("#create").wait_for()
            assert page.locator("#zone").input_value() == "Europe/Paris"
            assert page.locator("#country").input_value() == "FR"
            page.locator("#name").fill("Bea")
            page.locator("#born").fill("1990-12-01")
            page.locator("#sex").select_option("unsaid")
            page.locator("#lang").select_option("en")
            page.locator("#new").fill(PASSPHRASE)
            page.locator(".strength:not([data-score='0'])").wait_for()
            page.locator("#again").fill(PASSPHRASE + "x")
            page.locator("#create button.main").click()
            page.locator("#create [role=alert]").wait_for()
            page.locator("#again").fill(PASSPHRASE)
            page.locator("#create button.main").click()
            page.locator("#code").wait_for()
            assert page.locator("html").get_attribute("lang") == "en"


def test_without_scripts_the_page_says_so(chromium: Any, served: Served) -> None:
    context = chromium.new_context(java_script_enabled=False)
    for page in watched(context, served.address):
        assert "needs JavaScript" in page.locator("body").inner_text()
        assert not page.locator("main").is_visible()
