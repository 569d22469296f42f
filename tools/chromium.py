"""Finds a Chromium for the browser tests and, where it can, installs one. Prints its path, or nothing.

Looked for in this order: SALUS_CHROMIUM, the system's, Playwright's own. Installed by apt as root on Debian and its
like, else by Playwright. Why there is none is said on standard error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 600


def find() -> str | None:
    """The path of a Chromium that is there, or None."""
    chosen = os.environ.get("SALUS_CHROMIUM")
    if chosen:
        return chosen if Path(chosen).exists() else None
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str | None:
    """Installs one if it can and returns its path, or None."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _run(["apt-get", "update", "-qq"], environment)
        _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], environment)
        if found := find():
            return found
    _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
    return find()


def _run(command: list[str], environment: dict[str, str]) -> None:
    try:
        subprocess.run(
            command, env=environment, stdout=sys.stderr, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{command[0]}: {error}", file=sys.stderr)


def main() -> None:
    found = find()
    if found is None and os.environ.get("SALUS_CHROMIUM"):
        print("SALUS_CHROMIUM names a file that is not there.", file=sys.stderr)
    elif found is None and "--install" in sys.argv[1:]:
        print("No Chromium for the browser tests: installing one ...", file=sys.stderr)
        found = install()
    if found is None:
        print("No Chromium: the browser tests are skipped. Install it, or name it in SALUS_CHROMIUM.", file=sys.stderr)
    else:
        print(found)


if __name__ == "__main__":
    main()
