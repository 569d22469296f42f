"""On a terminal: the recovery code is shown once and two groups of it are asked back; and a reader that goes away."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

CODE = re.compile(r"\b(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}\b")


class Terminal:
    """A program on a terminal of its own. `until` waits for text, `say` types a line."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        outer, inner = pty.openpty()
        secret = folder / "secret"
        if not secret.exists():
            secret.write_text("a long passphrase\n")
        environment = {
            **os.environ,
            "SALUS_HOME": str(folder / "home"),
            "SALUS_LANG": "en",
            "SALUS_PLUGINS": "",
            "TERM": "dumb",
            "SALUS_PASSPHRASE_FILE": str(secret),
            **variables,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "salus.faces.cli", *arguments],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=environment,
            start_new_session=True,
        )
        os.close(inner)
        self._outer, self.seen = outer, ""

    def until(self, pattern: str, seconds: float = 30) -> str:
        """What was shown up to the pattern; the rest stays to be read."""
        end = time.monotonic() + seconds
        while not (match := re.search(pattern, self.seen)):
            ready, _, _ = select.select([self._outer], [], [], max(0, end - time.monotonic()))
            assert ready, f"not shown: {pattern!r} in {self.seen!r}"
            try:
                self.seen += os.read(self._outer, 4096).decode()
            except OSError:
                raise AssertionError(f"it ended without {pattern!r}: {self.seen!r}") from None
        shown, self.seen = self.seen[: match.end()], self.seen[match.end() :]
        return shown

    def say(self, line: str) -> None:
        os.write(self._outer, line.encode() + b"\n")

    def end(self) -> int:
        end = time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self._outer], [], [], 0.05)[0]:
                try:
                    self.seen += os.read(self._outer, 4096).decode()
                except OSError:
                    break
        code = self.process.wait(10)
        os.close(self._outer)
        return code


def groups_asked(terminal: Terminal, answer: Callable[[int], str]) -> None:
    for _ in range(2):
        number = int(re.search(r"group (\d)", terminal.until(r"group \d[^\n]*: ")).group(1))  # type: ignore[union-attr]
        terminal.say(answer(number))


def test_a_new_person_writes_the_code_down(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "person", "add", "Anna")
    shown = terminal.until(CODE.pattern)
    assert "lost" in shown
    parts = CODE.search(shown).group().split("-")  # type: ignore[union-attr]
    groups_asked(terminal, lambda n: "XXXXX")
    terminal.until("does not match")
    groups_asked(terminal, lambda n: parts[n - 1].lower())
    terminal.until("written down")
    assert terminal.end() == 0
    state = subprocess.run(
        [sys.executable, "-m", "salus.faces.cli", "recovery"],
        capture_output=True,
        text=True,
        env={**os.environ, "SALUS_HOME": str(tmp_path / "home"), "SALUS_LANG": "en"},
    )
    assert "it was checked" in state.stdout

    use = Terminal(tmp_path, "recovery", "use")
    use.until("Recovery code")
    use.say(" ".join(parts).lower())
    for _ in range(2):
        use.until("assphrase|onfirm")
        use.until(": ")
        time.sleep(0.1)
        use.say("a new passphrase")
    use.until("is changed")
    assert use.end() == 0
    (tmp_path / "secret").write_text("a new passphrase")
    check = Terminal(tmp_path, "recovery", "check")
    check.until("Recovery code")
    check.say("-".join(parts))
    check.until("opens the vault")
    assert check.end() == 0


def test_giving_up_and_never_right(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "person", "add", "Anna")
    for _ in range(3):
        groups_asked(terminal, lambda n: "wrong")
    assert terminal.end() == 0  # the person is there; the code is unchecked, and this is told
    state = subprocess.run(
        [sys.executable, "-m", "salus.faces.cli", "recovery"],
        capture_output=True,
        text=True,
        env={**os.environ, "SALUS_HOME": str(tmp_path / "home"), "SALUS_LANG": "en"},
    )
    assert "not yet checked" in state.stdout


def test_an_odd_reading_is_asked_about(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "person", "add", "Anna")
    for _ in range(3):
        groups_asked(terminal, lambda n: "wrong")
    assert terminal.end() == 0
    for answer, code, shown in (("n", 3, "not kept"), ("y", 0, "Kept")):
        terminal = Terminal(tmp_path, "add", "reading", "weight", "820", "kg")
        terminal.until("very unusual")
        terminal.until(r"Keep it as it is\?")
        terminal.say(answer)
        terminal.until(shown)
        assert terminal.end() == code


@pytest.mark.parametrize("arguments", [("imports", "--json"), ("--help",)])
def test_a_reader_that_goes_away(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a long passphrase")
    environment = {
        **os.environ,
        "SALUS_HOME": str(tmp_path / "home"),
        "SALUS_LANG": "en",
        "SALUS_PASSPHRASE_FILE": str(secret),
    }
    salus = [sys.executable, "-m", "salus.faces.cli"]
    assert subprocess.run([*salus, "person", "add", "Anna"], env=environment, capture_output=True).returncode == 0
    subprocess.run([*salus, "add", "note", "x"], env=environment, capture_output=True, check=True)
    out, inlet = os.pipe()
    os.close(out)
    gone = subprocess.run([*salus, *arguments], env=environment, stdout=inlet, stderr=subprocess.PIPE, text=True)
    os.close(inlet)
    assert gone.returncode in (0, 1) and "Traceback" not in gone.stderr and "Exception" not in gone.stderr
    closed = subprocess.run(
        ["/bin/sh", "-c", '"$@" <&- >&-', "sh", *salus, *arguments], env=environment, capture_output=True, text=True
    )
    assert closed.returncode in (0, 1) and "Traceback" not in closed.stderr and "Exception" not in closed.stderr
