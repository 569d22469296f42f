"""Where browser tests are required, a skipped or a missing one fails the run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.conftest import ROOT

HEAD = "import pytest\n@pytest.mark.browser\ndef test_page():\n    "
RUNS = "pass\n"
SKIPS = "pytest.skip('no Chromium here')\n"
NONE = "def test_other():\n    pass\n"


@pytest.mark.parametrize(
    ("body", "required", "more", "code", "said"),
    [
        (HEAD + RUNS, "1", [], 0, "1 passed"),
        (HEAD + SKIPS, "1", [], 1, "1 browser tests were skipped"),
        (HEAD + SKIPS, "1", ["-p", "xdist", "-n", "1"], 1, "1 browser tests were skipped"),
        (NONE, "1", [], 1, "no browser test was run"),
        (HEAD + SKIPS, "", [], 0, "no Chromium here"),
    ],
    ids=["run", "skipped", "skipped in a worker", "missing", "not required"],
)
def test_required(tmp_path: Path, body: str, required: str, more: list[str], code: int, said: str) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser\n", "utf-8")
    (tmp_path / "test_it.py").write_text(body, "utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    environment |= {"SALUS_BROWSER_REQUIRED": required, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", *more, "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert (ran.returncode, said in ran.stdout) == (code, True), ran.stdout
