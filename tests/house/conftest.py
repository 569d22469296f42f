"""What the house tests read: the project's files and its documents."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("salus", "tests", "tools", "docs", "runs", "requirements", ".ci")


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Every file that is or would be committed; without git, everything in the project's folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = {name for name in listed.stdout.decode().split("\0") if name and not name.startswith(".venv/")}
        return sorted(ROOT / name for name in names if (ROOT / name).is_file())
    found = [path for path in ROOT.iterdir() if path.is_file()]
    found += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    """The documents by name: docs/ and the files beside it."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in sorted(found)}
