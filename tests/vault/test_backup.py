"""Back-ups: taken while in use, proven when restored, refused when one byte was changed; nothing half is left."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from salus.errors import Locked, NotFound, Refused, SalusError, UsageError
from salus.faces.copies import keep_copy
from salus.vault import backup
from salus.vault.check import check, digest
from salus.vault.database import Database
from salus.vault.home import Home, Listed
from salus.vault.vault import Vault
from tests.vault.conftest import sample

SECRET = "seven words for a door"
DAY = datetime(2024, 3, 5, 8, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def anna(home: Home, quick_argon2: None, bring: Any, observation: Any) -> Iterator[tuple[Listed, Vault]]:
    listed = home.add("Ännà / ../ “x”\n\tÖ", SECRET, born=None, sex=None, zone="Europe/Paris")
    with home.open(listed, SECRET) as vault:
        bring(vault, [observation("a"), observation("b"), sample("heart_rate", DAY, 0, 60.0, "/min", "Watch")])
        vault.set_aside("Observation/b", "wrong")
        vault.conversations.add(vault.conversations.start("Hello"), "How?", {"answer": "so"})
        yield listed, vault


def left(home: Home) -> set[str]:
    """Everything in the home by name."""
    return {str(p.relative_to(home.folder)) for p in home.folder.rglob("*") if not p.name.endswith(("-wal", "-shm"))}


def test_made_restored_and_the_same(home: Home, anna: Any, tmp_path: Path) -> None:
    listed, vault = anna
    assert listed.label == "Ännà / ../ “x” Ö"
    file = tmp_path / "out.salus-backup"
    made = backup.write(home, listed, vault, file)
    assert made.digest == digest(vault) and made.bytes == file.stat().st_size and file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob(".*")) == []
    elsewhere = Home(tmp_path / "elsewhere")
    restored = backup.restore(elsewhere, file, SECRET)
    assert restored.digest == made.digest and restored.listed.label == listed.label and restored.listed.current
    assert restored.counts["resources"] == 2
    with elsewhere.open(restored.listed, SECRET) as other:
        assert digest(other) == made.digest and check(other).ok
        assert [c.ref for c in other.corrections()] == ["Observation/b"]
        (talk,) = other.conversations.list()
        assert other.conversations.turns(talk.id)[0].answer == {"answer": "so"}
        assert "restore" in [e.kind for e in other.ledger.entries()] and other.ledger.verify() is None
    assert (elsewhere.folder / "persons" / restored.listed.id).stat().st_mode & 0o777 == 0o700
    assert not [name for name in left(elsewhere) if ".work" in name or "part" in name]


def test_in_the_same_home_under_another_name_and_by_code(home: Home, anna: Any, tmp_path: Path) -> None:
    listed, vault = anna
    code = home.new_recovery(listed, SECRET)
    backup.write(home, listed, vault, tmp_path / "b")
    with pytest.raises(Refused):
        backup.restore(home, tmp_path / "b", SECRET)
    with pytest.raises(UsageError):
        backup.restore(home, tmp_path / "b", SECRET, " \n ")
    assert backup.label_of(tmp_path / "b") == listed.label
    second = backup.restore(home, tmp_path / "b", code.lower(), "Second")
    assert {p.label for p in home.persons()} == {listed.label, "Second"} and second.listed.id != listed.id
    home.open_with_code(second.listed, code).close()
    with pytest.raises(Locked):
        backup.restore(home, tmp_path / "b", "not the passphrase", "Third")
    with pytest.raises(Locked):
        backup.restore(home, tmp_path / "b", "", "Third")
    assert len(home.persons()) == 2 and ".work" not in str(left(home))


def test_a_passphrase_that_looks_like_a_code(home: Home, quick_argon2: None, tmp_path: Path) -> None:
    from salus.vault.recovery import new_code

    odd = new_code()
    listed = home.add("Odd", odd, born=None, sex=None)
    home.new_recovery(listed, odd)
    with home.open(listed, odd) as vault:
        backup.write(home, listed, vault, tmp_path / "b")
    assert backup.restore(home, tmp_path / "b", odd, "Again").listed.label == "Again"


def test_names_that_cannot_be(home: Home, anna: Any, tmp_path: Path) -> None:
    listed, vault = anna
    taken = tmp_path / "taken"
    taken.write_text("mine")
    before = left(home)
    for path, error in (
        (taken, Refused),
        (tmp_path, Refused),
        (tmp_path / "none" / "b", NotFound),
        (taken / "b", NotFound),
        (tmp_path / ("x" * 300), Refused),
        (tmp_path / "a\0b", SalusError),
    ):
        with pytest.raises(error):
            backup.write(home, listed, vault, path)
    assert taken.read_text() == "mine" and left(home) == before
    backup.write(home, listed, vault, taken, replace=True)
    backup.restore(Home(tmp_path / "e"), taken, SECRET)


def refused(home: Home, file: Path) -> SalusError:
    """The one sentence; nothing is left behind."""
    before = left(home)
    with pytest.raises(SalusError) as caught:
        backup.restore(home, file, SECRET, "New")
    assert left(home) == before and caught.value.text.plain()
    return caught.value


def test_any_changed_byte_is_refused(home: Home, anna: Any, tmp_path: Path) -> None:
    listed, vault = anna
    file, bad = tmp_path / "b", tmp_path / "bad"
    backup.write(home, listed, vault, file)
    whole = file.read_bytes()
    chosen = random.Random(5)
    places = {
        *range(0, 60, 3),
        *(len(whole) - n for n in range(1, 700, 9)),
        *(chosen.randrange(len(whole)) for _ in range(40)),
    }
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            places |= {info.header_offset + n for n in (0, 6, 10, 11, 27, 31)}
    empty = Home(tmp_path / "empty")
    for at in sorted(places):
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chosen.randrange(8))]) + whole[at + 1 :])
        with pytest.raises(SalusError):
            backup.restore(empty, bad, SECRET)
        assert not empty.folder.exists(), at


def test_truncated_longer_and_other_files_are_refused(home: Home, anna: Any, tmp_path: Path) -> None:
    listed, vault = anna
    file, bad = tmp_path / "b", tmp_path / "bad"
    backup.write(home, listed, vault, file)
    whole = file.read_bytes()
    cuts = [0, 1, 3, 30, 100, 1000, len(whole) // 2, len(whole) - 5000, len(whole) - 65, len(whole) - 1]
    contents = [whole[:n] for n in cuts] + [
        whole + b"x",
        b"x" + whole,
        whole + whole,
        whole[1:],
        b"PK\3\4" * 100,
        b"{}",
    ]
    for content in contents:
        bad.write_bytes(content)
        refused(home, bad)
    with pytest.raises(NotFound):
        backup.restore(home, tmp_path / "absent", SECRET, "New")
    with pytest.raises(NotFound):
        backup.restore(home, tmp_path, SECRET, "New")


def _rezip(file: Path, bad: Path, change: Callable[[str, bytes], tuple[str, bytes] | None], **more: Any) -> None:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(bad, "w", more.get("how", zipfile.ZIP_STORED)) as new:
        for info in old.infolist():
            if (changed := change(info.filename, old.read(info))) is not None:
                new.writestr(*changed)
        for name, data in more.get("add", ()):
            new.writestr(name, data)
        new.comment = old.comment


def test_made_over_archives_are_refused(home: Home, anna: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, vault = anna
    file, bad = tmp_path / "b", tmp_path / "bad"
    backup.write(home, listed, vault, file)

    def same(name: str, data: bytes) -> tuple[str, bytes]:
        return name, data

    _rezip(file, bad, same)  # the very members, packed by another program
    refused(home, bad)
    _rezip(file, bad, same, how=zipfile.ZIP_DEFLATED)
    refused(home, bad)
    for name in ("vault.db", "ledger.db", "keys.json", "seal", backup.HEAD):
        _rezip(file, bad, lambda n, d, name=name: None if n == name else (n, d))
        refused(home, bad)
        for other in ("../../evil", "/tmp/evil-salus", "vault.db/x", "C:\\evil", "VAULT.DB"):
            _rezip(file, bad, lambda n, d, name=name, other=other: (other if n == name else n, d))
            refused(home, bad)
        _rezip(file, bad, lambda n, d, name=name: (n, b"" if n == name else d))
        refused(home, bad)
        _rezip(file, bad, lambda n, d, name=name: (n, d[::-1] if n == name else d))
        refused(home, bad)
    with pytest.warns(UserWarning):
        _rezip(file, bad, same, add=[("keys.json", b"{}")])
    refused(home, bad)
    _rezip(file, bad, same, add=[("../../../evil", b"x")])
    refused(home, bad)
    for head in (
        b"[]",
        b"null",
        b'{"version": "x"}',
        b'{"version": null}',
        b'{"version": 99}',
        b"\xff",
        b"[" * 9000,
        b'{"version": 1e999}',
    ):
        _rezip(file, bad, lambda n, d, head=head: (n, head if n == backup.HEAD else d))
        refused(home, bad)
    _rezip(file, bad, lambda n, d: (n, bytes(1 << 20) if n == "keys.json" else d))  # larger than any key file
    refused(home, bad)
    assert not (tmp_path / "evil").exists() and not Path("/tmp/evil-salus").exists()


def test_a_bomb_is_not_unpacked(home: Home, anna: Any, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (backup.HEAD, "keys.json", "vault.db", "ledger.db", "seal"):
            archive.writestr(name, bytes(64 << 20) if name == "vault.db" else b"{}")
    began = time.perf_counter()
    refused(home, bomb)
    assert time.perf_counter() - began < 1


def test_a_valid_file_about_another_vault_is_refused(home: Home, anna: Any, tmp_path: Path) -> None:
    """Members of two back-ups of one person cannot be mixed."""
    listed, vault = anna
    backup.write(home, listed, vault, tmp_path / "one")
    vault.conversations.start("later")
    backup.write(home, listed, vault, tmp_path / "two")
    with zipfile.ZipFile(tmp_path / "two") as two:
        other = two.read("ledger.db")
    _rezip(tmp_path / "one", tmp_path / "bad", lambda n, d: (n, other if n == "ledger.db" else d))
    refused(home, tmp_path / "bad")


def test_an_older_vault_is_restored_and_brought_up_to_date(
    home: Home, anna: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the first version wrote it: no corrections, no search, no conversations."""
    listed, vault = anna
    vault.put_back("Observation/b")
    before = digest(vault)
    with vault.facts.writing() as db:
        for table in ("correction", "sample_aside", "apart", "words", "observed", "namesake"):
            db.execute(f"DROP TABLE {table}")
        for column in ("came", "server"):
            db.execute(f"ALTER TABLE resource DROP COLUMN {column}")
        db.execute("DELETE FROM setting WHERE key = 'search_indexed'")
        db.execute("PRAGMA user_version = 1")
    with vault.ledger.database.writing() as db:
        db.execute("DROP TABLE turn")
        db.execute("DROP TABLE conversation")
        db.execute("PRAGMA user_version = 1")
    backup.write(home, listed, vault, tmp_path / "old", prove=False)
    restored = backup.restore(Home(tmp_path / "e"), tmp_path / "old", SECRET)
    assert restored.digest == before
    with Home(tmp_path / "e").open(restored.listed, SECRET) as other:
        assert other.corrections() == [] and list(other.conversations.list()) == [] and other.view().search("x") == []
        other.set_aside("Observation/a", "wrong")


