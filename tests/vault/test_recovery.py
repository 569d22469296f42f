"""The recovery code: no slip goes unseen, it opens what it should and nothing after it was replaced."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salus.errors import Damaged, Locked, SalusError, UsageError
from salus.vault import keys, recovery
from salus.vault.home import CODE, KEYS, Home, Listed
from salus.vault.keys import KeyFile

SECRET, NEW = "seven words for a door", "another set of words"
letters = st.sampled_from(recovery.ALPHABET)


def test_a_code_is_read_as_people_write_it() -> None:
    code = recovery.new_code()
    assert len(code) == 29 and set(code) <= {*recovery.ALPHABET, "-"} and recovery.new_code() != code
    for typed in (
        code.lower(),
        code.replace("-", " "),
        code.replace("-", ""),
        f"  {code}\n",
        code.replace("0", "o"),
        code.replace("1", "l"),
        code.replace("1", "I"),
        code.replace("-", "–"),
        code.replace("-", "_"),
    ):
        assert recovery.read(typed) == code


@given(st.lists(letters, min_size=24, max_size=24), st.integers(0, 24), letters)
def test_any_wrong_character_is_found(body: list[str], at: int, other: str) -> None:
    text = "".join(body)
    code = text + recovery._check(text)
    assert recovery.read(code) == recovery.shown(code)
    wrong = code[:at] + other + code[at + 1 :]
    assert (recovery.read(wrong) is None) == (wrong != code)


@given(st.lists(letters, min_size=24, max_size=24), st.integers(0, 24), st.integers(0, 24))
def test_any_two_swapped_are_found(body: list[str], one: int, other: int) -> None:
    text = "".join(body)
    code = list(text + recovery._check(text))
    swapped = list(code)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert (recovery.read("".join(swapped)) is None) == (swapped != code)


@given(st.text())
def test_reading_never_raises(text: str) -> None:
    found = recovery.read(text)
    assert found is None or recovery.read(found) == found
    assert not recovery.matches(recovery.new_code(), {1: text, 2: text})


def test_a_missing_or_extra_character_is_no_code() -> None:
    code = recovery.new_code()
    for wrong in (code[:-1], code + "A", "", "-", code.replace(code[0], "U", 1), code.replace(code[0], "Ⅷ", 1)):
        assert recovery.read(wrong) is None
        with pytest.raises(Locked):
            recovery.typed(wrong)


def test_two_groups_typed_back() -> None:
    code = recovery.new_code()
    groups = code.split("-")
    seen = {recovery.asked() for _ in range(200)}
    assert all(1 <= a < b <= recovery.GROUPS for a, b in seen) and len(seen) == 10
    assert recovery.matches(code, {2: groups[1].lower(), 5: f" {groups[4]} "})
    assert not recovery.matches(code, {}) and not recovery.matches(code, {2: groups[1], 5: groups[3]})
    assert not recovery.matches(code, {0: groups[0]}) and not recovery.matches(code, {6: groups[4]})
    assert not recovery.matches(code, {1: "\ud800"}) and not recovery.matches(code, {-1: groups[4]})


@pytest.fixture
def anna(home: Home, quick_argon2: None) -> Listed:
    return home.add("Anna", SECRET, born=None, sex=None)


def test_the_code_opens_and_resets(home: Home, anna: Listed) -> None:
    assert home.recovery(anna) == "none"
    with pytest.raises(Locked):
        home.open_with_code(anna, recovery.new_code())
    code = home.new_recovery(anna, SECRET)
    assert home.recovery(anna) == "unchecked"
    home.recovery_checked(anna)
    assert home.recovery(anna) == "checked"
    with home.open_with_code(anna, code.lower().replace("-", " ")) as vault:
        assert vault.person.name == "Anna" and vault.ledger.entries(1)[0].what == {"by": "recovery"}
    home.reset_passphrase(anna, code, NEW)
    with pytest.raises(Locked):
        home.open(anna, SECRET)
    home.open(anna, NEW).close()
    home.open_with_code(anna, code).close()  # stays good
    assert home.recovery(anna) == "checked"


def test_a_weak_new_passphrase_changes_nothing(home: Home, anna: Listed) -> None:
    code = home.new_recovery(anna, SECRET)
    with pytest.raises(UsageError):
        home.reset_passphrase(anna, code, "short")
    home.open(anna, SECRET).close()


def test_the_code_survives_a_new_passphrase(home: Home, anna: Listed) -> None:
    code = home.new_recovery(anna, SECRET)
    home.recovery_checked(anna)
    home.change_passphrase(anna, SECRET, NEW)
    home.open_with_code(anna, code).close()
    assert home.recovery(anna) == "checked"


def test_a_new_code_kills_the_old_one(home: Home, anna: Listed) -> None:
    old = home.new_recovery(anna, SECRET)
    home.recovery_checked(anna)
    new = home.new_recovery(anna, SECRET)
    assert home.recovery(anna) == "unchecked"
    for wrong in (old, recovery.new_code(), "nonsense", ""):
        with pytest.raises(Locked):
            home.open_with_code(anna, wrong)
        with pytest.raises(Locked):
            home.reset_passphrase(anna, wrong, NEW)
    home.open_with_code(anna, new).close()
    with pytest.raises(Locked):
        home.new_recovery(anna, "not the passphrase")
    home.open_with_code(anna, new).close()


def test_a_wrong_code_costs_as_much_as_a_right_one(home: Home) -> None:
    listed = home.add("Anna", SECRET, born=None, sex=None)
    code = home.new_recovery(listed, SECRET)
    began = time.perf_counter()
    home.key_by_code(listed, code)
    right = time.perf_counter() - began
    began = time.perf_counter()
    with pytest.raises(Locked):
        home.key_by_code(listed, recovery.new_code())
    assert time.perf_counter() - began > right * 0.4


def _forge(path: Path, **change: Any) -> None:
    """A key file with a right checksum and another content."""
    found = KeyFile.read(path)
    wrapped: dict[str, Any] = {**found.wraps[CODE], **change}
    found.wraps[CODE] = {k: v for k, v in wrapped.items() if v is not None}
    path.write_bytes(found.encoded())


@pytest.mark.parametrize(
    "change",
    [
        {"m": 8},
        {"t": 2},
        {"p": 1},
        {"salt": "AAAA"},
        {"nonce": ""},
        {"nonce": "AA=="},
        {"key": ""},
        {"key": None},
        {"kdf": "none"},
        {"m": 1 << 40},
        {"t": 1 << 30},
        {"m": "many"},
        {"nonce": 5},
        {"key": "!!!"},
        {"p": -1},
        {"salt": None},
        {"m": True},
        {"key": base64.b64encode(bytes(48)).decode()},
        {"t": 0},
        {"m": 1.5},
    ],
    ids=str,
)
def test_a_forged_key_file(home: Home, anna: Listed, change: dict[str, Any]) -> None:
    code = home.new_recovery(anna, SECRET)
    _forge(home.vault_files(anna)[2], **change)
    with pytest.raises((Locked, Damaged)):
        home.open_with_code(anna, code)


@pytest.mark.parametrize("wraps", [None, [], "x", {"recovery": []}, {"recovery": None}, {"passphrase": 5}, {}])
def test_a_key_file_of_another_shape(home: Home, anna: Listed, wraps: Any) -> None:
    path = home.vault_files(anna)[2]
    path.write_bytes(KeyFile("Anna", wraps).encoded())
    for way in (home.recovery, lambda x: home.open(x, SECRET), lambda x: home.open_with_code(x, recovery.new_code())):
        try:
            way(anna)
        except SalusError:
            continue
        assert wraps == {} and way == home.recovery


def test_every_flipped_byte_of_a_key_file_is_noticed(home: Home, anna: Listed) -> None:
    code = home.new_recovery(anna, SECRET)
    path = home.vault_files(anna)[2]
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises((Damaged, Locked)):
            home.open_with_code(anna, code)
    path.write_bytes(whole)
    home.open_with_code(anna, code).close()


def test_the_code_is_not_in_the_home(home: Home, anna: Listed) -> None:
    code = home.new_recovery(anna, SECRET)
    plain = code.replace("-", "")
    for path in home.folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert code.encode() not in raw and plain.encode() not in raw
    assert json.loads(home.vault_files(anna)[2].read_bytes())["wraps"].keys() == {"passphrase", "recovery"}
    assert home.vault_files(anna)[2].name == KEYS and keys.VERSION == 1
