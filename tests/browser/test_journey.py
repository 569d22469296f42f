"""A newcomer's whole way by the keyboard alone, on a phone and a desk: from nothing to the same answers elsewhere."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from salus.vault.home import Home

from .conftest import Served, small_bundle, small_export, watched

pytestmark = pytest.mark.browser

PASSPHRASE = "lantern river copper violin"
QUESTIONS = (
    "What was my LDL?", "Quel était mon LDL ?", "How many steps did I take on 3 March 2026?",
    "Combien de pas ai-je faits le 2 mars 2026 ?", "What is my potassium?",
)  # fmt: skip


PRESSURE = "What was my last blood pressure?"


class Keyboard:
    """Someone who never touches a mouse: Tab until the thing is reached, then keys."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, selector: str, most: int = 150) -> None:
        self.page.locator(selector).first.wait_for(state="attached")
        for _ in range(most):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached by the keyboard")

    def press(self, selector: str, key: str = "Enter") -> None:
        self.to(selector)
        self.page.keyboard.press(key)

    def type(self, selector: str, text: str) -> None:
        self.to(selector)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def go(self, letter: str, address: str) -> None:
        self.page.keyboard.press("Escape")
        self.page.evaluate("document.activeElement.blur()")
        self.page.keyboard.press("g")
        self.page.keyboard.press(letter)
        self.page.wait_for_url(f"**{address}")
        self.page.wait_for_load_state("load")

    def slash(self) -> None:
        self.page.evaluate("document.activeElement.blur()")
        self.page.keyboard.press("/")
        self.page.wait_for_url("**/ask**")
        self.page.wait_for_load_state("load")

    def ask(self, question: str) -> str:
        """What is said to it."""
        turns = self.page.locator(".turn[data-done]").count()
        self.type("#question", question)
        self.page.keyboard.press("Enter")
        self.page.locator(f".turn[data-done] >> nth={turns}").wait_for()
        return str(self.page.locator(".turn[data-done]").last.locator(".said").inner_text())


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "desk"])
def test_from_nothing_to_the_same_answers_elsewhere(chromium: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    here, there = Home(tmp_path / "here"), Home(tmp_path / "there")
    view = {"width": size[0], "height": size[1]}
    context = {"locale": "en-GB", "timezone_id": "Europe/Paris", "viewport": view}
    with Served(here) as server:
        for page in watched(chromium.new_context(**context), server.address):
            keys = Keyboard(page)
            created(keys)
            code = written_down(keys)
            brought_in(keys, tmp_path)
            keys.slash()
            answers = [keys.ask(question) for question in QUESTIONS]
            for answer, figure in zip(answers, ("2.90", "2,90", "3,400", "1\u202f200"), strict=False):
                assert figure in answer
            assert not any(figure in answers[4] for figure in ("2.90", "3,400"))  # it does not know
            figure_opens(keys)
            by_hand(keys)
            keys.slash()
            assert "128/82" in keys.ask(PRESSURE)
            corrected(keys)
            keys.slash()
            assert "128/82" not in keys.ask(PRESSURE)
            export, copy = taken_out(keys, tmp_path), backed_up(keys, tmp_path)
    assert here.recovery(here.find("Bea")) == "checked"
    assert zipfile.is_zipfile(export) and copy.name.endswith(".salus-backup")
    with Served(there) as server:
        for page in watched(chromium.new_context(**context), server.address):
            keys = Keyboard(page)
            restored(keys, copy, code)
            the_same(keys, answers)
        for page in watched(chromium.new_context(**context), server.address):
            keys = Keyboard(page)
            created(keys, "Bea elsewhere")
            written_down(keys, "Bea")
            keys.go("i", "/import")
            chosen(keys, export)
            the_same(keys, answers)


def the_same(keys: Keyboard, answers: list[str]) -> None:
    keys.slash()
    assert [keys.ask(question) for question in QUESTIONS] == answers
    assert "128/82" not in keys.ask(PRESSURE)  # what was corrected stays corrected


def created(keys: Keyboard, name: str = "Bea") -> None:
    keys.press("#create-person")
    keys.type("#name", name)
    keys.to("#born")
    keys.page.keyboard.type("02021980")
    keys.to("#sex")
    keys.page.keyboard.type("Fem")
    keys.type("#new", PASSPHRASE)
    assert "lost for good" in keys.page.locator("#create .warning").inner_text()
    keys.type("#again", PASSPHRASE)
    keys.page.keyboard.press("Enter")
    keys.page.wait_for_url("**/recovery")


def written_down(keys: Keyboard, name: str = "Bea") -> str:
    code = str(keys.page.locator("#code").get_attribute("data-code"))
    for field in keys.page.locator("input[id^=group]").all():
        group = str(field.get_attribute("id"))
        keys.type(f"#{group}", code.split("-")[int(group.removeprefix("group")) - 1].lower())
    keys.page.keyboard.press("Enter")
    keys.page.get_by_role("heading", name=f"Hello {name}").wait_for()
    keys.page.get_by_text("Your vault is ready, and empty").wait_for()
    return code


def brought_in(keys: Keyboard, folder: Path) -> None:
    keys.go("i", "/import")
    for path in (small_bundle(folder), small_export(folder)):
        if path.suffix == ".json":
            path.write_text(path.read_text("utf-8").replace("1980-02-03", "1980-02-02"), "utf-8")
        chosen(keys, path)


def chosen(keys: Keyboard, path: Path) -> None:
    """A file by the picker, said to be the same person's where that is asked."""
    picked(keys, "[data-pick=files]", path)
    job = keys.page.locator(".job").filter(has_text=path.name)
    job.locator(".report, .problem").first.wait_for()
    if job.locator("[data-same-person]").count():
        keys.press("[data-same-person]")
    job.get_by_text("Added: ").wait_for()


def picked(keys: Keyboard, selector: str, path: Path) -> None:
    with keys.page.expect_file_chooser() as chooser:
        keys.press(selector, "Space")
    chooser.value.set_files(path)


def figure_opens(keys: Keyboard) -> None:
    keys.page.evaluate("document.querySelector('.turn .said .figure').scrollIntoView()")
    keys.page.evaluate("document.querySelector('h1').focus()")
    keys.press(".said .figure")
    keys.page.locator("#evidence .proof").first.wait_for()
    assert "Laboratory of the Harbour" in keys.page.locator("#evidence").inner_text()
    keys.page.keyboard.press("Escape")
    assert keys.page.evaluate("document.activeElement.matches('.figure')")  # back where one was


def by_hand(keys: Keyboard) -> None:
    keys.go("e", "/add")
    keys.type("#upper", "128")
    keys.type("#lower", "82")
    keys.press("form[data-add] button.main")
    keys.page.locator("#live .opens").first.wait_for()


def corrected(keys: Keyboard) -> None:
    """The reading just written was someone else's."""
    keys.go("e", "/add")
    keys.press("#live .opens")
    keys.press("#evidence .correct summary")
    keys.press("#evidence [name=why][value=wrong]", "ArrowDown")
    keys.press("#evidence .correct button.danger")
    keys.page.locator("#live").get_by_text("set aside").wait_for()


def taken_out(keys: Keyboard, folder: Path) -> Path:
    """Everything in open formats."""
    keys.go("s", "/settings")
    return downloaded(keys, "[data-make='/export']:not([data-format])", folder)


def backed_up(keys: Keyboard, folder: Path) -> Path:
    keys.go("s", "/settings")
    return downloaded(keys, "[data-make='/backup']", folder)


def downloaded(keys: Keyboard, selector: str, folder: Path) -> Path:
    keys.to(selector)
    with keys.page.expect_download() as download:
        keys.page.keyboard.press("Enter")
    path = folder / str(download.value.suggested_filename)
    download.value.save_as(path)
    return path


def restored(keys: Keyboard, path: Path, code: str) -> None:
    keys.press("a[href='/restore']")
    keys.page.wait_for_url("**/restore")
    keys.page.wait_for_load_state("load")
    picked(keys, "#file", path)
    keys.type("#secret", code)  # the code opens it as the passphrase does
    keys.page.keyboard.press("Enter")
    keys.page.get_by_role("heading", name="Hello Bea").wait_for()
