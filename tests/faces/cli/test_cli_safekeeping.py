"""Recovery, back-up, restore and export as a person meets them: exit codes, one sentence, never a traceback."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from salus.vault.recovery import new_code, read
from tests.faces.cli.conftest import PASSPHRASE, Run

NOT_TEXT = b"\xff\xfe\x00\xd8not utf-8\x80"


def test_the_whole_way(run: Run, tmp_path: Path) -> None:
    """A person, an entry, a back-up restored by passphrase and code, a new passphrase by code, an export taken in."""
    added = run("person", "add", "Anna", "--born", "1980-02-03", "--sex", "female", "--json")
    code = added.document["recovery_code"]
    assert added.code == 0 and read(code) == code and "lost" in added.err
    assert run("recovery", "--json").document == {"name": "Anna", "recovery": "unchecked"}
    codes = tmp_path / "code"
    codes.write_text(f"  {code.lower()}\n")
    assert run("recovery", "check", "--code-file", codes, "--json").document == {"name": "Anna", "recovery": "checked"}
    assert "checked" in run("recovery").out
    assert run("add", "reading", "weight", "82,5 kg").code == 0

    made = run("backup", tmp_path / "b", "--json").document
    assert made["bytes"] == (tmp_path / "b").stat().st_size and len(made["digest"]) == 64
    assert run("backup", tmp_path / "b").sentence and run("backup", tmp_path / "b", "--replace").code == 0
    assert "Anna" in run("restore", tmp_path / "b").sentence
    restored = run("restore", tmp_path / "b", "--as", "Second", "--json").document
    assert restored["digest"] == run("check", "--person", "Second", "--json").document["digest"]
    elsewhere = tmp_path / "elsewhere"
    assert run("restore", tmp_path / "b", "--home", elsewhere, "--code-file", codes, SALUS_PASSPHRASE_FILE="").code == 0
    assert run("ask", "What is my weight?", "--home", elsewhere, "--json").document["findings"][0]["value"] == 82.5

    new = tmp_path / "new"
    new.write_text("another passphrase\n")
    assert run("recovery", "use", "--code-file", codes, "--new-file", new, "--json").document["changed"] is True
    assert run("check").code == 1
    assert run("check", SALUS_PASSPHRASE_FILE=str(new)).code == 0
    again = run("recovery", "new", "--json", SALUS_PASSPHRASE_FILE=str(new)).document["recovery_code"]
    assert again != code and "newer" in run("recovery", "check", "--code-file", codes).sentence

    out = tmp_path / "all.zip"
    done = run("export", "--out", out, SALUS_PASSPHRASE_FILE=str(new))
    assert done.code == 0 and "not encrypted" in done.err and zipfile.is_zipfile(out)
    assert run("person", "add", "Third", "--born", "1980-02-03", "--home", tmp_path / "third").code == 0
    taken = run("import", out, "--home", tmp_path / "third", "--json")
    assert taken.code == 0 and taken.document["batches"][0]["source"] == "salus"
    asked = run("ask", "What is my weight?", "--home", tmp_path / "third", "--json").document
    assert asked["findings"][0]["value"] == 82.5
    digests = [
        run("check", "--json", "--home", h, SALUS_PASSPHRASE_FILE=str(p)).document["digest"]
        for h, p in ((tmp_path / "home", new), (tmp_path / "third", tmp_path / "secret"))
    ]
    assert digests[0] == digests[1]


def test_exports(kept: Run, tmp_path: Path) -> None:
    assert kept("add", "note", "a note of mine").code == 0
    done = kept("export", "--out", tmp_path / "x.zip", "--format", "csv", "--json")
    assert done.code == 0 and done.document["counts"]["records"] >= 1 and "not encrypted" not in done.out
    assert kept("export", "--out", tmp_path / "x.json").code == 0
    assert json.loads((tmp_path / "x.json").read_text("utf-8"))["resourceType"] == "Bundle"
    assert kept("export", "--out", tmp_path / "y.json", "--format", "csv").code == 2
    assert kept("export").code == 2 and kept("export", "--out", tmp_path / "z.zip", "--format", "pdf").code == 2
    assert "x.zip" in kept("export", "--out", tmp_path / "x.zip").sentence
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith("pytest")) == ["x.json", "x.zip"]


def test_bad_files(inside: Run, tmp_path: Path) -> None:
    kept = inside
    assert kept("person", "add", "Anna").code == 0
    odd, empty, wrong = tmp_path / "odd", tmp_path / "empty", tmp_path / "wrong"
    odd.write_bytes(NOT_TEXT)
    empty.write_bytes(b"")
    wrong.write_text(new_code())
    for arguments in (
        ("recovery", "check", "--code-file", odd),
        ("recovery", "check", "--code-file", empty),
        ("recovery", "check", "--code-file", wrong),
        ("recovery", "check"),
        ("recovery", "use", "--code-file", wrong),
        ("recovery", "use", "--code-file", odd),
        ("recovery", "use"),
        ("restore", odd),
        ("restore", empty),
        ("restore", tmp_path / "absent"),
        ("backup", tmp_path / "no" / "b"),
        ("export", "--out", tmp_path / "no" / "x.zip"),
        ("person", "passphrase", "Anna", "--new-file", odd),
        ("person", "passphrase", "Anna"),
        ("backup", tmp_path / ("x" * 300)),
        ("recovery", "--person", "Nobody"),
        ("restore", tmp_path / ("x" * 300)),
    ):
        done = kept(*arguments)
        assert done.code == 1, (arguments, done)
        assert done.sentence
    for arguments in (
        ("restore",),
        ("backup",),
        ("restore", tmp_path),
        ("backup", tmp_path),
        ("recovery", "nonsense"),
        ("recovery", "check", "--code-file", tmp_path),
        ("recovery", "check", "--code-file", tmp_path / "absent"),
        ("export", "--out", tmp_path),
    ):
        assert kept(*arguments).code == 2, arguments
    short = tmp_path / "short"
    short.write_text("short")
    assert kept("person", "passphrase", "Anna", "--new-file", short).code == 2
    assert kept("check", SALUS_PASSPHRASE_FILE=str(odd)).code == 1 and kept("check").code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to this user")
def test_unreadable_files(inside: Run, tmp_path: Path) -> None:
    kept = inside
    assert kept("person", "add", "Anna").code == 0
    secret = tmp_path / "unreadable"
    secret.write_text("x")
    secret.chmod(0)
    assert kept("restore", secret).code == 1 and kept("recovery", "check", "--code-file", secret).code in (1, 2)


def test_names_that_are_not_text(kept: Run, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    done = kept("backup", folder + b"/b\xff\xfe", "--json")
    assert done.code == 0 and done.document["bytes"] > 0
    assert kept("export", "--out", folder + b"/\xff.zip").code == 0
    assert kept("restore", folder + b"/b\xff\xfe", "--as", b"x\xff\xfe").code == 0
    assert kept("person", "delete", "x??", "--yes").code == 0
    assert kept("restore", folder + b"/absent\xff").code == 1
    assert kept("correct", b"Observation/\xff").code == 1 and kept("ask", b"What is \xff?").code in (0, 1)
    assert kept("add", "note", b"a note \xff\xfe").code == 0


def test_options_of_a_group_and_of_its_commands(inside: Run, tmp_path: Path) -> None:
    run = inside
    for name in ("Anna", "Béa"):
        assert run("person", "add", name).code == 0
    assert run("add", "note", "hers", "--person", "Béa").code == 0
    number = run("imports", "--person", "Béa", "--json").document["imports"][0]["id"]
    assert run("imports", "undo", number).code == 1  # Anna has none
    assert run("recovery", "--person", "Béa", "new", "--json").document["name"] == "Béa"
    assert run("recovery", "new", "--person", "Béa", "--json").document["name"] == "Béa"
    assert run("imports", "--person", "Béa", "undo", number).code == 0
    assert run("recovery", "new", "--person", "Béa", "--home", tmp_path / "none").code == 1


def test_in_french(kept: Run, tmp_path: Path) -> None:
    for variables in ({"SALUS_LANG": "fr"}, {"SALUS_LANG": "", "LC_ALL": "fr_FR.UTF-8"}):
        done = kept("recovery", **variables)
        assert done.code == 0 and "Anna" in done.out
    assert kept("backup", tmp_path / "b", SALUS_LANG="fr").code == 0
    assert kept("restore", tmp_path / "absent", SALUS_LANG="fr").code == 1


def test_the_passphrase_is_nowhere_shown(kept: Run, tmp_path: Path) -> None:
    for arguments in (("recovery",), ("backup", tmp_path / "b"), ("export", "--out", tmp_path / "x.zip"), ("check",)):
        done = kept(*arguments)
        assert PASSPHRASE not in done.out + done.err
