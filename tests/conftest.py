"""For all tests: where browser tests are required (CI), skipped or missing ones fail the run."""

from __future__ import annotations

import os

import pytest

REQUIRED = os.environ.get("SALUS_BROWSER_REQUIRED") == "1"
_browser: dict[str, int] = {"passed": 0, "skipped": 0, "failed": 0}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if "browser" in report.keywords and (report.when == "call" or report.outcome != "passed"):
        _browser[report.outcome] += 1


def browser_trouble() -> str | None:
    """Why the browser tests do not count as run; None when they do."""
    if _browser["skipped"]:
        return f"{_browser['skipped']} browser tests were skipped, and SALUS_BROWSER_REQUIRED=1 asks for them"
    if not _browser["passed"] and not _browser["failed"]:
        return "no browser test was run, and SALUS_BROWSER_REQUIRED=1 asks for them"
    return None


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    in_worker = hasattr(session.config, "workerinput")
    if REQUIRED and not in_worker and exitstatus == 0 and browser_trouble():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if REQUIRED and (why := browser_trouble()):
        terminalreporter.write_line(f"ERROR: {why}", red=True)
