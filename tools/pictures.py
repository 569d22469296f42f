"""Takes the pictures of `docs/pictures/`: every page of the sample person, on a phone and a desktop, light and dark.

Needs Chromium and Playwright (see `tools/chromium.py`). `python -m tools.pictures [NAME ...]` takes all, or some pages.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from tools.chromium import find

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
SCHEMES = ("light", "dark")
QUESTIONS = ("How is my cholesterol?", "And the year before?", "Combien de pas ai-je faits la semaine dernière ?")


class Shot(NamedTuple):
    """One page: the file's name, its address, and whether the vault is open."""

    name: str
    path: str
    inside: bool = True


SHOTS = (
    Shot("doors", "/", False), Shot("new", "/new", False), Shot("home", "/"), Shot("ask", "/ask"),
    Shot("timeline", "/timeline"), Shot("results", "/results"), Shot("result", "/results/hba1c"),
    Shot("measurement", "/measurements/body_weight"), Shot("memory", "/memory"), Shot("documents", "/documents"),
    Shot("add", "/add"), Shot("import", "/import"), Shot("connections", "/connections"),
    Shot("ledger", "/connections/ledger"), Shot("settings", "/settings"), Shot("style", "/style"),
)  # fmt: skip


def main(names: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    with tempfile.TemporaryDirectory() as home, _served(Path(home)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", "--disable-gpu"])
        for size, viewport in SIZES.items():
            for scheme in SCHEMES:
                context = browser.new_context(
                    viewport=viewport, color_scheme=scheme, locale="en-GB", timezone_id="Europe/Paris",  # type: ignore[arg-type]
                    reduced_motion="reduce",
                )  # fmt: skip
                _take(context.new_page(), address, wanted, f"{size}-{scheme}")
                context.close()
        browser.close()
    return 0


def _take(page: Any, address: str, shots: list[Shot], kind: str) -> None:
    page.set_default_timeout(120_000)
    for shot in (s for s in shots if not s.inside):
        _one(page, address, shot, kind)
    page.goto(address)
    page.click("#open-sample")
    page.wait_for_selector("body.inside")
    for shot in (s for s in shots if s.inside):
        _one(page, address, shot, kind)


def _one(page: Any, address: str, shot: Shot, kind: str) -> None:
    page.goto(address + shot.path, wait_until="networkidle")
    if shot.name == "ask":
        for question in QUESTIONS:
            page.fill("#question", question)
            page.press("#question", "Enter")
            page.wait_for_selector(f".turn[data-done]:has-text('{question}')")
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / f"{shot.name}-{kind}.jpg", type="jpeg", quality=82)
    print(f"{shot.name}-{kind}.jpg")


class _served:  # noqa: N801 - reads as a verb where it is used
    """`salus serve --sample` on a free port, with a home of its own."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._home = home

    def __enter__(self) -> str:
        command = [sys.executable, "-m", "salus.faces.cli", "serve", "--sample", "--port", str(self._port)]
        self._process = subprocess.Popen([*command, "--home", str(self._home)], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self._port)) == 0:
                    return f"http://127.0.0.1:{self._port}"
            time.sleep(0.2)
        raise SystemExit("the page did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
