"""What may stand in the project's files: no machine's paths, no registry, no print, no row without its source."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house.conftest import ROOT
from tools import file_lengths

REGISTRIES = re.compile(
    "|".join(re.escape(host.replace(" ", "")) for host in (
        "pypi .org", "python hosted.org", "npmjs .org", "npmjs .com", "deb.debian .org", "crates .io",
        "proxy.golang .org",
    ))
)  # fmt: skip
MACHINE = re.compile(r"(?<![\w.:/{}$-])/(?:[w]ork|[r]oot|[U]sers|[h]ome)/\w+")
INDEX = re.compile(r"(?:--(?:extra-)?index-url|--find-links|--trusted-host)[ =]\S*(?:https?:|file:|/)")
WORD_FILES = {"lexicon_en.toml", "lexicon_fr.toml", "cues.toml", "panels.toml"}
"""Words and groupings, not clinical statements; every other row of knowledge/ and skills/ needs its source."""


def texts(files: list[Path]) -> list[tuple[Path, str]]:
    found = []
    for path in files:
        raw = path.read_bytes()
        if b"\0" not in raw[:8000]:
            found.append((path.relative_to(ROOT), raw.decode("utf-8", "replace")))
    return found


def test_no_registry_and_no_machine_path(project_files: list[Path]) -> None:
    found = []
    for path, text in texts(project_files):
        for pattern in (REGISTRIES, MACHINE, INDEX):
            found += [f"{path}: {m.group()}" for m in pattern.finditer(text)]
    assert found == []


def test_the_search_for_them_finds_them() -> None:
    assert REGISTRIES.search("https://" + "pypi" + ".org/simple")
    assert MACHINE.search("see /" + "work/main/x.py") and MACHINE.search('"/' + 'home/ada/x"')
    assert not MACHINE.search("example.com/" + "work/done") and not MACHINE.search("$HOME/" + "work/x")
    assert INDEX.search("--index-url " + "https://x/simple")


def test_nothing_made_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    made = re.compile(r"(?:^|/)(?:\.venv|__pycache__|\.hypothesis|\.\w+_cache)/|\.pyc$|(?:^|/)keys\.json$|\.db$")
    assert sorted({line.split("/")[0] for line in listed.stdout.splitlines() if made.search(line)}) == []


def test_the_lock_files_hash_everything() -> None:
    for name in ("run.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text("utf-8")
        pins = re.findall(r"(?m)^[a-z0-9].*?(?:\n(?=[a-z0-9])|\Z)", text, re.DOTALL)
        assert len(pins) > 30 and all("==" in pin and "--hash=sha256:" in pin for pin in pins), name
        assert not re.search(r"(?m)^(?:-|https?:|salus\b)", text), name


def test_the_two_lock_files_agree() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"(?m)^([a-z0-9._\[\]-]+==\S+)", (ROOT / "requirements" / name).read_text("utf-8")))

    assert pins("run.txt") < pins("dev.txt")


def test_what_pyproject_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = {"run.txt": project["project"]["dependencies"] + extras["web"] + extras["keyring"]}
    wanted["dev.txt"] = wanted["run.txt"] + [w for w in extras["dev"] if not w.startswith("salus[")]
    for name, asked in wanted.items():
        text = (ROOT / "requirements" / name).read_text("utf-8")
        for requirement in asked + project["dependency-groups"]["build"]:
            package = re.split(r"[<>=\[ ]", requirement)[0]
            pinned = re.search(rf"(?m)^{re.escape(package)}(?:\[\w+\])?==", text)
            assert pinned, f"{package} is not in {name}: run make lock"


def test_nothing_prints() -> None:
    found = []
    for path in sorted((ROOT / "salus").rglob("*.py")):
        if path.is_relative_to(ROOT / "salus" / "bench"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def rows(table: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The rows of a data file: its tables, and the tables of its lists. What the file says of all of them, each has."""
    of_all = {key: value for key, value in table.items() if key in ("source", "reviewed_by", "reviewed_on")}
    found = []
    for name, value in table.items():
        if isinstance(value, dict):
            found.append((name, of_all | value))
        elif isinstance(value, list):
            found += [(f"{name}[{i}]", of_all | row) for i, row in enumerate(value) if isinstance(row, dict)]
    return found


def clinical_files() -> list[Path]:
    folders = [ROOT / "salus" / "knowledge", ROOT / "salus" / "skills"]
    return [path for folder in folders for path in sorted(folder.rglob("*.toml")) if path.name not in WORD_FILES]


@pytest.mark.parametrize("path", clinical_files(), ids=lambda path: path.relative_to(ROOT / "salus").as_posix())
def test_every_clinical_row_names_its_source_and_who_read_it(path: Path) -> None:
    found = rows(tomllib.loads(path.read_text("utf-8")))
    assert found, "no rows"
    for name, row in found:
        assert str(row.get("source", "")).strip(), f"{name} has no source"
        assert "reviewed_by" in row or "verified_on" in row, f"{name} does not say whether someone has read it"
        assert bool(row.get("reviewed_by")) == bool(row.get("reviewed_on")), f"{name}: a review has a name and a day"


def test_there_are_clinical_rows() -> None:
    assert sum(len(rows(tomllib.loads(p.read_text("utf-8")))) for p in clinical_files()) > 90


def test_every_module_says_what_it_holds() -> None:
    silent = []
    for path in sorted((ROOT / "salus").rglob("*.py")):
        text = path.read_text("utf-8")
        if text.strip() and ast.get_docstring(ast.parse(text)) is None:
            silent.append(path.relative_to(ROOT).as_posix())
    assert silent == []


def test_the_ratchet_refuses_a_long_file_and_a_raised_limit() -> None:
    allowed = {"longest": 500, "p90": 300}
    short = {ROOT / "salus" / f"m{i}.py": 100 for i in range(20)}
    assert file_lengths.complaints(short, allowed, allowed) == []
    assert "501 lines" in file_lengths.complaints({**short, ROOT / "salus" / "x.py": 501}, allowed, allowed)[0]
    many = {path: 301 if i < 3 else n for i, (path, n) in enumerate(short.items())}
    assert "p90 is 301" in file_lengths.complaints(many, allowed, allowed)[0]
    assert "only goes down" in file_lengths.complaints(short, allowed, {**allowed, "longest": 400})[0]


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.9, 9), (0.91, 10), (1.0, 10)])
def test_the_quantile(share: float, expected: int) -> None:
    assert file_lengths.quantile(list(range(1, 11)), share) == expected
