"""Evals, found by folder: each package here has `run(cases_path) -> dict` in the shape of the eval contract.

Nothing lists them by hand; a new folder with a `run` is a new eval.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

Run = Callable[[Path | None], dict[str, Any]]


@dataclass(frozen=True)
class Eval:
    """One eval: its name (the folder's), what it measures (the first line of its docstring), how to run it."""

    name: str
    about: str
    run: Run


def names() -> list[str]:
    """Every eval there is, by name."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)


def load(name: str) -> Eval | None:
    """The eval of that name, or None. Importing it is left until it is asked for."""
    if name not in names():
        return None
    module = import_module(f"{__name__}.{name}")
    about = (module.__doc__ or name).strip().splitlines()[0]
    return Eval(name, about, module.run)
