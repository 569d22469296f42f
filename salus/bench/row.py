"""One line of the table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """`salus` and `beside` in `unit`; `ratio` is how many times better Salus is (or what share of a bound it reaches).

    `target` is what was promised, in words.
    """

    bench: str
    what: str
    unit: str
    salus: float
    beside: float | None
    ratio: float | None
    target: str

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    def words(self) -> list[str]:
        def figure(value: float | None) -> str:
            return "" if value is None else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"

        beside = f"{figure(self.beside)} {self.unit}" if self.beside is not None else ""
        return [self.bench, self.what, f"{figure(self.salus)} {self.unit}", beside, figure(self.ratio), self.target]