# While an import runs ------------------------------------------------------------------------------------------

IMPORTING = """
import sys
from pathlib import Path
from salus.records.sample import Sample
from salus.vault.home import Home
from salus.vault import keys
from salus.vault.check import digest
from salus.sources.plain_samples import write_samples
keys.MEMORY_KIB, keys.PASSES = 64, 1
home = Home(Path(sys.argv[1])); batches, size = int(sys.argv[2]), int(sys.argv[3])
listed = home.find()
with home.open(listed, sys.argv[4]) as vault:
    print(digest(vault), flush=True)
    for b in range(batches):
        with vault.batch("test", "files", f"batch {b}") as batch:
            moments = (((b * size + i) * 1000, 60.0 + i % 40) for i in range(size))
            write_samples(batch, (Sample("heart_rate", at, at, value, "/min", "W") for at, value in moments))
        print(digest(vault), flush=True)
"""


def importing(home: Home, batches: int, size: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", IMPORTING, str(home.folder), str(batches), str(size), SECRET]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_while_an_import_runs_whole_batches_only(home: Home, anna: Any, tmp_path: Path) -> None:
    listed, vault = anna
    process = importing(home, 4, 8_000)
    chosen, files = random.Random(3), []
    try:
        assert process.stdout is not None
        states = [process.stdout.readline().strip()]
        while process.poll() is None and len(files) < 5:
            time.sleep(chosen.uniform(0.05, 0.35))
            made = backup.write(home, listed, vault, tmp_path / f"b{len(files)}", prove=len(files) % 2 == 0)
            files.append(made)
        states += process.stdout.read().split()
        assert process.wait(60) == 0 and len(states) == 5 and len(files) >= 2
    finally:
        process.kill()
        process.stdout.close()  # type: ignore[union-attr]
    seen = []
    for made in files:
        restored = backup.restore(Home(tmp_path / "e"), made.path, SECRET, made.path.name)
        assert made.digest in (None, restored.digest) and restored.digest in states
        seen.append(states.index(restored.digest))
    assert seen == sorted(seen)


KILLED = """
import sys, time
from pathlib import Path
from salus.vault import backup, keys
from salus.vault.home import Home
keys.MEMORY_KIB, keys.PASSES = 64, 1
home = Home(Path(sys.argv[1])); listed = home.find()
real = backup._zip
def slow(*more):
    print("zipping", flush=True); real(*more); print("zipped", flush=True); time.sleep(30)
backup._zip = slow
with home.open(listed, sys.argv[3]) as vault:
    backup.write(home, listed, vault, Path(sys.argv[2]))
"""


def test_killed_in_the_middle_leaves_no_half_file(home: Home, anna: Any, tmp_path: Path) -> None:
    listed, vault = anna
    out = tmp_path / "out"
    out.mkdir()
    for line in ("zipping\n", "zipped\n"):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(home.folder), str(out / "b"), SECRET],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        while process.stdout.readline() not in (line, ""):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert [p for p in out.iterdir() if not p.name.startswith(".")] == []
        if hasattr(os, "O_TMPFILE"):
            assert list(out.iterdir()) == []
    assert any(".work" in name for name in left(home))  # sealed, and gone with the next one
    backup.write(home, listed, vault, out / "b")
    assert not any(".work" in name for name in left(home)) and [p.name for p in out.iterdir()] == ["b"]
    assert check(vault).ok


