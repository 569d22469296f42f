"""The file-length ratchet: a cap for every file, a ninth decile for the package, both only going down."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIMITS = ROOT / "tools" / "file_lengths.toml"
FOLDERS = ("salus", "tests", "tools")


def lengths(folder: Path) -> dict[Path, int]:
    """Lines of every .py file below."""
    return {path: len(path.read_text("utf-8").splitlines()) for path in sorted(folder.rglob("*.py"))}


def quantile(values: list[int], share: float) -> int:
    """The smallest value that this share of all values does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else 0


def limits(text: str) -> dict[str, int]:
    return {name: int(value) for name, value in tomllib.loads(text).items()}


def committed() -> dict[str, int]:
    """The limits of the last commit; none where there is no git or no commit of them."""
    shown = subprocess.run(
        ["git", "show", f"HEAD:{LIMITS.relative_to(ROOT).as_posix()}"], cwd=ROOT, capture_output=True, check=False
    )
    return limits(shown.stdout.decode()) if shown.returncode == 0 else {}


def complaints(all_files: dict[Path, int], allowed: dict[str, int], before: dict[str, int]) -> list[str]:
    """What is too long, and which limit was raised."""
    package = [n for path, n in all_files.items() if path.is_relative_to(ROOT / "salus")]
    found = [
        f"{path.relative_to(ROOT)}: {n} lines, the limit is {allowed['longest']}: split it by what its parts hold"
        for path, n in all_files.items()
        if n > allowed["longest"]
    ]
    ninth = quantile(package, 0.9)
    if ninth > allowed["p90"]:
        found.append(f"one file in ten of salus/ is longer than {allowed['p90']} lines (p90 is {ninth})")
    found += [
        f"tools/file_lengths.toml: {name} was raised from {before[name]} to {allowed[name]}; it only goes down"
        for name in allowed
        if name in before and allowed[name] > before[name]
    ]
    return found


def tighten(all_files: dict[Path, int], allowed: dict[str, int]) -> None:
    package = [n for path, n in all_files.items() if path.is_relative_to(ROOT / "salus")]
    reached = {"longest": max(all_files.values(), default=0), "p90": quantile(package, 0.9)}
    text = LIMITS.read_text("utf-8")
    for name, value in reached.items():
        text = re.sub(rf"(?m)^{name} = \d+", f"{name} = {min(allowed[name], value)}", text)
    LIMITS.write_text(text, "utf-8")


def main() -> int:
    all_files = {path: n for folder in FOLDERS for path, n in lengths(ROOT / folder).items()}
    allowed = limits(LIMITS.read_text("utf-8"))
    if "--tighten" in sys.argv[1:]:
        tighten(all_files, allowed)
        return 0
    package = [n for path, n in all_files.items() if path.is_relative_to(ROOT / "salus")]
    found = complaints(all_files, allowed, committed())
    for line in found:
        print(line, file=sys.stderr)
    print(
        f"salus/: {len(package)} files, {sum(package)} lines, median {quantile(package, 0.5)}, "
        f"p90 {quantile(package, 0.9)}, longest {max(package, default=0)}"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
