"""What is vendored is what its hash says; nothing on the page needs inline script or another host."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

import salus.faces.web as web
from salus.faces.web.static_files import FOREVER, Static, asset, mark

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
        text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", path.read_text("utf-8"), flags=re.S)
        assert not re.search(r"\son\w+=|\sstyle=|<style|hx-on|javascript:|js:", text), path.name
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path.name
        assert "|safe" not in text.replace(" ", ""), path.name


def test_own_files_name_no_other_host() -> None:
    static = FOLDER / "static"
    for path in (*(FOLDER / "templates").iterdir(), *static.glob("*.css"), *(static / "js").iterdir()):
        found = set(re.findall(r"https?://[^\s\"')]+", path.read_text("utf-8")))
        assert not found, path.name


def test_the_scripts_evaluate_nothing() -> None:
    scripts = list((FOLDER / "static" / "js").iterdir())
    assert scripts
    for path in scripts:
        text = path.read_text("utf-8")
        assert not re.search(r"\beval\(|new Function|document\.write|setTimeout\(\s*[\"'`]", text), path.name


def test_every_file_a_template_or_script_names_is_there() -> None:
    static = FOLDER / "static"
    for path in (FOLDER / "templates").iterdir():
        for name in re.findall(r"asset\('([^']+)'\)", path.read_text("utf-8")):
            assert (static / name).is_file(), (path.name, name)
    for path in (static / "js").iterdir():
        for name in re.findall(r"(?:from|import\()\s*\"(\./[^\"]+)\"", path.read_text("utf-8")):
            assert (path.parent / name).is_file(), (path.name, name)


def test_an_address_with_the_mark_is_kept_and_zipped_another_is_not_kept() -> None:
    app = Starlette(routes=[Mount("/static", Static(packages=[("salus.faces.web", "static")]))])
    client = TestClient(app)
    whole = (FOLDER / "static" / "style.css").read_text("utf-8")
    marked = client.get(asset("style.css"))
    assert marked.text == whole
    assert marked.headers["cache-control"] == FOREVER and marked.headers["content-encoding"] == "gzip"
    assert int(marked.headers["content-length"]) < len(whole) / 2
    for address in ("/static/style.css", "/static/000000000000/style.css"):
        other = client.get(address, headers={"Accept-Encoding": "identity"})
        assert other.text == whole and other.headers["cache-control"] == "no-cache"
        assert "content-encoding" not in other.headers
    inside = f"/static/{mark()}"
    for address in (f"{inside}/../app.py", f"{inside}/%2e%2e/app.py", inside, "/static/none.css"):
        assert client.get(address).status_code == 404, address


def test_the_colours_of_charts_can_be_told_from_what_is_behind_them() -> None:
    """WCAG 1.4.11: three to one, in both themes; text four and a half to one."""
    light, dark = _themes((FOLDER / "static" / "style.css").read_text("utf-8"))
    for theme in (light, {**light, **dark}):
        for name in ("c1", "c2", "c3", "c4", "band", "strong-line", "accent"):
            for ground in ("surface", "ground"):
                assert contrast(theme[name], theme[ground]) >= 3, (name, ground, theme[name])
        for text, ground in (
            ("ink", "ground"), ("soft", "ground"), ("soft", "surface"), ("soft", "raised"), ("accent", "surface"),
            ("accent", "ground"), ("on-accent", "accent"), ("accent-deep", "tint"), ("good", "surface"),
            ("good", "good-tint"), ("warn-ink", "warn-tint"), ("danger-ink", "danger-tint"), ("danger-ink", "surface"),
            ("on-danger", "danger"), ("ink", "tint"),
        ):  # fmt: skip
            assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)


def _themes(css: str) -> tuple[dict[str, str], dict[str, str]]:
    light, _, rest = css.partition("@media (prefers-color-scheme: dark)")
    dark = rest.partition("/* Elements */")[0]
    return tuple(dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", part)) for part in (light, dark))  # type: ignore[return-value]


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
