"""`salus` in a process of its own, with a home of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

PASSPHRASE = "a long passphrase"


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as one JSON document; fails when there is anything else."""
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The one line on standard error of what could not be done; nothing is on standard output."""
        assert self.out == "" and "Traceback" not in self.err, (self.out, self.err)
        lines = self.err.strip().splitlines()
        assert len(lines) == 1 and lines[0], self.err
        return lines[0]


Run = Callable[..., Ran]


def runner(folder: Path) -> Run:
    """run(*arguments, given=b"…", VARIABLE="…") with the home `folder`/home."""
    secret = folder / "secret"
    secret.write_text(PASSPHRASE + "\n")
    environment = {
        **os.environ,
        "SALUS_HOME": str(folder / "home"),
        "SALUS_PASSPHRASE_FILE": str(secret),
        "LANG": "C.UTF-8",
        "SALUS_LANG": "en",
        "SALUS_PLUGINS": "",
    }

    def run(*arguments: object, given: bytes | None = None, **more: str) -> Ran:
        words = [a if isinstance(a, bytes) else str(a) for a in arguments]
        done = subprocess.run(
            [sys.executable, "-m", "salus.faces.cli", *words],
            env={**environment, **more},
            capture_output=True,
            timeout=60,
            **({"stdin": subprocess.DEVNULL} if given is None else {"input": given}),
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in err, err
        return Ran(done.returncode, out, err)

    return run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return runner(tmp_path)


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """The same without a process of its own and with a cheap Argon2: for the many small cases."""
    from salus.faces.cli.main import main
    from salus.vault import keys

    monkeypatch.setattr(keys, "MEMORY_KIB", 64)
    monkeypatch.setattr(keys, "PASSES", 1)
    (tmp_path / "secret").write_text(PASSPHRASE + "\n")
    for name, value in {
        "SALUS_HOME": tmp_path / "home",
        "SALUS_PASSPHRASE_FILE": tmp_path / "secret",
        "SALUS_LANG": "en",
        "SALUS_PLUGINS": "",
    }.items():
        monkeypatch.setenv(name, str(value))

    def run(*arguments: object, given: bytes | None = None, **more: str) -> Ran:
        with monkeypatch.context() as here:
            for name, value in more.items():
                here.setenv(name, value)
            here.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given or b"")))
            capsysbinary.readouterr()
            code: object = 0
            try:
                main([os.fsdecode(a) if isinstance(a, bytes) else str(a) for a in arguments])
            except SystemExit as end:
                code = end.code
            out, err = capsysbinary.readouterr()
        return Ran(int(code or 0), out.decode(), err.decode())  # type: ignore[call-overload]

    return run


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`salus` with one person, Anna, for tests that leave her as she was or add to her only."""
    made = runner(tmp_path_factory.mktemp("kept"))
    assert made("person", "add", "Anna", "--born", "1980-02-03", "--sex", "female", "--zone", "Europe/Paris").code == 0
    return made
