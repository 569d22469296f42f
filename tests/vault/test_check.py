"""`check`: a flipped byte anywhere is found, and damage never looks like an exception."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salus.errors import Damaged, Locked, SalusError
from salus.records.sample import Sample
from salus.vault.check import check, check_files, digest
from salus.vault.database import DatabaseError
from salus.vault.home import Home, Listed

pytestmark = pytest.mark.usefixtures("quick_argon2")
PASS = "seven words for a door"


@pytest.fixture
def filled(home: Home, bring: Callable[..., Any], observation: Callable[..., Any]) -> Listed:
    listed = home.add("Ana", PASS, born=None, sex=None, zone="Europe/Paris")
    rng = random.Random(4)
    with home.open(listed, PASS) as vault:
        samples = [
            Sample(
                "steps",
                s := 1_770_000_000_000 + i * 300_000,
                s + 250_000,
                rng.randrange(500),
                "count",
                "W",
                raw=str(rng.random()),
            )
            for i in range(3000)
        ]
        bring(vault, [*samples, *[observation(f"o{i}", f"{i}.10") for i in range(300)]])
    return listed


def test_a_whole_vault_is_whole(home: Home, filled: Listed) -> None:
    found = check_files(home, filled, PASS)
    assert found.ok and found.problems == []
    assert found.counts["resources"] == 300 and found.counts["samples"] == 3000 and found.counts["imports"] == 1
    with home.open(filled, PASS) as vault:
        assert digest(vault) == found.digest == check(vault).digest


def test_a_wrong_passphrase_is_not_damage(home: Home, filled: Listed) -> None:
    with pytest.raises(Locked):
        check_files(home, filled, "not this one")


def flips(size: int, seed: int, count: int) -> list[int]:
    """The header, the salt, both ends of the first and last page, and anywhere."""
    rng = random.Random(seed)
    edges = [*range(32), *range(4016, 4112), *range(size - 100, size, 3)]
    return sorted({*rng.sample(edges, 40), *(rng.randrange(size) for _ in range(count)), 0, 15, 16, 4095, size - 1})


@pytest.mark.parametrize("which", [0, 1])
def test_a_flipped_byte_anywhere_is_found(home: Home, filled: Listed, which: int) -> None:
    path = home.vault_files(filled)[which]
    raw = path.read_bytes()
    places = flips(len(raw), which, 120 if which == 0 else 30)
    assert len(places) > (150 if which == 0 else 60)
    for at in places:
        path.write_bytes(raw[:at] + bytes([raw[at] ^ (1 << at % 8)]) + raw[at + 1 :])
        found = check_files(home, filled, PASS)
        assert not found.ok, at
        assert any(path.name in p.plain() for p in found.problems), at
    path.write_bytes(raw)
    assert check_files(home, filled, PASS).ok


def test_a_flip_met_by_reading_is_an_error_and_not_a_wrong_figure(home: Home, filled: Listed) -> None:
    path = home.vault_files(filled)[0]
    raw = path.read_bytes()
    for at in range(16, len(raw), len(raw) // 25):
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 4]) + raw[at + 1 :])
        try:
            with home.open(filled, PASS) as vault:
                assert len(vault.view().samples("steps")) == 3000
                assert len(vault.view().resources("Observation")) == 300
                digest(vault)
        except (SalusError, DatabaseError):
            continue
    path.write_bytes(raw)


def test_an_import_into_a_damaged_vault_is_a_sentence(
    home: Home, filled: Listed, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    path = home.vault_files(filled)[0]
    raw = path.read_bytes()
    for at in range(4096 * 2, len(raw), len(raw) // 12):
        path.write_bytes(raw[:at] + b"\xff" * 64 + raw[at + 64 :])
        try:
            with home.open(filled, PASS) as vault:
                outcome = bring(vault, [observation(f"n{i}") for i in range(50)])
                assert outcome.batch is not None or "mistake" not in outcome.report.rejected[0][1].plain()
        except Damaged:
            continue
    path.write_bytes(raw)


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("how", ["cut", "short", "empty", "gone", "longer", "other"])
def test_every_kind_of_harm_is_reported(home: Home, filled: Listed, which: int, how: str) -> None:
    path: Path = home.vault_files(filled)[which]
    raw = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        size = len(raw) // 4096 // 2 * 4096 if which < 2 else len(raw) // 2
        path.write_bytes(
            {"cut": raw[:size], "short": raw[:-7], "empty": b"", "longer": raw + raw[-4096:], "other": b"x" * len(raw)}[
                how
            ]
        )
    found = check_files(home, filled, PASS)
    assert not found.ok
    assert all(p.plain() for p in found.problems)


def test_a_changed_record_behind_the_seal_is_found(home: Home, filled: Listed) -> None:
    with home.open(filled, PASS) as vault:
        vault.facts.connection.execute("UPDATE resource SET content = substr(content, 1, 20) WHERE fid = 'o7'")
        found = check(vault)
        assert [p.plain() for p in found.problems] == ["The record Observation/o7 is damaged."]
        vault.facts.connection.execute("UPDATE resource SET head = 0 WHERE fid = 'o8'")
        vault.facts.connection.execute("DELETE FROM origin")
        text = " ".join(p.plain() for p in check(vault).problems)
        assert "3000 entries point" in text and "1 records have no version" in text


def test_the_digest_is_of_facts_not_of_history(
    home: Home, filled: Listed, bring: Callable[..., Any], observation: Callable[..., Any]
) -> None:
    with home.open(filled, PASS) as vault:
        before = digest(vault)
        extra = bring(vault, [observation("new")])
        assert digest(vault) != before
        vault.undo(extra.batch)
        assert digest(vault) == before
        vault.facts.connection.execute("VACUUM")
        assert digest(vault) == before
        vault.facts.connection.execute(
            "UPDATE sample SET value = value + 1 WHERE start = (SELECT min(start) FROM sample)"
        )
        assert digest(vault) != before
