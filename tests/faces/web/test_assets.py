"""What is vendored is what its hash says; nothing on the page needs inline script or another host."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import salus.faces.web as web

FOLDER = Path(web.__file__).parent


def test_the_vendored_files_are_those_of_the_hashes() -> None:
    vendor = FOLDER / "static" / "vendor"
    listed = tomllib.loads((vendor / "HASHES.toml").read_text("utf-8"))
    assert set(listed) == {p.name for p in vendor.iterdir()} - {"HASHES.toml"}
    for name, row in listed.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == row["sha256"], name
        assert row["licence"] and row["version"] and row["origin"]


def test_templates_hold_nothing_the_policy_forbids() -> None:
    for path in (FOLDER / "templates").iterdir():
        text = path.read_text("utf-8")
        assert not re.search(r"\son\w+=|\sstyle=|<style|hx-on|javascript:|js:", text), path.name
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path.name
        assert "|safe" not in text.replace(" ", ""), path.name


def test_own_files_name_no_other_host() -> None:
    for path in (*(FOLDER / "templates").iterdir(), *(FOLDER / "static").glob("app.*")):
        found = set(re.findall(r"https?://[^\s\"')]+", path.read_text("utf-8")))
        assert not found, path.name


def test_the_script_evaluates_nothing() -> None:
    text = (FOLDER / "static" / "app.js").read_text("utf-8")
    assert not re.search(r"\beval\(|new Function|document\.write|setTimeout\(\s*[\"'`]", text)
