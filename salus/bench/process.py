"""Timing whole processes: wall time and peak memory of a command and of the processes it starts."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MEMORY_FILES = Path("/dev/shm")  # noqa: S108 - a memory file system, so that the disk is not what is measured


@dataclass(frozen=True)
class Run:
    """Seconds of wall time, and MB of memory at the peak (the sum over the command and its children)."""

    seconds: float
    megabytes: float
    output: str


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A folder on a memory file system where there is one."""
    root = MEMORY_FILES if MEMORY_FILES.is_dir() and os.access(MEMORY_FILES, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="salus-bench-", dir=root) as folder:
        yield Path(folder)


def timed(command: Sequence[str | Path], environment: dict[str, str] | None = None, *, watch: bool = False) -> Run:
    """Runs a command once. Raises RuntimeError with its last words when it fails (exit codes 0 and 3 are fine)."""
    env = {**os.environ, **(environment or {})}
    began = time.perf_counter()
    with subprocess.Popen(
        [str(c) for c in command], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        peak = _Peak(process.pid) if watch else None
        out, err = process.communicate()
        seconds = time.perf_counter() - began
    if process.returncode not in (0, 3):
        raise RuntimeError(f"{command[0]} … exited {process.returncode}: {err.decode(errors='replace')[-2000:]}")
    return Run(seconds, peak.megabytes if peak else 0.0, out.decode(errors="replace"))


def medians(sides: Sequence[Callable[[], Run]], times: int) -> list[float]:
    """The median wall time of each side, the sides run in turn so that a drifting machine drifts for all."""
    found: list[list[float]] = [[] for _ in sides]
    for _ in range(times):
        for index, side in enumerate(sides):
            found[index].append(side().seconds)
    return [statistics.median(values) for values in found]


class _Peak:
    """Watches the resident memory of a process and its children, where /proc tells it."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._pid = pid
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            total = sum(_resident(p) for p in _family(self._pid))
            if not total:
                return
            self.megabytes = max(self.megabytes, total / 1e6)
            time.sleep(0.02)


def _family(pid: int) -> list[int]:
    family, unseen = [], [pid]
    while unseen:
        one = unseen.pop()
        family.append(one)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                unseen += [int(c) for c in (task / "children").read_text().split()]
    return family


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
