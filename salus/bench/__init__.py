"""How fast Salus is: each figure beside a peer or a plain bound, measured in the same run as whole processes.

Every module here is a benchmark (`bench(quick) -> list[Row]`) but the three that help them.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from importlib import import_module

from salus.bench.row import Row
from salus.errors import NotFound
from salus.records.text import T

HELPERS = ("__main__", "home", "process", "row")


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in HELPERS)


def run(chosen: Sequence[str], *, quick: bool = False) -> list[Row]:
    """Rows of the chosen benchmarks, or of all. Raises NotFound for a name there is none of."""
    known = names()
    for name in chosen:
        if name not in known:
            raise NotFound(T("There is no benchmark called “{name}”. There are: {names}.", name=name, names=known))
    rows: list[Row] = []
    for name in chosen or known:
        rows += import_module(f"{__name__}.{name}").bench(quick)
    return rows