def test_where_files_cannot_be_nameless(home: Home, anna: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, vault = anna
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    out = tmp_path / "out"
    out.mkdir()
    backup.write(home, listed, vault, out / "b")
    backup.write(home, listed, vault, out / "b", replace=True)
    assert [p.name for p in out.iterdir()] == ["b"] and (out / "b").stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(backup, "_zip", _full)
    with pytest.raises(Refused):
        backup.write(home, listed, vault, out / "c")
    assert [p.name for p in out.iterdir()] == ["b"]
    backup.restore(Home(tmp_path / "e"), out / "b", SECRET)


# Automatic ones ------------------------------------------------------------------------------------------------


def _full(*_: Any) -> None:
    raise OSError(28, "No space left on device")


def test_the_number_that_is_kept(home: Home, anna: Any, tmp_path: Path) -> None:
    listed, vault = anna
    for n in range(5):
        made = backup.keep(home, listed, vault)
        assert made is not None and len(backup.automatic(home, listed)) == min(n + 1, backup.KEPT)
    kept = backup.automatic(home, listed)
    assert kept == sorted(kept, key=lambda k: k.at, reverse=True) and kept[0] == made
    assert abs(datetime.now(UTC) - kept[0].at) < timedelta(minutes=1)
    for path in (home.copies(listed).parent, home.copies(listed)):
        assert path.stat().st_mode & 0o777 == 0o700
    assert all(k.path.stat().st_mode & 0o777 == 0o600 for k in kept)
    backup.restore(Home(tmp_path / "e"), kept[-1].path, SECRET)
    vault.configure(backups="1")
    backup.keep(home, listed, vault)
    assert len(backup.automatic(home, listed)) == 1
    for odd, number in (("²", backup.KEPT), ("-1", backup.KEPT), ("many", backup.KEPT), ("999999", backup.MOST)):
        vault.configure(backups=odd)
        assert backup.wanted(vault) == number
    vault.configure(backups="0")
    assert backup.keep(home, listed, vault) is None and backup.automatic(home, listed) == []


def test_files_of_others_in_the_folder_are_left_alone(home: Home, anna: Any) -> None:
    listed, vault = anna
    backup.keep(home, listed, vault)
    folder = home.copies(listed)
    for name in (
        f"20261399T000000000000Z{backup.SUFFIX}",
        f"mine{backup.SUFFIX}",
        f"20261124T000000Z{backup.SUFFIX}",
        "note.txt",
    ):
        (folder / name).write_text("x")
    assert len(backup.automatic(home, listed)) == 1
    vault.configure(backups="0")
    backup.keep(home, listed, vault)
    assert len(list(folder.iterdir())) == 4


def test_they_go_with_the_person(home: Home, anna: Any) -> None:
    listed, vault = anna
    backup.keep(home, listed, vault)
    vault.close()
    home.delete(listed)
    assert not home.copies(listed).exists() and home.persons() == []


def test_a_full_disk_loses_nothing(home: Home, anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, vault = anna
    backup.keep(home, listed, vault)
    before, mark = [k.path for k in backup.automatic(home, listed)], digest(vault)
    monkeypatch.setattr(backup, "_zip", _full)
    trouble = keep_copy(home, listed, vault)
    assert trouble is not None and "No space left" in trouble.plain()
    monkeypatch.setattr(backup, "_copy", _full)
    assert keep_copy(home, listed, vault) is not None
    assert [k.path for k in backup.automatic(home, listed)] == before and digest(vault) == mark


def test_a_full_database_disk_is_told(home: Home, anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from salus.vault.database import OperationalError

    _listed, vault = anna

    class Full:
        def backup(self, *_: Any) -> None:
            raise OperationalError("database or disk is full")

        execute = backup

    monkeypatch.setattr(Database, "connection", property(lambda self: Full()))
    with pytest.raises(Refused):
        backup._copy(vault.facts, home.folder / "x")


def test_a_folder_that_cannot_be_made(home: Home, anna: Any) -> None:
    listed, vault = anna
    shutil.rmtree(home.folder / "backups", ignore_errors=True)
    (home.folder / "backups").write_text("in the way")
    trouble = keep_copy(home, listed, vault)
    assert trouble is not None and trouble.plain()


def test_nothing_in_it_can_be_read_without_the_key(home: Home, anna: Any, tmp_path: Path) -> None:
    listed, vault = anna
    backup.write(home, listed, vault, tmp_path / "b")
    raw = (tmp_path / "b").read_bytes()
    for secret in (b"heart_rate", b"Observation", b"mmol", b"How?", b"Hello", b"SQLite format", digest(vault).encode()):
        assert secret not in raw
    with zipfile.ZipFile(tmp_path / "b") as file:
        assert json.loads(file.read(backup.HEAD)) == {"salus": "backup", "version": backup.VERSION}
